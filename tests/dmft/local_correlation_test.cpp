// Local susceptibilities against derivatives with respect to fields, against an independent diagonalisation,
// and those that the segment picture samples.
#include "weiss/dmft/local_correlation.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "weiss/dmft/full_diagonalisation.hpp"

#include "clusters.hpp"
#include "dmft/segment_cases.hpp"

namespace weiss {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

ImpurityOrbital magnetic_impurity(int bath_sites) {
  ImpurityOrbital orbital = paramagnetic_orbital(0.2, symmetric_bath(bath_sites));
  orbital.level[1] -= 0.3;
  for (double& e : orbital.bath[1].energy) e = 0.9 * e + 0.05;
  return orbital;
}

// <S_z> and <n> of the impurity in the fields of S_z and n.
std::array<double, 2> response(ImpurityOrbital orbital, double U, double beta, double h_spin,
                               double h_charge) {
  orbital.level[0] -= h_charge + h_spin / 2;
  orbital.level[1] -= h_charge - h_spin / 2;
  const DensityAverages found = FullDiagonalisation(anderson_cluster(orbital, U)).averages(beta).densities;
  const double n_up = found.density(0, Spin::up), n_down = found.density(0, Spin::down);
  return {(n_up - n_down) / 2, n_up + n_down};
}

TEST(LocalCorrelation, SusceptibilitiesAreDerivatives) {
  constexpr double step = 1e-4, U = 2;
  for (const double beta : {0.5, 8.0})
    for (const ImpurityOrbital& orbital :
         {magnetic_impurity(3), paramagnetic_orbital(0, symmetric_bath(3))}) {
      const LocalCorrelations found = local_correlations(orbital, U, beta);
      const double spin =
          (response(orbital, U, beta, step, 0)[0] - response(orbital, U, beta, -step, 0)[0]) / (2 * step);
      const double charge =
          (response(orbital, U, beta, 0, step)[1] - response(orbital, U, beta, 0, -step)[1]) / (2 * step);
      EXPECT_NEAR(static_susceptibility(found.spin, beta), spin, 1e-6);
      EXPECT_NEAR(static_susceptibility(found.charge, beta), charge, 1e-6);
    }
}

TEST(LocalCorrelation, LanczosGoesOnWhereFullDiagonalisationEnds) {
  // Six sites are diagonalised wholly, seven are not: with one more bath site that is hardly coupled nothing
  // changes.
  ImpurityOrbital small = magnetic_impurity(5), large = small;
  for (DiscreteBath& bath : large.bath) {
    bath.energy.push_back(1.5);
    bath.coupling.push_back(1e-7);
  }
  const double beta = 20;
  const LocalCorrelations whole = local_correlations(small, 2, beta),
                          low = local_correlations(large, 2, beta);
  EXPECT_NEAR(static_susceptibility(low.spin, beta), static_susceptibility(whole.spin, beta), 1e-6);
  EXPECT_NEAR(static_susceptibility(low.charge, beta), static_susceptibility(whole.charge, beta), 1e-6);
  for (const double tau : {0.0, 0.7, 10.0}) {
    EXPECT_NEAR(low.spin.imaginary_time(tau, beta), whole.spin.imaginary_time(tau, beta), 1e-7);
    EXPECT_NEAR(low.charge.imaginary_time(tau, beta), whole.charge.imaginary_time(tau, beta), 1e-7);
  }
}

TEST(LocalCorrelation, TheGroundStateOfASingletHasFiniteOnes) {
  // Two sites, U at the impurity: particle-hole symmetric, a singlet.
  const ImpurityOrbital orbital = paramagnetic_orbital(0, {{0.0}, {0.5}});
  const LocalCorrelations ground = local_correlations(orbital, 2, infinity);
  const LocalCorrelations cold = local_correlations(orbital, 2, 400);
  EXPECT_NEAR(static_susceptibility(ground.spin, infinity), static_susceptibility(cold.spin, 400), 1e-9);
  EXPECT_NEAR(static_susceptibility(ground.charge, infinity), static_susceptibility(cold.charge, 400), 1e-9);
  EXPECT_NEAR(ground.spin.imaginary_time(0.5, infinity), cold.spin.imaginary_time(0.5, 400), 1e-9);
  // A spin without a bath keeps its moment, and no charge moves.
  const LocalCorrelations spin = local_correlations(paramagnetic_orbital(0, {{2.0}, {0.0}}), 2, infinity);
  EXPECT_TRUE(std::isinf(static_susceptibility(spin.spin, infinity)));
  EXPECT_NEAR(static_susceptibility(spin.charge, infinity), 0, 1e-9);
}

TEST(LocalCorrelation, SegmentsSampleTheSame) {
  ZScores z;
  std::uint64_t task = 900;
  for (const Case& c : cases()) {
    const SegmentProblem problem = c.exact.problem();
    const double beta = problem.beta;
    const SegmentResults results = run_chains(problem, {}, task++, 40, 40000);
    for (const LocalDensity which : {LocalDensity::spin, LocalDensity::charge}) {
      const auto weight = [&](int a) {
        return which == LocalDensity::charge ? 1.0 : a % 2 == 0 ? 0.5 : -0.5;
      };
      double mean = 0;
      for (int a = 0; a < c.exact.flavours(); ++a) mean += weight(a) * c.exact.density(a);
      const auto exact = [&](double tau) {
        double sum = -mean * mean;
        for (int a = 0; a < c.exact.flavours(); ++a)
          for (int b = 0; b < c.exact.flavours(); ++b)
            sum += weight(a) * weight(b) * c.exact.density_correlation(a, b, tau);
        return sum;
      };
      const std::string name = std::string(c.name) + (which == LocalDensity::spin ? " spin" : " charge");
      const Estimates correlation = results.connected_correlation(which);
      for (const int r : {0, 5, 128}) z.compare(name, correlation, r, exact(beta * r / density_points));
      double integral = 0;  // Simpson's rule over half the period
      constexpr int steps = 200;
      for (int i = 0; i <= steps; ++i)
        integral += (i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4) * exact(beta / 2 * i / steps);
      z.compare(name + " susceptibility", results.static_susceptibility(which), 0,
                integral * beta / steps / 3);
    }
  }
  EXPECT_LT(z.mean_square(), 1.5) << z.count();
  EXPECT_GT(z.mean_square(), 0.6) << z.count();
}

}  // namespace
}  // namespace weiss
