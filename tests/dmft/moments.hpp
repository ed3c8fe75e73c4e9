// First moments of a local spectrum from commutators:
//   [c_i, H] = sum_k h_ik c_k + A_i c_i,   A_i = sum_j W_ij (n_j,-s - 1/2) + X_ij (n_js - 1/2),
//   m_1 = h_ii + <A_i>,   m_2 = <{[c_i, H], [H, c+_i]}>
//       = sum_k h_ik^2 + 2 h_ii <A_i> + <A_i^2> - 2 sum_{k != i} h_ik X_ik <c+_i c_k>.
#pragma once

#include <vector>

#include "weiss/dmft/fermion_cluster.hpp"

namespace weiss {

struct ExactMoments {
  double first, second;
};

// exchange: <c+_i c_k> of the spin for every k.
inline ExactMoments exact_moments(const FermionCluster& cluster, const DensityAverages& densities,
                                  const std::vector<double>& exchange, Spin spin, int i) {
  const std::size_t s = index_of(spin), other = 1 - s;
  const Eigen::MatrixXd& h = cluster.one_body[s];
  const int sites = cluster.sites();
  const auto mixed = [&](int own, int opposite) {
    return spin == Spin::up ? densities.opposite(own, opposite) : densities.opposite(opposite, own);
  };
  double field = 0, square = 0;
  for (int j = 0; j < sites; ++j) {
    const double W = cluster.opposite(i, j), X = cluster.equal(i, j);
    const double of_other = densities.equal[other](j, j), of_own = densities.equal[s](j, j);
    field += W * (of_other - 0.5) + X * (of_own - 0.5);
    for (int k = 0; k < sites; ++k) {
      const double other_k = densities.equal[other](k, k), own_k = densities.equal[s](k, k);
      square += W * cluster.opposite(i, k) * (densities.equal[other](j, k) - (of_other + other_k) / 2 + 0.25);
      square += X * cluster.equal(i, k) * (densities.equal[s](j, k) - (of_own + own_k) / 2 + 0.25);
      square += 2 * W * cluster.equal(i, k) * (mixed(k, j) - (of_other + own_k) / 2 + 0.25);
    }
  }
  double second = h.row(i).squaredNorm() + 2 * h(i, i) * field + square;
  for (int k = 0; k < sites; ++k)
    if (k != i) second -= 2 * h(i, k) * cluster.equal(i, k) * exchange[static_cast<std::size_t>(k)];
  return {h(i, i) + field, second};
}

}  // namespace weiss
