// The kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_counts.hpp"
#include "weiss/montecarlo/packed_faces.hpp"
#include "weiss/montecarlo/packed_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

extern const PackedKernel packed_kernel;
const PackedKernel packed_kernel = {sizeof(ArsTables), prepare_tables, update, copy_face, count,
                                    count_up,          count_slices};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
