// Rows of averages of independent units, measurement after measurement, and results from them: means over
// units and time, errors the larger of that of the series in time and that from the spread of units, but not
// below the rounding of the value. bins are the means of the units.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/measurements.hpp"
#include "weiss/statistics/accumulator.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {

class UnitAverages {
 public:
  static constexpr double single_precision = 0x1p-22, double_precision = 0x1p-46;  // of averages of members

  UnitAverages(std::size_t units, std::size_t width, double rounding = single_precision)
      : units_(units), rounding_(rounding), series_(width), sums_(units * width, 0.0) {}

  // Collective; this rank's rows, in the order of units over ranks.
  void add(const Communicator& communicator, std::span<const double> own_rows);
  std::int64_t count() const { return series_.count(); }
  std::vector<double> mean() const { return series_.mean(); }
  std::vector<double> unit_mean(std::size_t unit) const;
  // Of the given columns; scale: what the rounding of a row is relative to, its own size where 0.
  Result result(const std::string& name, const ObservableInfo& info, const std::vector<std::size_t>& columns,
                double scale = 0) const;
  // A function of the means of some columns, in time by the jackknife.
  Result derived(const std::string& name, const ObservableInfo& info, const std::vector<std::size_t>& columns,
                 const MeansFunction& function) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.group("series", series_);
    v.vector("sums", sums_);
  }

 private:
  // Whichever of both errors is known, and the larger; NaN where one measurement of one unit is all there is.
  double error_of(double in_time, std::span<const double> units, double scale) const;

  std::size_t units_;
  double rounding_;
  Accumulator series_;
  std::vector<double> sums_;  // units x width, over measurements
};

}  // namespace weiss
