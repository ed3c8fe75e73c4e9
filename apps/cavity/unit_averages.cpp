#include "cavity/unit_averages.hpp"

#include <cmath>

#include "weiss/statistics/jackknife.hpp"

namespace weiss {

namespace {

constexpr double rounding = 0x1p-22;

}  // namespace

void UnitAverages::add(const Communicator& communicator, std::span<const double> own_rows) {
  const std::vector<double> rows = communicator.all_gather_varying(own_rows);
  std::vector<double> mean(series_.length(), 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sums_[i] += rows[i];
    mean[i % mean.size()] += rows[i];
  }
  for (double& each : mean) each /= static_cast<double>(units_);
  series_.add(mean);
}

std::vector<double> UnitAverages::unit_mean(std::size_t unit) const {
  std::vector<double> mean;
  for (std::size_t i = 0; i < series_.length(); ++i)
    mean.push_back(sums_[unit * series_.length() + i] / static_cast<double>(series_.count()));
  return mean;
}

Result UnitAverages::result(const std::string& name, const ObservableInfo& info,
                            const std::vector<std::size_t>& columns, double scale) const {
  Result result;
  result.name = name;
  result.info = info;
  result.count = series_.count();
  result.bin_length = series_.count();
  const std::vector<double> mean = series_.mean(), error = series_.error(), tau = series_.tau_int();
  for (std::size_t u = 0; u < units_; ++u)
    for (const std::size_t column : columns) result.bins.push_back(unit_mean(u)[column]);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<double> units;
    for (std::size_t u = 0; u < units_; ++u) units.push_back(result.bins[u * columns.size() + i]);
    const std::size_t column = columns[i];
    result.mean.push_back(mean[column]);
    // Whichever is known, and the larger of both.
    const double noise = std::fmax(error[column], standard_error(units));
    const double least = rounding * (scale > 0 ? scale : std::fabs(mean[column]));
    result.error.push_back(noise < least ? least : noise);  // NaN where one measurement is all there is
    result.tau_int.push_back(tau[column]);
    result.enough = result.enough && !(static_cast<double>(series_.count()) < 50 * tau[column]);
  }
  return result;
}

}  // namespace weiss
