#include "hubbard_dmft/hubbard_real_axis.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr double same_solution = 1e-3;  // of the self-energy's size

double reach_of(const Parameters& parameters, const Band& band, double chemical_potential) {
  return 3 * (std::max(std::fabs(band.lowest()), std::fabs(band.highest())) +
              std::fabs(parameters.real("model.interaction")) + std::fabs(chemical_potential));
}

RealAxisAnswer with_deviation(RealAxisSolution solution, const std::vector<double>& frequencies,
                              const ImpuritySolution& found) {
  RealAxisAnswer answer{std::move(solution), 0};
  for (const std::size_t spin : {up, down})
    for (std::size_t node = 0; node < frequencies.size(); ++node) {
      const Complex here = answer.solution.self_energy(spin, Complex(0, frequencies[node]));
      answer.deviation = std::fmax(answer.deviation, std::abs(here - found.self_energy[spin][node]));
    }
  return answer;
}

}  // namespace

bool wants_real_axis(const Parameters& parameters) {
  return parameters.text("output.continuation") == "real_axis" &&
         solver_of(parameters) == ImpuritySolver::perturbation;
}

void validate_real_axis(const Parameters& parameters, const Band& band, Problems& problems) {
  if (!wants_real_axis(parameters)) return;
  const double mu = parameters.given("model.density") ? parameters.real("model.interaction")
                                                      : parameters.real("model.chemical_potential");
  if (CausalLine::points_for(beta_of(parameters), reach_of(parameters, band, mu),
                             parameters.real("output.broadening")) >
      static_cast<double>(CausalLine::most_points))
    problems.add("output.continuation",
                 "real_axis needs too many frequencies; raise the temperature or output.broadening");
}

RealAxisAnswer solve_on_real_axis(const Parameters& parameters, const Band& band, double chemical_potential,
                                  bool particle_hole_symmetric, const std::vector<double>& frequencies,
                                  const ImpuritySolution& found) {
  RealAxisProblem problem;
  problem.beta = beta_of(parameters);
  problem.interaction = parameters.real("model.interaction");
  problem.chemical_potential = chemical_potential;
  problem.phase = phase_of(parameters);
  problem.particle_hole_symmetric = particle_hole_symmetric;
  problem.density = {found.density[up].value, found.density[down].value};
  problem.insulator = parameters.text("algorithm.solution_start") == "insulator";
  RealAxisSettings settings;
  settings.reach = reach_of(parameters, band, chemical_potential);
  settings.resolution = parameters.real("output.broadening");
  const auto solved = [&] {
    return with_deviation(real_axis_perturbation(band, problem, settings), frequencies, found);
  };
  RealAxisAnswer first = solved();
  double size = 0;
  for (const Complex each : found.self_energy[up]) size = std::fmax(size, std::abs(each));
  if (first.deviation <= same_solution * size + settings.tolerance) return first;
  problem.insulator = !problem.insulator;
  RealAxisAnswer second = solved();
  return second.deviation < first.deviation ? second : first;
}

}  // namespace weiss
