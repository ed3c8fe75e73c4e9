#include "hubbard_dmft/hubbard_history.hpp"

#include <cmath>

#include "weiss/simulation/exact_result.hpp"

namespace weiss {

namespace {

constexpr std::size_t window = 4;  // iterations whose means are compared
constexpr double errors_allowed = 2;

enum Column : std::size_t {
  density,
  order,
  double_occupancy,
  weight,
  second_weight,
  potential,
  residual,
  double_occupancy_error,
  weight_error,
  second_weight_error,
  columns
};

Column error_of(Column column) {
  return column == weight          ? weight_error
         : column == second_weight ? second_weight_error
                                   : double_occupancy_error;
}

}  // namespace

void HubbardHistory::add(const IterationNumbers& n) {
  numbers_.insert(numbers_.end(),
                  {n.density, n.order, n.double_occupancy, n.weight, n.second_weight, n.potential, n.residual,
                   n.double_occupancy_error, n.weight_error, n.second_weight_error});
}

std::size_t HubbardHistory::iterations() const { return numbers_.size() / columns; }

bool HubbardHistory::agrees(double tolerance) const {
  if (iterations() < 2 * window) return false;
  for (const Column column : {double_occupancy, weight, second_weight, density, order}) {
    double difference = 0, swing = 0, variance = 0;
    for (std::size_t back = 0; back < 2 * window; ++back) {
      const double* entry = &numbers_[(iterations() - 1 - back) * columns];
      const double part = entry[column] / window, error = entry[error_of(column)] / window;
      difference += (back < window ? 1 : -1) * part;
      swing += (back % 2 == 0 ? 1 : -1) * part;
      // Densities are about twice as uncertain as the double occupancy.
      variance += (column == density || column == order ? 4 : 1) * error * error;
    }
    if (!(std::fmax(std::fabs(difference), std::fabs(swing)) <=
          errors_allowed * std::sqrt(variance) + tolerance))
      return false;
  }
  return true;
}

std::vector<Result> HubbardHistory::results(const std::string& order_name, bool second) const {
  struct Kept {
    std::string name;
    const char *long_name, *unit;
    Column column;
  };
  std::vector<Kept> kept = {
      {"density", "electrons a site", "1", density},
      {order_name, "order parameter", "1", order},
      {"double_occupancy", "sites with two electrons", "1", double_occupancy},
      {"quasiparticle_weight", "weight of quasi-particles", "1", weight},
      {"chemical_potential", "chemical potential", "energy", potential},
      {"residual", "undamped change of the Weiss field", "energy", residual},
  };
  if (second)
    kept.push_back({"second_quasiparticle_weight", "weight of quasi-particles of the second orbital", "1",
                    second_weight});
  std::vector<Result> all;
  for (const Kept& each : kept) {
    std::vector<double> values;
    for (std::size_t i = 0; i < iterations(); ++i) values.push_back(numbers_[i * columns + each.column]);
    Result result =
        exact_results(each.name + "_of_iterations", std::string(each.long_name) + ", every iteration",
                      each.unit, "after each iteration", std::move(values));
    result.info.axes = {counted_axis("iteration", iterations())};
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace weiss
