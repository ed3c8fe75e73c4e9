// The body of random_planes for one target; rules of inclusion as word512.hpp.
#pragma once

#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

void fill_planes(const ArsKey& key, std::uint64_t step, std::uint64_t index, int first_plane, int planes,
                 std::uint64_t* out) {
  ArsTables tables;
  prepare(key, tables);
  PlaneSource source(tables, step);
  source.set_index(index);
  for (int p = 0; p < planes; ++p)
    for (int k = 0; k < pieces; ++k)
      store(source.plane(first_plane + p, k), out + 8 * p + k * piece_elements);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
