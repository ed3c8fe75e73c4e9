#include "spinglass/lane_measurement.hpp"

#include <cstdint>

namespace weiss {

namespace {

// The sum over all p-tuples of prod sigma, from Q = sum sigma of N signs, by Newton's identities with power
// sums Q, N, Q, N ...
double elementary_symmetric(int p, double q, double n) {
  std::vector<double> e{1};
  for (int k = 1; k <= p; ++k) {
    double sum = 0, sign = 1;
    for (int i = 1; i <= k; ++i, sign = -sign)
      sum += sign * e[static_cast<std::size_t>(k - i)] * (i % 2 == 1 ? q : n);
    e.push_back(sum / k);
  }
  return e.back();
}

}  // namespace

LaneMeasurement::LaneMeasurement(const Parameters& parameters)
    : complete_graph_(parameters.text("lattice.kind") == "complete") {
  if (!has_lattice(parameters)) return;
  const Lattice lattice = glass_lattice_of(parameters);
  for (const std::size_t d : longest_periodic_directions(lattice)) {
    phases_.emplace_back(lattice.slices(static_cast<int>(d)));
    std::vector<std::int32_t> slice;
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      slice.push_back(static_cast<std::int32_t>(lattice.slice(site, static_cast<int>(d))));
    slices_.emplace_back(slice, lattice.slices(static_cast<int>(d)));
  }
}

std::array<LanePairValues, 8> LaneMeasurement::of_pairs(const InteractionGraph& graph,
                                                        std::span<const LanePair> pairs) const {
  std::array<LanePairValues, 8> all{};
  std::array<std::int64_t, 8> unequal_links{};
  if (!complete_graph_) unequal_links = count_unequal_links(graph, pairs);
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const auto& [a, b] = pairs[k];
    const auto q = static_cast<double>(graph.sites - 2 * count_unequal(a, b));
    all[k].overlap = q;
    all[k].link_overlap = complete_graph_
                              ? elementary_symmetric(graph.order, q, static_cast<double>(graph.sites))
                              : static_cast<double>(graph.interactions() - 2 * unequal_links[k]);
    for (std::size_t d = 0; d < slices_.size(); ++d) {
      // Whole slices have no Fourier component, so unequal sites alone count, twice and with either sign.
      std::vector<std::int64_t> unequal(static_cast<std::size_t>(slices_[d].slices()));
      slices_[d].count_unequal(a, b, unequal);
      all[k].overlap_at_kmin +=
          4 * squared_modulus(unequal, phases_[d]) / static_cast<double>(slices_.size());
    }
  }
  return all;
}

}  // namespace weiss
