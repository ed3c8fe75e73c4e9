#include "weiss/dmft/impurity.hpp"

namespace weiss {

namespace {

constexpr std::size_t numbers_a_spin = 3, numbers_besides = 2;

}  // namespace

std::vector<double> packed(const ImpuritySolution& solution) {
  std::vector<double> numbers;
  for (const std::size_t spin : {up, down}) {
    for (const NodeValues* values : {&solution.self_energy[spin], &solution.green[spin]})
      for (const Complex each : *values) {
        numbers.push_back(each.real());
        numbers.push_back(each.imag());
      }
    numbers.push_back(solution.constant[spin]);
    numbers.push_back(solution.density[spin].value);
    numbers.push_back(solution.density[spin].error);
  }
  numbers.push_back(solution.double_occupancy.value);
  numbers.push_back(solution.double_occupancy.error);
  return numbers;
}

ImpuritySolution unpacked(std::span<const double> numbers) {
  const std::size_t nodes = (numbers.size() - 2 * numbers_a_spin - numbers_besides) / 8;
  ImpuritySolution solution;
  std::size_t place = 0;
  const auto next = [&] { return numbers[place++]; };
  for (const std::size_t spin : {up, down}) {
    for (NodeValues* values : {&solution.self_energy[spin], &solution.green[spin]})
      for (std::size_t node = 0; node < nodes; ++node) {
        const double real = next();
        values->emplace_back(real, next());
      }
    solution.constant[spin] = next();
    solution.density[spin].value = next();
    solution.density[spin].error = next();
  }
  solution.double_occupancy.value = next();
  solution.double_occupancy.error = next();
  return solution;
}

}  // namespace weiss
