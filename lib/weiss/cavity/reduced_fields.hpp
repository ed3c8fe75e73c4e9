// Fields in units of the temperature, y = beta u: what joins through an interaction, and partition sums. All
// by the functions of float_functions.hpp, with their precision, at any size of y.
#pragma once

#include "weiss/cavity/float_functions.hpp"

namespace weiss {

// ln cosh y.
inline float log_cosh_of_reduced(float y) {
  const float size = std::fabs(y);
  return size + (log_of_one_plus(exp_of_negative(-2.0f * size)) - 0.693147181f);
}

// y of tanh y = tanh a tanh b.
inline float join_reduced(float a, float b) {
  const float plus = std::fabs(a + b), minus = std::fabs(a - b);
  const float e = exp_of_negative(-2.0f * plus), f = exp_of_negative(-2.0f * minus);
  return 0.5f * (plus - minus) + atanh_of_small((e - f) / (2.0f + e + f));
}

}  // namespace weiss
