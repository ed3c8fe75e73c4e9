// The kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/sample_counts.hpp"
#include "weiss/montecarlo/sample_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline void prepare_sample_tables(const ArsKey& key, void* tables) {
  prepare(key, *static_cast<ArsTables*>(tables));
}

extern const SampleKernel sample_kernel;
const SampleKernel sample_kernel = {
    sizeof(ArsTables), prepare_sample_tables,  sweep_independent,    sweep_shared,
    sample_count_up,   sample_count_satisfied, sample_count_unequal, sample_count_unequal_links,
    sample_exchange};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
