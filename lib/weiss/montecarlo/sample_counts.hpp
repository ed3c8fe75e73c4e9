// Counts of bonds and sites for each of 512 realisations: words are added lane by lane in bit-sliced counters
// (packed_counts.hpp), whose planes then become one integer a lane. Rules of inclusion as
// weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_counts.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

typedef std::uint32_t LaneIntegers __attribute__((vector_size(WEISS_PIECE_BYTES)));

inline constexpr int lane_integers = WEISS_PIECE_BYTES / 4;

// sum + weight in the lanes whose bit is set, where that bit of sum is not.
WEISS_INLINE LaneIntegers add_weight(LaneIntegers sum, std::uint32_t bits, std::uint32_t weight) {
#if WEISS_PIECE_BYTES == 64
  const __m512i weights = (__m512i)(LaneIntegers{} + weight);
  return (LaneIntegers)_mm512_mask_or_epi32((__m512i)sum, static_cast<__mmask16>(bits), (__m512i)sum,
                                            weights);
#else
  LaneIntegers select;
  for (int i = 0; i < lane_integers; ++i) select[i] = 1U << i;
  return sum | ((LaneIntegers)(((LaneIntegers{} + bits) & select) != 0) & weight);
#endif
}

// out[lane] = count, or total - count.
inline void write_lanes(const LaneCounts& counts, bool complement, std::int64_t total, std::int32_t* out) {
  for (int lane = 0; lane < 512; lane += lane_integers) {
    LaneIntegers sum{};
    for (int p = 0; p < counts.planes; ++p)
      sum = add_weight(sum, static_cast<std::uint32_t>(counts.plane[p][lane / 64] >> (lane % 64)), 1U << p);
    if (complement) sum = static_cast<std::uint32_t>(total) - sum;
    __builtin_memcpy(out + lane, &sum, WEISS_PIECE_BYTES);
  }
}

// word(base, i, k): piece k of word base + i, where base is a multiple of 16 * repeat.
template <int repeat, class Word>
WEISS_INLINE void count_words(std::int64_t count, bool complement, std::int32_t* out, const Word& word) {
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    std::int64_t base = 0;
    for (; base + 16 * repeat <= count; base += 16 * repeat)
#pragma GCC unroll 4
      for (int r = 0; r < repeat; ++r) {
        Piece words[16];
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) words[i] = word(base, 16 * r + i, k);
        counter.add(words);
      }
    const std::int64_t rest = count - base;
    for (std::int64_t i = 0; i < rest; i += 4)
      counter.add(word(base, i, k), i + 1 < rest ? word(base, i + 1, k) : zeros(),
                  i + 2 < rest ? word(base, i + 2, k) : zeros(),
                  i + 3 < rest ? word(base, i + 3, k) : zeros());
    counter.finish(counts, k);
  }
  write_lanes(counts, complement, count, out);
}

// Bonds whose word(bond, one end, other end) is not set; the ends are offsets of the piece.
template <int forward, class Word>
inline void count_unset_bonds(const SampleBonds& bonds, std::int32_t* out, const Word& word) {
  const std::int32_t* ends = bonds.ends;
  count_words<forward == 0 ? 1 : forward>(
      bonds.count, true, out, [=](std::int64_t base, std::int64_t i, int k) __attribute__((always_inline)) {
        const std::int64_t e = base + i;
        const std::int64_t piece = k * piece_elements;
        // The compiler sees that consecutive bonds have one end in common.
        if constexpr (forward > 0)
          return word(8 * e + piece, 8 * (base / forward + i / forward) + piece, ends[2 * e + 1] + piece);
        else
          return word(8 * e + piece, ends[2 * e] + piece, ends[2 * e + 1] + piece);
      });
}

template <class Word>
inline void count_unset_bonds(const SampleBonds& bonds, std::int32_t* out, const Word& word) {
  switch (bonds.forward) {
    case 1:
      return count_unset_bonds<1>(bonds, out, word);
    case 2:
      return count_unset_bonds<2>(bonds, out, word);
    case 3:
      return count_unset_bonds<3>(bonds, out, word);
    case 4:
      return count_unset_bonds<4>(bonds, out, word);
    default:
      return count_unset_bonds<0>(bonds, out, word);
  }
}

inline void count_unsatisfied(const std::uint64_t* spins, const std::uint64_t* couplings,
                              const SampleBonds& bonds, std::int32_t* out) {
  count_unset_bonds(
      bonds, out, [=](std::int64_t e, std::int64_t i, std::int64_t j) __attribute__((always_inline)) {
        return sum3(load(spins + i), load(spins + j), load(couplings + e));
      });
}

inline void count_equal_bonds(const std::uint64_t* a, const std::uint64_t* b, const SampleBonds& bonds,
                              std::int32_t* out) {
  count_unset_bonds(
      bonds, out, [=](std::int64_t, std::int64_t i, std::int64_t j) __attribute__((always_inline)) {
        return sum3(load(a + i), load(a + j), load(b + i)) ^ load(b + j);
      });
}

inline void count_up_samples(const std::uint64_t* a, const std::int32_t* sites, std::int64_t count,
                             std::int32_t* out) {
  count_words<1>(
      count, false, out, [=](std::int64_t base, std::int64_t i, int k) __attribute__((always_inline)) {
        return load(a + sites[base + i] + k * piece_elements);
      });
}

inline void count_equal_sites(const std::uint64_t* a, const std::uint64_t* b, const std::int32_t* sites,
                              std::int64_t count, std::int32_t* out) {
  count_words<1>(
      count, true, out, [=](std::int64_t base, std::int64_t i, int k) __attribute__((always_inline)) {
        return load(a + sites[base + i] + k * piece_elements) ^
               load(b + sites[base + i] + k * piece_elements);
      });
}

inline void exchange_samples(std::uint64_t* a, std::uint64_t* b, std::int64_t words,
                             const std::uint64_t* mask) {
  for (int k = 0; k < pieces; ++k) {
    const Piece lanes = load(mask + k * piece_elements);
    for (std::int64_t w = 0; w < words; ++w) {
      std::uint64_t* at_a = a + 8 * w + k * piece_elements;
      std::uint64_t* at_b = b + 8 * w + k * piece_elements;
      const Piece from_a = load(at_a), from_b = load(at_b);
      store(choose(lanes, from_b, from_a), at_a);
      store(choose(lanes, from_a, from_b), at_b);
    }
  }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
