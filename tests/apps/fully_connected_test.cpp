// Fully connected models through the conformance tests, and their results against the literature.
#include "cavity/fully_connected.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& model, const std::string& algorithm, int sweeps = 3000) {
  return "[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 8\nsweeps = " + std::to_string(sweeps) + "\n";
}

const std::vector<std::string> decks{
    deck("", "temperatures = 0, 0.4, 1.5\nreplica_symmetry_breaking_steps = 2"),
    deck("field = 0.3", "temperatures = 0.5\nreplica_symmetry_breaking_steps = 4"),
    deck("spins_per_interaction = 3\ntemperature = 0.5", "replica_symmetry_breaking_steps = 1"),
    deck("temperature = 0", "replica_symmetry_breaking_steps = 0"),
    deck("temperature = 0.6", "full_steps = 4"),
    deck("temperature = 0.6", "full_steps = 8", 20),  // ends before it converges
    deck("", "temperatures = 0.2, 0.7\ntarget = transitions"),
    deck("fully_connected = spherical\nspins_per_interaction = 3", "temperatures = 0.3, 0.7"),
    deck("fully_connected = spherical\nspins_per_interaction = 3", "target = transitions"),
    deck("fully_connected = random_energy\ntransverse_field = 0.5", "temperatures = 0, 0.5, 1"),
    deck("fully_connected = random_energy", "temperatures = 0, 1\ntarget = transitions"),
};

TEST(FullyConnected, RankInvariance) {
  for (const std::string& text : decks) conformance::check_rank_invariance<FullyConnected>(text);
}

TEST(FullyConnected, Restart) {
  for (const std::string& text : decks) conformance::check_restart<FullyConnected>(text, 7);
}

TEST(FullyConnected, Results) {
  for (const std::string& text : decks) conformance::check_results<FullyConnected>(text);
}

const Result& find(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each;
  throw std::runtime_error("no result " + name);
}

TaskReport run(const std::string& text) {
  const Deck parsed = conformance::deck_of<FullyConnected>(text);
  const Communicator world = Communicator::world(), alone = world.split(world.rank(), 0);
  return conformance::run_whole<FullyConnected>(parsed.tasks.front(), alone);
}

TEST(FullyConnected, OneStepOfSherringtonKirkpatrick) {
  const TaskReport report = run(deck("", "temperatures = 0, 0.5\nreplica_symmetry_breaking_steps = 1"));
  EXPECT_TRUE(report.ended_early);
  EXPECT_EQ(find(report, "converged").mean, std::vector<double>(2, 1.0));
  EXPECT_NEAR(find(report, "energy").mean[0], -0.765259, 1e-6);
  EXPECT_NEAR(find(report, "overlaps").mean[0], 0.4768, 1e-4);
  EXPECT_NEAR(find(report, "breaking_points").mean[0], 1.3608, 1e-4);
  for (const double error : find(report, "energy").error) EXPECT_LT(error, 1e-8);
  for (const double error : find(report, "free_energy").error) EXPECT_LT(error, 1e-12);
  const Result& weights = find(report, "overlap_weights");
  EXPECT_NEAR(weights.mean[2] + weights.mean[3], 1, 1e-14);
}

TEST(FullyConnected, ErrorOfFullBreakingCoversMoreSteps) {
  const TaskReport few = run(deck("temperature = 0", "full_steps = 8"));
  EXPECT_NEAR(find(few, "free_energy").mean[0], -0.7631667265, find(few, "free_energy").error[0]);
  EXPECT_LT(find(few, "free_energy").error[0], 1e-5);
  const TaskReport half = run(deck("temperature = 0.5", "full_steps = 8"));
  for (const char* name : {"energy", "largest_overlap", "susceptibility"}) {
    const double expected = name[0] == 'e' ? -0.71146143 : name[0] == 'l' ? 0.6381 : 1;
    EXPECT_NEAR(find(half, name).mean[0], expected, find(half, name).error[0]) << name;
    EXPECT_GT(find(half, name).error[0], 0) << name;
  }
}

TEST(FullyConnected, WeightsOfOverlapsAddUp) {
  const TaskReport report =
      run(deck("field = -0.3", "temperatures = 0.5, 0.9\nreplica_symmetry_breaking_steps = 3"));
  const Result &q = find(report, "overlaps"), &weights = find(report, "overlap_weights");
  const Result& mean = find(report, "mean_overlap");
  EXPECT_LT(find(report, "magnetization").mean[0], 0);
  for (std::size_t t = 0; t < 2; ++t) {
    double sum = 0, average = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      sum += weights.mean[4 * t + i];
      average += weights.mean[4 * t + i] * q.mean[4 * t + i];
    }
    EXPECT_NEAR(sum, 1, 1e-14);
    EXPECT_NEAR(average, mean.mean[t], 1e-8);
  }
}

TEST(FullyConnected, NotConvergedIsAResult) {
  const TaskReport report = run(deck("temperature = 0.6", "full_steps = 8", 20));
  EXPECT_FALSE(report.ended_early);
  EXPECT_EQ(find(report, "converged").mean[0], 0);
  EXPECT_GT(find(report, "residual").mean[0], 1e-8);
  EXPECT_EQ(find(report, "overlaps").mean.size(), 9U);
}

TEST(FullyConnected, ThreeSpinTransitions) {
  const TaskReport report = run(deck("spins_per_interaction = 3", "target = transitions"));
  EXPECT_NEAR(find(report, "dynamic_temperature").mean[0], 0.68160, 5e-6);
  EXPECT_NEAR(find(report, "static_temperature").mean[0], 0.65139, 5e-6);
  EXPECT_NEAR(find(report, "gardner_temperature").mean[0], 0.2403, 5e-5);
}

TEST(FullyConnected, BadDecksAreRefusedByKey) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {deck("", ""), "algorithm.target"},
      {deck("temperature = 0.5", "replica_symmetry_breaking_steps = 51"),
       "algorithm.replica_symmetry_breaking_steps"},
      {deck("temperature = 0.5", "replica_symmetry_breaking_steps = many"),
       "algorithm.replica_symmetry_breaking_steps"},
      {deck("temperature = 0.0001", ""), "model.temperature"},
      {deck("temperature = 0.5\ntransverse_field = 1", ""), "model.transverse_field"},
      {deck("fully_connected = spherical\ntemperature = 0.5", ""), "model.spins_per_interaction"},
      {deck("", "target = transitions"), "algorithm.target"},
      {deck("", "temperatures = 1.5\ntarget = transitions"), "algorithm.temperatures"},
      {deck("fully_connected = random_energy\ntemperature = 1\nfield = 1", ""), "model.field"},
      {deck("fully_connected = random_energy\ntemperature = 1", "full_steps = 9"), "algorithm.full_steps"}};
  for (const auto& [text, key] : bad) {
    try {
      conformance::deck_of<FullyConnected>(text);
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(key), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace weiss
