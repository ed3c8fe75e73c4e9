#include "weiss/dmft/self_energy_series.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

constexpr std::size_t most_bins = 64;

}  // namespace

SelfEnergySeries::SelfEnergySeries(std::size_t from, std::size_t to, std::size_t frequencies)
    : from_(from), to_(to), frequencies_(frequencies) {
  forget();
}

void SelfEnergySeries::forget() {
  series_ = Accumulator(2 * frequencies_, most_bins);
  sum_.assign(4 * frequencies_ * frequencies_, 0.0);
}

Estimates SelfEnergySeries::dynamic_part(const SegmentResults& results) const {
  const std::size_t length = 2 * frequencies_;
  const double share = 1 / static_cast<double>(to_ - from_);
  Estimates found;
  found.mean.assign(length, 0);
  for (std::size_t a = from_; a < to_; ++a) {
    const Estimates sigma = results.self_energy(a, frequencies_);
    const Estimates moments = results.self_energy_moments(a);  // two, the constant first
    const std::size_t streams = sigma.pseudo_values.size() / length;
    found.pseudo_values.resize(streams * length, 0);
    // Row by row: real parts first there, (Re, Im) pairs here.
    const auto take = [&](const double* from, double constant, double* to) {
      for (std::size_t n = 0; n < frequencies_; ++n) {
        to[2 * n] += share * (from[n] - constant);
        to[2 * n + 1] += share * from[n + frequencies_];
      }
    };
    take(sigma.mean.data(), moments.mean[0], found.mean.data());
    for (std::size_t s = 0; s < streams; ++s)
      take(&sigma.pseudo_values[s * length], moments.pseudo_values[2 * s], &found.pseudo_values[s * length]);
  }
  return found;
}

void SelfEnergySeries::add(const SegmentResults& results) {
  const Estimates found = dynamic_part(results);
  series_.add(found.mean);
  const std::size_t length = 2 * frequencies_, streams = found.pseudo_values.size() / length;
  if (streams < 2) return;
  std::vector<double> centre(length, 0);
  for (std::size_t s = 0; s < streams; ++s)
    for (std::size_t i = 0; i < length; ++i) centre[i] += found.pseudo_values[s * length + i];
  for (double& each : centre) each /= static_cast<double>(streams);
  const double scale = 1 / (static_cast<double>(streams) * static_cast<double>(streams - 1));
  for (std::size_t s = 0; s < streams; ++s) {
    const double* row = &found.pseudo_values[s * length];
    for (std::size_t i = 0; i < length; ++i)
      for (std::size_t j = 0; j < length; ++j)
        sum_[i * length + j] += scale * (row[i] - centre[i]) * (row[j] - centre[j]);
  }
}

std::vector<Complex> SelfEnergySeries::mean() const {
  const std::vector<double> numbers = series_.mean();
  std::vector<Complex> values;
  for (std::size_t n = 0; n < frequencies_; ++n) values.emplace_back(numbers[2 * n], numbers[2 * n + 1]);
  return values;
}

std::vector<double> SelfEnergySeries::error() const { return series_.error(); }

Eigen::MatrixXd SelfEnergySeries::covariance() const {
  const auto length = static_cast<Eigen::Index>(2 * frequencies_);
  const auto iterations = static_cast<double>(series_.count());
  Eigen::MatrixXd matrix =
      Eigen::Map<const Eigen::MatrixXd>(sum_.data(), length, length) / (iterations * iterations);
  const std::vector<double> of_series = series_.error();
  Eigen::VectorXd factor = Eigen::VectorXd::Ones(length);
  for (std::size_t n = 0; n < frequencies_; ++n) {
    double sum = 0, count = 0;
    for (std::size_t i = n / 2 * 2; i < std::min(4 * n + 4, 2 * frequencies_); ++i, ++count)
      sum += of_series[i] * of_series[i] / matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i));
    // One also where the series is too short to have an error.
    if (sum / count > 1)
      factor.segment(static_cast<Eigen::Index>(2 * n), 2).setConstant(std::sqrt(sum / count));
  }
  return factor.asDiagonal() * matrix * factor.asDiagonal();
}

}  // namespace weiss
