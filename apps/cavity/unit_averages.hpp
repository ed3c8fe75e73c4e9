// Rows of averages of independent units, measurement after measurement, and results from them: means over
// units and time, errors the larger of that of the series in time and that from the spread of units, but not
// below 2^-22 of the value, for members are single precision. bins are the means of the units.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/measurements.hpp"
#include "weiss/statistics/accumulator.hpp"

namespace weiss {

class UnitAverages {
 public:
  UnitAverages(std::size_t units, std::size_t width)
      : units_(units), series_(width), sums_(units * width, 0.0) {}

  // Collective; this rank's rows, in the order of units over ranks.
  void add(const Communicator& communicator, std::span<const double> own_rows);
  std::int64_t count() const { return series_.count(); }
  std::vector<double> mean() const { return series_.mean(); }
  std::vector<double> unit_mean(std::size_t unit) const;
  // Of the given columns; scale: what the rounding of a row is relative to, its own size where 0.
  Result result(const std::string& name, const ObservableInfo& info, const std::vector<std::size_t>& columns,
                double scale = 0) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.group("series", series_);
    v.vector("sums", sums_);
  }

 private:
  std::size_t units_;
  Accumulator series_;
  std::vector<double> sums_;  // units x width, over measurements
};

}  // namespace weiss
