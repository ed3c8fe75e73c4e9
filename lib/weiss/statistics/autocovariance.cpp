#include "weiss/statistics/autocovariance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace weiss {

namespace {

// The window is the first that holds this many autocorrelation times.
constexpr double window_in_tau = 5.0;

double covariance(const std::vector<double>& deviation, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < deviation.size(); ++i) sum += deviation[i] * deviation[i + lag];
  return sum / static_cast<double>(deviation.size() - lag);
}

}  // namespace

MeanError error_of_mean(std::span<const double> series) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (series.size() < 2) return {nan, nan};
  const auto n = static_cast<double>(series.size());
  double mean = 0;
  for (const double value : series) mean += value;
  mean /= n;
  std::vector<double> deviation;
  for (const double value : series) deviation.push_back(value - mean);
  const double variance = covariance(deviation, 0);
  if (!(variance > 0)) return {0.0, 0.5};
  double tau = 0.5;
  std::size_t window = 0;
  for (std::size_t lag = 1; lag < series.size() / 2; ++lag) {
    tau += covariance(deviation, lag) / variance;
    window = lag;
    if (static_cast<double>(lag) >= window_in_tau * std::max(tau, 0.5)) break;
  }
  // Taking the mean from the same data lowers every covariance by variance of the mean.
  const double unbiased = std::max(2 * tau, 0.1) * variance * (1 + (2 * static_cast<double>(window) + 1) / n);
  return {std::sqrt(unbiased / n), std::max(tau, 0.05) * (1 + (2 * static_cast<double>(window) + 1) / n)};
}

}  // namespace weiss
