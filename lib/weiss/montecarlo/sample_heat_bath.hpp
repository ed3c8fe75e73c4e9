// Heat bath of the +-J spin glass on one lattice for 512 realisations of the disorder at a time, exact to
// 2^-64. A configuration is a word of 512 bits a site; many configurations (temperatures, replicas) share the
// couplings. Sites are updated colour by colour, in groups of up to eight; heat_bath_words.hpp and
// sample_kernel.hpp define the random bits, sample_reference.hpp is the plain twin. As only the modulus of a
// local field enters, a gauge transform of couplings and spins maps trajectories bit for bit.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// A word of 512 realisations.
struct alignas(64) SampleWord {
  std::array<std::uint64_t, 8> element{};
  bool bit(int lane) const { return (element[static_cast<std::size_t>(lane / 64)] >> (lane % 64) & 1) != 0; }
  void set(int lane, bool up) {
    std::uint64_t& part = element[static_cast<std::size_t>(lane / 64)];
    const std::uint64_t mask = std::uint64_t{1} << (lane % 64);
    part = up ? part | mask : part & ~mask;
  }
};

using SampleCounts = std::array<std::int32_t, 512>;

// The order of updates and the bonds, in the order of lattice_graph().
struct SampleTopology {
  // True for regular lattices with 4 or 6 neighbours at every site, fewer than 2^31 sites and bonds.
  static bool fits(LatticeKind kind, std::span<const std::int64_t> extents,
                   std::span<const Boundary> boundary);
  explicit SampleTopology(const Lattice& lattice);

  std::int64_t sites() const { return static_cast<std::int64_t>(order.size()); }
  std::int64_t interactions() const { return static_cast<std::int64_t>(bonds.size()); }

  int degree = 0;
  std::vector<SampleSite> order;  // colour by colour
  std::vector<std::int32_t> colour_end;
  // Row by row along x, in each by colour: what neighbours share is still in the cache. For shared random
  // bits, where reading couplings costs most.
  std::vector<SampleSite> row_order;
  std::vector<SampleBond> bonds;
};

class SampleHeatBath {
 public:
  // couplings: a word a bond, 1 is +1. The stream's key is the block of realisations
  // (StreamId::sample_heat_bath). The topology must outlive this.
  SampleHeatBath(const SampleTopology& topology, std::vector<SampleWord> couplings, const Stream& stream,
                 SimdTarget target = simd_target());

  // For |sum of neighbours| = 2, 4, 6 at J = 1.
  static std::array<std::uint64_t, 3> thresholds(double beta);

  // Every site once. first_index: number of the configuration times sites. shared: realisations share their
  // random numbers. 0 <= step < 2^48.
  void sweep(std::span<SampleWord> configuration, const std::array<std::uint64_t, 3>& thresholds,
             std::int64_t step, std::uint64_t first_index, bool shared);

  // Of each realisation: H = bonds - 2 satisfied ones, in units of |J|; spins up; sites and bonds at which
  // two configurations differ, all sites or those of a list.
  SampleCounts satisfied(std::span<const SampleWord> configuration) const;
  SampleCounts up(std::span<const SampleWord> configuration) const;
  SampleCounts unequal(std::span<const SampleWord> a, std::span<const SampleWord> b) const;
  SampleCounts unequal(std::span<const SampleWord> a, std::span<const SampleWord> b,
                       std::span<const std::int32_t> sites) const;
  SampleCounts unequal_links(std::span<const SampleWord> a, std::span<const SampleWord> b) const;
  void exchange(std::span<SampleWord> a, std::span<SampleWord> b, const SampleWord& mask) const;

  // Decisions so far that needed random bits of their own.
  std::int64_t fresh_decisions() const { return fresh_decisions_; }

 private:
  struct Tables;
  const SampleTopology* topology_;
  const SampleKernel* kernel_;
  std::vector<SampleWord> couplings_;
  std::shared_ptr<const Tables> tables_;
  std::int64_t fresh_decisions_ = 0;
};

}  // namespace weiss
