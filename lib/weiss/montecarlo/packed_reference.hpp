// The plain twin of the packed heat bath: one site after another, on a byte a spin in site order.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/packed_layout.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// up[site] is 0 or 1.
void packed_reference_sweep(std::span<std::uint8_t> up, const PackedLayout& layout,
                            const IsingInteractions& interactions, const Stream& stream, std::int64_t step);

}  // namespace weiss
