// Ensembles of weiss-cavity through the conformance tests, chains and bad decks.
#include <gtest/gtest.h>

#include "apps/ensemble_decks.hpp"

namespace weiss {
namespace {

const std::string fraction = "find_variable = ferromagnetic_fraction";

std::vector<std::string> decks(const std::string& run) {
  return {
      deck(three, "temperature = 0.9", small, run),
      deck(three, "temperature = 0.1", small + "\nstability = false", run),
      deck(three, "temperature = 0\ncouplings = gaussian\nfield = 0.3", small, run),
      deck(three, "temperature = 0", small, run),
      deck(three, "temperature = 0", "solution = factorised", run),
      deck(three, "temperature = 0", small + "\nsolution = one_step\nreweighting = 0.6", run),
      deck("kind = viana_bray\nmean_degree = 3", "temperature = 0\nfield = 1",
           "population = 256\nsolution = one_step\nreweighting = 0.6", run),
      deck(three, "temperature = 1.3", small + "\nfind = spin_glass_line", run),
      deck(three, "temperature = 1.3\nferromagnetic_fraction = 0.95", small + "\nfind = ferromagnetic_line",
           run),
      deck(three, "temperature = 0.7", small + "\nfind = ferromagnetic_line\n" + fraction, run),
      deck(three, "temperature = 0.7\nferromagnetic_fraction = 0.88",
           small + "\nfind = spin_glass_line\npopulation_start = magnetised\n" + fraction, run),
      deck(three, "temperature = 0.7\nferromagnetic_fraction = 0.88",
           small + "\nfind = spin_glass_line\npopulation_start = magnetised\npopulation_study = true", run),
      deck("kind = viana_bray\nmean_degree = 3", "temperature = 1.3", small + "\nfind = multicritical_point",
           run),
      deck(three, "temperature = 0.9", small + "\npopulation_study = true", run),
      deck(three, "temperature = 0.7",
           small + "\npopulation_study = true\nfind = ferromagnetic_line\n" + fraction, run),
      deck(three, "temperature = 0",
           small + "\npopulation_study = true\nsolution = one_step\nreweighting = 0.6", run),
      deck("kind = viana_bray\nmean_degree = 2.5", "temperature = 0.8\nferromagnetic_fraction = 0.9",
           "population = 512\npopulations = 4\nsymmetric = true", run),
      deck(three, "temperature = 0.7\ndegree_weights = 0, 1, 2, 1", "population = 512\npopulations = 1", run),
      deck("kind = hypergraph\nmean_degree = 2.55", "temperature = 0\nspins_per_interaction = 3", "", run),
      deck("kind = hypergraph", "temperature = 0\nspins_per_interaction = 3\ndegree_weights = 0, 0, 1", "",
           run),
  };
}

TEST(CavityEnsemble, RankInvariance) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 7"))
    conformance::check_rank_invariance<CavityEnsemble>(text);
}

TEST(CavityEnsemble, Restart) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 9\nmeasure_every = 2"))
    for (const std::int64_t stride : {1, 4}) conformance::check_restart<CavityEnsemble>(text, stride);
}

TEST(CavityEnsemble, Results) {
  for (const std::string& text : decks("thermalization = 3\nsweeps = 8"))
    conformance::check_results<CavityEnsemble>(text);
}

// A chain hands populations on: a magnetised ferromagnet stays so, where a random start is not within a step.
TEST(CavityEnsemble, ChainsGoOnFromThePopulations) {
  const std::string model = "temperature = 1.2\nferromagnetic_fraction = 1";
  const Deck before = conformance::deck_of<CavityEnsemble>(
      deck(three, model, small + "\npopulation_start = magnetised", "thermalization = 20\nsweeps = 1"));
  const Deck after =
      conformance::deck_of<CavityEnsemble>(deck(three, model, small, "thermalization = 0\nsweeps = 1"));
  const ModelType type = model_type<CavityEnsemble>();
  const auto magnetisation = [&](bool chained) {
    const Communicator world = Communicator::world();
    TaskRun first(type, before.tasks.front(), 0, world), second(type, after.tasks.front(), 0, world);
    first.run(first.total_steps());
    if (chained) second.start_from(first);
    second.run(second.total_steps());
    for (const Result& result : second.report().results)
      if (result.name == "magnetization") return result.mean[0];
    return 0.0;
  };
  const double chained = magnetisation(true), fresh = magnetisation(false);
  if (!reports()) return;
  EXPECT_GT(chained, 0.7);
  EXPECT_LT(fresh, 0.2);
}

