// The resolvent cavity of weiss-cavity: conformance, chains, the transition in two ways, bad decks.
#include "cavity/cavity_resolvent.hpp"

#include <cmath>
#include <map>
#include <numbers>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& model, const std::string& algorithm, const std::string& run,
                 int degree = 3) {
  return "[lattice]\ndegree = " + std::to_string(degree) + "\n[model]\n" + model + "\n[algorithm]\n" +
         algorithm + "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

const std::string small = "population = 700\npopulations = 5\n";
const std::string find = "find = localisation_transition\n";

std::vector<std::string> decks(const std::string& run) {
  return {deck("disorder_width = 9\nbroadening = 1e-4", small, run),
          deck("disorder_width = 0\nbroadening = 0.1", small, run),
          deck("disorder_width = 30\nenergy = 2\nhopping = 1.5", "population = 256\npopulations = 1", run, 5),
          deck("disorder_width = 15", small + find, run),
          deck("disorder_width = 15", find + "localisation_method = grid\nlocalisation_spacing = 0.08", run)};
}

TEST(CavityResolvent, RankInvariance) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 7"))
    conformance::check_rank_invariance<CavityResolvent>(text);
}

TEST(CavityResolvent, Restart) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 9\nmeasure_every = 2"))
    for (const std::int64_t stride : {1, 4}) conformance::check_restart<CavityResolvent>(text, stride);
}

TEST(CavityResolvent, Results) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 8"))
    conformance::check_results<CavityResolvent>(text);
}

bool reports() { return Communicator::world().rank() == 0; }

std::map<std::string, Result> results_of(const std::string& text) {
  const Deck parsed = conformance::deck_of<CavityResolvent>(text);
  std::map<std::string, Result> results;
  for (Result& result :
       conformance::run_whole<CavityResolvent>(parsed.tasks.front(), Communicator::world()).results)
    results.emplace(result.name, std::move(result));
  return results;
}

// 18.17(1): K. S. Tikhonov, A. D. Mirlin, Phys. Rev. B 99, 214202 (2019).
TEST(CavityResolvent, TransitionInTwoWays) {
  auto sampled = results_of(deck("disorder_width = 16", find + "population = 20000\npopulations = 4",
                                 "thermalization = 200\nsweeps = 400\nmeasure_every = 2"));
  auto exact = results_of(deck(
      "disorder_width = 16", find + "localisation_method = grid\nlocalisation_spacing = 0.04", "sweeps = 1"));
  if (!reports()) return;
  const Result& critical = sampled.at("critical_disorder");
  const Result& root = exact.at("critical_disorder");
  EXPECT_NEAR(root.mean[0], 18.17, 0.01 + root.error[0]);
  EXPECT_LT(root.error[0], 0.02);
  EXPECT_NEAR(critical.mean[0], root.mean[0], 5 * critical.error[0] + root.error[0]);
  EXPECT_LT(critical.error[0], 0.05);
  EXPECT_GT(critical.error[0], 1e-3);
  EXPECT_NEAR(sampled.at("transfer_eigenvalue").mean[0], 1,
              5 * sampled.at("transfer_eigenvalue").error[0] + 1e-4);
}

// The mean density passes the transition, the typical one falls to the order of the broadening.
TEST(CavityResolvent, LocalisedAndExtendedStates) {
  const std::string run = "thermalization = 200\nsweeps = 100\nmeasure_every = 2";
  const std::string size = "population = 5000\npopulations = 4";
  auto extended = results_of(deck("disorder_width = 8", size, run));
  auto localised = results_of(deck("disorder_width = 26", size, run));
  if (!reports()) return;
  EXPECT_GT(extended.at("typical_density_of_states").mean[0], 0.02);
  EXPECT_LT(localised.at("typical_density_of_states").mean[0], 1e-6);
  // P(|E - t^2 sum G| < W/2)/W, where one of z neighbours takes it with |1/G| < 2 t^2/W.
  const Result& density = localised.at("density_of_states");
  EXPECT_NEAR(density.mean[0] * 26, 1 - 3 * 4.0 / (26 * 26), 26 * 5 * density.error[0] + 1e-3);
  EXPECT_LT(26 * density.error[0], 2e-3);
  EXPECT_GT(extended.at("transfer_eigenvalue").mean[0], 1.4);
  EXPECT_LT(localised.at("transfer_eigenvalue").mean[0], 0.85);
  EXPECT_LT(extended.at("inverse_participation").mean[0], 1e-4);
  EXPECT_GT(localised.at("inverse_participation").mean[0], 0.5);
}

