#include "weiss/cavity/factor_graph.hpp"

#include <algorithm>
#include <limits>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

std::vector<std::int32_t> breadth_first_order(const InteractionGraph& graph, const Incidence& incidence) {
  std::vector<std::int32_t> queue;
  queue.reserve(static_cast<std::size_t>(graph.sites));
  std::vector<bool> seen(static_cast<std::size_t>(graph.sites));
  const auto visit = [&](std::int32_t site) {
    if (seen[static_cast<std::size_t>(site)]) return;
    seen[static_cast<std::size_t>(site)] = true;
    queue.push_back(site);
  };
  std::size_t next = 0;
  for (std::int64_t start = 0; start < graph.sites; ++start)
    for (visit(static_cast<std::int32_t>(start)); next < queue.size(); ++next) {
      const auto site = static_cast<std::size_t>(queue[next]);
      for (std::int64_t at = incidence.first[site]; at < incidence.first[site + 1]; ++at)
        for (const std::int32_t member :
             graph.members_of(incidence.interaction[static_cast<std::size_t>(at)]))
          visit(member);
    }
  return queue;
}

}  // namespace

FactorGraph::FactorGraph(const InteractionGraph& graph) : order(graph.order) {
  if (graph.members.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) ||
      graph.sites >= std::numeric_limits<std::int32_t>::max())
    throw Error(ExitCode::bad_deck,
                "lattice.kind: the graph has more than 2^31 messages; take fewer sites or interactions");
  const Incidence incidence(graph);
  original = breadth_first_order(graph, incidence);
  const auto p = static_cast<std::size_t>(order);
  std::vector<std::int32_t> slot_of(graph.members.size());  // of (interaction, member)
  interaction.resize(graph.members.size());
  first.push_back(0);
  std::int32_t slot = 0;
  for (const std::int32_t site : original) {
    const auto i = static_cast<std::size_t>(site);
    for (std::int64_t at = incidence.first[i]; at < incidence.first[i + 1]; ++at) {
      const std::int32_t e = incidence.interaction[static_cast<std::size_t>(at)];
      const auto members = graph.members_of(e);
      const auto place = std::find(members.begin(), members.end(), site) - members.begin();
      slot_of[static_cast<std::size_t>(e) * p + static_cast<std::size_t>(place)] = slot;
      interaction[static_cast<std::size_t>(slot++)] = e;
    }
    largest_degree = std::max(largest_degree, slot - first.back());
    first.push_back(slot);
  }
  partner.reserve(graph.members.size() * (p - 1));
  for (std::int32_t k = 0; k < slot; ++k) {
    const auto e = static_cast<std::size_t>(interaction[static_cast<std::size_t>(k)]);
    for (std::size_t member = 0; member < p; ++member)
      if (slot_of[e * p + member] != k) partner.push_back(slot_of[e * p + member]);
  }
  if (static_cast<std::int64_t>(largest_degree) * sites() == slots()) {
    uniform_degree = largest_degree;
    first = {};
  }
}

}  // namespace weiss
