// Two orbitals with a discrete bath each, exactly.
#include "weiss/dmft/full_diagonalisation.hpp"
#include "weiss/dmft/lanczos_solver.hpp"
#include "weiss/dmft/orbital_impurity.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {

namespace {

FermionCluster cluster_of(const WeissField& field, const ImpurityOrbital& orbitals) {
  const HundInteraction u(field.interaction, field.orbitals->hund);
  Eigen::Matrix2d opposite, equal;
  opposite << u.same, u.opposite, u.opposite, u.same;
  equal << 0, u.equal, u.equal, 0;
  return anderson_cluster({paramagnetic_orbital(orbitals.level[0], orbitals.bath[0]),
                           paramagnetic_orbital(orbitals.level[1], orbitals.bath[1])},
                          opposite, equal);
}

OrbitalAverages averages_of(const DensityAverages& found, const HundInteraction& u) {
  const auto exact = [](double value) { return Estimate{value, 0}; };
  const std::array<double, 2> n{found.density(0, Spin::up), found.density(1, Spin::up)};
  const std::array<double, 2> d{found.double_occupancy(0), found.double_occupancy(1)};
  const double opposite = (found.opposite(0, 1) + found.opposite(1, 0)) / 2;
  const double equal = (found.equal[0](0, 1) + found.equal[1](0, 1)) / 2;
  const double product = u.same * (d[0] + d[1]) + 2 * u.opposite * opposite + 2 * u.equal * equal;
  OrbitalAverages averages;
  averages.double_occupancy = {exact(d[0]), exact(d[1])};
  averages.opposite = exact(opposite);
  averages.equal = exact(equal);
  averages.density = exact(2 * (n[0] + n[1]));
  averages.polarisation = exact(2 * (n[0] - n[1]));
  averages.spin_squared = exact((n[0] + n[1] - d[0] - d[1]) / 2 + equal - opposite);
  averages.interaction = exact(product - 2 * u.shift() * (n[0] + n[1] - 0.5));
  averages.product = exact(product);
  return averages;
}

// Spin up stands for both; orbital 0 for both orbitals where they are equivalent.
DensityAverages solve(const FermionCluster& cluster, const DiscreteLehmann& basis, bool ground_state,
                      bool equivalent, DiagonalisationResult& result) {
  if (!ground_state && cluster.sites() <= most_full_sites) {
    const FullDiagonalisation exact(cluster);
    for (const int orbital : {0, 1})
      result.green[static_cast<std::size_t>(orbital)] =
          orbital == 1 && equivalent ? result.green[0]
                                     : exact.green_function(basis.beta(), Spin::up, orbital, orbital);
    result.ground_energy = exact.ground_energy();
    return exact.averages(basis.beta()).densities;
  }
  LanczosSettings settings;
  if (!ground_state) settings.beta = basis.beta();
  settings.probes = imaginary_probes(fermionic_frequency(0, basis.beta()));
  if (!equivalent) settings.sites = {0, 1};
  const LanczosSolution found = lanczos_solution(cluster, settings);
  result.green = {found.green_function.front()[0], found.green_function.back()[0]};
  result.ground_energy = found.ground_energy;
  result.neglected = found.neglected;
  result.converged = result.converged && found.converged;
  return found.densities;
}

}  // namespace

DiagonalisationResult solve_orbitals_by_diagonalisation(const DiscreteLehmann& basis, const WeissField& field,
                                                        const DiagonalisationSettings& settings,
                                                        const std::array<DiscreteBath, 2>& last) {
  const OrbitalPair& pair = *field.orbitals;
  const HundInteraction u(field.interaction, pair.hund);
  DiagonalisationResult result;
  for (const std::size_t a : {0U, 1U}) {
    result.fit[a] = a == 1 && pair.equivalent
                        ? result.fit[0]
                        : fit_hybridisation(basis, field.hybridisation[a], settings, last[a]);
    result.orbital.bath[a] = result.fit[a].bath;
    result.orbital.level[a] = pair.level[a] - field.chemical_potential;
    result.converged = result.converged && result.fit[a].converged;
  }
  const DensityAverages densities =
      solve(cluster_of(field, result.orbital), basis, settings.ground_state, pair.equivalent, result);
  const std::array<double, 2> n{densities.density(0, Spin::up), densities.density(1, Spin::up)};
  result.solution.orbitals = averages_of(densities, u);
  for (const std::size_t a : {0U, 1U}) {
    result.solution.density[a].value = n[a];
    result.solution.constant[a] = u.hartree(a, n);
    for (const double frequency : node_frequencies(basis)) {
      const Complex z(0, frequency);
      result.solution.green[a].push_back(result.green[a](z));
      result.solution.self_energy[a].push_back(self_energy_at(result, a, z));
    }
  }
  return result;
}

}  // namespace weiss
