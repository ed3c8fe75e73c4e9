#include "weiss/dmft/perturbation.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

NodeValues propagator(const WeissField& field, std::size_t spin, double potential,
                      const std::vector<double>& frequencies) {
  WeissField shifted = field;
  shifted.chemical_potential = potential;
  NodeValues values;
  for (std::size_t node = 0; node < frequencies.size(); ++node)
    values.push_back(weiss_green(shifted, spin, node, frequencies[node]));
  return values;
}

// mu0 at which the propagator has the density asked for, which grows with mu0; the nearest that the basis
// represents where a passing iteration asks for too much.
double potential_for(const DiscreteLehmann& basis, const WeissField& field, std::size_t spin, double density,
                     const std::vector<double>& frequencies) {
  const auto excess = [&](double potential) {
    return density_of(basis, propagator(field, spin, potential, frequencies)) - density;
  };
  // Symmetric cases stay so to the last bit.
  if (std::fabs(excess(field.level)) < 1e-13) return field.level;
  const double reach = basis.omega_max() / 3;
  if (excess(field.level - reach) >= 0) return field.level - reach;
  if (excess(field.level + reach) <= 0) return field.level + reach;
  return root_between(excess, field.level - reach, field.level + reach, 1e-13 * reach);
}

}  // namespace

std::vector<double> node_frequencies(const DiscreteLehmann& basis) {
  std::vector<double> all;
  for (const std::int64_t n : basis.frequencies()) all.push_back(fermionic_frequency(n, basis.beta()));
  return all;
}

double density_of(const DiscreteLehmann& basis, const NodeValues& green) {
  return -basis.in_time(basis.from_frequencies(green), ImaginaryTime::before_end(0, basis.beta()));
}

double sum_of_products(const DiscreteLehmann& basis, const NodeValues& self_energy, double constant,
                       const NodeValues& green) {
  NodeValues products;
  for (std::size_t node = 0; node < green.size(); ++node)
    products.push_back((self_energy[node] - constant) * green[node]);
  return density_of(basis, products) + constant * density_of(basis, green);
}

ImpuritySolution solve_by_perturbation(const DiscreteLehmann& basis, const WeissField& field,
                                       const std::array<double, 2>& density) {
  const std::vector<double> frequencies = node_frequencies(basis);
  std::array<double, 2> potential{};
  std::array<std::vector<double>, 2> coefficients;
  for (const std::size_t spin : {up, down}) {
    potential[spin] = potential_for(basis, field, spin, density[spin], frequencies);
    coefficients[spin] = basis.from_frequencies(propagator(field, spin, potential[spin], frequencies));
  }
  const double u = field.interaction;
  ImpuritySolution solution;
  for (const std::size_t spin : {up, down}) {
    const std::size_t other = 1 - spin;
    std::vector<double> second_order;
    for (const ImaginaryTime& time : basis.times()) {
      const ImaginaryTime reversed{time.from_end, time.from_start};
      second_order.push_back(u * u * basis.in_time(coefficients[spin], time) *
                             basis.in_time(coefficients[other], time) *
                             basis.in_time(coefficients[other], reversed));
    }
    solution.constant[spin] = u * (density[other] - 0.5);
    const std::vector<double> sigma2 = basis.from_times(second_order);
    const double n = std::clamp(density[other], 1e-12, 1 - 1e-12), spread = n * (1 - n);
    const double b =
        u == 0 ? 0
               : (potential[spin] - field.chemical_potential + u * (0.5 - density[other])) / (u * u * spread);
    for (std::size_t node = 0; node < frequencies.size(); ++node) {
      const Complex sigma = basis.on_matsubara(sigma2, basis.frequencies()[node]);
      solution.self_energy[spin].push_back(solution.constant[spin] + sigma / (1.0 - b * sigma));
      solution.green[spin].push_back(
          1.0 / (1.0 / weiss_green(field, spin, node, frequencies[node]) - solution.self_energy[spin][node]));
    }
    solution.density[spin].value = density_of(basis, solution.green[spin]);
  }
  if (u != 0)
    for (const std::size_t spin : {up, down})
      solution.double_occupancy.value +=
          (sum_of_products(basis, solution.self_energy[spin], solution.constant[spin], solution.green[spin]) /
               u +
           solution.density[spin].value / 2) /
          2;
  else
    solution.double_occupancy.value = solution.density[up].value * solution.density[down].value;
  return solution;
}

}  // namespace weiss
