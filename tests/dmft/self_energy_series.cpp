// The covariance matrix of a measured self-energy, against the scatter of many independent iterations in a
// fixed bath, and its use by maximum entropy.
#include "weiss/dmft/self_energy_series.hpp"

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "weiss/dmft/orbital_impurity.hpp"
#include "weiss/dmft/perturbation.hpp"
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
  SelfEnergySeries series(from, to, frequencies);
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

// Two orbitals: each flavour's constant is the sum over the three others.
TEST(SelfEnergySeries, OfOrbitalsLessTheirHartreePart) {
  const DiscreteLehmann basis(beta, 12, 1e-10);
  const double hund = 0.3;
  const std::array<double, 2> level{0.2, -0.2};
  const std::array<Bath, 2> baths{Bath{{0.0}, {0.5}}, Bath{{-0.4}, {0.6}}};
  WeissField field{u, mu, 0, {}};
  field.orbitals = OrbitalPair{hund, level, false};
  for (const std::size_t a : {0U, 1U})
    for (const double frequency : node_frequencies(basis))
      field.hybridisation[a].push_back(
          DiscreteBath{baths[a].energy, baths[a].coupling}.hybridisation(Complex(0, frequency)));
  const double shift = mu + (3 * u - 5 * hund) / 2;
  const std::vector<double> interaction = hund_interaction(2, u, hund);
  const ExactImpurity exact(beta, {shift - level[0], shift - level[0], shift - level[1], shift - level[1]},
                            interaction, {baths[0], baths[0], baths[1], baths[1]});
  SegmentPlan plan;
  plan.streams = 32;
  plan.updates = 2000;
  plan.most_warm_up = 2000;
  std::vector<SegmentConfiguration> configurations;
  SelfEnergySeries second(2, 4, frequencies);
  for (int i = 0; i < 20; ++i) {
    plan.iteration = static_cast<std::uint32_t>(i);
    second.add(
        solve_orbitals_by_segments(field, basis, false, {}, plan, Communicator::world(), configurations)
            .results);
  }
  double constant = 0;
  for (int b = 0; b < 4; ++b) constant += interaction[static_cast<std::size_t>(8 + b)] * exact.density(b);
  const std::vector<Complex> mean = second.mean();
  const Eigen::MatrixXd covariance = second.covariance();
  for (std::size_t n = 0; n < 6; ++n) {
    const Complex off =
        mean[n] - exact.self_energy(2, fermionic_frequency(static_cast<std::int64_t>(n), beta)) + constant;
    const auto row = 2 * static_cast<Eigen::Index>(n);
    EXPECT_LT(std::fabs(off.real()), 6 * std::sqrt(covariance(row, row)));
    EXPECT_LT(std::fabs(off.imag()), 6 * std::sqrt(covariance(row + 1, row + 1)));
    EXPECT_LT(std::sqrt(covariance(row, row)), 0.1);
  }
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
