#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

Incidence::Incidence(const InteractionGraph& graph) : first(static_cast<std::size_t>(graph.sites) + 1) {
  for (const std::int32_t member : graph.members) ++first[static_cast<std::size_t>(member) + 1];
  for (std::size_t site = 0; site + 1 < first.size(); ++site) first[site + 1] += first[site];
  interaction.resize(graph.members.size());
  std::vector<std::int64_t> next(first.begin(), first.end() - 1);
  for (std::int64_t e = 0; e < graph.interactions(); ++e)
    for (const std::int32_t member : graph.members_of(e))
      interaction[static_cast<std::size_t>(next[static_cast<std::size_t>(member)]++)] =
          static_cast<std::int32_t>(e);
}

}  // namespace weiss
