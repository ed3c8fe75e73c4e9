// What the packed +-J heat bath asks of one instruction set: plain structures and function pointers, no
// inline code, so that sources compiled for one target can include it. It walks over words as the many-sample
// kernel over sites: SampleSweep with links of 3 + degree numbers a word (offsets of itself, its neighbours
// and the first of its couplings, then the bond ends that cross a brick face, one bit each), and `degree`
// coupling words a word in the order of updates.
#pragma once

#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss {

inline constexpr int packed_glass_extra_links = 3;  // beside the neighbours

// Words of one colour: every bond has one of its ends there.
struct PackedGlassBonds {
  const std::uint64_t* words;
  const std::uint64_t* couplings;  // may be null
  const std::int32_t* links;
  int degree;
  std::int64_t count;
};

struct PackedGlassKernel {
  std::size_t tables_bytes;
  void (*prepare)(const ArsKey& key, void* tables);
  void (*sweep)(const SampleSweep& colour);
  // With couplings: satisfied bonds, whose ends agree just where the coupling is positive. Without: bonds of
  // unequal ends.
  std::int64_t (*count_bonds)(const PackedGlassBonds& bonds);
};

const PackedGlassKernel& packed_glass_kernel(SimdTarget target);

}  // namespace weiss
