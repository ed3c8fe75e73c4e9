// Ensembles of weiss-cavity through the conformance tests, and whole tasks against closed forms.
#include "cavity/cavity_ensemble.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                 const std::string& run) {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

const std::string three = "kind = random_regular\ndegree = 3";
const std::string small = "population = 700\npopulations = 5";

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

std::map<std::string, Result> results_of(const std::string& text) {
  const Deck deck = conformance::deck_of<CavityEnsemble>(text);
  std::map<std::string, Result> results;
  for (Result& result :
       conformance::run_whole<CavityEnsemble>(deck.tasks.front(), Communicator::world()).results)
    results.emplace(result.name, std::move(result));
  return results;
}

bool reports() { return Communicator::world().rank() == 0; }

TEST(CavityEnsemble, SpinGlassLineOfBimodalCouplings) {
  const auto found = results_of(deck(three, "temperature = 1.5", small + "\nfind = spin_glass_line",
                                     "thermalization = 300\nsweeps = 100"));
  if (!reports()) return;
  // Rounding is all the noise of +-J without a field, and the error says so.
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 3 * line.error[0]);
  EXPECT_LT(line.error[0], 1e-6);
  EXPECT_NEAR(found.at("paramagnetic_line").mean[0], 1.134593, 5e-7);
}

// A perturbation of one population wanders: the error must cover that.
TEST(CavityEnsemble, SpinGlassLineOfGaussianCouplings) {
  const auto found = results_of(deck(three, "temperature = 1\ncouplings = gaussian",
                                     "population = 20000\npopulations = 8\nfind = spin_glass_line",
                                     "thermalization = 300\nsweeps = 1000"));
  if (!reports()) return;
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 5 * line.error[0]);
  EXPECT_LT(line.error[0], 3e-3);
  EXPECT_GT(line.error[0], 1e-5);
}

TEST(CavityEnsemble, FerromagneticLine) {
  const auto found = results_of(deck(three, "temperature = 1.5\nferromagnetic_fraction = 0.95",
                                     "population = 20000\nfind = ferromagnetic_line",
                                     "thermalization = 300\nsweeps = 1000"));
  if (!reports()) return;
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 5 * line.error[0]);
  EXPECT_LT(line.error[0], 3e-3);
}

// In a field the exponent falls with temperature through 0: the root is where a run at that temperature has
// none.
TEST(CavityEnsemble, LineInAField) {
  const auto found =
      results_of(deck(three, "temperature = 0.8\nfield = 0.3", "population = 20000\nfind = spin_glass_line",
                      "thermalization = 500\nsweeps = 1500"));
  double root = reports() ? found.at("critical_temperature").mean[0] : 0;
  root = Communicator::world().broadcast(root);
  EXPECT_LT(root, 1.134593);
  const auto there =
      results_of(deck(three, "temperature = " + std::to_string(root) + "\nfield = 0.3", "population = 20000",
                      "thermalization = 300\nsweeps = 1000\nmeasure_every = 5"));
  if (!reports()) return;
  const Result& exponent = there.at("stability_exponent");
  EXPECT_NEAR(exponent.mean[0], 0, 5 * exponent.error[0] + 3e-3);
  EXPECT_LT(exponent.error[0], 1e-2);
}

TEST(CavityEnsemble, OneStepGroundState) {
  const auto surveys = results_of(deck(three, "temperature = 0\ncoupling_width = 2",
                                       "population = 10000\nsolution = one_step\nreweighting = 0.35",
                                       "thermalization = 200\nsweeps = 300\nmeasure_every = 3"));
  if (!reports()) return;
  const Result& phi = surveys.at("free_energy");
  EXPECT_NEAR(phi.mean[0] / 2, -1.2717, 2e-4 + 3 * phi.error[0]);
  EXPECT_LT(phi.error[0], 1e-3);
  EXPECT_NEAR(surveys.at("complexity").mean[0], 0.35 * (surveys.at("energy").mean[0] - phi.mean[0]), 1e-12);
}

TEST(CavityEnsemble, ZeroTemperatureNumbers) {
  const auto integers = results_of(deck(three, "temperature = 0\ncoupling_width = 2", "", "sweeps = 1"));
  const auto broken = results_of(deck(three, "temperature = 0", "solution = factorised", "sweeps = 1"));
  const auto members = results_of(deck(three, "temperature = 0", "field_kernel = field\npopulation = 20000",
                                       "thermalization = 50\nsweeps = 200"));
  if (!reports()) return;
  EXPECT_NEAR(integers.at("energy").mean[0], -2 * 23.0 / 18, 1e-12);
  EXPECT_EQ(integers.at("energy").error[0], 0);
  EXPECT_NEAR(broken.at("free_energy").mean[0], -1.272310, 1e-6);
  const Result& energy = members.at("energy");
  EXPECT_NEAR(energy.mean[0], -23.0 / 18, 5 * energy.error[0]);
  EXPECT_LT(energy.error[0], 1e-3);
  EXPECT_EQ(energy.bins.size(), 4u);
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
