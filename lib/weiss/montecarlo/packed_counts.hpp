// Energy, magnetisation and slice magnetisations of a box of words. Words are added lane by lane in
// bit-sliced counters (carry-save adders: R. P. Brent's and D. Seal's population count, Warren, Hacker's
// Delight, 2nd ed. (2012), section 5-1), and lanes are added up once at the end. Rules of inclusion as
// weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
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
  WEISS_INLINE void add(Piece a, Piece b, Piece c, Piece d) { carry_up(add_four(a, b, c, d), 0); }

  // Sixteen at once, before any four were added alone: a quarter of the carries that go up.
  WEISS_INLINE void add(const Piece (&word)[16]) {
    if (used_ == 0) level_[0] = level_[1] = zeros(), used_ = 2;
    Piece fours[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i)
      fours[i] = add_four(word[4 * i], word[4 * i + 1], word[4 * i + 2], word[4 * i + 3]);
    const Piece eights1 = majority(level_[0], fours[0], fours[1]);
    const Piece sum = sum3(level_[0], fours[0], fours[1]);
    const Piece eights2 = majority(sum, fours[2], fours[3]);
    level_[0] = sum3(sum, fours[2], fours[3]);
    const Piece carry = majority(level_[1], eights1, eights2);
    level_[1] = sum3(level_[1], eights1, eights2);
    fours_ += 3;
    carry_up(carry, 2);
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
  // Adds to ones and twos; the carry has weight 4.
  WEISS_INLINE Piece add_four(Piece a, Piece b, Piece c, Piece d) {
    const Piece twos1 = majority(ones_, a, b);
    ones_ = sum3(ones_, a, b);
    const Piece twos2 = majority(ones_, c, d);
    ones_ = sum3(ones_, c, d);
    const Piece carry = majority(twos_, twos1, twos2);
    twos_ = sum3(twos_, twos1, twos2);
    return carry;
  }
  // Level l has weight 4 << l; bit l of fours_ says that a carry waits there for a second one.
  WEISS_INLINE void carry_up(Piece carry, int l) {
    for (std::uint64_t waiting = fours_++ >> l; (waiting & 1) != 0; waiting >>= 1, ++l) {
      const Piece next = majority(level_[l], pending_[l], carry);
      level_[l] = sum3(level_[l], pending_[l], carry);
      carry = next;
    }
    if (l == used_) level_[used_++] = zeros();
    pending_[l] = carry;
  }

  Piece ones_ = zeros();
  Piece twos_ = zeros();
  std::uint64_t fours_ = 0;
  int used_ = 0;
  Piece level_[counter_levels];
  Piece pending_[counter_levels];
};

WEISS_INLINE std::int64_t population(std::uint64_t bits) { return __builtin_popcountll(bits); }

inline std::int64_t total(const LaneCounts& counts) {
  std::int64_t sum = 0;
  for (int p = 0; p < counts.planes; ++p)
    for (const std::uint64_t element : counts.plane[p]) sum += population(element) << p;
  return sum;
}

// How often each bit of a nibble is set, over the eight elements: nibble n of sums[j] counts bit 4 n + j.
inline void nibble_sums(const std::uint64_t* element, std::uint64_t* sums) {
  for (int j = 0; j < 4; ++j) {
    sums[j] = 0;
    for (int e = 0; e < 8; ++e) sums[j] += element[e] >> j & 0x1111111111111111ULL;
  }
}

inline constexpr std::uint64_t low_nibbles = 0x0f0f0f0f0f0f0f0fULL;
inline constexpr std::uint64_t every_byte = 0x0101010101010101ULL;

// Adds the lanes of each slice; to[brick] belongs to brick 0, 1, ... along the axis.
inline void add_square_x(const LaneCounts& counts, std::int64_t* to) {
  for (int p = 0; p < counts.planes; ++p) {
    std::uint64_t sums[4];
    nibble_sums(counts.plane[p], sums);
    for (int j = 0; j < 4; ++j)
      for (int half = 0; half < 2; ++half) {
        const std::uint64_t nibbles = sums[j] >> (4 * half) & low_nibbles;
        const std::uint64_t bytes = nibbles + (nibbles >> 32);
        for (int byte = 0; byte < 4; ++byte)
          to[8 * byte + 4 * half + j] += static_cast<std::int64_t>(bytes >> (8 * byte) & 0xff) << p;
      }
  }
}

inline void add_square_y(const LaneCounts& counts, std::int64_t* to) {
  for (int p = 0; p < counts.planes; ++p)
    for (int e = 0; e < 8; ++e) {
      to[2 * e] += population(counts.plane[p][e] & 0xffffffff) << p;
      to[2 * e + 1] += population(counts.plane[p][e] >> 32) << p;
    }
}

inline void add_cubic_x(const LaneCounts& counts, std::int64_t* to) {
  for (int p = 0; p < counts.planes; ++p) {
    std::uint64_t sums[4];
    nibble_sums(counts.plane[p], sums);
    for (int j = 0; j < 4; ++j)
      for (int half = 0; half < 2; ++half) {
        const std::uint64_t bytes = sums[j] >> (4 * half) & low_nibbles;
        to[4 * half + j] += static_cast<std::int64_t>(bytes * every_byte >> 56) << p;
      }
  }
}

