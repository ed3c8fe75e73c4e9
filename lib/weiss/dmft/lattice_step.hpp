// The lattice half of a DMFT iteration (A. Georges et al., Rev. Mod. Phys. 68, 13 (1996), sections II, V):
//   paramagnet        G_s = D(z_s),            z_s = i w + mu - Sigma_s
//   antiferromagnet   G_s = z_-s D(s)/s,       s = sqrt(z_up z_down): sublattice B is A with spins exchanged
//   Delta_s = i w + mu - level - Sigma_s - 1/G_s,   level the mean of the band.
// A superconductor's local functions are the normal and the anomalous one: nambu_lattice.hpp.
#pragma once

#include <span>

#include "weiss/dmft/band.hpp"
#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"

namespace weiss {

enum class Phase { paramagnetic, antiferromagnetic, superconducting };

LocalFunctions lattice_green(const Band& band, Phase phase, double chemical_potential,
                             const LocalFunctions& self_energy, std::span<const double> frequencies);

// Delta from a self-energy and the local Green function that belongs to it.
LocalFunctions hybridisation_of(const Band& band, Phase phase, double chemical_potential,
                                const LocalFunctions& self_energy, const LocalFunctions& green,
                                std::span<const double> frequencies);

// <n_up + n_down> of local Green functions at the nodes of the basis.
double electrons_of(const DiscreteLehmann& basis, Phase phase, const LocalFunctions& green);
// sum_k e_k <c+_ks c_ks> summed over spins: T sum_n (Delta G)_s + level <n_s>, with Delta and G those of the
// lattice or of its impurity.
double kinetic_energy_of(const DiscreteLehmann& basis, Phase phase, double level,
                         const LocalFunctions& hybridisation, const LocalFunctions& green);

}  // namespace weiss
