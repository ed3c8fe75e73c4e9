// The plain twin of the octet heat bath: one configuration, a byte a spin, one site after another.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// up[site] is 0 or 1; configuration is its number in the whole task.
void lane_reference_sweep(std::span<std::uint8_t> up, const InteractionGraph& graph, double beta,
                          const Stream& stream, std::int64_t step, std::int64_t configuration);

// The energy in the order of lane_energy.hpp or lane_dense.hpp.
double lane_reference_energy(std::span<const std::uint8_t> up, const InteractionGraph& graph);

}  // namespace weiss
