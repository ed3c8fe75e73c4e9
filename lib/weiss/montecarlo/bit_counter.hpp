// Counting the set bits of every lane of many words, in bit-sliced counters (carry-save adders: R. P. Brent's
// and D. Seal's population count, Warren, Hacker's Delight, 2nd ed. (2012), section 5-1). Rules of inclusion
// as weiss/rng/word512.hpp.
#pragma once

#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int counter_levels = 32;

// Lane l of plane p is bit p of lane l's count.
struct LaneCounts {
  alignas(64) std::uint64_t plane[counter_levels + 2][8];
  int planes = 0;
};

// Counts the set bits of every lane of one piece.
class LaneCounter {
 public:
  WEISS_INLINE void add(Piece a, Piece b, Piece c, Piece d) {
    const Piece twos1 = majority(ones_, a, b);
    ones_ = sum3(ones_, a, b);
    const Piece twos2 = majority(ones_, c, d);
    ones_ = sum3(ones_, c, d);
    Piece carry = majority(twos_, twos1, twos2);
    twos_ = sum3(twos_, twos1, twos2);
    // Level l has weight 4 << l; bit l of fours_ says that a carry waits there for a second one.
    int l = 0;
    for (std::uint64_t waiting = fours_++; (waiting & 1) != 0; waiting >>= 1, ++l) {
      const Piece next = majority(level_[l], pending_[l], carry);
      level_[l] = sum3(level_[l], pending_[l], carry);
      carry = next;
    }
    if (l == used_) level_[used_++] = zeros();
    pending_[l] = carry;
  }

  // Writes piece k of the planes.
  WEISS_INLINE void finish(LaneCounts& counts, int k) const {
    const auto write = [&](int p, Piece piece) { store(piece, counts.plane[p] + k * piece_elements); };
    write(0, ones_);
    write(1, twos_);
    Piece carry = zeros();
    for (int l = 0; l < used_; ++l) {
      const Piece pending = (fours_ >> l & 1) != 0 ? pending_[l] : zeros();
      write(2 + l, sum3(level_[l], pending, carry));
      carry = majority(level_[l], pending, carry);
    }
    write(2 + used_, carry);
    counts.planes = 3 + used_;
  }

 private:
  Piece ones_ = zeros();
  Piece twos_ = zeros();
  std::uint64_t fours_ = 0;
  int used_ = 0;
  Piece level_[counter_levels];
  Piece pending_[counter_levels];
};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
