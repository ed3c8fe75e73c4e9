// A zero of a continuous function between two points of opposite sign (M. Dowell, P. Jarratt, BIT 11, 168
// (1971), the Illinois method, with bisection where it is slow), and averages over a Gaussian number.
#pragma once

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace weiss {

// To `accuracy` of the argument; throws std::domain_error where the signs are equal.
template <class F>
double root_between(F&& f, double a, double b, double accuracy = 1e-14) {
  double fa = f(a), fb = f(b);
  if (fa == 0) return a;
  if (fb == 0) return b;
  if ((fa > 0) == (fb > 0)) throw std::domain_error("root_between: no change of sign");
  double wa = fa, wb = fb;  // damped values
  for (int trial = 0; trial < 400 && std::fabs(b - a) > accuracy; ++trial) {
    double c = trial % 4 == 3 ? (a + b) / 2 : (a * wb - b * wa) / (wb - wa);
    if (!(c > std::fmin(a, b) && c < std::fmax(a, b))) c = (a + b) / 2;
    if (c == a || c == b) break;
    const double fc = f(c);
    if (fc == 0) return c;
    if ((fc > 0) == (fa > 0)) {
      a = c;
      fa = wa = fc;
      wb /= 2;
    } else {
      b = c;
      fb = wb = fc;
      wa /= 2;
    }
  }
  return std::fabs(fa) < std::fabs(fb) ? a : b;
}

// E f(z) of a standard normal z by sums on a uniform grid, |z| <= reach; exact to rounding where f is
// analytic within 5.6 spacings of the real axis.
template <class F>
double gaussian_average(F&& f, double spacing, double reach = 9) {
  const int points = static_cast<int>(std::ceil(reach / spacing));
  double sum = 0, norm = 0;
  for (int j = -points; j <= points; ++j) {
    const double z = spacing * j, weight = std::exp(-z * z / 2);
    sum += weight * f(z);
    norm += weight;
  }
  return sum / norm;
}

}  // namespace weiss
