// The transfer operator of the Anderson model on the Bethe lattice: grid and populations against each other,
// published transitions, and the limit of strong disorder.
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/cavity/transfer_grid.hpp"
#include "weiss/cavity/transfer_population.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

ResolventEnsemble lattice(std::size_t z, double width, double energy) {
  ResolventEnsemble ensemble;
  ensemble.neighbours = z;
  ensemble.disorder_width = width;
  ensemble.energy = energy;
  return ensemble;
}

TEST(TransferOperator, PopulationsAgainstTheGrid) {
  for (const ResolventEnsemble& ensemble :
       {lattice(3, 6, 0), lattice(3, 18.17, 0), lattice(3, 15, 3), lattice(4, 30, 1), lattice(3, 60, 0)}) {
    TransferPopulation population(ensemble, 1 << 14, 3, 1);
    std::uint64_t step = 0;
    for (; step < 40; ++step) population.sweep(step, ensemble.disorder_width);
    std::vector<double> blocks(16);
    for (double& block : blocks)
      for (int i = 0; i < 8; ++i) block += population.sweep(step++, ensemble.disorder_width) / 8;
    double mean = 0;
    for (const double block : blocks) mean += block / 16;
    const TransferEigenvalue fine = transfer_eigenvalue(ensemble, 0.04);
    const TransferEigenvalue coarse = transfer_eigenvalue(ensemble, 0.08);
    EXPECT_LT(fine.residual, 1e-11);
    EXPECT_NEAR(mean, fine.eigenvalue,
                5 * standard_error(blocks) + std::fabs(fine.eigenvalue - coarse.eigenvalue));
    EXPECT_LT(standard_error(blocks), 2e-3);
    EXPECT_LT(std::fabs(fine.eigenvalue - coarse.eigenvalue), 4e-3);
  }
}

// 18.17(1) at z = 3: K. S. Tikhonov, A. D. Mirlin, Phys. Rev. B 99, 214202 (2019); G. Parisi et al., J. Phys.
// A 53, 014003 (2020).
TEST(TransferOperator, PublishedTransition) {
  const LocalisationTransition found = localisation_transition(lattice(3, 8, 0), 0.04);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.disorder_width, 18.17, 0.01 + found.error);
  EXPECT_LT(found.error, 0.02);
  EXPECT_NEAR(found.eigenvalue, 1, 1e-8);
  // From above the same root.
  EXPECT_NEAR(localisation_transition(lattice(3, 25, 0), 0.04).disorder_width, found.disorder_width, 1e-6);
}

TEST(TransferOperator, NoTransitionIsSaid) {
  EXPECT_FALSE(localisation_transition(lattice(3, 1, 300), 0.08).converged);
}

// lambda -> 4 K (t/W) ln(W/2t), from int dx/(W |x|) over 2 t^2/W < |x| < W/2; and it stays below the
// 2 e K (t/W) ln(W/2t) of the upper limit of Abou-Chacra, Anderson and Thouless.
TEST(TransferOperator, StrongDisorder) {
  double last = 1;
  for (const double width : {100.0, 1e3, 1e4}) {
    const double scale = 2 / width * std::log(width / 2);
    const double ratio = transfer_eigenvalue(lattice(3, width, 0), 0.08).eigenvalue / (4 * scale);
    EXPECT_LT(ratio, std::numbers::e / 2);
    EXPECT_LT(std::fabs(ratio - 1), last);
    last = std::fabs(ratio - 1);
  }
  EXPECT_LT(last, 0.12);
}

TEST(TransferOperator, UnitOfEnergy) {
  ResolventEnsemble two = lattice(3, 20, 2);
  two.hopping = 2;
  const double one = transfer_eigenvalue(lattice(3, 10, 1), 0.08).eigenvalue;
  EXPECT_NEAR(transfer_eigenvalue(two, 0.08).eigenvalue, one, 1e-11);
  TransferPopulation first(lattice(3, 10, 1), 512, 1, 1), second(two, 512, 1, 1);
  for (std::uint64_t t = 0; t < 5; ++t) EXPECT_NEAR(first.sweep(t, 10), second.sweep(t, 20), 1e-11);
}

}  // namespace
}  // namespace weiss
