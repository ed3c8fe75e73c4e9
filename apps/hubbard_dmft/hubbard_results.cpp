// What a task of weiss-hubbard-dmft stores.
#include <array>
#include <cmath>
#include <limits>

#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/quasiparticle.hpp"
#include "weiss/simulation/exact_result.hpp"

#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

// Spins or orbitals x points, x 2 for real and imaginary part.
ObservableInfo function_info(const char* long_name, const char* unit, const char* formula,
                             const Axis& component, const Axis& axis, bool complex) {
  ObservableInfo info{long_name, unit, formula, {2, axis.values.size()}, false, {component, axis}};
  if (complex) info.dims.push_back(2);
  return info;
}

Axis matsubara_axis(const Parameters& parameters, double beta) {
  Axis axis{"frequency", "energy", {}};
  for (std::int64_t n = 0; n < parameters.integer("output.frequencies"); ++n)
    axis.values.push_back(fermionic_frequency(n, beta));
  return axis;
}

Axis time_axis(const Parameters& parameters, double beta) {
  const std::int64_t intervals = parameters.integer("output.times");
  Axis axis{"time", "1/energy", {}};
  for (std::int64_t j = 0; j <= intervals; ++j)
    axis.values.push_back(beta * static_cast<double>(j) / static_cast<double>(intervals));
  return axis;
}

}  // namespace

void HubbardDmft::declare_results() {
  if (lattice_.two_band())
    declare_orbital_scalars();
  else
    declare_scalars();
  solver_.declare(reported_);
  declare_functions();
}

void HubbardDmft::declare_scalars() {
  Reported& r = reported_;
  const bool magnetic = lattice_.phase() == Phase::antiferromagnetic;
  r.declare("residual", {"largest undamped change of the Weiss field or a density in an iteration",
                         "energy",
                         "max |Delta_new - Delta|, |n_new - n|, |mu_new - mu|",
                         {},
                         true});
  r.declare("density", {"electrons a site", "1", "<n_up + n_down>", {}, true});
  r.declare("chemical_potential",
            {"chemical potential, 0 at half filling of a symmetric band", "energy", "mu"});
  if (lattice_.superconducting())
    declare_superconductor();
  else
    r.declare(
        "magnetisation",
        {"difference of the spins, staggered in an antiferromagnet", "1", "<n_up - n_down>", {}, magnetic});
  r.declare("double_occupancy", {"sites with two electrons", "1", "<n_up n_down>", {}, true});
  r.declare("kinetic_energy",
            {"kinetic energy a site", "energy", "T sum_n sum_s int rho(e) e G_s(e, i w_n)", {}, true});
  r.declare("potential_energy", {"energy of interaction a site, in the symmetric form", "energy",
                                 "U <(n_up - 1/2)(n_down - 1/2)>"});
  r.declare("energy",
            {phonon_of(parameters_).couples() ? "energy a site without the term of mu, of the electrons "
                                                "alone: without phonon_energy and coupling_energy"
                                              : "energy a site without the term of mu",
             "energy",
             "kinetic_energy + potential_energy",
             {},
             true});
  r.declare("energy_of_product",
            {"the same with U n_up n_down", "energy", "kinetic_energy + U <n_up n_down>"});
  r.declare(
      "quasiparticle_weight",
      {"weight of quasi-particles from the first frequency", "1", "1/(1 - Im Sigma(i w_0)/w_0)", {}, true});
  r.declare("quasiparticle_weight_from_slope",
            {"the same from the quadratic through three frequencies; NaN where there are no quasi-particles",
             "1", "1/(1 - d Im Sigma/d w)"});
  r.declare("green_at_half_beta",
            {"Green function at beta/2; -pi T A(0) at low temperature", "1", "G_up(beta/2)"});
}

