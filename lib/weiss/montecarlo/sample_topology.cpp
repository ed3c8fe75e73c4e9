#include "weiss/montecarlo/sample_topology.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "weiss/base/error.hpp"
#include "weiss/lattice/colouring.hpp"

namespace weiss {

namespace {

constexpr std::int64_t slab_sites = 128;

std::int32_t offset(std::int64_t word) { return static_cast<std::int32_t>(8 * word); }

// The runs (slab, colour) in an order that respects colours and reuses what was loaded.
class Schedule {
 public:
  Schedule(const Lattice& lattice, const Colouring& colours)
      : colours_(colours.colours), slabs_((lattice.sites() + slab_sites - 1) / slab_sites) {
    near_.resize(static_cast<std::size_t>(slabs_));
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      lattice.for_each_neighbour(site, [&](std::int64_t other, int) {
        near_[static_cast<std::size_t>(site / slab_sites)].insert(other / slab_sites);
      });
    done_.assign(static_cast<std::size_t>(slabs_), 0);
  }

  // run(slab, colour)
  template <class Run>
  void for_each(const Run& run) {
    for (std::int64_t slab = 0; slab < slabs_; ++slab) finish(slab, colours_, run);
  }

 private:
  // Runs the colours below `colours` of a slab that have not run yet.
  template <class Run>
  void finish(std::int64_t slab, int colours, const Run& run) {
    int& done = done_[static_cast<std::size_t>(slab)];
    while (done < colours) {
      const int colour = done;
      for (const std::int64_t other : near_[static_cast<std::size_t>(slab)])
        if (other != slab) finish(other, colour, run);
      run(slab, colour);
      ++done;
    }
  }

  int colours_;
  std::int64_t slabs_;
  std::vector<std::set<std::int64_t>> near_;
  std::vector<int> done_;
};

// Bonds that start at each site, the same number everywhere and in the order of the sites; else 0.
int common_forward(std::span<const std::int32_t> ends, std::int64_t sites) {
  const std::int64_t bonds = static_cast<std::int64_t>(ends.size()) / 2;
  const std::int64_t forward = bonds / sites;
  for (std::int64_t bond = 0; bond < bonds; ++bond)
    if (bonds % sites != 0 || ends[static_cast<std::size_t>(2 * bond)] != offset(bond / forward)) return 0;
  return static_cast<int>(forward);
}

int common_degree(const Lattice& lattice) {
  if (lattice.kind() == LatticeKind::complete) return 0;
  std::int64_t degree = -1;
  for (std::int64_t site = 0; site < lattice.sites(); ++site) {
    std::int64_t ends = 0;
    lattice.for_each_neighbour(site, [&](std::int64_t, int) { ++ends; });
    if (degree >= 0 && ends != degree) return 0;
    degree = ends;
  }
  return static_cast<int>(degree);
}

}  // namespace

bool SampleTopology::fits(const Lattice& lattice) {
  const int degree = common_degree(lattice);
  const bool compiled = degree == 2 || degree == 3 || degree == 4 || degree == 6 || degree == 8;
  return compiled && 8 * lattice.bonds() <= std::numeric_limits<std::int32_t>::max() &&
         8 * lattice.sites() <= std::numeric_limits<std::int32_t>::max();
}

SampleTopology::SampleTopology(const Lattice& lattice)
    : sites_(lattice.sites()), degree_(common_degree(lattice)) {
  if (!fits(lattice)) throw Error(ExitCode::internal, "the many-sample kernel does not fit this lattice");
  // For each site, (neighbour, bond) of its bonds.
  std::vector<std::vector<std::int32_t>> incident(static_cast<std::size_t>(sites_));
  for (std::int64_t site = 0; site < sites_; ++site) {
    site_offsets_.push_back(offset(site));
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
      const std::int32_t bond = offset(bonds());
      for (const auto& [here, there] : {std::pair(site, other), std::pair(other, site)})
        incident[static_cast<std::size_t>(here)].insert(incident[static_cast<std::size_t>(here)].end(),
                                                        {offset(there), bond});
      ends_.insert(ends_.end(), {offset(site), offset(other)});
    });
  }
  forward_ = common_forward(ends_, sites_);
  const Colouring colours = colouring(lattice);
  Schedule(lattice, colours).for_each([&](std::int64_t slab, int colour) {
    std::vector<std::int64_t> members;
    const std::int64_t end = std::min((slab + 1) * slab_sites, sites_);
    for (std::int64_t site = slab * slab_sites; site < end; ++site)
      if (colours.colour[static_cast<std::size_t>(site)] == colour) members.push_back(site);
    add_run(members, incident);
  });
  group_sites_.resize(group_sites_.size() + 2);
  links_.resize(links_.size() + static_cast<std::size_t>(sample_fetch_distance * (1 + 2 * degree_)));
}

void SampleTopology::add_run(std::span<const std::int64_t> sites,
                             std::span<const std::vector<std::int32_t>> incident) {
  const auto first_group = static_cast<std::int64_t>(groups_.size());
  const std::int64_t first_place = static_cast<std::int64_t>(links_.size()) / (1 + 2 * degree_);
  const auto count = static_cast<std::int64_t>(sites.size());
  for (const std::int64_t site : sites) {
    const std::vector<std::int32_t>& pairs = incident[static_cast<std::size_t>(site)];
    links_.push_back(offset(site));
    for (std::size_t half = 0; half < 2; ++half)
      for (std::size_t i = half; i < pairs.size(); i += 2) links_.push_back(pairs[i]);
  }
  for (std::int64_t i = 0; i < count; i += sample_group_sites) {
    const std::int64_t members = std::min<std::int64_t>(sample_group_sites, count - i);
    groups_.push_back({first_place + i, static_cast<std::int32_t>(members)});
    SampleWord halves[2];
    for (std::int64_t m = 0; m < members; ++m)
      halves[m / 4].element[2 * (m % 4)] = static_cast<std::uint64_t>(sites[static_cast<std::size_t>(i + m)]);
    group_sites_.insert(group_sites_.end(), {halves[0], halves[1]});
  }
  const auto last_group = static_cast<std::int64_t>(groups_.size());
  if (last_group > first_group) runs_.push_back({first_group, last_group});
}

SampleSlices::SampleSlices(const Lattice& lattice, int direction) {
  std::vector<std::vector<std::int32_t>> sites(static_cast<std::size_t>(lattice.slices(direction)));
  for (std::int64_t site = 0; site < lattice.sites(); ++site)
    sites[static_cast<std::size_t>(lattice.slice(site, direction))].push_back(offset(site));
  first.push_back(0);
  for (const std::vector<std::int32_t>& slice : sites) {
    offsets.insert(offsets.end(), slice.begin(), slice.end());
    first.push_back(static_cast<std::int64_t>(offsets.size()));
  }
}

}  // namespace weiss
