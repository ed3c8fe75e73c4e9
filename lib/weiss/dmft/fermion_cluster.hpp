// A finite cluster of spin-1/2 fermions with density-density interactions, and its Fock space by sectors of
// fixed particle numbers (N_up, N_down):
//   H = sum_{s,ij} h^s_ij c+_is c_js + sum_ij W_ij (n_i,up - 1/2)(n_j,down - 1/2)
//       + sum_{s, i<j} X_ij (n_is - 1/2)(n_js - 1/2)
// h holds -mu on its diagonal, so half filling of a bipartite cluster is at h_ii = 0. A state is a pair of
// bit patterns (up, down), bit i for site i; c_i has the sign of the particles of its spin at sites below i.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "weiss/dmft/decompositions.hpp"

namespace weiss {

inline constexpr int most_cluster_sites = 12;
inline constexpr int most_spinless_sites = 20;

enum class Spin : int { up = 0, down = 1 };
inline std::size_t index_of(Spin spin) { return static_cast<std::size_t>(spin); }

struct FermionCluster {
  std::array<Eigen::MatrixXd, 2> one_body;  // h of each spin, symmetric
  Eigen::MatrixXd opposite;                 // W, symmetric
  Eigen::MatrixXd equal;                    // X, symmetric, zero on its diagonal
  // Only spin up exists: sectors have N_down = 0, one_body of spin down and `opposite` are zero.
  bool spinless = false;

  int sites() const { return static_cast<int>(opposite.rows()); }
  bool spin_symmetric() const { return !spinless && one_body[0] == one_body[1]; }
  // Error(internal) when a matrix has the wrong size or is not symmetric, or there are too many sites.
  void validate() const;
};

// Sites with the same hopping for both spins and U on each: h_ij = hopping_ij - mu delta_ij.
FermionCluster hubbard_cluster(const Eigen::MatrixXd& hopping, double U, double mu);

struct Sector {
  int up = 0, down = 0;
  auto operator<=>(const Sector&) const = default;
};

// All bit patterns of `particles` fermions of one spin on `sites`, ascending.
class SpinBasis {
 public:
  SpinBasis(int sites, int particles);

  std::size_t size() const { return states_.size(); }
  std::uint32_t state(std::size_t rank) const { return states_[rank]; }
  std::size_t rank(std::uint32_t state) const { return static_cast<std::size_t>(ranks_[state]); }

 private:
  std::vector<std::uint32_t> states_;
  std::vector<std::int32_t> ranks_;  // of all 2^sites patterns, -1 for those of other particle numbers
};

inline bool occupied(std::uint32_t state, int site) { return (state >> site & 1U) != 0; }

// +1 or -1: of c or c+ at the site.
double fermion_sign(std::uint32_t state, int site);

// Densities and their pair correlations, averages over states or ensembles.
struct DensityAverages {
  explicit DensityAverages(int sites);
  std::array<Eigen::MatrixXd, 2> equal;  // <n_is n_js>; the density <n_is> on the diagonal
  Eigen::MatrixXd opposite;              // <n_i,up n_j,down>

  double density(int site, Spin spin) const { return equal[index_of(spin)](site, site); }
  double double_occupancy(int site) const { return opposite(site, site); }
  double spin_squared(int site) const;  // <S_z^2>, S_z = (n_up - n_down)/2
  // sum W <(n - 1/2)(n - 1/2)> + sum X <(n - 1/2)(n - 1/2)>
  double interaction_energy(const FermionCluster& cluster) const;
  // Adds factor times the averages in the state of real amplitudes [rank of up][rank of down].
  void add(const SpinBasis& up, const SpinBasis& down, const double* amplitudes, double factor);
  void add(const DensityAverages& other, double factor);
  DensityAverages with_spins_exchanged() const;
};

}  // namespace weiss
