// The continuum that staircases of replica symmetry breaking stand for, solved another way: Parisi's
// equations
//
//     q(x) = int P(x, y) m(x, y)^2 dy,  dm/dx = -(1/2) q' [m'' + 2 (x/T) m m'],  dP/dx = (1/2) q' [P'' - 2
//     (x/T) (m P)']
//
// (H.-J. Sommers, W. Dupont, J. Phys. C 17, 5785 (1984)) iterated to self-consistency on a uniform grid of x,
// q constant between its points, and carried to no spacing from grids of n and 2n. Nothing is optimised, and
// x is no variable: only the evaluation of a given q(x) is shared with the solver.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/cavity/replica_solver.hpp"

namespace weiss {
namespace {

struct Continuum {
  double free_energy = 0, energy = 0;
  std::vector<double> q;  // at the middles of the steps of x
};

Continuum on_grid(const MeanFieldGlass& glass, int heights, const std::vector<double>& start) {
  ReplicaSteps steps;
  for (int i = 0; i < heights; ++i) {
    const double x = (i + 0.5) / heights, place = x * static_cast<double>(start.size()) - 0.5;
    const auto j = std::min(static_cast<std::size_t>(std::max(place, 0.0)), start.size() - 2);
    steps.q.push_back(start[j] + (place - static_cast<double>(j)) * (start[j + 1] - start[j]));
    if (i > 0) steps.mu.push_back(static_cast<double>(i) / heights / glass.temperature);
  }
  ReplicaFreeEnergy at;
  for (int iteration = 0; iteration < 400; ++iteration) {
    double before = 0;
    for (double& each : steps.q) each = before = std::clamp(each, before, 1.0);  // extrapolated, or rounding
    at = replica_free_energy(glass, steps);
    steps.q = at.overlaps;
  }
  return {at.free_energy, replica_energy(glass, steps, at), steps.q};
}

// f of a grid is off by n^-4.
Continuum parisi_continuum(const MeanFieldGlass& glass) {
  const Continuum coarse = on_grid(glass, 16, {0.1, 0.3, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6});
  Continuum fine = on_grid(glass, 32, coarse.q);
  fine.free_energy += (fine.free_energy - coarse.free_energy) / 15;
  fine.energy += (fine.energy - coarse.energy) / 15;
  return fine;
}

struct Solved {
  ReplicaSteps steps;
  double free_energy, energy, error;
};

Solved staircase(const MeanFieldGlass& glass, int k) {
  ReplicaSolver solver(glass, k, 1e-8);
  while (!solver.finished()) solver.iterate();
  const std::vector<double>& ladder = solver.ladder_free_energies();
  return {solver.steps(), ladder.back(), solver.ladder_energies().back(),
          std::fabs(ladder.back() - ladder[ladder.size() - 2]) / 8};
}

// q(x) of a staircase: the line through the middles of its risers.
double overlap_at(const ReplicaSteps& steps, double temperature, double x) {
  const auto riser = [&](std::size_t i) { return temperature * steps.mu[i]; };
  const auto middle = [&](std::size_t i) { return (steps.q[i] + steps.q[i + 1]) / 2; };
  const std::size_t k = steps.mu.size();
  if (x <= riser(0)) return steps.q[0] + (middle(0) - steps.q[0]) * std::max(0.0, 2 * x / riser(0) - 1);
  for (std::size_t i = 0; i + 1 < k; ++i)
    if (x < riser(i + 1))
      return middle(i) + (x - riser(i)) / (riser(i + 1) - riser(i)) * (middle(i + 1) - middle(i));
  return steps.q[k];
}

TEST(ParisiEquation, StaircasesTendToIt) {
  for (const auto& [temperature, field] : {std::pair(0.5, 0.0), std::pair(0.5, 0.3), std::pair(0.3, 0.0)}) {
    const MeanFieldGlass glass{2, temperature, field};
    const Continuum known = parisi_continuum(glass);
    const Solved found = staircase(glass, 16);
    EXPECT_NEAR(found.free_energy, known.free_energy, found.error + 3e-9) << temperature << ' ' << field;
    EXPECT_LT(found.error, 1e-7);
    EXPECT_NEAR(found.energy, known.energy, 1e-7);
    double apart = 0;  // mean over x: where q(x) becomes flat both follow it within a step only
    for (std::size_t i = 1; i < known.q.size(); ++i) {
      const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(known.q.size());
      apart += std::fabs(overlap_at(found.steps, temperature, x) - known.q[i]);
    }
    EXPECT_LT(apart / static_cast<double>(known.q.size()), 1.5e-3) << temperature << ' ' << field;
    EXPECT_NEAR(found.steps.q.back(), known.q.back(), 1e-3);
  }
}

// Known from grids of 64 and 128 heights carried to no spacing, which agree to 1e-12 at T = 0.5 without
// field.
TEST(ParisiEquation, FreeEnergiesOfTheContinuum) {
  const struct {
    double temperature, field;
    int steps;
    double free_energy;
  } known[] = {{0.2, 0, 16, -0.76507331910},
               {0.5, 0, 16, -0.79117757493},
               {0.8, 0, 16, -0.86511450603},
               {0.5, 0.3, 8, -0.83341437107},
               {0.8, 0.1, 8, -0.87002513718}};
  for (const auto& each : known) {
    const Solved found = staircase({2, each.temperature, each.field}, each.steps);
    EXPECT_NEAR(found.free_energy, each.free_energy, found.error + 1e-9)
        << each.temperature << ' ' << each.field;
    EXPECT_LT(found.error, 1e-6);
    EXPECT_NEAR(found.free_energy, each.free_energy, 1e-7) << each.temperature;
  }
}

// With h = 0: chi = (1 - int q dx)/T is 1 below T_c, and the entropy starts as 0.72 T^2.
TEST(ParisiEquation, SusceptibilityAndEntropyOfStaircases) {
  for (const double temperature : {0.1, 0.2}) {
    const MeanFieldGlass glass{2, temperature, 0};
    const Solved found = staircase(glass, 16);
    const ReplicaFreeEnergy at = replica_free_energy(glass, found.steps);
    EXPECT_NEAR(replica_susceptibility(found.steps, at), 1, 2e-3);
    EXPECT_NEAR(replica_entropy(glass, found.steps, at) / (temperature * temperature), 0.715, 0.01);
  }
}

// q(1) = t + t^2 + O(t^3), t = 1 - T.
TEST(ParisiEquation, NearTheTransition) {
  const double t = 0.05;
  const MeanFieldGlass glass{2, 1 - t, 0};
  const Solved found = staircase(glass, 8);
  EXPECT_NEAR(found.steps.q.back() / (t * (1 + t)), 1, 0.03);
}

}  // namespace
}  // namespace weiss
