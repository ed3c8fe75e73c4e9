#include "hubbard_dmft/reported.hpp"

#include <cmath>

#include "weiss/base/error.hpp"

namespace weiss {

std::size_t ReportedArray::length() const {
  std::size_t product = 1;
  for (const std::uint64_t each : info.dims) product *= each;
  return product;
}

void Reported::begin() {
  next_ = 0;
  values_.clear();
  errors_.clear();
}

void Reported::put(const std::string& name, double value, double error) {
  put(name, std::span(&value, 1), std::span(&error, 1));
}

void Reported::put(const std::string& name, std::span<const double> values, std::span<const double> errors) {
  if (next_ >= arrays_.size() || arrays_[next_].name != name || arrays_[next_].length() != values.size())
    throw Error(ExitCode::internal, "result " + name + " is not what was declared");
  ++next_;
  values_.insert(values_.end(), values.begin(), values.end());
  if (errors.empty())
    errors_.resize(values_.size(), 0.0);
  else
    errors_.insert(errors_.end(), errors.begin(), errors.end());
}

std::size_t Reported::place_of(const std::string& name) const {
  std::size_t place = 0;
  for (const ReportedArray& each : arrays_) {
    if (each.name == name) return place;
    place += each.length();
  }
  throw Error(ExitCode::internal, "no result " + name);
}

double Reported::value(const std::string& name) const { return values_.at(place_of(name)); }
double Reported::error(const std::string& name) const { return errors_.at(place_of(name)); }

void Reported::add_to_average() {
  if (averaged_ == 0)
    for (auto* each : {&sums_, &squares_, &squared_errors_}) each->assign(values_.size(), 0.0);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    sums_[i] += values_[i];
    squares_[i] += values_[i] * values_[i];
    squared_errors_[i] += errors_[i] * errors_[i];
  }
  ++averaged_;
}

std::vector<Result> Reported::results(const std::string& remark) const {
  std::vector<Result> all;
  const auto n = static_cast<double>(averaged_);
  std::size_t place = 0;
  for (const ReportedArray& each : arrays_) {
    Result result;
    result.name = each.name;
    result.info = each.info;
    result.info.long_name += remark;
    result.count = averaged_;
    result.bin_length = averaged_;
    for (std::size_t end = place + each.length(); place < end; ++place) {
      const double mean = sums_[place] / n;
      const double known = std::sqrt(squared_errors_[place]) / n;
      const double variance = std::fmax(squares_[place] / n - mean * mean, 0.0);
      const double spread = averaged_ > 1 ? std::sqrt(variance / (n - 1)) : 0;
      result.mean.push_back(mean);
      result.error.push_back(std::fmax(known, spread));
      result.tau_int.push_back(0.5);
    }
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace weiss
