// The plain twin of the packed +-J heat bath: one site after another, on a byte a spin in site order.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/montecarlo/packed_layout.hpp"
#include "weiss/montecarlo/sample_heat_bath.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// up[site] is 0 or 1; positive[dimension * site + d] is 1 where the bond of the site with its next one along
// direction d has J = +1.
void packed_glass_reference_sweep(std::span<std::uint8_t> up, std::span<const std::uint8_t> positive,
                                  const PackedLayout& layout, const SampleThresholds& thresholds,
                                  const Stream& stream, std::int64_t step, std::uint64_t first_index);

}  // namespace weiss
