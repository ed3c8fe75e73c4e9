// The lattice that 512 realisations share, as the many-sample kernels walk over it. Sites are updated colour
// by colour (colouring.hpp). Up to eight sites of one colour form a group, which shares random bits.
//
// The order in memory's favour: sites are cut into slabs of consecutive numbers, and the sites of a slab that
// have one colour make a run. A run comes as early as the runs of lower colours on its own and on
// neighbouring slabs allow, so that a bond's word is still in a near cache when its other end needs it;
// results are those of one colour after the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"
#include "weiss/montecarlo/sample_words.hpp"

namespace weiss {

class SampleTopology {
 public:
  // True when every site has the same number of bonds, 2, 3, 4, 6 or 8.
  static bool fits(const Lattice& lattice);

  // Error(internal) for a lattice that does not fit.
  explicit SampleTopology(const Lattice& lattice);

  std::int64_t sites() const { return sites_; }
  std::int64_t bonds() const { return static_cast<std::int64_t>(ends_.size()) / 2; }
  int degree() const { return degree_; }

  // As in SampleSweep.
  std::span<const std::int32_t> links() const { return links_; }
  std::span<const SampleGroup> groups() const { return groups_; }
  std::span<const SampleWord> group_sites() const { return group_sites_; }  // two words a group
  std::span<const SampleRun> runs() const { return runs_; }
  SampleBonds bond_list() const { return {ends_.data(), bonds(), forward_}; }
  // Offsets of the sites in order.
  std::span<const std::int32_t> site_offsets() const { return site_offsets_; }

  // The site that is updated at place `place` of the whole order.
  std::int64_t site_at(std::int64_t place) const {
    return links_[static_cast<std::size_t>(place * (1 + 2 * degree_))] / 8;
  }

 private:
  void add_run(std::span<const std::int64_t> sites, std::span<const std::vector<std::int32_t>> incident);

  std::int64_t sites_;
  int degree_ = 0;
  int forward_ = 0;
  std::vector<std::int32_t> links_, ends_, site_offsets_;
  std::vector<SampleGroup> groups_;
  SampleWords group_sites_;
  std::vector<SampleRun> runs_;
};

// The sites of each slice along a lattice direction (Lattice::slice): those of slice x are
// offsets[first[x]] ... offsets[first[x + 1] - 1].
struct SampleSlices {
  SampleSlices(const Lattice& lattice, int direction);
  std::int64_t slices() const { return static_cast<std::int64_t>(first.size()) - 1; }
  std::vector<std::int64_t> first;
  std::vector<std::int32_t> offsets;
};

}  // namespace weiss
