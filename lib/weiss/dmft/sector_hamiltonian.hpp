// The Hamiltonian of a cluster in one sector (N_up, N_down), applied without being stored:
//   H = H_up x 1 + 1 x H_down + diagonal,   x[rank of up][rank of down] row by row.
// Hops of one spin are tabulated once; hops of up add whole rows, hops of down are applied to eight rows at a
// time, transposed, so that both are loops over contiguous numbers. Every element is summed in one order,
// whatever the width of the registers.
#pragma once

#include <vector>

#include "weiss/dmft/fermion_cluster.hpp"

namespace weiss {

// Matrix elements <target| sum_{i != j} h_ij c+_i c_j |source> of one spin, grouped by target.
struct OneSpinHops {
  OneSpinHops(const SpinBasis& basis, const Eigen::MatrixXd& one_body);
  std::vector<std::uint32_t> first;  // of each target, and the end
  std::vector<std::uint32_t> source;
  std::vector<double> amplitude;
};

// c_site or c+_site of one spin, as signed moves from states of one particle number to those of the next.
struct LadderMoves {
  LadderMoves(const SpinBasis& from, const SpinBasis& to, int site, bool creates);
  std::vector<std::uint32_t> source, target;
  std::vector<double> sign;
};

class SectorHamiltonian {
 public:
  SectorHamiltonian(const FermionCluster& cluster, Sector sector);

  const SpinBasis& up() const { return up_; }
  const SpinBasis& down() const { return down_; }
  std::size_t dimension() const { return up_.size() * down_.size(); }

  void apply(const double* x, double* y) const;  // y = H x; x and y do not overlap
  Eigen::MatrixXd dense() const;

 private:
  void fill_diagonal(const FermionCluster& cluster);
  void apply_single(const double* x, double* y) const;
  void apply_up(const double* x, double* y) const;
  void apply_down(const double* x, double* y) const;

  SpinBasis up_, down_;
  OneSpinHops hops_up_, hops_down_;
  std::vector<double> diagonal_;
};

// c+_site or c_site of the spin acting on a state of the sector; empty where no such sector exists. The sign
// (-1)^N_up of an operator of spin down, constant in a sector, is left out: only products with the adjoint
// of the same spin are meant.
std::vector<double> ladder(const FermionCluster& cluster, Sector sector, Spin spin, int site, bool creates,
                           const std::vector<double>& state);
Sector after_ladder(Sector sector, Spin spin, bool creates);
bool exists(const FermionCluster& cluster, Sector sector);

}  // namespace weiss