void expect_refused(const std::string& text, const std::string& word) {
  try {
    conformance::deck_of<CavityEnsemble>(text);
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(CavityEnsemble, BadDecks) {
  const std::string run = "sweeps = 1";
  expect_refused(deck("kind = cubic\nL = 4", "temperature = 1", "", run), "lattice.kind");
  expect_refused(deck("kind = random_regular", "temperature = 1", "", run), "lattice.degree");
  expect_refused(deck(three, "", "", run), "model.temperature");
  expect_refused(deck(three, "temperature = 1", "solution = factorised", run), "must be 0");
  expect_refused(deck(three, "temperature = 1", "find = ferromagnetic_line", run), "algorithm.find");
  expect_refused(
      deck(three, "temperature = 1\nferromagnetic_fraction = 0.8535", "find = ferromagnetic_line", run),
      "below the spin glass");
  const std::string plain = "find = ferromagnetic_line\n" + fraction,
                    glass = "find = spin_glass_line\n" + fraction;
  expect_refused(deck(three, "temperature = 1\nferromagnetic_fraction = 0.9", plain, run),
                 "what is looked for");
  expect_refused(deck(three, "temperature = 1.9", plain, run), "below the ferromagnetic transition");
  expect_refused(deck(three, "temperature = 1\ncouplings = gaussian", plain, run), "bimodal");
  expect_refused(deck(three, "temperature = 1", plain + "\npopulation_start = magnetised", run),
                 "population_start");
  expect_refused(deck(three, "temperature = 1\nfield = 0.1", plain, run), "model.field = 0");
  expect_refused(deck(three, "temperature = 1", glass, run), "no magnetisation");
  expect_refused(deck(three, "temperature = 1.2", glass + "\npopulation_start = magnetised", run),
                 "below the spin-glass transition");
  expect_refused(
      deck(three, "temperature = 1", glass + "\npopulation_start = magnetised\nsymmetric = true", run),
      "contradicts");
  expect_refused(deck(three, "temperature = 1", "find = multicritical_point\n" + fraction, run),
                 "moves both");
  expect_refused(deck(three, "temperature = 1\ncouplings = gaussian", "find = multicritical_point", run),
                 "bimodal");
  expect_refused(deck(three, "temperature = 1", fraction, run), "without algorithm.find");
  expect_refused(deck(three, "temperature = 0", "population_study = true", run), "without populations");
  expect_refused(deck(three, "temperature = 0", "solution = one_step", run), "algorithm.reweighting");
  expect_refused(deck(three, "temperature = 0\nfield = 0.5", "solution = one_step\nreweighting = 1", run),
                 "multiple of model.coupling_width");
  expect_refused(deck("kind = random_regular\ndegree = 9", "temperature = 0",
                      "solution = one_step\nreweighting = 9", run),
                 "must stay below 80");
  expect_refused(deck(three, "temperature = 1\nfield = 0.1", "symmetric = true", run), "algorithm.symmetric");
  expect_refused(deck(three, "temperature = 0", "field_kernel = tanh", run), "algorithm.field_kernel");
  expect_refused(deck(three, "temperature = 1\nbond_probability = 0.5", "", run), "bond_probability");
  expect_refused(deck(three, "temperature = 1\ndegree_weights = 1, 0", "", run), "degree_weights");
  expect_refused(deck("kind = hypergraph\nmean_degree = 2", "temperature = 0", "", run),
                 "spins_per_interaction");
}

}  // namespace
}  // namespace weiss
