#include "weiss/dmft/full_diagonalisation.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr double degenerate = 1e-9;       // relative to max(1, |E_0|)
constexpr double equal_energies = 1e-11;  // poles at these are one
constexpr double negligible = 1e-20;      // probability

// c_site of the spin from the states of `upper` to the basis of `lower`: rows are basis states of lower.
Eigen::MatrixXd annihilated(const FermionCluster& cluster, Sector upper, Spin spin, int site,
                            const Eigen::MatrixXd& states) {
  const int sites = cluster.sites();
  const Sector lower = after_ladder(upper, spin, false);
  const bool of_up = spin == Spin::up;
  const SpinBasis from(sites, of_up ? upper.up : upper.down), to(sites, of_up ? lower.up : lower.down);
  const std::size_t others = SpinBasis(sites, of_up ? upper.down : upper.up).size();
  const LadderMoves moves(from, to, site, false);
  Eigen::MatrixXd image = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(to.size() * others), states.cols());
  for (std::size_t k = 0; k < moves.source.size(); ++k)
    for (std::size_t o = 0; o < others; ++o) {
      const std::size_t target = of_up ? moves.target[k] * others + o : o * to.size() + moves.target[k];
      const std::size_t source = of_up ? moves.source[k] * others + o : o * from.size() + moves.source[k];
      image.row(static_cast<Eigen::Index>(target)) =
          moves.sign[k] * states.row(static_cast<Eigen::Index>(source));
    }
  return image;
}

Eigen::VectorXd diagonal_of(const DensityOperator& a, const SpinBasis& up, const SpinBasis& down) {
  const auto one_spin = [](const std::vector<double>& factors, std::uint32_t state) {
    double sum = 0;
    for (std::size_t i = 0; i < factors.size(); ++i)
      if (occupied(state, static_cast<int>(i))) sum += factors[i];
    return sum;
  };
  Eigen::VectorXd diagonal(static_cast<Eigen::Index>(up.size() * down.size()));
  for (std::size_t u = 0; u < up.size(); ++u)
    for (std::size_t d = 0; d < down.size(); ++d)
      diagonal(static_cast<Eigen::Index>(u * down.size() + d)) =
          one_spin(a.up, up.state(u)) + one_spin(a.down, down.state(d));
  return diagonal;
}

}  // namespace

FullDiagonalisation::FullDiagonalisation(const FermionCluster& cluster) : cluster_(cluster) {
  cluster.validate();
  const int sites = cluster.sites();
  const int most = cluster.spinless ? 2 * most_full_sites : most_full_sites;
  if (sites > most)
    throw Error(ExitCode::internal, "full diagonalisation: " + std::to_string(sites) +
                                        " sites are too many (at most " + std::to_string(most) +
                                        "); use the Lanczos solver");
  ground_energy_ = std::numeric_limits<double>::infinity();
  for (Sector sector; sector.up <= sites; ++sector.up)
    for (sector.down = 0; exists(cluster, sector); ++sector.down) {
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(SectorHamiltonian(cluster, sector).dense());
      energies_[sector] = solver.eigenvalues();
      states_[sector] = solver.eigenvectors();
      ground_energy_ = std::min(ground_energy_, solver.eigenvalues()(0));
    }
}

std::map<Sector, Eigen::VectorXd> FullDiagonalisation::probabilities(double beta) const {
  std::map<Sector, Eigen::VectorXd> weights = energies_;
  const double width = degenerate * std::max(1.0, std::fabs(ground_energy_));
  double sum = 0;
  for (auto& [sector, weight] : weights)
    for (double& each : weight) {
      const double excitation = each - ground_energy_;
      each = std::isinf(beta) ? (excitation <= width ? 1 : 0) : std::exp(-beta * excitation);
      sum += each;
    }
  for (auto& [sector, weight] : weights) weight /= sum;
  return weights;
}

