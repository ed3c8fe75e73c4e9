// What 512 realisations measure, one integer each: lane l of `out` (512 entries) belongs to realisation l of
// the block.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/sample_topology.hpp"
#include "weiss/montecarlo/sample_words.hpp"

namespace weiss {

class SampleMeasurement {
 public:
  using Words = std::span<const SampleWord>;
  using Counts = std::span<std::int32_t>;

  // The topology must outlive it.
  explicit SampleMeasurement(const SampleTopology& topology, SimdTarget target = simd_target());

  // Bonds that are not satisfied: the energy is 2 * count - bonds.
  void unsatisfied_bonds(Words configuration, Words couplings, Counts out) const;
  // Up spins: the magnetisation is 2 * count - sites.
  void up_spins(Words configuration, Counts out) const;
  // Sites where both have the same spin: the overlap is (2 * count - sites) / sites.
  void equal_sites(Words a, Words b, Counts out) const;
  // Bonds with the same product s_i s_j in both: the link overlap is (2 * count - bonds) / bonds.
  void equal_bonds(Words a, Words b, Counts out) const;
  // The same by slices; out has 512 entries a slice.
  void up_spins(Words configuration, const SampleSlices& slices, Counts out) const;
  void equal_sites(Words a, Words b, const SampleSlices& slices, Counts out) const;

  // Swaps two configurations in the lanes of the mask: replica exchange, one decision a realisation.
  void exchange(std::span<SampleWord> a, std::span<SampleWord> b, const SampleWord& mask) const;

 private:
  const SampleTopology* topology_;
  const SampleKernel* kernel_;
};

}  // namespace weiss
