// Energy, magnetisation and slice magnetisations of a box of words, by population counts.
// Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

WEISS_INLINE std::int64_t population(std::uint64_t bits) { return __builtin_popcountll(bits); }

// Adds a word's up spins to its slices along each direction.
inline void add_slices(const PackedBox& box, const PackedCounts& counts, const std::uint64_t* word,
                       const std::int64_t* position, int colour) {
  const int bits[3] = {box.dimension == 2 ? 5 : 3, box.dimension == 2 ? 4 : 3, 3};
  for (int lane = 0; lane < 512; ++lane) {
    const std::int64_t up = static_cast<std::int64_t>(word[lane / 64] >> (lane % 64) & 1);
    for (int axis = 0, shift = 0; axis < box.dimension; shift += bits[axis++]) {
      const std::int64_t brick = lane >> shift & ((1 << bits[axis]) - 1);
      counts.slices[axis][2 * (brick * box.positions[axis] + position[axis]) + colour] += up;
    }
  }
}

inline void count(const PackedBox& box, PackedCounts& counts) {
  for (std::int64_t& value : counts.unequal) value = 0;
  for (std::int64_t& value : counts.up) value = 0;
  for (std::int64_t z = 0; z < box.size[2]; ++z)
    for (std::int64_t y = 0; y < box.size[1]; ++y) {
      const std::uint64_t* row = box.words + y * box.stride[1] + z * box.stride[2];
      for (std::int64_t x = 0; x < box.size[0]; ++x) {
        const std::uint64_t* w = row + 8 * x;

        const int colour = static_cast<int>((x + y + z + box.origin[1] + box.origin[2]) & 1);
        for (int e = 0; e < 8; ++e) counts.up[colour] += population(w[e]);
        const std::int64_t position[3] = {box.origin[0] + x, box.origin[1] + y, box.origin[2] + z};
        if (counts.slices[0] != nullptr) add_slices(box, counts, w, position, colour);
        for (int axis = 0; axis < box.dimension; ++axis)
          for (int e = 0; e < 8; ++e) counts.unequal[axis] += population(w[e] ^ w[e + box.stride[axis]]);
      }
    }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
