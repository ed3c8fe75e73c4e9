// Every eigenstate of a small cluster, and from them every average, grand canonical at any temperature: the
// oracle of the other solvers. Lehmann representation:
//   G_ij(z) = sum_{mn} (p_m + p_n) <n|c_i|m><m|c+_j|n>/(z - (E_m - E_n)),   p_n = e^{-beta E_n}/Z
// beta = infinity averages over the ground states (energies within 1e-9 of the lowest, in units of max(1,
// |E_0|)). Deterministic and without statistical error; eigenpairs have the accuracy of Eigen's
// SelfAdjointEigenSolver.
#pragma once

#include <map>

#include "weiss/dmft/sector_hamiltonian.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

inline constexpr int most_full_sites = 6;  // twice as many without spin

struct ThermalAverages {
  double energy = 0;              // <H>, with -mu N in it
  double interaction_energy = 0;  // of the (n - 1/2)(n - 1/2) form
  double free_energy = 0;         // -T ln Z, the grand potential
  double entropy = 0;             // ln of the number of ground states at beta = infinity
  DensityAverages densities{1};
};

// sum_i (up_i n_i,up + down_i n_i,down): S_z of site 0 has up = {1/2}, down = {-1/2}; missing sites count 0.
struct DensityOperator {
  std::vector<double> up, down;
};

class FullDiagonalisation {
 public:
  // Error(internal) beyond most_full_sites.
  explicit FullDiagonalisation(const FermionCluster& cluster);

  double ground_energy() const { return ground_energy_; }
  const std::map<Sector, Eigen::VectorXd>& energies() const { return energies_; }  // ascending
  ThermalAverages averages(double beta) const;

  // -<T c_i c+_j> of one spin. Poles that carry less than 1e-20 of the ensemble's weight are left out.
  SpectralPoles green_function(double beta, Spin spin, int i, int j) const;
  // <A(tau) B(0)>, without subtracting <A><B>.
  BosonicPoles correlation(double beta, const DensityOperator& a, const DensityOperator& b) const;
  // chi_zz of one site: <S_z(tau) S_z(0)>.
  BosonicPoles spin_correlation(double beta, int site) const;

 private:
  std::map<Sector, Eigen::VectorXd> probabilities(double beta) const;

  FermionCluster cluster_;
  double ground_energy_ = 0;
  std::map<Sector, Eigen::VectorXd> energies_;
  std::map<Sector, Eigen::MatrixXd> states_;  // columns
};

}  // namespace weiss
