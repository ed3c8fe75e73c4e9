#include "weiss/statistics/sample_accumulator.hpp"

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr std::size_t time_bins = 64;

}  // namespace

SampleAccumulator::SampleAccumulator(std::size_t samples, std::size_t length)
    : samples_(samples), series_(length, time_bins), sums_(samples * length), average_(length) {
  if (samples == 0) throw Error(ExitCode::internal, "SampleAccumulator: needs at least one sample");
}

void SampleAccumulator::add(std::span<const double> values) {
  if (values.size() != sums_.size())
    throw Error(ExitCode::internal, "SampleAccumulator: needs one value a sample and component");
  average_.assign(length(), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sums_[i] += values[i];
    average_[i % length()] += values[i];
  }
  for (double& each : average_) each /= static_cast<double>(samples_);
  series_.add(average_);
}

Bins SampleAccumulator::bins() const {
  if (samples_ == 1) return series_.bins();
  Bins bins{sums_, mean(), true};
  for (double& value : bins.values) value /= static_cast<double>(count());
  return bins;
}

std::vector<double> SampleAccumulator::error() const {
  if (samples_ == 1) return series_.error();
  const Bins all = bins();
  std::vector<double> errors, of_component(samples_);
  for (std::size_t i = 0; i < length(); ++i) {
    for (std::size_t s = 0; s < samples_; ++s) of_component[s] = all.values[s * length() + i];
    errors.push_back(standard_error(of_component));
  }
  return errors;
}

}  // namespace weiss
