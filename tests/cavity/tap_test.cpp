// TAP against the replica-symmetric Sherrington-Kirkpatrick model above the AT line, enumeration at weak
// coupling, and thermodynamic identities.
#include "weiss/cavity/tap.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

namespace weiss {
namespace {

InteractionGraph sherrington_kirkpatrick(std::int64_t sites, double J, double field, std::uint64_t seed) {
  InteractionGraph graph = complete_graph(sites, 2);
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, J / std::sqrt(static_cast<double>(sites)), 0},
                 seed, 0);
  if (field != 0) graph.field.assign(static_cast<std::size_t>(sites), field);
  return graph;
}

TapIteration converged(const InteractionGraph& graph, double beta, double damping = 0) {
  TapIteration tap(graph, beta, damping);
  double residual = 1;
  for (int t = 0; t < 2000 && residual > 1e-14; ++t) residual = tap.step();
  EXPECT_LE(residual, 1e-14);
  return tap;
}

// The mean over a standard normal z, by the trapezoidal rule.
template <class F>
double gaussian_mean(F&& f) {
  double sum = 0;
  const double step = 0.01;
  for (int k = -1000; k <= 1000; ++k) sum += std::exp(-0.5 * k * k * step * step) * f(k * step);
  return sum * step / std::sqrt(2 * std::acos(-1.0));
}

TEST(Tap, IsTheReplicaSymmetricSolutionAboveTheAtLine) {
  const double beta = 0.9, h = 0.4;
  double q = 0.5;
  for (int k = 0; k < 500; ++k)
    q = gaussian_mean([&](double z) { return std::pow(std::tanh(beta * (std::sqrt(q) * z + h)), 2); });
  const double f =
      -0.25 * beta * (1 - q) * (1 - q) -
      gaussian_mean([&](double z) { return std::log(2 * std::cosh(beta * (std::sqrt(q) * z + h))); }) / beta;
  const double at = beta * beta * gaussian_mean([&](double z) {
                      return std::pow(std::cosh(beta * (std::sqrt(q) * z + h)), -4);
                    });
  ASSERT_LT(at, 0.9);
  const int samples = 12;
  double overlap = 0, free_energy = 0, stability = 0;
  for (std::uint64_t seed = 0; seed < samples; ++seed) {
    const TapAverages found = converged(sherrington_kirkpatrick(600, 1, h, seed), beta).averages();
    overlap += found.overlap / 600 / samples;
    free_energy += found.free_energy / 600 / samples;
    stability += found.stability / samples;
  }
  // Samples of 600 spins scatter by about 0.02 and 0.007.
  EXPECT_NEAR(overlap, q, 0.015);
  EXPECT_NEAR(free_energy, f, 0.006);
  EXPECT_NEAR(stability, at, 0.015);
}

// Without field the paramagnet: F = -N T ln 2 - beta/2 sum J^2.
TEST(Tap, ParamagnetWithoutField) {
  const InteractionGraph graph = sherrington_kirkpatrick(100, 1, 0, 3);
  double squares = 0;
  for (const double each : graph.coupling) squares += each * each;
  TapIteration tap(graph, 0.5, 0);
  EXPECT_EQ(tap.step(), 0);
  EXPECT_NEAR(tap.averages().free_energy, -200 * std::log(2.0) - 0.25 * squares, 1e-10);
  EXPECT_NEAR(tap.averages().energy, -0.5 * squares, 1e-10);
}

TEST(Tap, EnergyIsTheDerivativeOfTheFreeEnergy) {
  const InteractionGraph graph = sherrington_kirkpatrick(60, 1, 0.5, 4);
  const auto beta_f = [&](double beta) { return beta * converged(graph, beta, 0.2).averages().free_energy; };
  const double d = 1e-3;
  const double slope =
      (8 * (beta_f(0.7 + d) - beta_f(0.7 - d)) - (beta_f(0.7 + 2 * d) - beta_f(0.7 - 2 * d))) / (12 * d);
  EXPECT_NEAR(converged(graph, 0.7).averages().energy, slope, 1e-8);
}

// The expansion in couplings is right to second order: errors fall as the cube.
TEST(Tap, IsTheSecondOrderOfWeakCouplings) {
  double before = 1;
  for (const double J : {0.4, 0.2, 0.1}) {
    const InteractionGraph graph = sherrington_kirkpatrick(10, J, 0.6, 5);
    double z = 0;
    for (int state = 0; state < 1024; ++state) {
      const auto spin = [&](int i) { return (state >> i & 1) != 0 ? 1.0 : -1.0; };
      double energy = 0;
      for (std::int64_t e = 0; e < graph.interactions(); ++e)
        energy -= graph.coupling[static_cast<std::size_t>(e)] * spin(graph.members_of(e)[0]) *
                  spin(graph.members_of(e)[1]);
      for (int i = 0; i < 10; ++i) energy -= 0.6 * spin(i);
      z += std::exp(-energy);
    }
    const double error = std::fabs(converged(graph, 1).averages().free_energy + std::log(z));
    EXPECT_LT(error, before / 5);
    before = error;
  }
}

}  // namespace
}  // namespace weiss
