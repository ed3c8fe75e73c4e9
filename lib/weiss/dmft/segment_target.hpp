// The segment kernels of one target gathered; rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/dmft/segment_measure.hpp"
#include "weiss/dmft/segment_update.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

extern const SegmentKernel segment_kernel;
const SegmentKernel segment_kernel = {add_to_sums, update_segments, measure_green, measure_densities};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
