#include "weiss/dmft/fermion_cluster.hpp"

#include <bit>
#include <string>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

void check_matrix(const Eigen::MatrixXd& matrix, Eigen::Index sites, const char* name) {
  if (matrix.rows() != sites || matrix.cols() != sites)
    throw Error(ExitCode::internal, std::string("fermion cluster: ") + name + " must be sites x sites");
  if (matrix != matrix.transpose())
    throw Error(ExitCode::internal, std::string("fermion cluster: ") + name + " must be symmetric");
}

// <n_i n_j> of one spin from the probabilities of its states.
void add_pairs(Eigen::MatrixXd& pairs, const SpinBasis& basis, const std::vector<double>& probability,
               double factor) {
  const int sites = static_cast<int>(pairs.rows());
  for (std::size_t r = 0; r < basis.size(); ++r)
    for (int i = 0; i < sites; ++i) {
      if (!occupied(basis.state(r), i)) continue;
      for (int j = 0; j < sites; ++j)
        if (occupied(basis.state(r), j)) pairs(i, j) += factor * probability[r];
    }
}

}  // namespace

void FermionCluster::validate() const {
  const Eigen::Index n = opposite.rows();
  const int most = spinless ? most_spinless_sites : most_cluster_sites;
  if (n < 1 || n > most)
    throw Error(ExitCode::internal, "fermion cluster: " + std::to_string(n) + " sites, not between 1 and " +
                                        std::to_string(most));
  check_matrix(one_body[0], n, "one_body of spin up");
  check_matrix(one_body[1], n, "one_body of spin down");
  check_matrix(opposite, n, "opposite");
  check_matrix(equal, n, "equal");
  if (!equal.diagonal().isZero(0))
    throw Error(ExitCode::internal, "fermion cluster: equal must vanish on its diagonal");
  if (spinless && !(one_body[1].isZero(0) && opposite.isZero(0)))
    throw Error(ExitCode::internal, "fermion cluster: without spin, terms of spin down must vanish");
}

FermionCluster hubbard_cluster(const Eigen::MatrixXd& hopping, double U, double mu) {
  const Eigen::Index n = hopping.rows();
  FermionCluster cluster;
  cluster.one_body[0] = hopping - mu * Eigen::MatrixXd::Identity(n, n);
  cluster.one_body[1] = cluster.one_body[0];
  cluster.opposite = U * Eigen::MatrixXd::Identity(n, n);
  cluster.equal = Eigen::MatrixXd::Zero(n, n);
  cluster.validate();
  return cluster;
}

SpinBasis::SpinBasis(int sites, int particles) : ranks_(std::size_t{1} << sites, -1) {
  for (std::uint32_t state = 0; state < ranks_.size(); ++state) {
    if (std::popcount(state) != particles) continue;
    ranks_[state] = static_cast<std::int32_t>(states_.size());
    states_.push_back(state);
  }
}

double fermion_sign(std::uint32_t state, int site) {
  return std::popcount(state & ((1U << site) - 1)) % 2 == 0 ? 1 : -1;
}

DensityAverages::DensityAverages(int sites) : opposite(Eigen::MatrixXd::Zero(sites, sites)) {
  equal = {opposite, opposite};
}

double DensityAverages::spin_squared(int site) const {
  return (density(site, Spin::up) + density(site, Spin::down) - 2 * double_occupancy(site)) / 4;
}

double DensityAverages::interaction_energy(const FermionCluster& cluster) const {
  const Eigen::Index n = opposite.rows();
  double sum = 0;
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) {
      sum += cluster.opposite(i, j) * (opposite(i, j) - (equal[0](i, i) + equal[1](j, j)) / 2 + 0.25);
      for (std::size_t spin = 0; spin < (cluster.spinless ? 1 : 2); ++spin) {
        const Eigen::MatrixXd& pairs = equal[spin];
        sum += cluster.equal(i, j) / 2 * (pairs(i, j) - (pairs(i, i) + pairs(j, j)) / 2 + 0.25);
      }
    }
  return sum;
}

void DensityAverages::add(const SpinBasis& up, const SpinBasis& down, const double* amplitudes,
                          double factor) {
  const int sites = static_cast<int>(opposite.rows());
  std::vector<double> of_up(up.size()), of_down(down.size()), row(down.size());
  for (std::size_t u = 0; u < up.size(); ++u) {
    for (std::size_t d = 0; d < down.size(); ++d) {
      const double amplitude = amplitudes[u * down.size() + d];
      of_down[d] += row[d] = amplitude * amplitude;
    }
    for (std::size_t d = 0; d < down.size(); ++d) of_up[u] += row[d];
    for (int j = 0; j < sites; ++j) {
      double with_down = 0;
      for (std::size_t d = 0; d < down.size(); ++d) with_down += occupied(down.state(d), j) ? row[d] : 0;
      for (int i = 0; i < sites; ++i)
        if (occupied(up.state(u), i)) opposite(i, j) += factor * with_down;
    }
  }
  add_pairs(equal[0], up, of_up, factor);
  add_pairs(equal[1], down, of_down, factor);
}

void DensityAverages::add(const DensityAverages& other, double factor) {
  for (std::size_t s = 0; s < 2; ++s) equal[s] += factor * other.equal[s];
  opposite += factor * other.opposite;
}

DensityAverages DensityAverages::with_spins_exchanged() const {
  DensityAverages exchanged = *this;
  std::swap(exchanged.equal[0], exchanged.equal[1]);
  exchanged.opposite.transposeInPlace();
  return exchanged;
}

}  // namespace weiss
