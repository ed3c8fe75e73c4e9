// exp_of_nonpositive on one target, for elementary_test.cpp; rules of inclusion as word512.hpp.
#pragma once

#include "weiss/rng/vector_elementary.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// In place; the count is a multiple of 8.
void exp_of_each(double* values, long count) {
  for (long i = 0; i < count; i += piece_elements)
    store_doubles(exp_of_nonpositive(load_doubles(values + i)), values + i);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
