// What a packed +-J configuration measures, by counts of bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/packed_glass_topology.hpp"

namespace weiss {

class PackedGlassMeasurement {
 public:
  // The topology must outlive it.
  explicit PackedGlassMeasurement(const PackedGlassTopology& topology, SimdTarget target = simd_target());

  // Bonds that are not satisfied: the energy is 2 * count - bonds.
  std::int64_t unsatisfied_bonds(std::span<const SampleWord> configuration,
                                 std::span<const SampleWord> couplings) const;
  // Up spins: the magnetisation is 2 * count - sites.
  std::int64_t up_spins(std::span<const SampleWord> configuration) const;

  // The product of two configurations, up where they differ; of the two that compare() was given last.
  void compare(std::span<const SampleWord> a, std::span<const SampleWord> b);
  std::int64_t unequal_sites() const { return up_spins(product_); }  // the overlap is 1 - 2 * count / sites
  std::int64_t unequal_bonds() const;  // the link overlap is 1 - 2 * count / bonds
  // The unequal sites at every coordinate along a direction.
  std::vector<std::int64_t> unequal_sites(int direction) const;

 private:
  const PackedGlassTopology* topology_;
  const PackedGlassKernel* kernel_;
  const PackedKernel* packed_;
  SampleWords product_;
};

}  // namespace weiss
