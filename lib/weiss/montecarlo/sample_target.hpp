// The kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/sample_counts.hpp"
#include "weiss/montecarlo/sample_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

extern const SampleKernel sample_kernel;
const SampleKernel sample_kernel = {sizeof(ArsTables),    prepare_sample_tables, sweep_samples,
                                    sweep_samples_shared, count_unsatisfied,     count_equal_bonds,
                                    count_up_samples,     count_equal_sites,     exchange_samples};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
