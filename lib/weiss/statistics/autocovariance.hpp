// Variance of the mean of a correlated series by the Gamma method with automatic window.
// U. Wolff, Comput. Phys. Commun. 156, 143 (2004), eqs. (31)-(35), (42), (49); window after Sokal.
#pragma once

#include <span>

namespace weiss {

struct MeanError {
  double error = 0;  // one standard deviation of the mean
  double tau = 0.5;  // integrated autocorrelation time in units of the series
};

// NaN below two values; error 0 and tau 0.5 for a constant.
MeanError error_of_mean(std::span<const double> series);

}  // namespace weiss
