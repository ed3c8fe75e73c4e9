// The bipartite graph of spins and interactions as message passing wants it: one slot for each pair (site,
// interaction at it), the slots of a site side by side, and for each slot those of the same interaction at
// its other sites. Sites are numbered anew in the order of a breadth-first search, so that messages that meet
// lie close in memory (about twice as fast at 1e6 sites).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

struct FactorGraph {
  // Error(bad_deck) beyond 2^31 slots.
  explicit FactorGraph(const InteractionGraph& graph);

  std::int64_t sites() const { return static_cast<std::int64_t>(original.size()); }
  std::int64_t slots() const { return static_cast<std::int64_t>(partner.size()) / partners(); }
  // Slots of a site: first_slot(site) ... first_slot(site + 1) - 1.
  std::int64_t first_slot(std::int64_t site) const {
    return first.empty() ? site * uniform_degree : first[static_cast<std::size_t>(site)];
  }
  std::int64_t partners() const { return order - 1; }  // of a slot
  std::span<const std::int32_t> partners_of(std::int64_t slot) const {
    const auto count = static_cast<std::size_t>(order - 1);
    return std::span(partner).subspan(static_cast<std::size_t>(slot) * count, count);
  }
  // Every interaction has one slot that leads: the first in slot order.
  bool leads(std::int64_t slot) const {
    for (const std::int32_t other : partners_of(slot))
      if (other < slot) return false;
    return true;
  }

  int order = 2;                          // spins an interaction
  std::vector<std::int32_t> first;        // first slots of sites and their end; empty where degrees are equal
  std::vector<std::int32_t> partner;      // (order - 1) a slot
  std::vector<std::int32_t> original;     // a site's number in the interaction graph
  std::vector<std::int32_t> interaction;  // a slot's number of its interaction; may be freed after use
  int uniform_degree = 0;                 // slots of every site; 0 where sites differ
  int largest_degree = 0;
};

}  // namespace weiss