void HubbardDmft::declare_functions() {
  Reported& r = reported_;
  const Axis component = lattice_.component_axis();
  const Axis matsubara = matsubara_axis(parameters_, lattice_.beta());
  r.declare("self_energy", function_info("self-energy, without the Hartree part of half filling", "energy",
                                         "Sigma_s(i w_n) = G0_s^-1 - G_s^-1", component, matsubara, true));
  r.declare("green_function", function_info("Green function of the impurity", "1/energy", "G_s(i w_n)",
                                            component, matsubara, true));
  r.declare("hybridisation",
            function_info("hybridisation of the impurity with its bath", "energy",
                          "Delta_s(i w_n) = i w_n + mu - <e> - G0_s^-1", component, matsubara, true));
  r.declare("green_function_of_time", function_info("Green function of the impurity in imaginary time", "1",
                                                    "G_s(tau) = -<T c(tau) c+>", component,
                                                    time_axis(parameters_, lattice_.beta()), false));
  r.declare("lehmann_coefficients",
            function_info("Green function of the impurity in the discrete Lehmann representation", "1",
                          "g_l of G_s(i w_n) = sum_l g_l/(i w_n - e_l)", component,
                          {"lehmann_energy", "energy", lattice_.basis().energies()}, false));
  if (lattice_.superconducting())
    declare_anomalous_functions(matsubara, time_axis(parameters_, lattice_.beta()));
}

void HubbardDmft::report(const SolverAnswer& answer, double change) {
  reported_.begin();
  report_scalars(answer, change);
  solver_.report(answer, wanted_ == 0 && settled(change), reported_);
  report_functions(answer);
  const char* second = lattice_.two_band() ? "second_quasiparticle_weight" : "quasiparticle_weight";
  const auto value = [&](const char* name) { return reported_.value(name); };
  const auto error = [&](const char* name) { return reported_.error(name); };
  history_.add({value("density"), value(order_name()), value("double_occupancy"),
                value("quasiparticle_weight"), value(second), chemical_potential_, change,
                error("double_occupancy"), error("quasiparticle_weight"), error(second)});
}

void HubbardDmft::report_scalars(const SolverAnswer& answer, double change) {
  if (lattice_.two_band()) return report_orbital_scalars(answer, change);
  const ImpuritySolution& solution = answer.solution;
  const Estimate n_up = solution.density[up], n_down = solution.density[down];
  const double n = n_up.value + n_down.value, n_error = std::hypot(n_up.error, n_down.error);
  const double d = solution.double_occupancy.value, d_error = solution.double_occupancy.error;
  // In Monte Carlo also -T <k>.
  double kinetic = kinetic_energy_of(lattice_.basis(), lattice_.phase(), lattice_.band().mean(),
                                     weiss_field().hybridisation, solution.green);
  double kinetic_error = 0;
  if (answer.segments) {
    const Estimates order = answer.segments->results.order();
    kinetic = -(order.mean[up] + order.mean[down]) / lattice_.beta() + lattice_.band().mean() * n;
    kinetic_error = std::hypot(order.error[up], order.error[down]) / lattice_.beta() +
                    std::fabs(lattice_.band().mean()) * n_error;
  }
  const double potential = interaction_ * (d - n / 2 + 0.25);
  const double potential_error = std::fabs(interaction_) * (d_error + n_error / 2);
  const NodeValues sigma = lattice_.on_matsubara(solution.self_energy[up], solution.constant[up], 3);
  const std::vector<double> first = {fermionic_frequency(0, lattice_.beta()),
                                     fermionic_frequency(1, lattice_.beta()),
                                     fermionic_frequency(2, lattice_.beta())};
  const double z = weight_from_first_frequency(sigma[0], first[0]);
  const std::vector<double> green = lattice_.basis().from_frequencies(solution.green[up]);
  Reported& r = reported_;
  r.put("residual", change);
  r.put("density", n, n_error);
  r.put("chemical_potential", chemical_potential_);
  if (lattice_.superconducting())
    report_gap(solution);
  else
    r.put("magnetisation", n_up.value - n_down.value, n_error);
  r.put("double_occupancy", d, d_error);
  r.put("kinetic_energy", kinetic, kinetic_error);
  r.put("potential_energy", potential, potential_error);
  r.put("energy", kinetic + potential, kinetic_error + potential_error);
  r.put("energy_of_product", kinetic + interaction_ * d, kinetic_error + std::fabs(interaction_) * d_error);
  r.put("quasiparticle_weight", z, z * z * answer.first_self_energy_error[up] / first[0]);
  r.put("quasiparticle_weight_from_slope", weight_from_slope(sigma, first));
  r.put("green_at_half_beta", lattice_.basis().in_time(green, lattice_.beta() / 2));
}

