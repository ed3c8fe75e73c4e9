#include "weiss/lattice/graph_builders.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

void require_small(double count, const char* what) {
  if (count > static_cast<double>(std::numeric_limits<std::int32_t>::max()))
    throw Error(ExitCode::bad_deck,
                std::string("the graph has more than 2^31 ") + what + "; make it smaller");
}

}  // namespace

InteractionGraph lattice_graph(const Lattice& lattice) {
  require_small(static_cast<double>(lattice.sites()), "sites");
  require_small(static_cast<double>(lattice.bonds()), "interactions");
  InteractionGraph graph;
  graph.sites = lattice.sites();
  for (std::int64_t site = 0; site < lattice.sites(); ++site)
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
      graph.members.push_back(static_cast<std::int32_t>(site));
      graph.members.push_back(static_cast<std::int32_t>(other));
    });
  graph.coupling.assign(graph.members.size() / 2, 1.0);
  return graph;
}

InteractionGraph complete_graph(std::int64_t sites, int order) {
  double count = 1;
  for (int k = 0; k < order; ++k) count *= static_cast<double>(sites - k) / (k + 1);
  require_small(count, "interactions");
  InteractionGraph graph;
  graph.sites = sites;
  graph.order = order;
  std::vector<std::int32_t> set(static_cast<std::size_t>(order));
  for (std::size_t k = 0; k < set.size(); ++k) set[k] = static_cast<std::int32_t>(k);
  if (sites < order) return graph;
  for (;;) {
    graph.members.insert(graph.members.end(), set.begin(), set.end());
    // The last member that can still grow does; those behind it follow closely.
    int k = order - 1;
    while (k >= 0 && set[static_cast<std::size_t>(k)] == sites - order + k) --k;
    if (k < 0) break;
    ++set[static_cast<std::size_t>(k)];
    for (std::size_t j = static_cast<std::size_t>(k) + 1; j < set.size(); ++j) set[j] = set[j - 1] + 1;
  }
  graph.coupling.assign(graph.members.size() / set.size(), 1.0);
  return graph;
}

InteractionGraph random_graph(std::int64_t sites, int order, std::int64_t interactions,
                              const Stream& stream) {
  require_small(static_cast<double>(sites), "sites");
  require_small(static_cast<double>(interactions), "interactions");
  double possible = 1;
  for (int k = 0; k < order; ++k) possible *= static_cast<double>(sites - k) / (k + 1);
  if (static_cast<double>(interactions) > possible)
    throw Error(ExitCode::bad_deck,
                "a random graph cannot have more interactions than there are sets of sites");
  InteractionGraph graph;
  graph.sites = sites;
  graph.order = order;
  const RandomSource source(stream, 0);
  std::set<std::vector<std::int32_t>> sets;
  std::uint64_t attempt = 0;
  for (std::int64_t e = 0; e < interactions;) {
    // Rejected sets leave the accepted ones uniform; each attempt has numbers of its own.
    std::vector<std::int32_t> set;
    set.reserve(static_cast<std::size_t>(order));
    for (int k = 0; k < order; ++k)
      set.push_back(static_cast<std::int32_t>(
          source.below(static_cast<std::uint64_t>(sites), attempt, static_cast<std::uint32_t>(64 * k))));
    ++attempt;
    std::sort(set.begin(), set.end());
    if (std::adjacent_find(set.begin(), set.end()) != set.end() || !sets.insert(set).second) continue;
    graph.members.insert(graph.members.end(), set.begin(), set.end());
    ++e;
  }
  graph.coupling.assign(static_cast<std::size_t>(interactions), 1.0);
  return graph;
}

}  // namespace weiss
