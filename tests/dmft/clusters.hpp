// Small clusters that several tests share.
#pragma once

#include <Eigen/Dense>

#include "weiss/dmft/anderson_impurity.hpp"

namespace weiss {

inline Eigen::MatrixXd ring_hopping(int sites, double t = 1) {
  Eigen::MatrixXd hopping = Eigen::MatrixXd::Zero(sites, sites);
  for (int i = 0; i < sites; ++i) {
    const int j = (i + 1) % sites;
    if (i != j) hopping(i, j) = hopping(j, i) = -t;
  }
  return hopping;
}

inline FermionCluster hubbard_ring(int sites, double U, double mu = 0) {
  return hubbard_cluster(ring_hopping(sites), U, mu);
}

// Nothing symmetric: levels, baths and interactions of its own for each spin and site.
inline FermionCluster lopsided_cluster() {
  FermionCluster cluster;
  cluster.one_body[0] = Eigen::MatrixXd{
      {0.3, -1.0, 0.2, 0.0}, {-1.0, -0.4, 0.7, 0.1}, {0.2, 0.7, 0.15, -0.6}, {0.0, 0.1, -0.6, -0.9}};
  cluster.one_body[1] = Eigen::MatrixXd{
      {-0.2, -0.8, 0.0, 0.4}, {-0.8, 0.5, 0.9, 0.0}, {0.0, 0.9, -0.35, 0.3}, {0.4, 0.0, 0.3, 0.25}};
  cluster.opposite = Eigen::MatrixXd{
      {2.5, 0.8, 0.0, 0.1}, {0.8, 1.5, 0.3, 0.0}, {0.0, 0.3, -1.0, 0.2}, {0.1, 0.0, 0.2, 0.7}};
  cluster.equal = Eigen::MatrixXd{
      {0.0, 0.5, 0.2, 0.0}, {0.5, 0.0, 0.0, -0.3}, {0.2, 0.0, 0.0, 0.4}, {0.0, -0.3, 0.4, 0.0}};
  return cluster;
}

// n_bath levels between -1 and 1, symmetric about 0, with couplings that differ.
inline DiscreteBath symmetric_bath(int n_bath) {
  DiscreteBath bath;
  for (int k = 0; k < n_bath; ++k) {
    const double e = n_bath == 1 ? 0 : -1 + 2.0 * k / (n_bath - 1);
    bath.energy.push_back(e);
    bath.coupling.push_back(0.2 + 0.1 / (1 + 4 * e * e));
  }
  return bath;
}

}  // namespace weiss