ThermalAverages FullDiagonalisation::averages(double beta) const {
  ThermalAverages found;
  found.densities = DensityAverages(cluster_.sites());
  const std::map<Sector, Eigen::VectorXd> probability = probabilities(beta);
  double largest = 0;
  for (const auto& [sector, p] : probability) {
    const SpinBasis up(cluster_.sites(), sector.up), down(cluster_.sites(), sector.down);
    const Eigen::VectorXd& energy = energies_.at(sector);
    for (Eigen::Index n = 0; n < p.size(); ++n) {
      if (p(n) == 0) continue;
      found.energy += p(n) * energy(n);
      found.entropy -= p(n) * std::log(p(n));
      largest = std::max(largest, p(n));
      if (p(n) > negligible) found.densities.add(up, down, states_.at(sector).col(n).data(), p(n));
    }
  }
  found.free_energy = ground_energy_ + (std::isinf(beta) ? 0 : std::log(largest) / beta);
  found.interaction_energy = found.densities.interaction_energy(cluster_);
  return found;
}

SpectralPoles FullDiagonalisation::green_function(double beta, Spin spin, int i, int j) const {
  SpectralPoles poles;
  const std::map<Sector, Eigen::VectorXd> probability = probabilities(beta);
  for (const auto& [upper, p_upper] : probability) {
    const Sector lower = after_ladder(upper, spin, false);
    if (!exists(cluster_, lower)) continue;
    const Eigen::VectorXd &p_lower = probability.at(lower), &above = energies_.at(upper),
                          &below = energies_.at(lower);
    if (std::max(p_upper.maxCoeff(), p_lower.maxCoeff()) <= negligible) continue;
    const Eigen::MatrixXd& bra = states_.at(lower);
    const Eigen::MatrixXd first = bra.transpose() * annihilated(cluster_, upper, spin, i, states_.at(upper));
    const Eigen::MatrixXd second =
        i == j ? first
               : Eigen::MatrixXd(bra.transpose() * annihilated(cluster_, upper, spin, j, states_.at(upper)));
    for (Eigen::Index m = 0; m < above.size(); ++m)
      for (Eigen::Index n = 0; n < below.size(); ++n) {
        const double weight = p_upper(m) + p_lower(n);
        if (weight > negligible) poles.add(above(m) - below(n), weight * first(n, m) * second(n, m));
      }
  }
  poles.merge(equal_energies, negligible);
  return poles;
}

BosonicPoles FullDiagonalisation::correlation(double beta, const DensityOperator& a,
                                              const DensityOperator& b) const {
  BosonicPoles found;
  const double width = degenerate * std::max(1.0, std::fabs(ground_energy_));
  for (const auto& [sector, p] : probabilities(beta)) {
    if (p.maxCoeff() <= negligible) continue;
    const SpinBasis up(cluster_.sites(), sector.up), down(cluster_.sites(), sector.down);
    const Eigen::MatrixXd& states = states_.at(sector);
    const Eigen::VectorXd& energy = energies_.at(sector);
    const Eigen::MatrixXd first = states.transpose() * diagonal_of(a, up, down).asDiagonal() * states;
    const Eigen::MatrixXd second = states.transpose() * diagonal_of(b, up, down).asDiagonal() * states;
    for (Eigen::Index n = 0; n < p.size(); ++n) {
      if (p(n) <= negligible) continue;
      for (Eigen::Index m = 0; m < p.size(); ++m) {
        const double gap = energy(m) - energy(n), weight = p(n) * first(n, m) * second(n, m);
        if (std::fabs(gap) <= width)
          found.constant += weight;
        else if (gap > 0)
          found.poles.add(gap, weight);
      }
    }
  }
  found.poles.merge(equal_energies, negligible);
  return found;
}

BosonicPoles FullDiagonalisation::spin_correlation(double beta, int site) const {
  DensityOperator spin;
  spin.up.assign(static_cast<std::size_t>(site) + 1, 0);
  spin.up.back() = 0.5;
  spin.down = spin.up;
  spin.down.back() = -0.5;
  return correlation(beta, spin, spin);
}

}  // namespace weiss
