// Replica symmetry breaking in k steps: derivatives, limits in closed form, numbers of the literature, and
// every thermodynamic quantity in two ways.
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <tuple>

#include <gtest/gtest.h>

#include "weiss/cavity/p_spin_transitions.hpp"
#include "weiss/cavity/random_energy.hpp"
#include "weiss/cavity/replica_solver.hpp"
#include "weiss/statistics/root.hpp"

namespace weiss {
namespace {

struct Solved {
  ReplicaSteps steps;
  ReplicaFreeEnergy at;
  bool converged;
  std::vector<double> ladder;
};

Solved solve(const MeanFieldGlass& glass, std::int64_t k, double tolerance = 1e-9) {
  ReplicaSolver solver(glass, k, tolerance);
  for (int i = 0; i < 5000 && !solver.finished(); ++i) solver.iterate();
  const ReplicaSteps steps = solver.steps();
  return {steps, replica_free_energy(glass, steps), solver.converged(), solver.ladder_free_energies()};
}

// An arbitrary staircase, far from stationary.
ReplicaSteps some_steps(double temperature) {
  if (temperature == 0) return {{0.25, 0.7, 0.94, 1}, {0.626, 1.493, 4.377}};
  return {{0.2, 0.5, 0.7}, {0.3, 0.9}};
}

const std::vector<MeanFieldGlass> glasses{{2, 0.5, 0.1}, {3, 0.3, 0}, {2, 0, 0.2}, {2, 0.05, 0}, {4, 0, 0.3}};

TEST(ReplicaSteps, SlopesAreDerivatives) {
  constexpr double e = 1e-5;
  for (const MeanFieldGlass& glass : glasses) {
    const ReplicaSteps steps = some_steps(glass.temperature);
    const ReplicaFreeEnergy at = replica_free_energy(glass, steps);
    const auto slope = [&](auto&& shifted) {
      return (replica_free_energy(glass, shifted(-e)).free_energy -
              replica_free_energy(glass, shifted(e)).free_energy) /
             (2 * e);
    };
    const std::size_t free_heights = steps.q.size() - (glass.temperature == 0 ? 1 : 0);
    for (std::size_t i = 0; i < free_heights; ++i)
      EXPECT_NEAR(at.slope_q[i], slope([&](double by) {
                    ReplicaSteps other = steps;
                    other.q[i] += by;
                    return other;
                  }),
                  1e-8 + 1e-8 * std::fabs(at.slope_q[i]))
          << "q" << i << " T=" << glass.temperature;
    for (std::size_t i = 0; i < steps.mu.size(); ++i)
      EXPECT_NEAR(at.slope_mu[i], slope([&](double by) {
                    ReplicaSteps other = steps;
                    other.mu[i] += by;
                    return other;
                  }),
                  1e-8)
          << "mu" << i << " T=" << glass.temperature;
  }
}

TEST(ReplicaSteps, MagnetizationIsMinusDerivativeByField) {
  for (MeanFieldGlass glass : glasses) {
    const ReplicaSteps steps = some_steps(glass.temperature);
    const double m = replica_free_energy(glass, steps).magnetization, h = glass.field;
    const auto f = [&](double field) {
      glass.field = field;
      return replica_free_energy(glass, steps).free_energy;
    };
    EXPECT_NEAR(m, -(f(h + 1e-4) - f(h - 1e-4)) / 2e-4, 1e-8) << glass.temperature;
  }
}

TEST(ReplicaSteps, GridsAgree) {
  for (const MeanFieldGlass& glass : glasses) {
    const ReplicaSteps steps = some_steps(glass.temperature);
    EXPECT_NEAR(replica_free_energy(glass, steps).free_energy,
                replica_free_energy(glass, steps, {0.04, 2}).free_energy, 1e-13);
  }
}

// Steps without width change nothing, whatever mu is there.
TEST(ReplicaSteps, EqualHeightsAreReplicaSymmetric) {
  for (const double t : {0.3, 0.8, 1.5}) {
    const MeanFieldGlass glass{2, t, 0.2};
    const double symmetric = replica_free_energy(glass, {{0.4}, {}}).free_energy;
    EXPECT_NEAR(replica_free_energy(glass, {{0.4, 0.4, 0.4}, {0.5, 0.6}}).free_energy, symmetric, 1e-10) << t;
    // The replica-symmetric formula of Sherrington and Kirkpatrick.
    const double logs = gaussian_average(
        [&](double z) { return std::log(2 * std::cosh((0.2 + std::sqrt(0.4) * z) / t)); }, 0.02);
    EXPECT_NEAR(symmetric, -0.6 * 0.6 / (4 * t) - t * logs, 1e-12) << t;
  }
}

// mu = 1/T is another name for no step.
TEST(ReplicaSteps, LastParameterOneIsNoStep) {
  const MeanFieldGlass glass{3, 0.6, 0.1};
  EXPECT_NEAR(replica_free_energy(glass, {{0.3, 0.7}, {1 / 0.6}}).free_energy,
              replica_free_energy(glass, {{0.3}, {}}).free_energy, 1e-12);
}

TEST(ReplicaSteps, ZeroTemperatureIsTheLimit) {
  const ReplicaSteps at_zero{{0.3, 0.8, 1}, {0.7, 2.0}};
  const MeanFieldGlass zero{2, 0, 0.3};
  const ReplicaFreeEnergy there = replica_free_energy(zero, at_zero);
  const double t = 1e-3;
  ReplicaSteps near = at_zero;
  near.q.back() = 1 - there.susceptibility * t;
  const ReplicaFreeEnergy here = replica_free_energy({2, t, 0.3}, near);
  EXPECT_NEAR(here.free_energy, there.free_energy - t * replica_entropy(zero, at_zero, there), 3e-6);
  EXPECT_NEAR(here.magnetization, there.magnetization, 1e-4);
  EXPECT_NEAR(here.susceptibility, there.susceptibility, 2e-3);
}

TEST(ReplicaSteps, DisorderIsRefused) {
  EXPECT_THROW(replica_free_energy({2, 0.5, 0}, {{0.5, 0.4}, {0.5}}), std::invalid_argument);
  EXPECT_THROW(replica_free_energy({2, 0.5, 0}, {{0.3, 0.4, 0.5}, {0.5, 0.4}}), std::invalid_argument);
  EXPECT_THROW(replica_free_energy({2, 0, 0}, {{0.3, 0.4}, {0.5}}), std::invalid_argument);
}

TEST(ReplicaSolver, GroundStateLadderOfSherringtonKirkpatrick) {
  const MeanFieldGlass glass{2, 0, 0};
  const std::vector<std::pair<std::int64_t, double>> ladder{
      {0, -std::sqrt(2 / std::numbers::pi)}, {1, -0.765259}, {2, -0.763608}, {3, -0.763314}};
  for (const auto& [k, energy] : ladder) {
    const Solved found = solve(glass, k);
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.at.free_energy, energy, 1e-6) << k;
    EXPECT_NEAR(replica_energy(glass, found.steps, found.at), found.at.free_energy, 1e-9) << k;
  }
  const Solved one = solve(glass, 1);
  EXPECT_NEAR(one.steps.mu[0], 1.3608, 1e-4);
  EXPECT_NEAR(one.steps.q[0], 0.4768, 1e-4);
  EXPECT_NEAR(replica_entropy(glass, {{1}, {}}, solve(glass, 0).at), -1 / (2 * std::numbers::pi), 1e-12);
}

TEST(ReplicaSolver, FullGroundStateOfSherringtonKirkpatrick) {
  const MeanFieldGlass glass{2, 0, 0};
  const Solved found = solve(glass, 20);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.at.free_energy, -0.7631667265, 5e-7);
  // The ladder ends 5, 10, 20; the error falls about as k^-3.7.
  const double last = found.ladder[found.ladder.size() - 1], before = found.ladder[found.ladder.size() - 2];
  EXPECT_NEAR(last + (last - before) / 12, -0.7631667265, 3e-8);
  EXPECT_NEAR(replica_energy(glass, found.steps, found.at), found.at.free_energy, 1e-8);
  EXPECT_NEAR(replica_entropy(glass, found.steps, found.at), 0, 1e-5);
  EXPECT_NEAR(replica_susceptibility(found.steps, found.at), 1, 1e-3);
}

