#include "cavity/unit_averages.hpp"

#include <cmath>

namespace weiss {

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
    result.error.push_back(error_of(error[column], units, scale > 0 ? scale : std::fabs(mean[column])));
    result.tau_int.push_back(tau[column]);
    result.enough = result.enough && !(static_cast<double>(series_.count()) < 50 * tau[column]);
  }
  return result;
}

double UnitAverages::error_of(double in_time, std::span<const double> units, double scale) const {
  const double noise = std::fmax(in_time, standard_error(units)), least = rounding_ * scale;
  return noise < least ? least : noise;
}

Result UnitAverages::derived(const std::string& name, const ObservableInfo& info,
                             const std::vector<std::size_t>& columns, const MeansFunction& function) const {
  Result result;
  result.name = name;
  result.info = info;
  result.count = result.bin_length = series_.count();
  const Bins bins = series_.bins();
  const std::vector<double> means = series_.mean(), tau = series_.tau_int();
  std::vector<Bins> inputs;
  double tau_largest = 0;
  for (const std::size_t column : columns) {
    Bins input{{}, {means[column]}, bins.independent};
    for (std::size_t b = 0; b < bins.count(); ++b)
      input.values.push_back(bins.values[b * series_.length() + column]);
    inputs.push_back(std::move(input));
    // fmax passes NaN over.
    tau_largest = std::isnan(tau[column]) ? tau[column] : std::fmax(tau_largest, tau[column]);
  }
  const auto value_of = [&](const std::vector<double>& row) {
    std::vector<double> arguments;
    for (const std::size_t column : columns) arguments.push_back(row[column]);
    return function(arguments, 0);
  };
  for (std::size_t u = 0; u < units_; ++u) result.bins.push_back(value_of(unit_mean(u)));
  const double value = value_of(means);
  result.mean = {value};
  result.error = {error_of(jackknife(inputs, function).error[0], result.bins, std::fabs(value))};
  result.tau_int = {tau_largest};
  result.enough = static_cast<double>(series_.count()) >= 50 * tau_largest;
  return result;
}

}  // namespace weiss
