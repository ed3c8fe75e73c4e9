#include "weiss/dmft/quasiparticle.hpp"

#include <cmath>
#include <limits>

namespace weiss {

double weight_from_first_frequency(Complex sigma, double frequency) {
  return 1 / (1 - sigma.imag() / frequency);
}

double weight_from_slope(std::span<const Complex> sigma, std::span<const double> frequencies) {
  const double w0 = frequencies[0], w1 = frequencies[1], w2 = frequencies[2];
  const double s0 = sigma[0].imag(), s1 = sigma[1].imag(), s2 = sigma[2].imag();
  const double d01 = (s1 - s0) / (w1 - w0), d12 = (s2 - s1) / (w2 - w1), curvature = (d12 - d01) / (w2 - w0);
  const double slope = d01 - curvature * (w0 + w1);  // of Newton's polynomial at w = 0
  const double intercept = s0 - slope * w0 - curvature * w0 * w0;
  // A quasi-particle needs a falling Im Sigma that starts near zero; with -a above |s0| nothing is near zero.
  if (slope > 0 || std::fabs(intercept) > std::fabs(s0) + 1e-300)
    return std::numeric_limits<double>::quiet_NaN();
  return 1 / (1 - slope);
}

}  // namespace weiss
