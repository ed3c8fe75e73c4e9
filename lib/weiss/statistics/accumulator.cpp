#include "weiss/statistics/accumulator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/base/error.hpp"
#include "weiss/statistics/autocovariance.hpp"

namespace weiss {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double needed_autocorrelation_times = 50;

}  // namespace

Accumulator::Accumulator(std::size_t length, std::size_t max_bins)
    : length_(length), max_bins_(max_bins), sum_(length), sum_of_squares_(length), partial_sum_(length) {
  if (length == 0 || max_bins < 4 || max_bins % 2 != 0)
    throw Error(ExitCode::internal,
                "Accumulator: needs at least one component and an even number of bins, 4 or more");
}

void Accumulator::add(std::span<const double> sample) {
  if (sample.size() != length_) throw Error(ExitCode::internal, "Accumulator: a sample of another length");
  if (count_ == 0) origin_.assign(sample.begin(), sample.end());
  for (std::size_t i = 0; i < length_; ++i) {
    const double shifted = sample[i] - origin_[i];
    sum_[i] += shifted;
    sum_of_squares_[i] += shifted * shifted;
    partial_sum_[i] += shifted;
  }
  ++count_;
  if (++partial_count_ < bin_length_) return;
  bin_sums_.insert(bin_sums_.end(), partial_sum_.begin(), partial_sum_.end());
  std::fill(partial_sum_.begin(), partial_sum_.end(), 0.0);
  partial_count_ = 0;
  if (complete_bins() == max_bins_) merge_pairs();
}

bool Accumulator::consistent() const {
  const bool counts = count_ >= 0 && bin_length_ >= 1 && partial_count_ >= 0 &&
                      partial_count_ < bin_length_ && bin_sums_.size() % length_ == 0 &&
                      complete_bins() < max_bins_ && count_ >= partial_count_ &&
                      (count_ - partial_count_) % bin_length_ == 0 &&
                      static_cast<std::uint64_t>((count_ - partial_count_) / bin_length_) == complete_bins();
  return counts && origin_.size() == (count_ == 0 ? 0 : length_) && sum_.size() == length_ &&
         sum_of_squares_.size() == length_ && partial_sum_.size() == length_;
}

void Accumulator::merge_pairs() {
  const std::size_t pairs = complete_bins() / 2;
  for (std::size_t pair = 0; pair < pairs; ++pair)
    for (std::size_t i = 0; i < length_; ++i)
      bin_sums_[pair * length_ + i] =
          bin_sums_[2 * pair * length_ + i] + bin_sums_[(2 * pair + 1) * length_ + i];
  bin_sums_.resize(pairs * length_);
  bin_length_ *= 2;
}

Bins Accumulator::bins() const {
  Bins all{std::vector<double>(bin_sums_.size()), mean(), false};
  for (std::size_t i = 0; i < all.values.size(); ++i)
    all.values[i] = origin_[i % length_] + bin_sums_[i] / static_cast<double>(bin_length_);
  return all;
}

std::vector<double> Accumulator::mean() const {
  if (count_ == 0) return std::vector<double>(length_, nan);
  std::vector<double> means(length_);
  for (std::size_t i = 0; i < length_; ++i) means[i] = origin_[i] + sum_[i] / static_cast<double>(count_);
  return means;
}

double Accumulator::sample_variance(std::size_t component) const {
  const auto n = static_cast<double>(count_);
  const double mean = sum_[component] / n;
  return std::max(sum_of_squares_[component] / n - mean * mean, 0.0) * n / (n - 1);
}

std::vector<double> Accumulator::component_bins(std::size_t component) const {
  std::vector<double> values;
  for (std::size_t bin = 0; bin < complete_bins(); ++bin)
    values.push_back(bin_sums_[bin * length_ + component] / static_cast<double>(bin_length_));
  return values;
}

std::vector<double> Accumulator::error() const {
  std::vector<double> errors;
  for (std::size_t i = 0; i < length_; ++i) errors.push_back(error_of_mean(component_bins(i)).error);
  return errors;
}

std::vector<double> Accumulator::tau_int() const {
  std::vector<double> times;
  for (std::size_t i = 0; i < length_; ++i) {
    const MeanError estimate = error_of_mean(component_bins(i));
    const double variance = count_ > 1 ? sample_variance(i) : 0.0;
    if (!(estimate.error >= 0))
      times.push_back(nan);
    else if (!(variance > 0))
      times.push_back(0.5);
    else
      times.push_back(0.5 * estimate.error * estimate.error * static_cast<double>(complete_bins()) *
                      static_cast<double>(bin_length_) / variance);
  }
  return times;
}

bool Accumulator::enough() const {
  for (const double time : tau_int())
    if (!(static_cast<double>(count_) >= needed_autocorrelation_times * time)) return false;
  return true;
}

}  // namespace weiss
