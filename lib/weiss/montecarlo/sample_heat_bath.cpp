#include "weiss/montecarlo/sample_heat_bath.hpp"

#include <algorithm>
#include <limits>

#include "weiss/lattice/colouring.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {

namespace {

std::uint64_t* elements(std::span<SampleWord> words) { return words.data()->element.data(); }
const std::uint64_t* elements(std::span<const SampleWord> words) { return words.data()->element.data(); }

}  // namespace

// The kernel's tables refer to the key, so both live together.
struct SampleHeatBath::Tables {
  Tables(const Stream& stream, const SampleKernel& kernel)
      : key(stream.key()), lines(kernel.tables_bytes / sizeof(SampleWord) + 1) {
    kernel.prepare(key, lines.data());
  }
  ArsKey key;
  std::vector<SampleWord> lines;
};

bool SampleTopology::fits(LatticeKind kind, std::span<const std::int64_t> extents,
                          std::span<const Boundary> boundary) {
  if (std::any_of(boundary.begin(), boundary.end(), [](Boundary b) { return b == Boundary::free; }))
    return false;
  double bonds = 3;
  for (const std::int64_t extent : extents) bonds *= static_cast<double>(extent);
  const bool neighbours = kind == LatticeKind::square || kind == LatticeKind::cubic ||
                          kind == LatticeKind::triangular || kind == LatticeKind::kagome;
  return neighbours && 4 * bonds < static_cast<double>(std::numeric_limits<std::int32_t>::max());
}

SampleTopology::SampleTopology(const Lattice& lattice) {
  const auto sites = static_cast<std::size_t>(lattice.sites());
  std::vector<SampleSite> all(sites);
  std::vector<int> found(sites);
  const auto add = [&](std::int64_t at, std::int64_t other, std::int32_t bond) {
    SampleSite& site = all[static_cast<std::size_t>(at)];
    const auto n = static_cast<std::size_t>(found[static_cast<std::size_t>(at)]++);
    site.site = static_cast<std::int32_t>(at);
    site.neighbour[n] = static_cast<std::int32_t>(other);
    site.bond[n] = bond;
  };
  for (std::int64_t site = 0; site < lattice.sites(); ++site)
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
      const auto bond = static_cast<std::int32_t>(bonds.size());
      bonds.push_back({static_cast<std::int32_t>(site), static_cast<std::int32_t>(other)});
      add(site, other, bond);
      add(other, site, bond);
    });
  degree = found.front();
  const Colouring colours = colouring(lattice);
  for (int colour = 0; colour < colours.colours; ++colour) {
    for (std::size_t site = 0; site < sites; ++site)
      if (colours.colour[site] == colour) order.push_back(all[site]);
    colour_end.push_back(static_cast<std::int32_t>(order.size()));
  }
  row_order = order;
  const std::int64_t row = lattice.extents()[0] * lattice.sites_per_cell();
  std::stable_sort(row_order.begin(), row_order.end(),
                   [&](const SampleSite& a, const SampleSite& b) { return a.site / row < b.site / row; });
}

SampleHeatBath::SampleHeatBath(const SampleTopology& topology, std::vector<SampleWord> couplings,
                               const Stream& stream, SimdTarget target)
    : topology_(&topology),
      kernel_(&sample_kernel(target)),
      couplings_(std::move(couplings)),
      tables_(std::make_shared<const Tables>(stream, *kernel_)) {}

std::array<std::uint64_t, 3> SampleHeatBath::thresholds(double beta) {
  return {heat_bath_threshold(beta, 2), heat_bath_threshold(beta, 4), heat_bath_threshold(beta, 6)};
}

void SampleHeatBath::sweep(std::span<SampleWord> configuration,
                           const std::array<std::uint64_t, 3>& thresholds, std::int64_t step,
                           std::uint64_t first_index, bool shared) {
  SampleSweep sweep{};
  sweep.words = elements(configuration);
  sweep.couplings = elements(std::span<const SampleWord>(couplings_));
  sweep.sites = (shared ? topology_->row_order : topology_->order).data();
  sweep.colour_end = topology_->colour_end.data();
  sweep.colours = static_cast<int>(topology_->colour_end.size());
  sweep.degree = topology_->degree;
  sweep.tables = tables_->lines.data();
  sweep.key = &tables_->key;
  std::copy(thresholds.begin(), thresholds.end(), sweep.threshold);
  sweep.step = static_cast<std::uint64_t>(step);
  sweep.first_index = first_index;
  sweep.fresh_decisions = &fresh_decisions_;
  (shared ? kernel_->sweep_shared : kernel_->sweep)(sweep);
}

SampleCounts SampleHeatBath::satisfied(std::span<const SampleWord> configuration) const {
  SampleCounts counts;
  kernel_->count_satisfied(elements(configuration), elements(std::span<const SampleWord>(couplings_)),
                           topology_->bonds.data(), topology_->interactions(), counts.data());
  return counts;
}

SampleCounts SampleHeatBath::up(std::span<const SampleWord> configuration) const {
  SampleCounts counts;
  kernel_->count_up(elements(configuration), topology_->sites(), counts.data());
  return counts;
}

SampleCounts SampleHeatBath::unequal(std::span<const SampleWord> a, std::span<const SampleWord> b) const {
  SampleCounts counts;
  kernel_->count_unequal(elements(a), elements(b), nullptr, topology_->sites(), counts.data());
  return counts;
}

SampleCounts SampleHeatBath::unequal(std::span<const SampleWord> a, std::span<const SampleWord> b,
                                     std::span<const std::int32_t> sites) const {
  SampleCounts counts;
  kernel_->count_unequal(elements(a), elements(b), sites.data(), static_cast<std::int64_t>(sites.size()),
                         counts.data());
  return counts;
}

SampleCounts SampleHeatBath::unequal_links(std::span<const SampleWord> a,
                                           std::span<const SampleWord> b) const {
  SampleCounts counts;
  kernel_->count_unequal_links(elements(a), elements(b), topology_->bonds.data(), topology_->interactions(),
                               counts.data());
  return counts;
}

void SampleHeatBath::exchange(std::span<SampleWord> a, std::span<SampleWord> b,
                              const SampleWord& mask) const {
  kernel_->exchange(elements(a), elements(b), mask.element.data(), topology_->sites());
}

}  // namespace weiss