void HubbardDmft::report_functions(const SolverAnswer& answer) {
  const ImpuritySolution& solution = answer.solution;
  const std::int64_t frequencies = parameters_.integer("output.frequencies");
  const auto intervals = static_cast<std::size_t>(parameters_.integer("output.times"));
  const WeissField field = weiss_field();
  const auto on_axis = [&](const LocalFunctions& values, const std::array<double, 2>& constant) {
    std::vector<double> numbers;
    for (const std::size_t spin : {up, down})
      for (const Complex each : lattice_.on_matsubara(values[lattice_.part_of(spin)],
                                                      constant[lattice_.part_of(spin)], frequencies))
        append(numbers, each);
    return numbers;
  };
  std::vector<double> errors;  // where the moments stand alone all of U^2/(4 w_n); else from the iterations
  for (const std::size_t component : {up, down})
    for (std::int64_t n = 0; answer.segments && n < frequencies; ++n)
      errors.insert(errors.end(), 2,
                    answer.segments->informed[component]
                        ? std::numeric_limits<double>::quiet_NaN()
                        : interaction_ * interaction_ / (4 * fermionic_frequency(n, lattice_.beta())));
  reported_.put("self_energy", on_axis(solution.self_energy, solution.constant), errors);
  reported_.put("green_function", on_axis(solution.green, {0, 0}));
  reported_.put("hybridisation", on_axis(field.hybridisation, {0, 0}));
  std::vector<double> in_time, coefficients;
  for (const std::size_t spin : {up, down}) {
    const std::vector<double> green =
        lattice_.basis().from_frequencies(solution.green[lattice_.part_of(spin)]);
    coefficients.insert(coefficients.end(), green.begin(), green.end());
    const std::vector<double> values = lattice_.basis().on_grid(green, intervals);
    in_time.insert(in_time.end(), values.begin(), values.end());
  }
  reported_.put("green_function_of_time", in_time);
  reported_.put("lehmann_coefficients", coefficients);
  if (lattice_.superconducting()) report_anomalous_functions(solution);
}

std::vector<Result> HubbardDmft::own_results() const {
  if (iterations_ == 0) return {};
  std::vector<Result> all{
      exact_result("converged", "1 where the Weiss field settled", "1",
                   wanted_ == 0 ? "residual <= algorithm.tolerance"
                                : "means of 4 iterations and of the 4 before agree",
                   static_cast<double>(converged_), true),
      exact_result("iterations", "iterations done", "1", "count", static_cast<double>(iterations_), true)};
  for (Result& each : reported_.results(wanted_ == 0 ? "; deterministic, no error" : ""))
    all.push_back(std::move(each));
  if (!real_axis_.empty()) {
    all.push_back(exact_result("real_axis_converged", "1 where the iteration on the real axis settled", "1",
                               "residual <= 1e-9", real_axis_[0], true));
    all.push_back(exact_result("real_axis_deviation",
                               "how far the self-energies of both axes are from each other", "energy",
                               "max_n |Sigma_real(i w_n) - Sigma(i w_n)|", real_axis_[1], true));
    all.push_back(
        exact_result("quasiparticle_weight_of_frequency",
                     "weight of quasi-particles from the real axis; without meaning in an insulator", "1",
                     "1/(1 - d Re Sigma_up/d w) at w = 0", real_axis_[2], true));
  }
  for (Result& each : spectra_.results(lattice_, converged_ != 0)) all.push_back(std::move(each));
  for (Result& each : history_.results(order_name(), lattice_.two_band().has_value()))
    all.push_back(std::move(each));
  return all;
}

}  // namespace weiss
