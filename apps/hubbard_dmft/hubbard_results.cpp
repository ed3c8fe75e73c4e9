// What a task of weiss-hubbard-dmft stores.
#include <algorithm>
#include <array>
#include <iterator>

#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/quasiparticle.hpp"
#include "weiss/simulation/exact_result.hpp"

#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

std::vector<double> counted(std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<double>(i));
  return values;
}

}  // namespace

// Functions of both spins on a mesh: spins x points (x 2 for real and imaginary part).
Result HubbardDmft::function_result(const char* name, const char* long_name, const char* unit,
                                    const char* formula, std::vector<double> values, const Axis& axis) const {
  Result result = exact_results(name, long_name, unit, formula, std::move(values));
  const std::size_t points = axis.values.size(), parts = result.mean.size() / (2 * points);
  result.info.dims = {2, points};
  if (parts == 2) result.info.dims.push_back(2);
  result.info.axes = {{"spin", "1", {1, -1}}, axis};
  return result;
}

std::vector<Result> HubbardDmft::scalar_results(const ImpuritySolution& solution) const {
  const double n_up = solution.density[up].value, n_down = solution.density[down].value;
  const double d = solution.double_occupancy.value;
  double kinetic = 0;
  const WeissField field = weiss_field();
  for (const std::size_t spin : {up, down}) {
    NodeValues products;
    for (std::size_t node = 0; node < frequencies_.size(); ++node)
      products.push_back(field.hybridisation[spin][node] * solution.green[spin][node]);
    kinetic += density_of(basis_, products) + band_.mean() * solution.density[spin].value;
  }
  const double potential = interaction_ * (d - (n_up + n_down) / 2 + 0.25);
  const NodeValues sigma = on_matsubara(solution.self_energy[up], solution.constant[up], 3);
  const std::vector<double> first = {fermionic_frequency(0, beta_), fermionic_frequency(1, beta_),
                                     fermionic_frequency(2, beta_)};
  const std::vector<double> green = basis_.from_frequencies(solution.green[up]);
  std::vector<Result> all;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       double value, bool headline = false) {
    all.push_back(exact_result(name, long_name, unit, formula, value, headline));
  };
  add("converged", "1 where the Weiss field settled", "1", "residual <= algorithm.tolerance",
      static_cast<double>(converged_), true);
  add("iterations", "iterations done", "1", "count", static_cast<double>(iterations_), true);
  add("residual", "largest undamped change of the Weiss field or a density in the last iteration", "energy",
      "max |Delta_new - Delta|, |n_new - n|", history_[history_.size() - rows + residual], true);
  add("density", "electrons a site", "1", "<n_up + n_down>", n_up + n_down, true);
  add("chemical_potential", "chemical potential, 0 at half filling of a symmetric band", "energy", "mu",
      chemical_potential_);
  add("magnetisation", "difference of the spins, staggered in an antiferromagnet", "1", "<n_up - n_down>",
      n_up - n_down, phase_ == Phase::antiferromagnetic);
  add("double_occupancy", "sites with two electrons", "1", "<n_up n_down>", d, true);
  add("kinetic_energy", "kinetic energy a site", "energy", "T sum_n sum_s int rho(e) e G_s(e, i w_n)",
      kinetic, true);
  add("potential_energy", "energy of interaction a site, in the symmetric form", "energy",
      "U <(n_up - 1/2)(n_down - 1/2)>", potential);
  add("energy", "energy a site without the term of mu", "energy", "kinetic_energy + potential_energy",
      kinetic + potential, true);
  add("energy_of_product", "the same with U n_up n_down", "energy", "kinetic_energy + U <n_up n_down>",
      kinetic + interaction_ * d);
  add("quasiparticle_weight", "weight of quasi-particles from the first frequency", "1",
      "1/(1 - Im Sigma(i w_0)/w_0)", weight_from_first_frequency(sigma[0], first[0]), true);
  add("quasiparticle_weight_from_slope",
      "the same from the quadratic through three frequencies; NaN where there are no quasi-particles", "1",
      "1/(1 - d Im Sigma/d w)", weight_from_slope(sigma, first));
  add("green_at_half_beta", "Green function at beta/2; -pi T A(0) at low temperature", "1/energy",
      "G_up(beta/2)", basis_.in_time(green, beta_ / 2));
  return all;
}

