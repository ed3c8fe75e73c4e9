// The octet kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/lane_energy.hpp"
#include "weiss/montecarlo/lane_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline void estimate_logits(const std::uint64_t* bits, double* out) {
  const double ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  estimate_thresholds(bits, ones, out);
}

extern const LaneKernel lane_kernel;
const LaneKernel lane_kernel = {octet_differences, sweep_sites, octet_energies, dense_energies,
                                estimate_logits};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
