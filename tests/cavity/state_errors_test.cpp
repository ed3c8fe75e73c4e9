// One step of replica symmetry breaking at T > 0, each difference within its own error from populations that
// are independent: where there is one state, of pairs and three spins on Poisson graphs, derivatives in the
// glass of pairs, the limit T = 0.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/state_population.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

using Part = double StateAverages::*;
constexpr Part parts[] = {&StateAverages::free_energy,   &StateAverages::state_free_energy,
                          &StateAverages::energy,        &StateAverages::complexity,
                          &StateAverages::inner_overlap, &StateAverages::outer_overlap};

StateEnsemble ensemble(DegreeLaw degrees, int spins, double m, double field = 0) {
  StateEnsemble result;
  result.interactions.degrees = std::move(degrees);
  result.interactions.spins = spins;
  result.interactions.field = field;
  result.breaking_point = m;
  return result;
}

struct Summary {
  StateAverages mean;
  std::vector<StateAverages> blocks;  // means of populations
  double error(Part part) const {
    std::vector<double> values;
    for (const StateAverages& block : blocks) values.push_back(block.*part);
    return standard_error(values);
  }
};

// Means of four populations over every second of `measured` generations after `settling`.
Summary run(const StateEnsemble& ensemble, double beta, std::size_t members, std::size_t states,
            std::uint64_t settling, std::uint64_t measured) {
  constexpr std::uint64_t populations = 4;
  Summary summary;
  for (std::uint64_t p = 0; p < populations; ++p) {
    StatePopulation population(ensemble, members, states, 1, p);
    population.start(beta);
    StateAverages block;
    for (std::uint64_t step = 0; step < settling + measured; ++step) {
      population.sweep(step, beta);
      if (step < settling || step % 2 != 0) continue;
      const StateAverages now = population.measure(step + 1, beta);
      for (const Part part : parts) block.*part += now.*part * 2 / static_cast<double>(measured);
    }
    summary.blocks.push_back(block);
    for (const Part part : parts) summary.mean.*part += block.*part / populations;
  }
  return summary;
}

// In a field above the instability: the replica-symmetric solution, of pairs and of three spins.
TEST(StatePopulationErrors, ReplicaSymmetricWhereThatIsStable) {
  for (const int spins : {2, 3}) {
    const StateEnsemble glass = ensemble(poisson_degrees(2.0), spins, 0.6, 0.5);
    const double beta = 0.8;
    const Summary found = run(glass, beta, 512, 256, 24, 12);
    double free_energy = 0, energy = 0, overlap = 0;
    InteractionPopulation symmetric(glass.interactions, 1 << 15, 9, 9);
    symmetric.start(InteractionPopulation::Start::random, beta);
    for (std::uint64_t step = 0; step < 60; ++step) {
      symmetric.sweep(step, beta);
      if (step < 30) continue;
      const InteractionAverages now = symmetric.measure(step + 1, beta);
      free_energy += now.free_energy / 30;
      energy += now.energy / 30;
      overlap += now.overlap / 30;
    }
    EXPECT_NEAR(found.mean.inner_overlap, found.mean.outer_overlap, 1e-5);
    EXPECT_NEAR(found.mean.complexity, 0, 1e-5);
    EXPECT_NEAR(found.mean.free_energy, free_energy, 5 * found.error(&StateAverages::free_energy));
    EXPECT_NEAR(found.mean.energy, energy, 5 * found.error(&StateAverages::energy));
    EXPECT_NEAR(found.mean.inner_overlap, overlap, 5 * found.error(&StateAverages::inner_overlap));
    EXPECT_LT(found.error(&StateAverages::free_energy), 1e-2);
    EXPECT_LT(found.error(&StateAverages::inner_overlap), 1e-2);
    EXPECT_GT(overlap, 0.1);
  }
}

// In the glass, factorised: d(m phi)/dm = f_state and d(beta phi)/d beta = e, with the same random numbers on
// both sides.
TEST(StatePopulationErrors, DerivativesOfTheFreeEnergy) {
  const double beta = 2, m = 0.4, h_m = 0.04, h_beta = 0.05;
  const auto at = [&](double inverse, double breaking) {
    StateEnsemble glass = ensemble(regular_degrees(3), 2, breaking);
    glass.symmetric = true;
    return run(glass, inverse, 1, 8192, 40, 120);
  };
  const Summary here = at(beta, m), less_m = at(beta, m - h_m), more_m = at(beta, m + h_m),
                warmer = at(beta - h_beta, m), colder = at(beta + h_beta, m);
  std::vector<double> states, energies;
  for (std::size_t p = 0; p < 4; ++p) {
    states.push_back(((m + h_m) * more_m.blocks[p].free_energy - (m - h_m) * less_m.blocks[p].free_energy) /
                         (2 * h_m) -
                     here.blocks[p].state_free_energy);
    energies.push_back(
        ((beta + h_beta) * colder.blocks[p].free_energy - (beta - h_beta) * warmer.blocks[p].free_energy) /
            (2 * h_beta) -
        here.blocks[p].energy);
  }
  const auto mean = [](const std::vector<double>& x) { return (x[0] + x[1] + x[2] + x[3]) / 4; };
  // Third derivatives leave less than 5e-4.
  EXPECT_NEAR(mean(states), 0, 5 * standard_error(states) + 5e-4);
  EXPECT_NEAR(mean(energies), 0, 5 * standard_error(energies) + 5e-4);
  EXPECT_LT(standard_error(states), 3e-3);
  EXPECT_LT(standard_error(energies), 3e-3);
  // The glass it is: states with a free energy of their own.
  EXPECT_LT(here.mean.state_free_energy, here.mean.free_energy - 0.01);
  EXPECT_GT(here.mean.inner_overlap, 0.5);
  EXPECT_NEAR(here.mean.complexity, beta * m * (here.mean.state_free_energy - here.mean.free_energy), 1e-9);
}

// Close to T = 0 at beta m = y = 0.6: the factorised solution of integer fields, -1.27348 and -0.00467
// (algorithm.solution = factorised of inputs/cavity/one-step-z3.ini at y = 0.6), next to which the one of
// fields between integers lies.
TEST(StatePopulationErrors, TowardsZeroTemperature) {
  StateEnsemble glass = ensemble(regular_degrees(3), 2, 0.012);
  glass.symmetric = true;
  const Summary found = run(glass, 50, 1, 4096, 60, 200);
  EXPECT_NEAR(found.mean.free_energy, -1.27348, 5 * found.error(&StateAverages::free_energy) + 5e-4);
  EXPECT_NEAR(found.mean.complexity, -0.00467, 3e-4);
  EXPECT_LT(found.error(&StateAverages::free_energy), 1e-3);
}

}  // namespace
}  // namespace weiss
