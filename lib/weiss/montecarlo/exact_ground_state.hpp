// The exact ground state of H = -sum_e J_e prod_{i in e} s_i - sum_i h_i s_i by dynamic programming: sites
// are taken in one after the other, a table holds the least energy for every state of the frontier (sites
// taken that still have interactions with sites to come), and a site that leaves it is minimised over. Time
// and memory grow as 2^frontier: the width of a strip, a few sites of a tree, N - 1 of a complete graph. The
// method is elimination: U. Bertele, F. Brioschi, "Nonserial Dynamic Programming" (1972).
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

inline constexpr int most_frontier_sites = 25;
inline constexpr std::int64_t most_exact_sites = 4096;

// An order of the sites with a small frontier: greedily the site that leaves the fewest, from the best of
// several first sites.
struct EliminationOrder {
  explicit EliminationOrder(const InteractionGraph& graph);
  std::vector<std::int32_t> sites;
  int frontier = 0;       // largest number of sites in the table
  double table_bits = 0;  // of all decisions together
};

struct GroundState {
  double energy = 0;               // of the whole system
  std::vector<std::int8_t> spins;  // +-1; of degenerate ones any, the same on every machine
};

// Error(bad_deck) when the order's frontier is beyond most_frontier_sites.
GroundState exact_ground_state(const InteractionGraph& graph, const EliminationOrder& order);
inline GroundState exact_ground_state(const InteractionGraph& graph) {
  return exact_ground_state(graph, EliminationOrder(graph));
}

}  // namespace weiss
