#include "weiss/statistics/jackknife.hpp"

#include <cmath>
#include <limits>

#include "weiss/base/error.hpp"
#include "weiss/statistics/autocovariance.hpp"

namespace weiss {

namespace {

void require_common_bins(std::span<const Bins> inputs) {
  if (inputs.empty()) throw Error(ExitCode::internal, "jackknife: no input");
  for (const Bins& input : inputs)
    if (input.length() != inputs.front().length() || input.count() != inputs.front().count())
      throw Error(ExitCode::internal, "jackknife: inputs must be measured together");
}

std::vector<double> pseudo_values(std::span<const Bins> inputs, const MeansFunction& f,
                                  std::size_t component) {
  const std::size_t n = inputs.front().count();
  const std::size_t length = inputs.front().length();
  const auto count = static_cast<double>(n);
  std::vector<double> total(inputs.size()), means(inputs.size());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) total[k] += inputs[k].values[i * length + component];
    means[k] = total[k] / count;
  }
  const double whole = f(means, component);
  std::vector<double> pseudo;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < inputs.size(); ++k)
      means[k] = (total[k] - inputs[k].values[i * length + component]) / (count - 1);
    pseudo.push_back(count * whole - (count - 1) * f(means, component));
  }
  return pseudo;
}

}  // namespace

double standard_error(std::span<const double> independent) {
  const auto n = static_cast<double>(independent.size());
  double sum = 0, squares = 0;
  for (const double value : independent) sum += value;
  for (const double value : independent) squares += (value - sum / n) * (value - sum / n);
  return n > 1 ? std::sqrt(squares / (n * (n - 1))) : std::numeric_limits<double>::quiet_NaN();
}

Estimates jackknife(std::span<const Bins> inputs, const MeansFunction& f) {
  require_common_bins(inputs);
  const std::size_t n = inputs.front().count();
  const std::size_t length = inputs.front().length();
  Estimates result;
  if (n >= 2) result.pseudo_values.resize(n * length);
  for (std::size_t component = 0; component < length; ++component) {
    if (n < 2) {
      std::vector<double> means;
      for (const Bins& input : inputs) means.push_back(input.mean[component]);
      result.mean.push_back(f(means, component));
      result.error.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const std::vector<double> pseudo = pseudo_values(inputs, f, component);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += pseudo[i];
      result.pseudo_values[i * length + component] = pseudo[i];
    }
    result.mean.push_back(sum / static_cast<double>(n));
    result.error.push_back(inputs.front().independent ? standard_error(pseudo) : error_of_mean(pseudo).error);
  }
  return result;
}

}  // namespace weiss