inline void add_cubic_y(const LaneCounts& counts, std::int64_t* to) {
  for (int p = 0; p < counts.planes; ++p) {
    std::uint64_t sums[4];
    nibble_sums(counts.plane[p], sums);
    std::uint64_t bytes = 0;
    for (const std::uint64_t sum : sums) bytes += (sum & low_nibbles) + (sum >> 4 & low_nibbles);
    for (int byte = 0; byte < 8; ++byte)
      to[byte] += static_cast<std::int64_t>(bytes >> (8 * byte) & 0xff) << p;
  }
}

inline void add_cubic_z(const LaneCounts& counts, std::int64_t* to) {
  for (int p = 0; p < counts.planes; ++p)
    for (int e = 0; e < 8; ++e) to[e] += population(counts.plane[p][e]) << p;
}

inline void add_lanes(const PackedBox& box, int axis, const LaneCounts& counts, std::int64_t* to) {
  if (box.dimension == 2) return axis == 0 ? add_square_x(counts, to) : add_square_y(counts, to);
  if (axis == 0) return add_cubic_x(counts, to);
  return axis == 1 ? add_cubic_y(counts, to) : add_cubic_z(counts, to);
}

// Counts the words of one colour in a row: every second of `extent`, `step` elements apart.
WEISS_INLINE void add_row(LaneCounter& counter, const std::uint64_t* word, std::int64_t words,
                          std::int64_t step) {
  for (; words >= 4; words -= 4, word += 4 * step)
    counter.add(load(word), load(word + step), load(word + 2 * step), load(word + 3 * step));
  if (words > 0)
    counter.add(load(word), words > 1 ? load(word + step) : zeros(),
                words > 2 ? load(word + 2 * step) : zeros(), zeros());
}

// Up spins in the slices of one axis.
inline void count_slices(const PackedBox& box, int axis, std::int64_t* slices) {
  const int inner = axis == 0 ? 1 : 0, outer = axis == 2 ? 1 : 2;
  const std::int64_t bricks = box.dimension == 3 ? 8 : axis == 0 ? 32 : 16;
  const std::int64_t origin = box.origin[0] + box.origin[1] + box.origin[2];
  LaneCounts counts;
  for (std::int64_t at = 0; at < box.size[axis]; ++at)
    for (int colour = 0; colour < 2; ++colour) {
      for (int k = 0; k < pieces; ++k) {
        LaneCounter counter;
        for (std::int64_t j = 0; j < box.size[outer]; ++j) {
          const std::int64_t first = (colour + origin + at + j) & 1;
          const std::uint64_t* word =
              box.words + at * box.stride[axis] + j * box.stride[outer] + first * box.stride[inner];
          add_row(counter, word + k * piece_elements, (box.size[inner] - first + 1) / 2,
                  2 * box.stride[inner]);
        }
        counter.finish(counts, k);
      }
      add_lanes(box, axis, counts, slices + (2 * (box.origin[axis] + at) + colour) * bricks);
    }
}

// Unequal neighbours along the axis; the extent along x is even.
inline std::int64_t count_unequal(const PackedBox& box, int axis) {
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    for (std::int64_t z = 0; z < box.size[2]; ++z)
      for (std::int64_t y = 0; y < box.size[1]; ++y) {
        const std::uint64_t* row = box.words + y * box.stride[1] + z * box.stride[2] + k * piece_elements;
        const auto unequal = [&](std::int64_t x) {
          return load(row + 8 * x) ^ load(row + 8 * x + box.stride[axis]);
        };
        std::int64_t x = 0;
        for (; x + 4 <= box.size[0]; x += 4)
          counter.add(unequal(x), unequal(x + 1), unequal(x + 2), unequal(x + 3));
        if (x < box.size[0]) counter.add(unequal(x), unequal(x + 1), zeros(), zeros());
      }
    counter.finish(counts, k);
  }
  return total(counts);
}

inline std::int64_t count_up(const PackedBox& box, int colour) {
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    for (std::int64_t z = 0; z < box.size[2]; ++z)
      for (std::int64_t y = 0; y < box.size[1]; ++y) {
        const std::int64_t first = (colour + box.origin[1] + y + box.origin[2] + z) & 1;
        add_row(counter, box.words + y * box.stride[1] + z * box.stride[2] + 8 * first + k * piece_elements,
                box.size[0] / 2, 16);
      }
    counter.finish(counts, k);
  }
  return total(counts);
}

inline void count(const PackedBox& box, PackedCounts& counts) {
  for (int axis = 0; axis < box.dimension; ++axis) counts.unequal[axis] = count_unequal(box, axis);
  for (int colour = 0; colour < 2; ++colour) counts.up[colour] = count_up(box, colour);
  if (counts.slices[0] == nullptr) return;
  for (int axis = 0; axis < box.dimension; ++axis) count_slices(box, axis, counts.slices[axis]);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
