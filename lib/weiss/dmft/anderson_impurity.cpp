#include "weiss/dmft/anderson_impurity.hpp"

#include <string>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

void check_orbital(const ImpurityOrbital& orbital, std::size_t number) {
  for (const DiscreteBath& bath : orbital.bath)
    if (bath.energy.size() != bath.coupling.size() || bath.size() != orbital.bath[0].size())
      throw Error(ExitCode::internal, "impurity orbital " + std::to_string(number) +
                                          ": bath energies and couplings of both spins must be as many");
}

}  // namespace

Complex DiscreteBath::hybridisation(Complex z) const {
  Complex sum = 0;
  for (std::size_t k = 0; k < size(); ++k) sum += coupling[k] * coupling[k] / (z - energy[k]);
  return sum;
}

ImpurityOrbital paramagnetic_orbital(double level, const DiscreteBath& bath) {
  return {{level, level}, {bath, bath}};
}

FermionCluster anderson_cluster(const ImpurityOrbital& orbital, double U) {
  return anderson_cluster(std::vector<ImpurityOrbital>{orbital}, Eigen::MatrixXd::Constant(1, 1, U),
                          Eigen::MatrixXd::Zero(1, 1));
}

FermionCluster anderson_cluster(const std::vector<ImpurityOrbital>& orbitals, const Eigen::MatrixXd& opposite,
                                const Eigen::MatrixXd& equal) {
  const auto number = static_cast<Eigen::Index>(orbitals.size());
  if (opposite.rows() != number || opposite.cols() != number || equal.rows() != number ||
      equal.cols() != number)
    throw Error(ExitCode::internal, "impurity: interaction matrices must be orbitals x orbitals");
  Eigen::Index sites = number;
  for (std::size_t o = 0; o < orbitals.size(); ++o) {
    check_orbital(orbitals[o], o);
    sites += static_cast<Eigen::Index>(orbitals[o].bath[0].size());
  }
  FermionCluster cluster;
  cluster.opposite = Eigen::MatrixXd::Zero(sites, sites);
  cluster.equal = cluster.opposite;
  cluster.opposite.topLeftCorner(number, number) = opposite;
  cluster.equal.topLeftCorner(number, number) = equal;
  for (std::size_t s = 0; s < 2; ++s) {
    Eigen::MatrixXd& h = cluster.one_body[s];
    h = Eigen::MatrixXd::Zero(sites, sites);
    Eigen::Index site = number;
    for (std::size_t o = 0; o < orbitals.size(); ++o) {
      const auto impurity = static_cast<Eigen::Index>(o);
      const DiscreteBath& bath = orbitals[o].bath[s];
      h(impurity, impurity) = orbitals[o].level[s];
      for (std::size_t k = 0; k < bath.size(); ++k, ++site) {
        h(site, site) = bath.energy[k];
        h(impurity, site) = h(site, impurity) = bath.coupling[k];
      }
    }
  }
  cluster.validate();
  return cluster;
}

Complex self_energy(const ImpurityOrbital& orbital, Spin spin, Complex z, Complex green_function) {
  const std::size_t s = index_of(spin);
  return z - orbital.level[s] - orbital.bath[s].hybridisation(z) - 1.0 / green_function;
}

}  // namespace weiss
