// The plain twin of the many-sample heat bath: colour after colour, one site of one realisation after
// another.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/sample_heat_bath.hpp"

namespace weiss {

// The topology, made from the lattice, says which sites share random bits.
void sample_reference_sweep(std::span<SampleWord> configuration, std::span<const SampleWord> couplings,
                            const Lattice& lattice, const SampleTopology& topology,
                            const SampleThresholds& thresholds, const Stream& stream,
                            SampleRandomness randomness, std::int64_t step, std::uint64_t first_index);

}  // namespace weiss
