#include "weiss/dmft/nambu_impurity.hpp"

#include <string>

#include "weiss/base/error.hpp"
#include "weiss/dmft/full_diagonalisation.hpp"

namespace weiss {

NambuCluster nambu_cluster(const FermionCluster& normal, const Eigen::MatrixXd& pairing) {
  const Eigen::Index n = normal.sites();
  if (normal.spinless || n > most_nambu_sites || pairing.rows() != n || pairing != pairing.transpose())
    throw Error(ExitCode::internal, "Nambu cluster: at most " + std::to_string(most_nambu_sites) +
                                        " sites with spin, and a symmetric pairing matrix, are needed");
  NambuCluster model;
  FermionCluster& cluster = model.cluster;
  cluster.spinless = true;
  cluster.one_body[1] = cluster.opposite = cluster.equal = Eigen::MatrixXd::Zero(2 * n, 2 * n);
  cluster.one_body[0].resize(2 * n, 2 * n);
  cluster.one_body[0] << normal.one_body[0], pairing, pairing, -normal.one_body[1];
  cluster.equal.topLeftCorner(n, n) = normal.equal;
  cluster.equal.bottomRightCorner(n, n) = normal.equal;
  cluster.equal.topRightCorner(n, n) = -normal.opposite;
  cluster.equal.bottomLeftCorner(n, n) = -normal.opposite;
  cluster.validate();
  model.offset = normal.one_body[1].trace();
  return model;
}

NambuCluster nambu_impurity(double level, double U, const PairingBath& bath) {
  const FermionCluster normal =
      anderson_cluster(paramagnetic_orbital(level, {bath.energy, bath.coupling}), U);
  const auto n = static_cast<Eigen::Index>(normal.sites());
  if (bath.pairing.size() != bath.size())
    throw Error(ExitCode::internal, "Nambu impurity: a pairing for each bath site is needed");
  Eigen::MatrixXd pairing = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index k = 1; k < n; ++k) pairing(k, k) = bath.pairing[static_cast<std::size_t>(k - 1)];
  return nambu_cluster(normal, pairing);
}

NambuMatrix NambuSolution::green_function(Complex z) const { return {normal(z), anomalous(z), -normal(-z)}; }

NambuMatrix NambuSolution::self_energy(double level, const PairingBath& bath, Complex z) const {
  const NambuMatrix inverse = green_function(z).inverse();
  return {z - level - bath.normal(z) - inverse.normal, -bath.anomalous(z) - inverse.anomalous,
          z + level + bath.normal(-z) - inverse.hole};
}

namespace {

void set_densities(NambuSolution& solution, const DensityAverages& densities, int partner) {
  const Eigen::MatrixXd& pairs = densities.equal[0];
  solution.density_up = pairs(0, 0);
  solution.density_down = 1 - pairs(partner, partner);
  solution.double_occupancy = pairs(0, 0) - pairs(0, partner);
}

}  // namespace

NambuSolution nambu_solution(const NambuCluster& model, LanczosSettings settings) {
  const int partner = model.cluster.sites() / 2;
  settings.sites = {0};
  settings.pairs = {{0, partner}};
  settings.guess = {partner, 0};
  settings.particle_hole_symmetric = false;
  settings.spin_correlation = false;
  const LanczosSolution found = lanczos_solution(model.cluster, settings);
  NambuSolution solution;
  solution.ground_energy = found.ground_energy + model.offset;
  solution.energy = found.energy + model.offset;
  solution.interaction_energy = found.interaction_energy;
  set_densities(solution, found.densities, partner);
  solution.normal = found.green_function[0][0];
  solution.anomalous = found.pair_green_function[0][0];
  solution.pair_amplitude = solution.anomalous.occupation(settings.beta);
  solution.neglected = found.neglected;
  solution.green_change = found.green_change;
  solution.converged = found.converged;
  return solution;
}

NambuSolution full_nambu_solution(const NambuCluster& model, double beta) {
  const int partner = model.cluster.sites() / 2;
  const FullDiagonalisation exact(model.cluster);
  const ThermalAverages averages = exact.averages(beta);
  NambuSolution solution;
  solution.ground_energy = exact.ground_energy() + model.offset;
  solution.energy = averages.energy + model.offset;
  solution.interaction_energy = averages.interaction_energy;
  set_densities(solution, averages.densities, partner);
  solution.normal = exact.green_function(beta, Spin::up, 0, 0);
  solution.anomalous = exact.green_function(beta, Spin::up, 0, partner);
  solution.pair_amplitude = solution.anomalous.occupation(beta);
  solution.converged = true;
  return solution;
}

}  // namespace weiss
