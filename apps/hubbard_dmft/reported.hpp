// The numbers that an iteration reports: a list of named arrays that the parameters fix, filled anew by every
// iteration, and their averages over the iterations that are measured.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

namespace weiss {

struct ReportedArray {
  std::string name;
  ObservableInfo info;  // dims give the length
  std::size_t length() const;
};

class Reported {
 public:
  void declare(std::string name, ObservableInfo info) {
    arrays_.push_back({std::move(name), std::move(info)});
  }

  // Starts an iteration: arrays are then put in the order in which they were declared.
  void begin();
  void put(const std::string& name, double value, double error = 0);
  void put(const std::string& name, std::span<const double> values, std::span<const double> errors = {});
  double value(const std::string& name) const;  // of this iteration
  double error(const std::string& name) const;

  // This iteration alone, or one more of those averaged.
  void restart_average() { averaged_ = 0; }
  void add_to_average();

  // Means and errors: of one iteration its own; of more the larger of what their errors give together and of
  // their spread.
  std::vector<Result> results(const std::string& remark) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("values", values_);
    v.vector("errors", errors_);
    v.vector("sums", sums_);
    v.vector("squares", squares_);
    v.vector("squared_errors", squared_errors_);
    v.scalar("averaged", averaged_);
  }

 private:
  std::size_t place_of(const std::string& name) const;

  std::vector<ReportedArray> arrays_;
  std::size_t next_ = 0;
  std::vector<double> values_, errors_;  // of the last iteration
  std::vector<double> sums_, squares_, squared_errors_;
  std::int64_t averaged_ = 0;
};

}  // namespace weiss
