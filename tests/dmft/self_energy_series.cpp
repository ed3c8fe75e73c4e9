// The covariance matrix of a measured self-energy, against the scatter of many independent iterations in a
// fixed bath, and its use by maximum entropy.
#include "weiss/dmft/self_energy_series.hpp"

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_impurity.hpp"
#include "weiss/dmft/self_energy_continuation.hpp"

#include "dmft/exact_impurity.hpp"

namespace weiss {
namespace {

constexpr double beta = 8, u = 2, mu = 0.3;
constexpr std::size_t frequencies = 16;
const Bath bath{{-0.6, 0.5}, {0.5, 0.5}};

// As many iterations, which share their configurations but no random numbers.
SelfEnergySeries sampled(int iterations, std::size_t from, std::size_t to) {
  const DiscreteLehmann basis(beta, 8, 1e-10);
  WeissField field{u, mu, 0, {}};
  for (const std::size_t s : {up, down})
    for (const std::int64_t n : basis.frequencies()) {
      Complex sum = 0;
      for (std::size_t p = 0; p < bath.energy.size(); ++p)
        sum += bath.coupling[p] * bath.coupling[p] / Complex(-bath.energy[p], fermionic_frequency(n, beta));
      field.hybridisation[s].push_back(sum);
    }
  SelfEnergySeries series(u, from, to, frequencies);
  SegmentPlan plan;
  plan.streams = 32;
  plan.updates = 2000;
  plan.most_warm_up = 2000;
  std::vector<SegmentConfiguration> configurations;
  for (int i = 0; i < iterations; ++i) {
    plan.iteration = static_cast<std::uint32_t>(i);
    series.add(
        solve_by_segments(field, basis, false, {}, plan, Communicator::world(), configurations).results);
  }
  return series;
}

const SelfEnergySeries& both_spins() {
  static const SelfEnergySeries series = sampled(40, 0, 2);
  return series;
}

TEST(SelfEnergySeries, MeanAndErrorsAreRight) {
  const ExactImpurity exact(beta, {mu + u / 2, mu + u / 2}, {0, u, u, 0}, {bath, bath});
  const SelfEnergySeries& series = both_spins();
  const std::vector<Complex> mean = series.mean();
  const Eigen::MatrixXd covariance = series.covariance();
  ASSERT_EQ(covariance.rows(), 2 * static_cast<Eigen::Index>(frequencies));
  Eigen::VectorXd off(covariance.rows());
  for (std::size_t n = 0; n < frequencies; ++n) {
    const Complex sigma =
        exact.self_energy(0, fermionic_frequency(static_cast<std::int64_t>(n), beta)) - u * exact.density(1);
    const auto row = 2 * static_cast<Eigen::Index>(n);
    off[row] = mean[n].real() - sigma.real();
    off[row + 1] = mean[n].imag() - sigma.imag();
    EXPECT_LT(std::fabs(off[row]), 6 * std::sqrt(covariance(row, row)));
    EXPECT_LT(std::fabs(off[row + 1]), 6 * std::sqrt(covariance(row + 1, row + 1)));
  }
  // chi^2 with all correlations: 32 +- 8, wider where scaled up.
  const double chi_squared = off.dot(covariance.ldlt().solve(off));
  std::printf("chi^2 %.1f of %d\n", chi_squared, static_cast<int>(off.size()));
  EXPECT_LT(chi_squared, 80);
  EXPECT_GT(chi_squared, 5);
}

// The streams' matrix has the size of the scatter of iterations in quadrature, and is of full rank.
TEST(SelfEnergySeries, CovarianceOfStreamsIsThatOfIterations) {
  const SelfEnergySeries& series = both_spins();
  const std::vector<double> errors = series.error();
  const Eigen::MatrixXd covariance = series.covariance();
  double ratio = 0;
  for (std::size_t i = 0; i < errors.size(); ++i)
    ratio += errors[i] * errors[i] / covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)) /
             static_cast<double>(errors.size());
  std::printf("variance of the series over that of the matrix %.3f\n", ratio);
  EXPECT_LT(ratio, 1.5);
  EXPECT_GT(ratio, 0.5);
  EXPECT_GT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(covariance).eigenvalues().minCoeff(), 0);
}

TEST(SelfEnergySeries, OneIterationHasTheErrorsOfItsStreams) {
  const SelfEnergySeries series = sampled(1, 0, 1);
  EXPECT_TRUE(series.covariance().allFinite());
  EXPECT_GT(series.covariance().diagonal().minCoeff(), 0);
}

}  // namespace
}  // namespace weiss
