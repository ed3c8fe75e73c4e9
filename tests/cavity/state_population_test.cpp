// One step of replica symmetry breaking at T > 0: the replica-symmetric limit, reconstruction, derivatives,
// and the zero-temperature surveys.
#include "weiss/cavity/state_population.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace weiss {
namespace {

struct Series {
  StateAverages mean;
  Reweighting reweighting;
};

StateEnsemble ensemble(int spins, std::int64_t degree, double m, bool symmetric) {
  StateEnsemble result;
  result.interactions.spins = spins;
  result.interactions.degrees = regular_degrees(degree);
  result.breaking_point = m;
  result.symmetric = symmetric;
  return result;
}

Series run(const StateEnsemble& ensemble, double beta, std::size_t members, std::size_t states,
           std::uint64_t before, int measurements) {
  StatePopulation population(ensemble, members, states, 3, 1);
  population.start(beta);
  Series series;
  std::uint64_t step = 0;
  for (; step < before; ++step) population.sweep(step, beta);
  for (int n = 0; n < measurements; ++n) {
    for (int i = 0; i < 2; ++i, ++step) series.reweighting = population.sweep(step, beta);
    const StateAverages now = population.measure(step, beta);
    for (double StateAverages::*part :
         {&StateAverages::free_energy, &StateAverages::state_free_energy, &StateAverages::energy,
          &StateAverages::complexity, &StateAverages::inner_overlap, &StateAverages::outer_overlap})
      series.mean.*part += now.*part / measurements;
  }
  return series;
}

// Above the spin glass all states are one.
TEST(StatePopulation, ParamagnetOfPairs) {
  const StateEnsemble pairs = ensemble(2, 3, 0.7, false);
  const double beta = 1 / 1.6;
  const StateAverages found = run(pairs, beta, 100, 256, 60, 4).mean;
  EXPECT_NEAR(found.free_energy, paramagnet_free_energy(pairs.interactions, beta), 1e-5);
  EXPECT_NEAR(found.state_free_energy, found.free_energy, 1e-5);
  EXPECT_NEAR(found.energy, -1.5 * std::tanh(beta), 1e-4);
  EXPECT_NEAR(found.complexity, 0, 1e-5);
  EXPECT_LT(found.inner_overlap, 1e-3);
}

// In a field above it too, where messages differ from member to member.
TEST(StatePopulation, ReplicaSymmetryInAField) {
  StateEnsemble pairs = ensemble(2, 3, 0.5, false);
  pairs.interactions.field = 0.3;
  const double beta = 1 / 1.5;
  const StateAverages found = run(pairs, beta, 2000, 256, 30, 10).mean;
  InteractionPopulation alone(pairs.interactions, 1 << 15, 4, 1);
  alone.start(InteractionPopulation::Start::random, beta);
  InteractionAverages mean;
  for (std::uint64_t step = 0; step < 60; ++step) {
    alone.sweep(step, beta);
    if (step < 30) continue;
    const InteractionAverages now = alone.measure(step + 1, beta);
    mean.free_energy += now.free_energy / 30;
    mean.energy += now.energy / 30;
    mean.overlap += now.overlap / 30;
  }
  EXPECT_NEAR(found.free_energy, mean.free_energy, 2e-3);
  EXPECT_NEAR(found.energy, mean.energy, 3e-3);
  EXPECT_NEAR(found.inner_overlap, mean.overlap, 3e-3);
  EXPECT_NEAR(found.outer_overlap, found.inner_overlap, 1e-4);
  EXPECT_NEAR(found.complexity, 0, 1e-4);
}

// m = 1 by reweighting and by planting. One symmetric member is exact on a regular hypergraph of +-J.
TEST(StatePopulation, ReconstructionAgrees) {
  for (const double T : {0.6, 0.7}) {
    const double beta = 1 / T;
    const StateEnsemble three = ensemble(3, 4, 1, true);
    const Series found = run(three, beta, 1, 16384, 30, 40);
    InteractionEnsemble planted = three.interactions;
    planted.planted = true;
    InteractionPopulation population(planted, 1 << 15, 4, 1);
    population.start(InteractionPopulation::Start::magnetised, beta);
    InteractionAverages mean;
    for (std::uint64_t step = 0; step < 90; ++step) {
      population.sweep(step, beta);
      if (step < 40) continue;
      const InteractionAverages now = population.measure(step + 1, beta);
      mean.free_energy += now.free_energy / 50;
      mean.above_paramagnet += now.above_paramagnet / 50;
      mean.overlap += now.overlap / 50;
    }
    EXPECT_NEAR(found.mean.free_energy, paramagnet_free_energy(planted, beta), 2.5e-3);
    EXPECT_NEAR(found.mean.state_free_energy, mean.free_energy, 1.5e-3);
    EXPECT_NEAR(found.mean.complexity, mean.above_paramagnet, 5e-3);
    EXPECT_NEAR(found.mean.inner_overlap, mean.overlap, 1e-3);
    EXPECT_NEAR(found.mean.outer_overlap, 0, 1e-3);
    EXPECT_GT(found.reweighting.effective, 0.25);
    EXPECT_EQ(found.reweighting.short_of, 0);
  }
}

// The same random numbers at neighbouring m and temperatures.
TEST(StatePopulation, Derivatives) {
  const double m = 0.8, beta = 1 / 0.5;
  const auto at = [](double point, double b) {
    return run(ensemble(3, 4, point, true), b, 1, 32768, 30, 60).mean;
  };
  const StateAverages here = at(m, beta);
  const double d = 0.08, db = 0.15;
  const double slope =
      ((m + d) * at(m + d, beta).free_energy - (m - d) * at(m - d, beta).free_energy) / (2 * d);
  EXPECT_NEAR(here.state_free_energy, slope, 6e-3);
  const double energy =
      ((beta + db) * at(m, beta + db).free_energy - (beta - db) * at(m, beta - db).free_energy) / (2 * db);
  EXPECT_NEAR(here.energy, energy, 1e-2);
  EXPECT_NEAR(here.complexity, beta * m * (here.state_free_energy - here.free_energy), 1e-12);
}

// beta m = y: -1.27174 of the surveys at T = 0, y = 0.6, z = 3.
TEST(StatePopulation, LowTemperaturesOfPairs) {
  const Series found = run(ensemble(2, 3, 0.03, false), 20, 1000, 256, 50, 25);
  EXPECT_NEAR(found.mean.free_energy, -1.2717, 8e-3);
  EXPECT_NEAR(found.mean.complexity, 0, 2e-3);
  EXPECT_GT(found.mean.inner_overlap, 0.9);
  EXPECT_LT(found.mean.outer_overlap, 0.6);
}

TEST(StatePopulation, MirroredStates) {
  StatePopulation population(ensemble(3, 4, 0.5, true), 2, 512, 3, 1);
  population.start(1.6);
  for (std::uint64_t step = 0; step < 3; ++step) population.sweep(step, 1.6);
  const auto* fields = reinterpret_cast<const float*>(population.bytes().data());
  for (std::size_t s = 0; s < 256; ++s) EXPECT_EQ(fields[512 + s], -fields[512 + 256 + s]);
}

}  // namespace
}  // namespace weiss
