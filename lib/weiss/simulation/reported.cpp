#include "weiss/simulation/reported.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_bins = 64;

}  // namespace

void Reported::declare(std::string name, ObservableInfo info) {
  std::size_t length = 1;
  for (const std::uint64_t each : info.dims) length *= each;
  arrays_.push_back({std::move(name), std::move(info), length});
  length_ += length;
  forget_average();
}

void Reported::begin() {
  next_ = 0;
  values_.clear();
  errors_.clear();
}

void Reported::put(const std::string& name, double value) { put(name, std::span(&value, 1)); }

void Reported::put(const std::string& name, double value, double error) {
  put(name, std::span(&value, 1), std::span(&error, 1));
}

void Reported::put(const std::string& name, std::span<const double> values, std::span<const double> errors) {
  if (next_ >= arrays_.size() || arrays_[next_].name != name || arrays_[next_].length != values.size())
    throw Error(ExitCode::internal, "result " + name + " is not what was declared");
  ++next_;
  values_.insert(values_.end(), values.begin(), values.end());
  if (errors.empty())
    errors_.resize(values_.size(), exact_ ? 0.0 : std::numeric_limits<double>::quiet_NaN());
  else
    errors_.insert(errors_.end(), errors.begin(), errors.end());
}

std::size_t Reported::place_of(const std::string& name) const {
  std::size_t place = 0;
  for (const Array& each : arrays_) {
    if (each.name == name) return place;
    place += each.length;
  }
  throw Error(ExitCode::internal, "no result " + name);
}

double Reported::value(const std::string& name) const { return values_.at(place_of(name)); }
double Reported::error(const std::string& name) const { return errors_.at(place_of(name)); }

void Reported::forget_average() {
  series_ = Accumulator(length_, most_bins);
  squared_errors_.assign(length_, 0.0);
}

void Reported::add_to_average() {
  series_.add(values_);
  for (std::size_t i = 0; i < length_; ++i) squared_errors_[i] += errors_[i] * errors_[i];
}

std::vector<double> Reported::mean_errors() const {
  std::vector<double> errors = series_.error();
  const auto count = static_cast<double>(series_.count());
  for (std::size_t i = 0; i < length_; ++i)
    errors[i] = std::fmax(std::sqrt(squared_errors_[i]) / count, errors[i]);
  return errors;
}

std::vector<double> Reported::part_of(const std::vector<double>& all, const std::string& name) const {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(place_of(name));
  for (const Array& each : arrays_)
    if (each.name == name) return {first, first + static_cast<std::ptrdiff_t>(each.length)};
  return {};
}

std::vector<double> Reported::mean(const std::string& name) const { return part_of(series_.mean(), name); }
std::vector<double> Reported::mean_error(const std::string& name) const {
  return part_of(mean_errors(), name);
}

std::vector<Result> Reported::results(const std::string& remark) const {
  std::vector<Result> all;
  const std::vector<double> mean = series_.mean(), error = mean_errors(), tau = series_.tau_int();
  const auto count = static_cast<double>(series_.count());
  std::size_t place = 0;
  for (const Array& each : arrays_) {
    Result result;
    result.name = each.name;
    result.info = each.info;
    result.info.long_name += remark;
    result.count = result.bin_length = series_.count();
    for (const std::size_t end = place + each.length; place < end; ++place) {
      result.mean.push_back(mean[place]);
      result.error.push_back(error[place]);
      result.tau_int.push_back(exact_ ? 0.5 : tau[place]);
      result.enough = result.enough && (exact_ || !(count < 50 * tau[place]));
    }
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace weiss
