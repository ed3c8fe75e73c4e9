#include "weiss/montecarlo/population_annealing.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/rng/elementary.hpp"

namespace weiss {

namespace {

constexpr int bisections = 40;

// Weights relative to that of the lowest energy, so that none overflows; returns their sum.
double weigh(std::span<const double> energies, double lowest, double step, std::vector<double>& weights) {
  weights.clear();
  double sum = 0;
  for (const double energy : energies) {
    weights.push_back(portable_exp(-step * (energy - lowest)));
    sum += weights.back();
  }
  return sum;
}

}  // namespace

double next_inverse_temperature(std::span<const double> energies, double beta, double target,
                                double culled_fraction) {
  const double lowest = *std::min_element(energies.begin(), energies.end());
  const auto size = static_cast<double>(energies.size());
  std::vector<double> weights;
  const auto culled = [&](double next) {
    const double sum = weigh(energies, lowest, next - beta, weights);
    double vanish = 0;
    for (const double weight : weights) vanish += std::max(0.0, 1 - size * weight / sum);
    return vanish / size;
  };
  if (culled(target) <= culled_fraction) return target;
  double low = beta, high = target;
  for (int k = 0; k < bisections; ++k) {
    const double middle = low + (high - low) / 2;
    (culled(middle) <= culled_fraction ? low : high) = middle;
  }
  return low > beta ? low : high;
}

Resampling resample(std::span<const double> energies, double step, double uniform) {
  const double lowest = *std::min_element(energies.begin(), energies.end());
  const auto size = static_cast<double>(energies.size());
  std::vector<double> weights;
  const double sum = weigh(energies, lowest, step, weights);
  Resampling result;
  result.log_ratio = portable_log(sum / size) - step * lowest;
  double cumulated = 0;
  for (std::size_t i = 0; i < energies.size(); ++i) {
    cumulated += weights[i];
    // The last one takes what rounding left.
    const double wanted = i + 1 == energies.size() ? size : std::floor(size * (cumulated / sum) + uniform);
    while (static_cast<double>(result.parents.size()) < std::min(wanted, size))
      result.parents.push_back(static_cast<std::int32_t>(i));
  }
  return result;
}

PopulationWeights::PopulationWeights(std::span<const double> log_partition)
    : largest_(*std::max_element(log_partition.begin(), log_partition.end())) {
  for (const double each : log_partition) weights_.push_back(portable_exp(each - largest_));
}

double PopulationWeights::mean(std::span<const double> values, std::size_t without) const {
  double sum = 0, weights = 0;
  for (std::size_t m = 0; m < weights_.size(); ++m) {
    if (m == without) continue;
    sum += weights_[m] * values[m];
    weights += weights_[m];
  }
  return sum / weights;
}

double PopulationWeights::log_mean_partition(std::size_t without) const {
  double sum = 0, count = 0;
  for (std::size_t m = 0; m < weights_.size(); ++m) {
    if (m == without) continue;
    sum += weights_[m];
    count += 1;
  }
  return largest_ + portable_log(sum / count);
}

FamilyStatistics family_statistics(std::span<const std::int32_t> families) {
  FamilyStatistics statistics;
  const auto size = static_cast<double>(families.size());
  for (std::size_t i = 0; i < families.size();) {
    std::size_t end = i;
    while (end < families.size() && families[end] == families[i]) ++end;
    const double fraction = static_cast<double>(end - i) / size;
    statistics.entropy -= fraction * portable_log(fraction);
    statistics.mean_square_size += size * fraction * fraction;
    statistics.count += 1;
    i = end;
  }
  return statistics;
}

}  // namespace weiss
