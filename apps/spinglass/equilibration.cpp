#include "spinglass/equilibration.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "weiss/statistics/jackknife.hpp"

namespace weiss {

namespace {

constexpr std::size_t needed_windows = 3;
constexpr std::size_t needed_samples = 8;
// Of all comparisons of one temperature together, that a sample in equilibrium fails.
constexpr double false_alarms = 0.01;

// How many errors of their mean n normal numbers may be off in one of `comparisons`; rounded, so that the
// last bits of the mathematical library decide nothing.
double allowed_errors(std::size_t n, std::size_t comparisons) {
  const boost::math::students_t student(static_cast<double>(n - 1));
  const double tail = false_alarms / (2 * static_cast<double>(comparisons));
  return std::round(1e6 * boost::math::quantile(boost::math::complement(student, tail))) / 1e6;
}

}  // namespace

Equilibration::Equilibration(GlassShape shape, std::vector<double> temperatures,
                             std::vector<std::string> names)
    : shape_(shape), temperatures_(std::move(temperatures)), names_(std::move(names)) {
  const bool identity = std::find(names_.begin(), names_.end(), "energy_from_links") != names_.end();
  const std::size_t comparisons = names_.size() * (needed_windows - 1) + (identity ? 1 : 0);
  if (shape_.samples >= needed_samples) allowed_errors_ = allowed_errors(shape_.samples, comparisons);
}

void Equilibration::add(const std::vector<std::vector<double>>& series) {
  ++count_;
  const auto window = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(count_)) - 1);
  if (window == windows()) {
    window_counts_.push_back(0);
    sums_.resize(sums_.size() + names_.size() * row());
  }
  ++window_counts_[window];
  double* sums = sums_.data() + window * names_.size() * row();
  for (const std::vector<double>& each : series)
    for (const double value : each) *sums++ += value;
}

std::size_t Equilibration::complete_windows() const {
  if (windows() == 0) return 0;
  const bool last_is_full = window_counts_.back() == std::int64_t{1} << (windows() - 1);
  return last_is_full ? windows() : windows() - 1;
}

double Equilibration::sample_mean(std::size_t window, std::size_t series, std::size_t sample,
                                  std::size_t temperature) const {
  const std::size_t place =
      (window * names_.size() + series) * row() + sample * shape_.temperatures + temperature;
  return sums_[place] / static_cast<double>(window_counts_[window]);
}

bool Equilibration::agree(std::size_t window_a, std::size_t series_a, std::size_t window_b,
                          std::size_t series_b, std::size_t temperature) const {
  std::vector<double> differences;
  double mean = 0;
  for (std::size_t s = 0; s < shape_.samples; ++s) {
    differences.push_back(sample_mean(window_a, series_a, s, temperature) -
                          sample_mean(window_b, series_b, s, temperature));
    mean += differences.back() / static_cast<double>(shape_.samples);
  }
  // Identical samples leave a spread of rounding errors alone.
  return std::fabs(mean) <= allowed_errors_ * standard_error(differences) + 1e-12;
}

std::vector<Verdict> Equilibration::verdicts() const {
  const std::size_t complete = complete_windows();
  if (complete < needed_windows || shape_.samples < needed_samples)
    return std::vector<Verdict>(shape_.temperatures, Verdict::undecided);
  std::vector<Verdict> all;
  const std::size_t last = complete - 1;
  const auto identity = std::find(names_.begin(), names_.end(), "energy_from_links");
  for (std::size_t t = 0; t < shape_.temperatures; ++t) {
    bool good = true;
    for (std::size_t series = 0; series < names_.size(); ++series)
      for (std::size_t earlier = 1; earlier < needed_windows; ++earlier)
        good = good && agree(last, series, last - earlier, series, t);
    if (identity != names_.end())
      good = good && agree(last, 0, last, static_cast<std::size_t>(identity - names_.begin()), t);
    all.push_back(good ? Verdict::equilibrated : Verdict::drifting);
  }
  return all;
}

bool Equilibration::equilibrated() const {
  const std::vector<Verdict> all = verdicts();
  return std::all_of(all.begin(), all.end(), [](Verdict each) { return each == Verdict::equilibrated; });
}

Result Equilibration::windows_of(std::size_t series) const {
  Axis window{"window_start", "measurements", {}};
  const Axis temperature = temperature_axis(temperatures_);
  Result result;
  result.name = "equilibration_" + names_[series];
  for (std::size_t w = 0; w < windows(); ++w) {
    window.values.push_back(std::ldexp(1.0, static_cast<int>(w)));
    for (std::size_t t = 0; t < shape_.temperatures; ++t) {
      std::vector<double> values;
      double sum = 0;
      for (std::size_t s = 0; s < shape_.samples; ++s) {
        values.push_back(sample_mean(w, series, s, t));
        sum += values.back();
      }
      result.mean.push_back(sum / static_cast<double>(shape_.samples));
      result.error.push_back(standard_error(values));
    }
  }
  result.info = {names_[series] + " in windows of doubling length; the last may be incomplete",
                 names_[series].starts_with("energy") ? "J" : "1",
                 "mean over [2^k, 2^(k+1)) measurements since the start",
                 {windows(), shape_.temperatures},
                 false,
                 {window, temperature}};
  result.tau_int.assign(result.mean.size(), 0.5);
  result.count = count_;
  return result;
}

std::vector<Result> Equilibration::results() const {
  std::vector<Result> all;
  // Errors are those over samples: one sample alone has none.
  for (std::size_t series = 0; series < names_.size() && shape_.samples > 1; ++series)
    all.push_back(windows_of(series));
  const Axis temperature = temperature_axis(temperatures_);
  Result verdict;
  verdict.name = "equilibrated";
  verdict.info = {"verdict on equilibration: 1 equilibrated, 0 drifting, 2 undecided",
                  "1",
                  "the last three windows agree, and the Gaussian identity holds, at a level of 1 percent",
                  {shape_.temperatures},
                  true,
                  {temperature}};
  for (const Verdict each : verdicts()) verdict.mean.push_back(static_cast<double>(each));
  verdict.error.assign(verdict.mean.size(), 0.0);
  verdict.tau_int.assign(verdict.mean.size(), 0.5);
  verdict.count = count_;
  all.push_back(std::move(verdict));
  return all;
}

}  // namespace weiss