TEST(ReplicaSolver, ThermodynamicsInTwoWays) {
  for (const auto& [p, t, h, k] : std::vector<std::tuple<int, double, double, int>>{
           {2, 0.5, 0, 6}, {2, 0.2, 0.4, 4}, {2, 0.05, 0, 3}, {3, 0.5, 0, 1}, {3, 0.15, 0, 3}}) {
    const MeanFieldGlass glass{p, t, h};
    const Solved found = solve(glass, k);
    EXPECT_TRUE(found.converged) << p << " " << t;
    EXPECT_NEAR(replica_energy(glass, found.steps, found.at), energy_from_free_energy(glass, found.steps),
                2e-9)
        << p << " " << t;
    for (std::size_t i = 0; i < found.steps.q.size(); ++i)
      EXPECT_NEAR(found.at.overlaps[i], found.steps.q[i], 1e-7) << p << " " << t << " " << i;
  }
}

// Parisi: dm/dh = 1 everywhere below T_c.
TEST(ReplicaSolver, SusceptibilityIsOneBelowTheTransition) {
  for (const double t : {0.3, 0.5, 0.8}) {
    const Solved found = solve({2, t, 0}, 8);
    EXPECT_NEAR(replica_susceptibility(found.steps, found.at), 1, 2e-3) << t;
  }
}

