// Sums over sites or bonds of 512 realisations at a time; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/bit_counter.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// The bits of a byte as eight bytes.
struct SpreadBytes {
  std::uint64_t of[256];
  SpreadBytes() {
    for (std::uint64_t byte = 0; byte < 256; ++byte) {
      of[byte] = 0;
      for (int bit = 0; bit < 8; ++bit) of[byte] |= (byte >> bit & 1) << (8 * bit);
    }
  }
};

// Bit-sliced counts below 2^32 as integers, a lane each.
inline void write_lanes(const LaneCounts& counts, std::int32_t* out) {
  static const SpreadBytes spread;
  for (int byte = 0; byte < 64; ++byte) {
    std::int32_t lanes[8] = {};
    for (int first = 0; first < counts.planes; first += 8) {
      std::uint64_t sum = 0;  // planes first ... first + 7 of eight lanes
      for (int p = first; p < counts.planes && p < first + 8; ++p)
        sum |= spread.of[counts.plane[p][byte / 8] >> (8 * (byte % 8)) & 0xff] << (p - first);
      for (int bit = 0; bit < 8; ++bit)
        lanes[bit] += static_cast<std::int32_t>(sum >> (8 * bit) & 0xff) << first;
    }
    for (int bit = 0; bit < 8; ++bit) out[8 * byte + bit] = lanes[bit];
  }
}

// Counts the lanes of f(i, k), piece k of word i.
template <class F>
WEISS_INLINE void count_words(std::int64_t words, std::int32_t* out, F&& f) {
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    std::int64_t i = 0;
    for (; i + 4 <= words; i += 4) counter.add(f(i, k), f(i + 1, k), f(i + 2, k), f(i + 3, k));
    if (i < words)
      counter.add(f(i, k), i + 1 < words ? f(i + 1, k) : zeros(), i + 2 < words ? f(i + 2, k) : zeros(),
                  zeros());
    counter.finish(counts, k);
  }
  write_lanes(counts, out);
}

WEISS_INLINE Piece piece_of(const std::uint64_t* words, std::int64_t word, int k) {
  return load(words + 8 * word + k * piece_elements);
}

inline void sample_count_up(const std::uint64_t* words, std::int64_t sites, std::int32_t* out) {
  count_words(sites, out, [&](std::int64_t i, int k) { return piece_of(words, i, k); });
}

inline void sample_count_satisfied(const std::uint64_t* words, const std::uint64_t* couplings,
                                   const SampleBond* bonds, std::int64_t count, std::int32_t* out) {
  // Aligned spins and a positive coupling, or the opposite of both.
  count_words(count, out, [&](std::int64_t e, int k) {
    return sum3(piece_of(words, bonds[e].site, k), piece_of(words, bonds[e].other, k),
                piece_of(couplings, e, k));
  });
}

inline void sample_count_unequal(const std::uint64_t* a, const std::uint64_t* b, const std::int32_t* sites,
                                 std::int64_t count, std::int32_t* out) {
  if (sites == nullptr)
    count_words(count, out, [&](std::int64_t i, int k) { return piece_of(a, i, k) ^ piece_of(b, i, k); });
  else
    count_words(count, out,
                [&](std::int64_t i, int k) { return piece_of(a, sites[i], k) ^ piece_of(b, sites[i], k); });
}

inline void sample_count_unequal_links(const std::uint64_t* a, const std::uint64_t* b,
                                       const SampleBond* bonds, std::int64_t count, std::int32_t* out) {
  count_words(count, out, [&](std::int64_t e, int k) {
    return sum3(piece_of(a, bonds[e].site, k), piece_of(b, bonds[e].site, k),
                piece_of(a, bonds[e].other, k)) ^
           piece_of(b, bonds[e].other, k);
  });
}

inline void sample_exchange(std::uint64_t* a, std::uint64_t* b, const std::uint64_t* mask,
                            std::int64_t sites) {
  for (std::int64_t site = 0; site < sites; ++site)
    for (int k = 0; k < pieces; ++k) {
      std::uint64_t* x = a + 8 * site + k * piece_elements;
      std::uint64_t* y = b + 8 * site + k * piece_elements;
      const Piece of_x = load(x), of_y = load(y), swap = load(mask + k * piece_elements);
      store(choose(swap, of_y, of_x), x);
      store(choose(swap, of_x, of_y), y);
    }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
