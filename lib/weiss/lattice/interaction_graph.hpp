// Spins and the interactions between them as plain arrays, the common form of every disordered model:
//   H = -sum_e J_e prod_{i in e} s_i - sum_i h_i s_i,   s = +-1, every interaction once
// Lattices, random graphs and hypergraphs, and instance files all become one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weiss {

struct InteractionGraph {
  std::int64_t sites = 0;
  int order = 2;                      // spins an interaction: 2 for pairs, p for the p-spin model
  std::vector<std::int32_t> members;  // interaction e joins members[order e] ... members[order e + order - 1]
  std::vector<double> coupling;       // J_e
  std::vector<double> field;          // h_i; empty where there is none

  std::int64_t interactions() const { return static_cast<std::int64_t>(coupling.size()); }
  std::span<const std::int32_t> members_of(std::int64_t interaction) const {
    const auto p = static_cast<std::size_t>(order);
    return std::span(members).subspan(static_cast<std::size_t>(interaction) * p, p);
  }
};

// The interactions at each site, in the order of their numbers: those of site i are
// interaction[first[i]] ... interaction[first[i + 1] - 1].
struct Incidence {
  explicit Incidence(const InteractionGraph& graph);
  std::vector<std::int64_t> first;  // sites + 1
  std::vector<std::int32_t> interaction;
};

}  // namespace weiss