// Weak hopping: a state is one site, but where a neighbour at detuning d resonates: with sin^2 = 4 t^2/(d^2 +
// 4 t^2) of twice the mixing angle 1 - sin^2/2 is left, 1 - 3 pi t/W on average over the three neighbours.
TEST(CavityResolvent, ResonantPairs) {
  auto found = results_of(deck("disorder_width = 10\nhopping = 0.01\nbroadening = 1e-7",
                               "population = 40000\npopulations = 4", "thermalization = 20\nsweeps = 30"));
  if (!reports()) return;
  const Result& participation = found.at("inverse_participation");
  const double deficit = 3 * std::numbers::pi * 1e-3;
  EXPECT_NEAR(1 - participation.mean[0], deficit, 5 * participation.error[0] + 0.05 * deficit);
  EXPECT_LT(participation.error[0], 0.1 * deficit);
  EXPECT_NEAR(found.at("density_of_states").mean[0], 0.1, 1e-4);
}

// A chain hands populations on: the localised one stays so, where a fresh start is not within a step.
TEST(CavityResolvent, ChainsGoOnFromThePopulations) {
  const Deck before = conformance::deck_of<CavityResolvent>(
      deck("disorder_width = 30", small, "thermalization = 60\nsweeps = 1"));
  const Deck after = conformance::deck_of<CavityResolvent>(
      deck("disorder_width = 31", small, "thermalization = 0\nsweeps = 1"));
  const ModelType type = model_type<CavityResolvent>();
  const auto typical = [&](bool chained) {
    const Communicator world = Communicator::world();
    TaskRun first(type, before.tasks.front(), 0, world), second(type, after.tasks.front(), 0, world);
    first.run(first.total_steps());
    if (chained) second.start_from(first);
    second.run(second.total_steps());
    for (const Result& result : second.report().results)
      if (result.name == "typical_density_of_states") return result.mean[0];
    return 0.0;
  };
  const double chained = typical(true), fresh = typical(false);
  if (!reports()) return;
  EXPECT_LT(chained, 1e-6);
  EXPECT_GT(fresh, 1e-4);
}

void expect_refused(const std::string& text, const std::string& word) {
  try {
    conformance::deck_of<CavityResolvent>(text);
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(CavityResolvent, BadDecks) {
  const std::string run = "sweeps = 1", wide = "disorder_width = 9";
  expect_refused(deck(wide, "", run, 2), "must be 3 to 200");
  expect_refused("[model]\n" + wide + "\n[run]\n" + run + "\n", "lattice.degree");
  expect_refused(deck("", "", run), "model.disorder_width");
  expect_refused(deck("disorder_width = 1e-6", "", run), "at least 1e-4");
  expect_refused(deck(wide, "find = spin_glass_line", run), "localisation_transition");
  expect_refused(deck("disorder_width = 0", find, run), "where the search begins");
  expect_refused(deck(wide + "\nbroadening = 0.1", find, run), "model.broadening");
  expect_refused(deck(wide, "localisation_method = grid", run), "needs algorithm.find");
  expect_refused(deck(wide, find + "localisation_spacing = 0.01", run), "localisation_method = grid");
  expect_refused(deck(wide, find + "localisation_method = grid\npopulation = 512", run),
                 "no meaning on a grid");
}

}  // namespace
}  // namespace weiss
