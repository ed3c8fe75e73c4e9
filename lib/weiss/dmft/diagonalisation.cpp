#include "weiss/dmft/diagonalisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/dmft/full_diagonalisation.hpp"
#include "weiss/dmft/lanczos_solver.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_fit_frequencies = 300;

void solve_fully(const FermionCluster& cluster, double beta, DiagonalisationResult& result) {
  const FullDiagonalisation exact(cluster);
  const ThermalAverages averages = exact.averages(beta);
  for (const std::size_t spin : {up, down}) {
    result.green[spin] = exact.green_function(beta, static_cast<Spin>(spin), 0, 0);
    result.solution.density[spin].value = averages.densities.density(0, static_cast<Spin>(spin));
  }
  result.solution.double_occupancy.value = averages.densities.double_occupancy(0);
  result.ground_energy = exact.ground_energy();
}

void solve_by_lanczos(const FermionCluster& cluster, const DiscreteLehmann& basis, bool ground_state,
                      DiagonalisationResult& result) {
  LanczosSettings settings;
  if (!ground_state) settings.beta = basis.beta();
  settings.probes = imaginary_probes(fermionic_frequency(0, basis.beta()));
  const LanczosSolution found = lanczos_solution(cluster, settings);
  for (const std::size_t spin : {up, down}) {
    result.green[spin] = found.green_function[0][spin];
    result.solution.density[spin].value = found.densities.density(0, static_cast<Spin>(spin));
  }
  result.solution.double_occupancy.value = found.densities.double_occupancy(0);
  result.ground_energy = found.ground_energy;
  result.neglected = found.neglected;
  result.converged = result.converged && found.converged;
}

}  // namespace

SampledHybridisation sampled_hybridisation(const DiscreteLehmann& basis, const NodeValues& hybridisation,
                                           const DiagonalisationSettings& settings) {
  std::int64_t count = settings.fit_frequencies;
  if (count == 0)
    count = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(basis.beta() * basis.omega_max() / (2 * std::numbers::pi)), 8,
        most_fit_frequencies);
  const std::vector<double> coefficients = basis.from_frequencies(hybridisation);
  SampledHybridisation sampled;
  for (std::int64_t n = 0; n < count; ++n) {
    sampled.frequencies.push_back(fermionic_frequency(n, basis.beta()));
    sampled.values.push_back(basis.on_matsubara(coefficients, n));
  }
  return sampled;
}

BathFit fit_hybridisation(const DiscreteLehmann& basis, const NodeValues& hybridisation,
                          const DiagonalisationSettings& settings, const DiscreteBath& last) {
  const SampledHybridisation sampled = sampled_hybridisation(basis, hybridisation, settings);
  return fit_bath(sampled.frequencies, sampled.values, settings.fit, last);
}

DiagonalisationResult solve_by_diagonalisation(const DiscreteLehmann& basis, const WeissField& field,
                                               const DiagonalisationSettings& settings,
                                               const std::array<DiscreteBath, 2>& last) {
  DiagonalisationResult result;
  ImpurityOrbital& orbital = result.orbital;
  for (const std::size_t spin : {up, down}) {
    result.fit[spin] = spin == down && !settings.antiferromagnetic
                           ? result.fit[up]
                           : fit_hybridisation(basis, field.hybridisation[spin], settings, last[spin]);
    orbital.bath[spin] = result.fit[spin].bath;
    orbital.level[spin] = field.level - field.chemical_potential;
    result.converged = result.converged && result.fit[spin].converged;
  }
  const FermionCluster cluster = anderson_cluster(orbital, field.interaction);
  if (!settings.ground_state && cluster.sites() <= most_full_sites)
    solve_fully(cluster, basis.beta(), result);
  else
    solve_by_lanczos(cluster, basis, settings.ground_state, result);
  for (const std::size_t spin : {up, down}) {
    result.solution.constant[spin] = field.interaction * (result.solution.density[1 - spin].value - 0.5);
    for (const double frequency : node_frequencies(basis)) {
      const Complex z(0, frequency);
      result.solution.green[spin].push_back(result.green[spin](z));
      result.solution.self_energy[spin].push_back(self_energy_at(result, spin, z));
    }
  }
  return result;
}

Complex self_energy_at(const DiagonalisationResult& result, std::size_t spin, Complex z) {
  return self_energy(result.orbital, static_cast<Spin>(spin), z, result.green[spin](z));
}

}  // namespace weiss
