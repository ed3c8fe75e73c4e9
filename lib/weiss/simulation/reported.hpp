// The numbers that an iteration reports: a list of named arrays that the parameters fix, filled anew by every
// iteration, and their averages over the iterations that are measured. An error is the larger of what the
// errors of the iterations give together and of that of their series, autocorrelation included; where neither
// is known it is NaN.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

namespace weiss {

class Reported {
 public:
  // exact: a number without a stated error has none; else its error is unknown.
  explicit Reported(bool exact) : exact_(exact) {}

  void declare(std::string name, ObservableInfo info);

  // Starts an iteration: arrays are then put in the order in which they were declared.
  void begin();
  void put(const std::string& name, double value);
  void put(const std::string& name, double value, double error);
  void put(const std::string& name, std::span<const double> values, std::span<const double> errors = {});
  double value(const std::string& name) const;  // of this iteration
  double error(const std::string& name) const;

  void forget_average();
  void add_to_average();
  // Of the iterations averaged.
  std::vector<double> mean(const std::string& name) const;
  std::vector<double> mean_error(const std::string& name) const;
  std::vector<Result> results(const std::string& remark) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("values", values_);
    v.vector("errors", errors_);
    v.group("series", series_);
    v.vector("squared_errors", squared_errors_);
  }

 private:
  struct Array {
    std::string name;
    ObservableInfo info;
    std::size_t length;
  };
  std::size_t place_of(const std::string& name) const;
  std::vector<double> mean_errors() const;
  std::vector<double> part_of(const std::vector<double>& all, const std::string& name) const;

  bool exact_;
  std::vector<Array> arrays_;
  std::size_t length_ = 0, next_ = 0;
  std::vector<double> values_, errors_;  // of the last iteration
  Accumulator series_;
  std::vector<double> squared_errors_;  // summed over the iterations averaged
};

}  // namespace weiss
