// Probabilities as 64-bit integer thresholds, computed once in 50-digit arithmetic: a decision is
// "uniform 64-bit number < threshold", and no libm call ever decides.
#pragma once

#include <cstdint>

namespace weiss {

// floor(2^64 / (1 + exp(2 beta |h|))): heat bath, the new spin points against its local field h.
// beta * h = 0 gives 2^63 exactly.
std::uint64_t heat_bath_threshold(double beta, double local_field);

// floor(2^64 exp(-beta dE)) for dE > 0 (Metropolis acceptance of an uphill move), at most 2^64 - 1.
std::uint64_t boltzmann_threshold(double beta, double energy_change);

// floor(2^64 (1 - exp(-2 beta |J|))): Fortuin-Kasteleyn bond between aligned spins, at most 2^64 - 1.
std::uint64_t bond_threshold(double beta, double coupling);

}  // namespace weiss