TEST(ReplicaSolver, HighTemperatureIsTheParamagnet) {
  for (const int p : {2, 3}) {
    const double t = 1.3;
    const Solved found = solve({p, t, 0}, 2);
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.at.free_energy, -t * std::numbers::ln2 - 1 / (4 * t), 1e-13) << p;
    EXPECT_EQ(found.steps.q, std::vector<double>(3)) << p;
  }
}

// Outside the line of Almeida and Thouless steps gain nothing, inside they do.
TEST(ReplicaSolver, StepsGainNothingOutsideTheInstability) {
  const double gain_outside = solve({2, 0.5, 0.7}, 1).at.free_energy - solve({2, 0.5, 0.7}, 0).at.free_energy;
  const double gain_inside = solve({2, 0.5, 0.3}, 1).at.free_energy - solve({2, 0.5, 0.3}, 0).at.free_energy;
  EXPECT_NEAR(gain_outside, 0, 1e-9);
  EXPECT_GT(gain_inside, 1e-5);
}

TEST(ReplicaSolver, LargePIsTheRandomEnergyModel) {
  double before = 1;
  for (const int p : {4, 8, 16}) {
    const double distance =
        std::fabs(solve({p, 0.3, 0}, 1).at.free_energy - random_energy_state(0.3).free_energy);
    EXPECT_LT(distance, before / 3) << p;
    before = distance;
  }
  EXPECT_LT(before, 1e-5);
}

// Just below T_K the glass and the paramagnet are close in free energy, and both are stationary.
TEST(ReplicaSolver, GlassIsFoundJustBelowTheStaticTransition) {
  for (const int p : {3, 4})
    for (const double part : {0.5, 0.9, 0.99, 0.999}) {
      const double t = part * static_transition(p).temperature;
      const Solved found = solve({p, t, 0}, 1);
      const TransitionPoint known = one_step_state(p, t);
      EXPECT_NEAR(found.steps.q[1], known.overlap, 1e-6) << p << " " << t;
      EXPECT_NEAR(found.steps.mu[0] * t, known.parameter, 1e-6) << p << " " << t;
      EXPECT_GT(found.at.free_energy, -t * std::numbers::ln2 - 1 / (4 * t)) << p << " " << t;
    }
}

TEST(ReplicaSolver, ThreeSpinGroundState) {
  const Solved one = solve({3, 0, 0}, 1);
  EXPECT_NEAR(one.at.free_energy, -0.813535, 1e-6);
  EXPECT_NEAR(one.steps.mu[0], 1.3836, 1e-4);
  EXPECT_GT(solve({3, 0, 0}, 2).at.free_energy,
            one.at.free_energy + 3e-4);  // below T_G one step is not enough
}

}  // namespace
}  // namespace weiss
