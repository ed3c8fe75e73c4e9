#include "weiss/dmft/nambu_diagonalisation.hpp"

#include "weiss/dmft/full_diagonalisation.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {

namespace {

constexpr int most_full_nambu_sites = 5;  // of 1024 states; Lanczos is faster than 4096

PairingBathFit symmetric_fit(const SampledHybridisation& normal, const SampledHybridisation& anomalous,
                             BathFitSettings settings, const PairingBath& last) {
  settings.particle_hole_symmetric = false;
  std::vector<Complex> sum;
  for (std::size_t n = 0; n < normal.values.size(); ++n)
    sum.push_back(normal.values[n] + anomalous.values[n].real());
  DiscreteBath turned{last.pairing, last.coupling};
  for (double& each : turned.energy) each = -each;
  const BathFit found = fit_bath(normal.frequencies, sum, settings, sorted(turned));
  PairingBathFit fit;
  fit.bath = {std::vector<double>(found.bath.size()), found.bath.coupling, found.bath.energy};
  for (double& each : fit.bath.pairing) each = -each;
  fit.misfit = found.misfit;
  fit.largest_deviation = found.largest_deviation;
  fit.steps = found.steps;
  fit.start = found.start;
  fit.converged = found.converged;
  fit.remark = found.remark;
  return fit;
}

PairingBathFit fit_of(const DiscreteLehmann& basis, const WeissField& field,
                      const DiagonalisationSettings& settings, const PairingBath& last) {
  const SampledHybridisation normal =
      sampled_hybridisation(basis, field.hybridisation[normal_part], settings);
  const SampledHybridisation anomalous =
      sampled_hybridisation(basis, field.hybridisation[anomalous_part], settings);
  if (settings.fit.particle_hole_symmetric) return symmetric_fit(normal, anomalous, settings.fit, last);
  return fit_pairing_bath(normal.frequencies, normal.values, anomalous.values, settings.fit, last);
}

}  // namespace

NambuDiagonalisationResult solve_superconductor_by_diagonalisation(const DiscreteLehmann& basis,
                                                                   const WeissField& field,
                                                                   const DiagonalisationSettings& settings,
                                                                   const PairingBath& last) {
  NambuDiagonalisationResult result;
  result.fit = fit_of(basis, field, settings, last);
  result.level = field.level - field.chemical_potential;
  const NambuCluster model = nambu_impurity(result.level, field.interaction, result.fit.bath);
  LanczosSettings lanczos;
  if (!settings.ground_state) lanczos.beta = basis.beta();
  lanczos.probes = imaginary_probes(fermionic_frequency(0, basis.beta()));
  result.impurity = !settings.ground_state && model.cluster.sites() <= 2 * most_full_nambu_sites
                        ? full_nambu_solution(model, basis.beta())
                        : nambu_solution(model, lanczos);
  const NambuSolution& found = result.impurity;
  result.converged = result.fit.converged && found.converged;
  ImpuritySolution& solution = result.solution;
  solution.density[up].value = found.density_up;
  solution.density[down].value = found.density_down;
  solution.double_occupancy.value = found.double_occupancy;
  solution.pair_amplitude.value = found.pair_amplitude;
  solution.constant = {field.interaction * (found.density_up - 0.5),
                       field.interaction * found.pair_amplitude};
  for (const double frequency : node_frequencies(basis)) {
    const Complex z(0, frequency);
    const NambuMatrix sigma = result.self_energy(z);
    solution.green[normal_part].push_back(found.normal(z));
    solution.green[anomalous_part].push_back(found.anomalous(z));
    solution.self_energy[normal_part].push_back(sigma.normal);
    solution.self_energy[anomalous_part].push_back(sigma.anomalous);
  }
  return result;
}

}  // namespace weiss
