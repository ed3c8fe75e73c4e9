// Every iteration of a task of weiss-hubbard-dmft in some numbers, and whether they have settled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

namespace weiss {

struct IterationNumbers {
  double density, order, double_occupancy, weight;
  double second_weight;  // of quasi-particles of the other orbital
  double potential, residual;
  double double_occupancy_error, weight_error, second_weight_error;
};

class HubbardHistory {
 public:
  void add(const IterationNumbers& numbers);
  // Of Monte Carlo: the means of the last four iterations and of the four before them agree within errors,
  // and so do those of even and odd ones.
  bool agrees(double tolerance) const;
  // order: the name of that result; second: whether there is a second weight.
  std::vector<Result> results(const std::string& order, bool second) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("numbers", numbers_);
  }

 private:
  std::size_t iterations() const;

  std::vector<double> numbers_;  // iterations x those of IterationNumbers
};

}  // namespace weiss
