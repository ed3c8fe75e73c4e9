// Populations of surveys against factorised states, replica-symmetric populations and thermodynamic
// identities.
#include "weiss/cavity/survey_population.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/integer_fields.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

struct Block {
  double free_energy = 0, energy = 0, polarisation = 0, zero = 0;
};

// Blocks of 20 generations measured every second one, after `warm` generations.
std::vector<Block> run(const SurveyEnsemble& ensemble, std::size_t members, std::uint64_t warm, int blocks) {
  SurveyPopulation population(ensemble, members, 3, 1);
  population.start();
  std::uint64_t step = 0;
  for (; step < warm; ++step) population.sweep(step);
  std::vector<Block> all(static_cast<std::size_t>(blocks));
  for (Block& block : all)
    for (int i = 0; i < 10; ++i) {
      population.sweep(step++);
      population.sweep(step++);
      const SurveyAverages now = population.measure(step);
      block.free_energy += now.free_energy / 10;
      block.energy += now.energy / 10;
      block.polarisation += now.polarisation / 10;
      block.zero += now.zero_message / 10;
    }
  return all;
}

template <class F>
std::pair<double, double> mean_and_error(const std::vector<Block>& blocks, F&& f) {
  std::vector<double> values;
  double sum = 0;
  for (const Block& block : blocks) sum += values.emplace_back(f(block));
  return {sum / static_cast<double>(values.size()), standard_error(values)};
}

// The published ground state -1.2717 of three neighbours: Phi(0.7) = -1.27171(4).
TEST(SurveyPopulation, GroundStateOfThreeNeighbours) {
  const auto blocks = run({regular_degrees(3), 0.5, 0, 0.7}, 256 * 320, 200, 30);
  const auto [phi, error] = mean_and_error(blocks, [](const Block& b) { return b.free_energy; });
  EXPECT_NEAR(phi, -1.2717, 2e-4) << error;     // the factorised state, -1.27231 at best, is outside
  EXPECT_LT(error, 2e-4);                       // three of them between the two
  EXPECT_GT(blocks.front().polarisation, 0.1);  // no longer factorised
}

// y to 0 is the replica-symmetric population: Phi = e = -23/18, Q(0) = 1/3.
TEST(SurveyPopulation, SmallReweightingIsReplicaSymmetric) {
  const auto blocks = run({regular_degrees(3), 0.5, 0, 0.01}, 256 * 80, 100, 10);
  const auto [phi, error] = mean_and_error(blocks, [](const Block& b) { return b.free_energy; });
  EXPECT_NEAR(phi, -23.0 / 18, 6 * error + 1e-3);
  EXPECT_LT(error, 3e-3);
  const auto [zero, zero_error] = mean_and_error(blocks, [](const Block& b) { return b.zero; });
  EXPECT_NEAR(zero, 1.0 / 3, 6 * zero_error + 5e-3);
}

// A forest satisfies every bond, and no message has a sign.
TEST(SurveyPopulation, ForestHasNoFields) {
  const auto blocks = run({poisson_degrees(0.5), 0.5, 0, 1}, 2560, 60, 2);
  EXPECT_NEAR(blocks.back().free_energy, -0.25, 1e-6);
  EXPECT_NEAR(blocks.back().energy, -0.25, 1e-6);
  EXPECT_NEAR(blocks.back().zero, 1, 1e-6);
}

// e = d(y Phi)/dy, where one side is an average at fixed surveys and the other a difference between
// solutions.
TEST(SurveyPopulation, EnergyIsTheSlopeOfTheFreeEnergy) {
  for (const DegreeLaw& degrees : {regular_degrees(3), poisson_degrees(3)}) {
    const double y = 0.8, step = 0.2;
    const auto low = run({degrees, 0.5, 0, y - step}, 256 * 80, 150, 12);
    const auto middle = run({degrees, 0.5, 0, y}, 256 * 80, 150, 12);
    const auto high = run({degrees, 0.5, 0, y + step}, 256 * 80, 150, 12);
    std::vector<double> differences;
    double mean = 0;
    for (std::size_t i = 0; i < middle.size(); ++i) {
      differences.push_back(((y + step) * high[i].free_energy - (y - step) * low[i].free_energy) /
                                (2 * step) -
                            middle[i].energy);
      mean += differences.back() / static_cast<double>(middle.size());
    }
    EXPECT_NEAR(mean, 0, 6 * standard_error(differences) + 1e-3);
    EXPECT_LT(standard_error(differences), 3e-3);
  }
}

TEST(SurveyPopulation, FerromagnetInItsGroundState) {
  const auto blocks = run({regular_degrees(3), 1, 1, 0.5}, 2560, 60, 2);
  EXPECT_NEAR(blocks.back().free_energy, -2.5, 1e-6);
  EXPECT_NEAR(blocks.back().energy, -2.5, 1e-6);
  EXPECT_NEAR(blocks.back().polarisation, 1, 1e-6);
}

}  // namespace
}  // namespace weiss
