// Transitions of fully connected models against the literature and against the solver of k steps.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/cavity/p_spin_transitions.hpp"
#include "weiss/cavity/random_energy.hpp"
#include "weiss/cavity/replica_solver.hpp"
#include "weiss/cavity/spherical_p_spin.hpp"

namespace weiss {
namespace {

TEST(PSpinTransitions, ThreeSpins) {
  const TransitionPoint dynamic = dynamic_transition(3), fixed = static_transition(3),
                        gardner = gardner_transition(3);
  EXPECT_NEAR(dynamic.temperature, 0.68160, 5e-6);
  EXPECT_NEAR(fixed.temperature, 0.65139, 5e-6);
  EXPECT_NEAR(fixed.overlap, 0.8135, 5e-5);
  EXPECT_NEAR(gardner.temperature, 0.2403, 5e-5);
  EXPECT_NEAR(gardner.parameter, 0.3286, 5e-5);
  EXPECT_NEAR(paramagnetic_complexity(3, fixed.temperature), 0, 1e-10);
  EXPECT_GT(paramagnetic_complexity(3, 0.67), 0);
}

// The one-step solution of the solver at T_G is the one that loses its stability there.
TEST(PSpinTransitions, GardnerPointOfTheSolver) {
  const TransitionPoint gardner = gardner_transition(3);
  ReplicaSolver solver({3, gardner.temperature, 0}, 1, 1e-10);
  while (!solver.finished()) solver.iterate();
  EXPECT_NEAR(solver.steps().q[1], gardner.overlap, 1e-8);
  EXPECT_NEAR(solver.steps().mu[0] * gardner.temperature, gardner.parameter, 1e-8);
}

TEST(PSpinTransitions, LargePIsTheRandomEnergyModel) {
  EXPECT_NEAR(static_transition(10).temperature, random_energy_transition(), 2e-4);
}

TEST(AlmeidaThouless, LimitsAndInverse) {
  for (const double t : {0.99, 0.9, 0.5, 0.1})
    EXPECT_NEAR(almeida_thouless_temperature(almeida_thouless_field(t).field), t, 1e-9);
  const double tau = 1e-3;
  EXPECT_NEAR(std::pow(almeida_thouless_field(1 - tau).field, 2) / std::pow(tau, 3), 4.0 / 3, 3e-3);
  const double t = 0.01, h = almeida_thouless_field(t).field;
  EXPECT_NEAR(4.0 / 3 / std::sqrt(2 * std::numbers::pi) * std::exp(-h * h / 2) / t, 1, 2e-3);
}

TEST(SphericalPSpin, ThreeSpins) {
  const SphericalTransitions at = spherical_transitions(3);
  EXPECT_NEAR(at.dynamic_temperature, std::sqrt(3.0 / 8), 1e-12);
  EXPECT_NEAR(at.static_temperature, 0.586054, 5e-7);
  EXPECT_NEAR(at.static_overlap, 0.6450, 5e-5);
  EXPECT_NEAR(at.threshold_energy, -2 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(at.ground_state_energy, -1.171675, 5e-7);
  EXPECT_NEAR(spherical_state(3, 1e-5).energy, at.ground_state_energy, 1e-5);
  EXPECT_GT(spherical_complexity(3, at.threshold_energy), spherical_complexity(3, -1.16));
}

TEST(SphericalPSpin, ThermodynamicsInTwoWays) {
  for (const int p : {3, 5})
    for (const double t : {0.9, 0.5, 0.2}) {
      const double beta = 1 / t, e = 1e-5;
      const auto beta_f = [&](double b) { return b * spherical_state(p, 1 / b).free_energy; };
      EXPECT_NEAR(spherical_state(p, t).energy, (beta_f(beta + e) - beta_f(beta - e)) / (2 * e), 1e-8);
    }
}

// The complexity of the statics: at T -> 0 it ends with slope m/T at the ground state.
TEST(SphericalPSpin, SlopeOfTheComplexity) {
  const double ground = spherical_transitions(3).ground_state_energy, e = 1e-6;
  const double slope = (spherical_complexity(3, ground + e) - spherical_complexity(3, ground - e)) / (2 * e);
  EXPECT_NEAR(slope, spherical_state(3, 1e-5).parameter / 1e-5, 1e-3);
}

TEST(RandomEnergy, ClassicalAndQuantum) {
  EXPECT_NEAR(random_energy_transition(), 0.600561, 5e-7);
  EXPECT_NEAR(random_energy_ground_state(), -0.832555, 5e-7);
  EXPECT_NEAR(critical_transverse_field(0), std::sqrt(std::numbers::ln2), 1e-12);
  EXPECT_NEAR(critical_transverse_field(0.3), 0.83138, 5e-6);
  EXPECT_NEAR(critical_transverse_field(random_energy_transition()), 0.79091, 5e-6);
  EXPECT_NEAR(critical_transverse_field(0.8), 0.75391, 5e-6);
  EXPECT_NEAR(critical_transverse_field(1), 0.73690, 5e-6);
  EXPECT_FALSE(random_energy_state(0.8, 0.7538).quantum);
  EXPECT_TRUE(random_energy_state(0.8, 0.7540).quantum);
}

TEST(RandomEnergy, ThermodynamicsInTwoWays) {
  for (const double field : {0.0, 0.5, 1.5})
    for (const double t : {0.9, 0.4}) {
      const double beta = 1 / t, e = 1e-5;
      const auto beta_f = [&](double b) { return b * random_energy_state(1 / b, field).free_energy; };
      const RandomEnergyState at = random_energy_state(t, field);
      EXPECT_NEAR(at.energy, (beta_f(beta + e) - beta_f(beta - e)) / (2 * e), 1e-8);
      EXPECT_NEAR(
          at.transverse_magnetization,
          -(random_energy_state(t, field + e).free_energy - random_energy_state(t, field).free_energy) / e,
          1e-4);
    }
}

}  // namespace
}  // namespace weiss
