// States of weiss-cavity: conformance, chains, transitions of the three-spin model, bad decks.
#include "cavity/cavity_states.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "cavity/polynomial_maximum.hpp"
#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                 const std::string& run) {
  return "[lattice]\n" + lattice + "\n[model]\nspins_per_interaction = 3\n" + model + "\n[algorithm]\n" +
         algorithm + "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

const std::string four = "kind = random_regular\ndegree = 4";
const std::string small = "population = 512\npopulations = 3\n";
const std::string few = "members = 3\nstates = 256\npopulations = 3\nbreaking = one_step\n";

std::vector<std::string> decks(const std::string& run) {
  return {
      deck(four, "temperature = 0.9\nfield = 0.3", small, run),
      deck("kind = hypergraph\nmean_degree = 3", "temperature = 0.7\ncouplings = gaussian",
           small + "stability = false\npopulation_start = magnetised", run),
      deck(four, "temperature = 0.6", few + "breaking_point = 0.8\nsymmetric = true", run),
      deck("kind = hypergraph\nmean_degree = 2", "temperature = 0.5\nfield = 0.1",
           few + "breaking_point = 0.6", run),
      deck(four, "temperature = 0.65", small + "breaking = reconstruction", run),
      deck(four, "temperature = 0.65", small + "breaking = reconstruction\nfind_transition = static", run),
      deck(four, "temperature = 0.65",
           small +
               "breaking = reconstruction\nfind_transition = dynamic\nmessage_means = 0.4, 0.45, 0.5, 0.55, "
               "0.6",
           run),
  };
}

TEST(CavityStates, RankInvariance) {
  for (const std::string& text : decks("thermalization = 2\nsweeps = 5"))
    conformance::check_rank_invariance<CavityStates>(text);
}

TEST(CavityStates, Restart) {
  for (const std::string& text : decks("thermalization = 2\nsweeps = 6\nmeasure_every = 2"))
    for (const std::int64_t stride : {1, 3}) conformance::check_restart<CavityStates>(text, stride);
}

TEST(CavityStates, Results) {
  for (const std::string& text : decks("thermalization = 30\nsweeps = 8"))
    conformance::check_results<CavityStates>(text);
}

std::map<std::string, Result> results_of(const std::string& text) {
  std::map<std::string, Result> results;
  for (Result& result : conformance::run_whole<CavityStates>(
                            conformance::deck_of<CavityStates>(text).tasks.front(), Communicator::world())
                            .results)
    results.emplace(result.name, std::move(result));
  return results;
}

// Numbers of three-spin-transitions.ini, which other runs confirm: the sign of the complexity about T_K, and
// states that are kept at T = 0.748 and lost at 0.756.
TEST(CavityStates, TransitionsOfTheThreeSpinModel) {
  const std::string run = "thermalization = 100\nsweeps = 200\nmeasure_every = 2";
  const std::string start = "population = 5000\nbreaking = reconstruction\n";
  const auto statics = results_of(deck(four, "temperature = 0.68", start + "find_transition = static", run));
  const auto dynamics =
      results_of(deck(four, "temperature = 0.68",
                      start + "find_transition = dynamic\nmessage_means = 0.4, 0.45, 0.5, 0.55, 0.6", run));
  if (Communicator::world().rank() != 0) return;
  const double T_K = statics.at("static_transition").mean[0], T_d = dynamics.at("dynamic_transition").mean[0];
  EXPECT_NEAR(T_K, 0.6545, 4e-3);
  EXPECT_NEAR(T_d, 0.7523, 4e-3);
  EXPECT_LT(statics.at("static_transition").error[0], 3e-3);
  EXPECT_LT(dynamics.at("dynamic_transition").error[0], 3e-3);
}

TEST(CavityStates, ComplexityChangesSignAtTheStaticTransition) {
  const std::string algorithm = "population = 20000\nbreaking = reconstruction";
  const std::string run = "thermalization = 50\nsweeps = 50";
  const auto below = results_of(deck(four, "temperature = 0.64", algorithm, run));
  const auto above = results_of(deck(four, "temperature = 0.67", algorithm, run));
  const auto lost = results_of(deck(four, "temperature = 0.8", algorithm, run));
  if (Communicator::world().rank() != 0) return;
  EXPECT_LT(below.at("complexity").mean[0], 0);
  EXPECT_GT(above.at("complexity").mean[0], 0);
  EXPECT_LT(lost.at("inner_overlap").mean[0], 1e-3);
}

