// The packed +-J kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_counts.hpp"
#include "weiss/montecarlo/packed_faces.hpp"
#include "weiss/montecarlo/packed_glass_kernel.hpp"
#include "weiss/montecarlo/sample_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// A word a bond end, in the order of updates; links end with the first of them and with the ends that cross
// a brick face, where the neighbour's lanes are shifted by one brick. Ends: +x, +y(, +z), -x, -y(, -z).
template <int site_degree>
struct BrickCouplings {
  static constexpr int degree = site_degree;
  static constexpr int links = packed_glass_extra_links + degree;

  WEISS_INLINE static const std::uint64_t* coupling(const SampleSweep& sweep, const std::int32_t* site,
                                                    int d) {
    return sweep.couplings + site[1 + degree] + 8 * d;
  }
  WEISS_INLINE static void fetch(const SampleSweep&, const std::int32_t*) {}
  WEISS_INLINE static bool crosses(const std::int32_t* site, int d) {
    return (site[2 + degree] >> d & 1) != 0;
  }
  WEISS_INLINE static Piece neighbour(const std::uint64_t* spins, const std::int32_t* site, int d, int k) {
    const std::uint64_t* word = spins + site[1 + d];
    const Piece piece = load(word + k * piece_elements);
    return crosses(site, d) ? shifted(word, piece, d, k) : piece;
  }
  static int neighbour_lane(const std::int32_t* site, int d, int lane) {
    if (!crosses(site, d)) return lane;
    constexpr int x_bits = degree == 4 ? 5 : 3, y_bits = degree == 4 ? 4 : 3;
    const int axis = d % (degree / 2);
    const int first = axis == 0 ? 0 : axis == 1 ? x_bits : x_bits + y_bits;
    const int bricks = (1 << (axis == 0 ? x_bits : y_bits)) - 1;
    const int brick = lane >> first & bricks;
    const int there = (d < degree / 2 ? brick + 1 : brick - 1) & bricks;
    return lane + ((there - brick) << first);
  }

 private:
  WEISS_INLINE static Piece shifted(const std::uint64_t* word, Piece piece, int d, int k) {
    if constexpr (degree == 4) {
      if (d == 0) return rotated_fields<32, 1>(piece);
      if (d == 1) return rotated_bytes<4>(word, k);
      if (d == 2) return rotated_fields<32, 31>(piece);
      return rotated_bytes<60>(word, k);
    } else {
      if (d == 0) return rotated_fields<8, 1>(piece);
      if (d == 1) return rotated_fields<64, 8>(piece);
      if (d == 2) return rotated_bytes<8>(word, k);
      if (d == 3) return rotated_fields<8, 7>(piece);
      if (d == 4) return rotated_fields<64, 56>(piece);
      return rotated_bytes<56>(word, k);
    }
  }
};

inline void sweep_packed_glass(const SampleSweep& colour) {
  if (colour.degree == 4) return sweep_with<BrickCouplings<4>>(colour);
  sweep_with<BrickCouplings<6>>(colour);
}

// Piece k of spin ^ neighbour ^ coupling on every bond end, sixteen to a round of the counter.
template <int degree, bool coupled>
inline std::int64_t count_glass_bonds(const PackedGlassBonds& bonds) {
  constexpr int links = packed_glass_extra_links + degree, ends = 8 * degree;
  LaneCounts counts;
  for (int k = 0; k < pieces; ++k) {
    LaneCounter counter;
    const auto end = [&](const std::int32_t* site, int d) __attribute__((always_inline)) {
      const std::int64_t piece = k * piece_elements;
      const Piece here = load(bonds.words + site[0] + piece);
      const Piece there = BrickCouplings<degree>::neighbour(bonds.words, site, d, k);
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
