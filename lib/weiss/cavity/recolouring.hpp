// Focused local search for colourings (S. Seitz, M. Alava, P. Orponen, J. Stat. Mech. (2005) P06006, there
// for K-SAT): one end of a drawn conflicting pair gets another colour with probability min(1, noise^dE), dE
// the change of the number of conflicts.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/cavity/factor_graph.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// `moves`, fewer where no conflict is left; the conflicts that are. site_of: of a slot.
std::int64_t recolour(const FactorGraph& graph, std::span<const std::int32_t> site_of, int states,
                      std::span<std::int8_t> colours, std::int64_t moves, double noise,
                      const RandomSource& random);

}  // namespace weiss
