// Anderson impurity models with a discrete bath, as clusters: the impurity's orbitals are sites 0, 1, ...,
// then the bath of each orbital in turn. For each orbital and spin
//   H_bath = sum_k e_k a+_k a_k + V_k (c+ a_k + a+_k c),   Delta(z) = sum_k V_k^2/(z - e_k),
//   G_0^-1(z) = z - level - Delta(z),   Sigma = G_0^-1 - G^-1,
// with level = eps - mu: half filling of one orbital with a symmetric bath is at level 0, and Sigma has no
// Hartree shift there (the interaction is of n - 1/2). Energies in the unit of the Hamiltonian.
#pragma once

#include <array>
#include <vector>

#include "weiss/dmft/fermion_cluster.hpp"
#include "weiss/dmft/matsubara.hpp"

namespace weiss {

struct DiscreteBath {
  std::vector<double> energy, coupling;  // e_k, V_k

  std::size_t size() const { return energy.size(); }
  Complex hybridisation(Complex z) const;
};

// An impurity orbital: level and bath of each spin; both baths have the same number of sites.
struct ImpurityOrbital {
  std::array<double, 2> level{};
  std::array<DiscreteBath, 2> bath;
};

ImpurityOrbital paramagnetic_orbital(double level, const DiscreteBath& bath);

// One orbital: U (n_up - 1/2)(n_down - 1/2).
FermionCluster anderson_cluster(const ImpurityOrbital& orbital, double U);
// opposite and equal between the orbitals, as in FermionCluster; for example U on the diagonal of `opposite`,
// U - 2J off it and U - 3J in `equal` (density-density part of Kanamori's interaction).
FermionCluster anderson_cluster(const std::vector<ImpurityOrbital>& orbitals, const Eigen::MatrixXd& opposite,
                                const Eigen::MatrixXd& equal);

// Sigma(z) of an orbital and spin from its G(z).
Complex self_energy(const ImpurityOrbital& orbital, Spin spin, Complex z, Complex green_function);

}  // namespace weiss
