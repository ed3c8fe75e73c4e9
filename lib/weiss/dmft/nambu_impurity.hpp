// Anderson impurities in an s-wave superconductor: Green functions in the spinor (c_up, c+_down),
//   G = [<<c_up; c+_up>>, <<c_up; c_down>>; <<c_up; c_down>>, <<c+_down; c_down>>],
//   Sigma = z - level tau_3 - Delta(z) - G^-1,
// with Delta of a pairing bath. Particle number is not conserved, but c_down -> d+ makes it so: U changes
// sign, the levels of d are those of down negative, and pairing is a hop from d to up. The result is a
// cluster without spin of twice the sites (sites, then partners), that the exact solvers take (A. Toschi, M.
// Capone, C. Castellani, Phys. Rev. B 72, 235118 (2005) use exact diagonalisation for attractive U).
#pragma once

#include "weiss/dmft/lanczos_solver.hpp"
#include "weiss/dmft/nambu_matrix.hpp"
#include "weiss/dmft/pairing_bath.hpp"

namespace weiss {

inline constexpr int most_nambu_sites = most_spinless_sites / 2;

// The cluster's energies lack `offset`, the sum of the levels of spin down.
struct NambuCluster {
  FermionCluster cluster;
  double offset = 0;
};
// H of the cluster plus sum_ij pairing_ij (c+_i,up c+_j,down + h.c.), pairing symmetric.
NambuCluster nambu_cluster(const FermionCluster& normal, const Eigen::MatrixXd& pairing);
// level = eps - mu of both spins.
NambuCluster nambu_impurity(double level, double U, const PairingBath& bath);

// Of the impurity (site 0). Averages over the states found, as in LanczosSolution.
struct NambuSolution {
  double ground_energy = 0, energy = 0;  // <H>
  double interaction_energy = 0;         // of the (n - 1/2)(n - 1/2) form
  double density_up = 0, density_down = 0, double_occupancy = 0;
  double pair_amplitude = 0;        // <c_down c_up>
  SpectralPoles normal, anomalous;  // of <<c_up; c+_up>> and <<c_up; c_down>>
  double neglected = 0, green_change = 0;
  bool converged = false;

  NambuMatrix green_function(Complex z) const;  // 22 is -normal(-z): equal spins
  NambuMatrix self_energy(double level, const PairingBath& bath, Complex z) const;
};

// The spectral matrix of the self-energy, less its constant U ((n - 1/2) tau_3 + F tau_1), has this weight in
// every direction: n = <n_s>, F = <c_down c_up>.
inline double nambu_self_energy_weight(double U, double n, double F) { return U * U * (n * (1 - n) - F * F); }

// Sets sites, pairs, spin_correlation, guess (N_up = N_down) and particle_hole_symmetric itself.
NambuSolution nambu_solution(const NambuCluster& model, LanczosSettings settings);
// From every eigenstate, of up to most_full_sites sites.
NambuSolution full_nambu_solution(const NambuCluster& model, double beta);

}  // namespace weiss
