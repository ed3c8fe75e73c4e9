// The steps of population annealing: resampling by weights, adaptive temperatures, families.
#include "weiss/montecarlo/population_annealing.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/montecarlo/lane_field.hpp"

namespace weiss {
namespace {

const std::vector<double> energies{-3, 1, 0, -1, 2, -2.5, 0.5, -0.25};

std::vector<double> copies_by_weight(double step) {
  std::vector<double> tau;
  double sum = 0;
  for (const double energy : energies) sum += std::exp(-step * energy);
  for (const double energy : energies)
    tau.push_back(static_cast<double>(energies.size()) * std::exp(-step * energy) / sum);
  return tau;
}

TEST(PopulationAnnealing, ResamplingGivesEachItsWeightToWithinOne) {
  const std::vector<double> tau = copies_by_weight(0.3);
  std::vector<double> mean(energies.size());
  constexpr int grid = 1000;
  for (int k = 0; k < grid; ++k) {
    const Resampling resampling = resample(energies, 0.3, (k + 0.5) / grid);
    ASSERT_EQ(resampling.parents.size(), energies.size());
    EXPECT_TRUE(std::is_sorted(resampling.parents.begin(), resampling.parents.end()));
    for (std::size_t i = 0; i < energies.size(); ++i) {
      const auto copies = static_cast<double>(
          std::count(resampling.parents.begin(), resampling.parents.end(), static_cast<std::int32_t>(i)));
      EXPECT_LT(std::fabs(copies - tau[i]), 1);
      mean[i] += copies / grid;
    }
  }
  for (std::size_t i = 0; i < energies.size(); ++i) EXPECT_NEAR(mean[i], tau[i], 0.003);
}

TEST(PopulationAnnealing, TheRatioOfPartitionFunctionsIsTheMeanWeight) {
  double sum = 0;
  for (const double energy : energies) sum += std::exp(-0.7 * energy);
  EXPECT_NEAR(resample(energies, 0.7, 0.2).log_ratio, std::log(sum / 8), 1e-13);
}

TEST(PopulationAnnealing, StepsCullTheAskedFraction) {
  const double next = next_inverse_temperature(energies, 1, 10, 0.2);
  double vanish = 0;
  for (const double tau : copies_by_weight(next - 1)) vanish += std::max(0.0, 1 - tau) / 8;
  EXPECT_NEAR(vanish, 0.2, 1e-6);
  EXPECT_EQ(next_inverse_temperature(energies, 1, 1.01, 0.2), 1.01);
  EXPECT_EQ(next_inverse_temperature(std::vector<double>(8, -1.0), 1, 50, 0.2), 50);
}

TEST(PopulationAnnealing, PopulationsWeighAsTheirPartitionFunctions) {
  const PopulationWeights weights(std::vector<double>{1000, 1000 + std::log(2.0), 1000 + std::log(3.0)});
  const std::vector<double> values{1, 4, -2};
  EXPECT_NEAR(weights.mean(values), (1 + 8 - 6) / 6.0, 1e-10);
  EXPECT_NEAR(weights.mean(values, 2), 3, 1e-10);
  EXPECT_NEAR(weights.log_mean_partition(), 1000 + std::log(2.0), 1e-12);
  EXPECT_NEAR(weights.log_mean_partition(0), 1000 + std::log(2.5), 1e-12);
}

TEST(PopulationAnnealing, StatisticsOfFamilies) {
  const FamilyStatistics statistics = family_statistics(std::vector<std::int32_t>{0, 0, 0, 0, 3, 3, 5, 7});
  EXPECT_EQ(statistics.count, 4);
  EXPECT_NEAR(statistics.entropy, 0.5 * std::log(2) + 0.25 * std::log(4) + 0.25 * std::log(8), 1e-14);
  EXPECT_NEAR(statistics.mean_square_size, 8 * (0.25 + 0.0625 + 2.0 / 64), 1e-14);
}

TEST(PopulationAnnealing, FieldsSelectWholeConfigurations) {
  LaneField field(70, 2);
  for (std::int64_t c = 0; c < 16; ++c)
    for (std::int64_t site = 0; site < 70; ++site) field.set(c, site, (site * (c + 3) / 5) % 2 == 0);
  const LaneField old = field;
  const std::vector<std::int32_t> parents{0, 0, 1, 3, 3, 3, 9, 9, 10, 11, 11, 12, 15, 15, 15, 2};
  field.select(parents);
  for (std::int64_t c = 0; c < 16; ++c)
    for (std::int64_t site = 0; site < 70; ++site)
      EXPECT_EQ(field.up(c, site), old.up(parents[static_cast<std::size_t>(c)], site));
}

}  // namespace
}  // namespace weiss
