// Spectra of the last step of weiss-hubbard-dmft: from the solver's own function, from the real axis, or by
// continuation of what the Matsubara axis knows.
#include <algorithm>
#include <cmath>

#include "weiss/dmft/nambu_impurity.hpp"
#include "weiss/dmft/orbital_impurity.hpp"

#include "hubbard_dmft/hubbard_dmft.hpp"
#include "hubbard_dmft/hubbard_real_axis.hpp"

namespace weiss {

namespace {

// Of functions as continued: the spectrum's weight, exact.
double dynamic_weight(const Parameters& parameters, const ImpuritySolution& solution, std::size_t function) {
  const double u = parameters.real("model.interaction");
  if (solution.orbitals)
    return self_energy_weight({u, parameters.real("model.hund_coupling")}, solution, function);
  const double n = solution.density[1 - function].value;
  if (phase_of(parameters) == Phase::superconducting)
    return nambu_self_energy_weight(u, n, solution.pair_amplitude.value);
  return u * u * n * (1 - n);
}

}  // namespace

void HubbardDmft::find_spectra(const SolverAnswer& answer) {
  if (answer.self_energy_at) {
    spectra_.evaluate(answer.self_energy_at, chemical_potential_);
  } else if (wants_real_axis(parameters_)) {
    const RealAxisAnswer found =
        solve_on_real_axis(parameters_, lattice_.band(), chemical_potential_,
                           lattice_.particle_hole_symmetric(), lattice_.frequencies(), answer.solution);
    const auto sigma = [&](std::size_t spin, Complex z) { return found.solution.self_energy(spin, z); };
    spectra_.evaluate(sigma, chemical_potential_);
    real_axis_ = {found.solution.converged ? 1.0 : 0.0, found.deviation,
                  found.solution.quasiparticle_weight(up)};
  } else if (spectra_.method()) {
    const ImpuritySolution solution = answer.segments ? averaged_solution() : answer.solution;
    const std::vector<SelfEnergyData> data =
        answer.segments ? sampled_data_to_continue(solution) : data_to_continue(solution);
    spectra_.continue_from(data, solution.constant, reported_.mean("chemical_potential").front(), leads_);
  }
}

// Without values and errors.
SelfEnergyData HubbardDmft::data_frame(const ImpuritySolution& solution, std::size_t function) const {
  SelfEnergyData data;
  data.beta = lattice_.beta();
  data.reach = lattice_.basis().omega_max();
  data.norm = dynamic_weight(parameters_, solution, function);
  const bool even =
      lattice_.superconducting() ? function == normal_part : lattice_.phase() == Phase::paramagnetic;
  data.even = even && lattice_.particle_hole_symmetric();
  return data;
}

std::vector<SelfEnergyData> HubbardDmft::data_to_continue(const ImpuritySolution& solution) const {
  std::vector<SelfEnergyData> all;
  for (std::size_t function = 0; function < lattice_.functions(); ++function) {
    SelfEnergyData data = data_frame(solution, function);
    data.error = parameters_.real("output.continuation_error");
    NodeValues nodes = solution.self_energy[function];
    if (lattice_.superconducting() && function == anomalous_part)
      for (std::size_t node = 0; node < nodes.size(); ++node)
        nodes[node] =
            nambu_at_imaginary(solution.self_energy[normal_part][node], nodes[node]).diagonal_element();
    data.values = lattice_.on_matsubara(nodes, solution.constant[function],
                                        continuation_frequencies(lattice_.beta(), data.reach));
    for (Complex& each : data.values) each -= solution.constant[function];
    all.push_back(std::move(data));
  }
  return all;
}

// Densities, pairs of flavours and constants as means over the iterations of Monte Carlo.
ImpuritySolution HubbardDmft::averaged_solution() const {
  ImpuritySolution mean;
  if (lattice_.two_band()) {
    const std::vector<double> both = reported_.mean("orbital_density"),
                              doubled = reported_.mean("orbital_double_occupancy");
    mean.orbitals = OrbitalAverages{};
    for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
      mean.density[a].value = both[a] / 2;
      mean.orbitals->double_occupancy[a].value = doubled[a];
    }
    mean.orbitals->opposite.value = reported_.mean("opposite_spins").front();
    mean.orbitals->equal.value = reported_.mean("equal_spins").front();
    const HundInteraction u(interaction_, parameters_.real("model.hund_coupling"));
    for (const std::size_t a : {std::size_t{0}, std::size_t{1}})
      mean.constant[a] = u.hartree(a, {mean.density[0].value, mean.density[1].value});
    return mean;
  }
  const double density = reported_.mean("density").front();
  const double difference = reported_.mean("magnetisation").front();
  mean.density[up].value = (density + difference) / 2;
  mean.density[down].value = (density - difference) / 2;
  for (const std::size_t spin : {up, down})
    mean.constant[spin] = interaction_ * (mean.density[1 - spin].value - 0.5);
  return mean;
}

// Means over iterations. Pade and Nevanlinna approximants take the self-energy on the basis, which is smooth,
// with the mean square of its errors; maximum entropy what was measured, with its covariance matrix.
std::vector<SelfEnergyData> HubbardDmft::sampled_data_to_continue(const ImpuritySolution& mean) const {
  const std::vector<double> smooth = reported_.mean("self_energy"),
                            errors = reported_.mean_error("self_energy");
  const auto count =
      std::min<std::int64_t>(parameters_.integer("output.frequencies"),
                             continuation_frequencies(lattice_.beta(), lattice_.basis().omega_max()));
  std::vector<SelfEnergyData> all;
  for (std::size_t function = 0; function < lattice_.functions(); ++function) {
    SelfEnergyData data = data_frame(mean, function);
    if (!spectra_.series().empty()) {
      data.values = spectra_.series()[function].mean();
      data.covariance = spectra_.series()[function].covariance();
    } else {
      const std::size_t first = function * smooth.size() / 2;
      for (std::int64_t k = 0; k < count; ++k) {
        const std::size_t place = first + 2 * static_cast<std::size_t>(k);
        data.values.emplace_back(smooth[place] - mean.constant[function], smooth[place + 1]);
        data.error += errors[place + 1] * errors[place + 1] / static_cast<double>(count);
      }
      data.error = std::sqrt(data.error);
    }
    all.push_back(std::move(data));
  }
  return all;
}

}  // namespace weiss
