// The plain twin of the heat bath of many samples: one realisation and one site after another.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "weiss/montecarlo/sample_heat_bath.hpp"

namespace weiss {

void sample_reference_sweep(std::span<SampleWord> configuration, const SampleTopology& topology,
                            std::span<const SampleWord> couplings,
                            const std::array<std::uint64_t, 3>& thresholds, const Stream& stream,
                            std::int64_t step, std::uint64_t first_index, bool shared);

}  // namespace weiss
