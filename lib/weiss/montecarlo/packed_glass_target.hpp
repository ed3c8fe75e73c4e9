// The packed +-J kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_counts.hpp"
#include "weiss/montecarlo/packed_glass_kernel.hpp"
#include "weiss/montecarlo/sample_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline void sweep_packed_glass(const SampleSweep& colour) {
  if (colour.degree == 4) return sweep_with<EndCouplings<4>>(colour);
  sweep_with<EndCouplings<6>>(colour);
}

// Piece k of spin ^ neighbour ^ coupling on every bond end, sixteen to a round of the counter.
template <int degree, bool coupled>
inline std::int64_t count_glass_bonds(const PackedGlassBonds& bonds) {
  constexpr int links = 2 + degree, ends = 8 * degree;
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    const auto end = [&](const std::int32_t* site, int d) __attribute__((always_inline)) {
      const std::int64_t piece = k * piece_elements;
      const Piece here = load(bonds.words + site[0] + piece), there = load(bonds.words + site[1 + d] + piece);
      if constexpr (!coupled) return here ^ there;
      return sum3(here, there, load(bonds.couplings + site[1 + degree] + 8 * d + piece));
    };
    const std::int32_t* site = bonds.links;
    std::int64_t rest = bonds.count;
    for (; rest >= 8; rest -= 8, site += 8 * links)
#pragma GCC unroll 4
      for (int first = 0; first < ends; first += 16) {
        Piece words[16];
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i)
          words[i] = end(site + (first + i) / degree * links, (first + i) % degree);
        counter.add(words);
      }
    for (; rest > 0; --rest, site += links) {
      counter.add(end(site, 0), end(site, 1), end(site, 2), end(site, 3));
      if constexpr (degree == 6) counter.add(end(site, 4), end(site, 5), zeros(), zeros());
    }
    counter.finish(counts, k);
  }
  return total(counts);
}

inline std::int64_t count_glass_bonds(const PackedGlassBonds& bonds) {
  if (bonds.couplings == nullptr)
    return bonds.degree == 4 ? count_glass_bonds<4, false>(bonds) : count_glass_bonds<6, false>(bonds);
  return bonds.degree == 4 ? count_glass_bonds<4, true>(bonds) : count_glass_bonds<6, true>(bonds);
}

extern const PackedGlassKernel packed_glass_kernel;
const PackedGlassKernel packed_glass_kernel = {sizeof(ArsTables), prepare_sample_tables, sweep_packed_glass,
                                               count_glass_bonds};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
