#include "weiss/statistics/jackknife.hpp"

#include <limits>

#include "weiss/base/error.hpp"
#include "weiss/statistics/autocovariance.hpp"

namespace weiss {

namespace {

void require_common_bins(std::span<const Accumulator* const> inputs) {
  if (inputs.empty()) throw Error(ExitCode::internal, "jackknife: no input");
  for (const Accumulator* input : inputs)
    if (input->length() != 1 || input->count() != inputs.front()->count() ||
        input->bins() != inputs.front()->bins() || input->bin_length() != inputs.front()->bin_length())
      throw Error(ExitCode::internal, "jackknife: inputs must be scalars measured together");
}

}  // namespace

std::vector<double> jackknife_bins(std::span<const Accumulator* const> inputs, const MeansFunction& f) {
  require_common_bins(inputs);
  const std::size_t n = inputs.front()->bins();
  if (n < 2) return {};
  std::vector<std::vector<double>> bins;
  std::vector<double> total(inputs.size());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    bins.push_back(inputs[k]->bin_means());
    for (const double value : bins[k]) total[k] += value;
  }
  const auto count = static_cast<double>(n);
  std::vector<double> means(inputs.size());
  for (std::size_t k = 0; k < inputs.size(); ++k) means[k] = total[k] / count;
  const double whole = f(means);
  std::vector<double> pseudo;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < inputs.size(); ++k) means[k] = (total[k] - bins[k][i]) / (count - 1);
    pseudo.push_back(count * whole - (count - 1) * f(means));
  }
  return pseudo;
}

Estimate jackknife(std::span<const Accumulator* const> inputs, const MeansFunction& f) {
  const std::vector<double> pseudo = jackknife_bins(inputs, f);
  if (pseudo.empty()) {
    std::vector<double> means;
    for (const Accumulator* input : inputs) means.push_back(input->mean().front());
    return {f(means), std::numeric_limits<double>::quiet_NaN()};
  }
  double mean = 0;
  for (const double value : pseudo) mean += value;
  return {mean / static_cast<double>(pseudo.size()), error_of_mean(pseudo).error};
}

}  // namespace weiss