// Chains hand populations on: states of the planted start live on at a temperature where a random start has
// none.
TEST(CavityStates, ChainsGoOnFromThePopulations) {
  const Task before = conformance::deck_of<CavityStates>(deck(four, "temperature = 0.6",
                                                              few + "breaking_point = 0.9\nsymmetric = true",
                                                              "thermalization = 15\nsweeps = 1"))
                          .tasks.front();
  const Task after = conformance::deck_of<CavityStates>(deck(four, "temperature = 0.62",
                                                             few + "breaking_point = 0.9\nsymmetric = true",
                                                             "thermalization = 0\nsweeps = 1"))
                         .tasks.front();
  const ModelType type = model_type<CavityStates>();
  const Communicator world = Communicator::world();
  const auto overlap = [&](bool chained) {
    TaskRun first(type, before, 0, world), second(type, after, 0, world);
    first.run(first.total_steps());
    if (chained) second.start_from(first);
    second.run(second.total_steps());
    for (const Result& result : second.report().results)
      if (result.name == "inner_overlap") return result.mean[0];
    return 0.0;
  };
  const double chained = overlap(true), fresh = overlap(false);
  if (world.rank() != 0) return;
  EXPECT_NEAR(chained, 0.973, 0.008);
  EXPECT_GT(std::abs(fresh - chained), 1e-4);
}

TEST(PolynomialMaximum, OfAQuartic) {
  const auto f = [](double x) { return 1 - (x - 0.43) * (x - 0.43) * (1 + x); };
  std::vector<double> places, values;
  for (double x = 0; x < 1; x += 0.1) {
    places.push_back(x);
    values.push_back(f(x));
  }
  const PlaceAndValue top = polynomial_maximum(places, values);
  EXPECT_NEAR(top.place, 0.43, 1e-6);
  EXPECT_NEAR(top.value, 1, 1e-10);
  std::reverse(values.begin(), values.end());
  for (double& each : values) each = -each;
  EXPECT_TRUE(std::isnan(polynomial_maximum(places, values).value));
}

void expect_refused(const std::string& text, const std::string& word) {
  try {
    conformance::deck_of<CavityStates>(text);
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(CavityStates, BadDecks) {
  const std::string run = "sweeps = 1", planted = "breaking = reconstruction";
  expect_refused(deck("kind = cubic\nL = 4", "temperature = 1", "", run), "lattice.kind");
  expect_refused(deck("kind = viana_bray\nmean_degree = 3", "temperature = 1", "", run), "use hypergraph");
  expect_refused(deck("kind = hypergraph", "temperature = 1", "", run), "lattice.mean_degree");
  expect_refused(deck(four, "", "", run), "model.temperature");
  expect_refused(deck(four, "temperature = 0", "", run), "must be > 0");
  expect_refused(deck(four, "temperature = 1", "breaking = one_step", run), "algorithm.breaking_point");
  expect_refused(deck(four, "temperature = 1", "breaking_point = 0.5", run), "belongs to");
  expect_refused(deck(four, "temperature = 1", "members = 5", run), "belongs to");
  expect_refused(deck(four, "temperature = 1", few + "breaking_point = 0.5\npopulation = 512", run),
                 "algorithm.population");
  expect_refused(
      deck(four, "temperature = 1\nfield = 0.1", few + "breaking_point = 0.5\nsymmetric = true", run),
      "algorithm.symmetric");
  expect_refused(deck(four, "temperature = 1\nfield = 0.1", planted, run), "model.field");
  expect_refused(deck(four, "temperature = 1\nferromagnetic_fraction = 0.7", planted, run), "both signs");
  expect_refused(deck(four, "temperature = 1", "find_transition = static", run), "reconstruction");
  expect_refused(deck(four, "temperature = 1", planted + "\nmessage_means = 0.1, 0.2", run), "belongs to");
  expect_refused(
      deck(four, "temperature = 1", planted + "\nfind_transition = dynamic\nmessage_means = 0.5, 0.4", run),
      "at least 5");
  expect_refused(
      deck("kind = random_regular\ndegree = 200", "temperature = 1", few + "breaking_point = 0.5", run),
      "256");
}

}  // namespace
}  // namespace weiss