std::vector<Result> HubbardDmft::function_results(const ImpuritySolution& solution) const {
  const std::int64_t frequencies = parameters_.integer("output.frequencies");
  const auto intervals = static_cast<std::size_t>(parameters_.integer("output.times"));
  Axis matsubara{"frequency", "energy", {}}, time{"time", "1/energy", {}};
  for (std::int64_t n = 0; n < frequencies; ++n) matsubara.values.push_back(fermionic_frequency(n, beta_));
  for (std::size_t j = 0; j <= intervals; ++j)
    time.values.push_back(beta_ * static_cast<double>(j) / static_cast<double>(intervals));
  const WeissField field = weiss_field();
  const auto on_axis = [&](const SpinNodes& values, const std::array<double, 2>& constant) {
    std::vector<double> numbers;
    for (const std::size_t spin : {up, down})
      for (const Complex each : on_matsubara(values[spin], constant[spin], frequencies)) {
        numbers.push_back(each.real());
        numbers.push_back(each.imag());
      }
    return numbers;
  };
  std::vector<double> in_time;
  for (const std::size_t spin : {up, down}) {
    const std::vector<double> green = basis_.from_frequencies(solution.green[spin]);
    for (std::size_t j = 0; j <= intervals; ++j) {
      const double part = static_cast<double>(j) / static_cast<double>(intervals);
      in_time.push_back(basis_.in_time(green, ImaginaryTime{beta_ * part, beta_ * (1 - part)}));
    }
  }
  return {function_result("self_energy", "self-energy, without the Hartree part U/2 of half filling",
                          "energy", "Sigma_s(i w_n) = G0_s^-1 - G_s^-1",
                          on_axis(solution.self_energy, solution.constant), matsubara),
          function_result("green_function", "local Green function", "1/energy", "G_s(i w_n)",
                          on_axis(solution.green, {0, 0}), matsubara),
          function_result("hybridisation", "hybridisation of the impurity with its bath", "energy",
                          "Delta_s(i w_n) = i w_n + mu - <e> - G0_s^-1", on_axis(field.hybridisation, {0, 0}),
                          matsubara),
          function_result("green_function_of_time", "local Green function in imaginary time", "1/energy",
                          "G_s(tau) = -<T c(tau) c+>", std::move(in_time), time)};
}

std::vector<Result> HubbardDmft::history_results() const {
  const struct {
    const char *name, *long_name, *unit;
    Row row;
  } kept[] = {
      {"density_of_iterations", "electrons a site", "1", density},
      {"magnetisation_of_iterations", "difference of the spins", "1", magnetisation},
      {"double_occupancy_of_iterations", "sites with two electrons", "1", double_occupancy},
      {"quasiparticle_weight_of_iterations", "weight of quasi-particles", "1", weight},
      {"chemical_potential_of_iterations", "chemical potential", "energy", potential},
      {"residual_of_iterations", "undamped change of the Weiss field", "energy", residual},
  };
  const auto count = static_cast<std::size_t>(iterations_);
  std::vector<Result> all;
  for (const auto& each : kept) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(history_[i * rows + each.row]);
    Result result = exact_results(each.name, std::string(each.long_name) + ", every iteration", each.unit,
                                  "after each iteration", std::move(values));
    result.info.axes = {{"iteration", "1", counted(count)}};
    all.push_back(std::move(result));
  }
  return all;
}

std::vector<Result> HubbardDmft::own_results() const {
  if (iterations_ == 0) return {};
  const ImpuritySolution solution = unpacked(solution_);
  std::vector<Result> all = scalar_results(solution);
  for (std::vector<Result> more : {history_results(), function_results(solution)})
    std::ranges::move(more, std::back_inserter(all));
  return all;
}

}  // namespace weiss
