// What a self-energy on the Matsubara axis says of quasi-particles: Z = 1/(1 - d Re Sigma/d w) at w = 0.
#pragma once

#include <span>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

// 1/(1 - Im Sigma(i w_0)/w_0): the usual one, which an insulator has too.
double weight_from_first_frequency(Complex sigma, double frequency);

// 1/(1 - b), Im Sigma = a + b w + c w^2 through the first three frequencies. NaN where a is not small beside
// the first value: no quasi-particles.
double weight_from_slope(std::span<const Complex> sigma, std::span<const double> frequencies);

}  // namespace weiss
