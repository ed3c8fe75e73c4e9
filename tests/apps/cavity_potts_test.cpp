// Potts models and colourings of one instance through the conformance tests, and against exact values.
#include "cavity/cavity_potts.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "cavity/cavity_instance.hpp"
#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                 const std::string& output = "", const std::string& sweeps = "40") {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\nsweeps = " + sweeps + "\n[output]\n" + output + "\n";
}

const std::string regular = "kind = random_regular\nN = 200\ndegree = 4";
const std::string sparse = "kind = viana_bray\nN = 200\nmean_degree = 3";
const std::string colours = "ferromagnetic_fraction = 0\ntemperature = 0";

std::vector<std::string> decks() {
  return {
      deck(regular, "ferromagnetic_fraction = 1\ntemperature = 0.9", "message_start = ordered\ndamping = 0.3",
           "marginals = true"),
      deck(regular,
           "states = 4\nferromagnetic_fraction = 0.5\ntemperature = 0.4\nrandom_field = gaussian\n"
           "random_field_width = 0.3",
           "schedule = sequential\nmessage_start = random"),
      deck(sparse, "states = 6\ncouplings = gaussian\ntemperature = 0.3", "schedule = residual",
           "response = false"),
      deck(sparse, "states = 4\n" + colours, "message_start = random"),
      deck("kind = viana_bray\nN = 400\nmean_degree = 4.4", colours,
           "decimation = 0.2\ndecimation_sweeps = 3\nrecolouring_sweeps = 12"),
      deck(sparse, colours, "decimation = 0.05\ndecimation_sweeps = 3\nmessage_start = random"),
  };
}

TEST(CavityPotts, RanksDoNotChangeABit) {
  for (const std::string& each : decks()) conformance::check_rank_invariance<CavityPotts>(each);
}

TEST(CavityPotts, RestartsAreExact) {
  for (const std::string& each : decks())
    for (const std::int64_t stride : {1, 3}) conformance::check_restart<CavityPotts>(each, stride);
}

TEST(CavityPotts, ResultsAreComplete) {
  for (const std::string& each : decks()) conformance::check_results<CavityPotts>(each);
}

template <class Model>
TaskReport run(const std::string& text) {
  const Communicator world = Communicator::world();
  const Communicator one = world.split(world.rank(), 0);
  const Deck parsed = conformance::deck_of<Model>(text);
  return conformance::run_whole<Model>(parsed.tasks.front(), one);
}

const std::vector<double>& values(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each.mean;
  throw Error(ExitCode::internal, "no result " + name);
}

double value(const TaskReport& report, const std::string& name) { return values(report, name).front(); }

// The same realisation is the same graph and couplings in both problems; J_Potts = 2 J_Ising.
TEST(CavityPotts, TwoStatesAreTheIsingInstanceOfTheSameRealisation) {
  const std::string model = "couplings = gaussian\nrealisation = 3\n";
  const TaskReport ising = run<CavityInstance>(deck(
      sparse, model + "coupling_width = 0.5\ntemperature = 1\nfield = 0.1", "tolerance = 1e-13", "", "2000"));
  const TaskReport potts = run<CavityPotts>(
      deck(sparse, model + "states = 2\ntemperature = 1\nfield = 0.2", "tolerance = 1e-13", "", "2000"));
  EXPECT_EQ(value(ising, "converged") + value(potts, "converged"), 2);
  // Constants of J delta and h delta drop out of differences and of what follows.
  EXPECT_NEAR(value(potts, "entropy"), value(ising, "entropy"), 1e-10);
  EXPECT_NEAR(value(potts, "overlap"), value(ising, "overlap"), 1e-10);
  EXPECT_NEAR(value(potts, "free_energy") - value(ising, "free_energy"),
              value(potts, "energy") - value(ising, "energy"), 1e-10);
  EXPECT_NEAR(value(potts, "stability_eigenvalue"), value(ising, "stability_eigenvalue"), 1e-6);
  EXPECT_GT(value(potts, "overlap"), 0.01);
}

TEST(CavityPotts, ParamagnetsAreTheClosedForms) {
  const TaskReport colouring = run<CavityPotts>(deck(regular, "states = 5\n" + colours, ""));
  EXPECT_EQ(value(colouring, "converged"), 1);
  EXPECT_NEAR(value(colouring, "entropy"), std::log(5) + 2 * std::log(0.8), 1e-12);
  EXPECT_NEAR(value(colouring, "paramagnetic_entropy"), std::log(5) + 2 * std::log(0.8), 1e-12);
  EXPECT_NEAR(value(colouring, "stability_eigenvalue"), 3.0 / 16, 1e-10);
  EXPECT_NEAR(value(colouring, "uniform_growth"), -3.0 / 4, 1e-10);
  const TaskReport warm =
      run<CavityPotts>(deck(regular, "ferromagnetic_fraction = 1\ntemperature = 1.5", ""));
  EXPECT_NEAR(value(warm, "free_energy"), value(warm, "paramagnetic_free_energy"), 1e-12);
  EXPECT_NEAR(value(warm, "entropy"), value(warm, "paramagnetic_entropy"), 1e-12);
  EXPECT_NEAR(value(warm, "ferromagnetic_temperature"), 1 / std::log(2.5), 1e-12);
}

// Antiferromagnets of many neighbours have a Kesten-Stigum temperature; below it messages do not settle.
TEST(CavityPotts, NotConvergingIsAResult) {
  const TaskReport report = run<CavityPotts>(deck("kind = random_regular\nN = 400\ndegree = 12",
                                                  "ferromagnetic_fraction = 0.5\ntemperature = 0.3",
                                                  "message_start = random\ndamping = 0.5"));
  EXPECT_GT(value(report, "kesten_stigum_temperature"), 0.3);
  EXPECT_EQ(value(report, "converged"), 0);
  EXPECT_EQ(report.steps, 40);
  EXPECT_GT(value(report, "residual"), 1e-2);
  EXPECT_TRUE(std::isnan(value(report, "stability_eigenvalue")));
}

// The configuration is a colouring, and what counts its conflicts is an own count on the graph's edges.
TEST(CavityPotts, DecimationColoursASparseGraph) {
  const TaskReport report = run<CavityPotts>(
      deck("kind = viana_bray\nN = 1000\nmean_degree = 3", colours,
           "schedule = sequential\ndecimation = 0.002\ndecimation_sweeps = 30", "", "100000"));
  EXPECT_TRUE(report.ended_early);
  EXPECT_EQ(value(report, "unsatisfied_interactions"), 0);
  EXPECT_EQ(value(report, "configuration_energy"), 0);
  EXPECT_NEAR(value(report, "entropy"), value(report, "paramagnetic_entropy"), 1e-9);
}

TEST(CavityPotts, ThreeColoursAGraphOfFourNeighbours) {
  const TaskReport report = run<CavityPotts>(
      deck("kind = viana_bray\nN = 4000\nmean_degree = 4", colours,
           "schedule = sequential\ndecimation = 0.01\ndecimation_sweeps = 10", "", "100000"));
  EXPECT_TRUE(report.ended_early);
  EXPECT_EQ(value(report, "unsatisfied_interactions"), 0);
}

// Rough decimation leaves conflicts, the search mends them.
TEST(CavityPotts, SearchMendsWhatDecimationLeaves) {
  const std::string lattice = "kind = viana_bray\nN = 2000\nmean_degree = 4";
  const std::string decimation = "decimation = 0.2\ndecimation_sweeps = 3";
  const TaskReport alone = run<CavityPotts>(deck(lattice, colours, decimation, "", "100000"));
  const TaskReport both =
      run<CavityPotts>(deck(lattice, colours, decimation + "\nrecolouring_sweeps = 5000", "", "100000"));
  EXPECT_GT(value(alone, "unsatisfied_interactions"), 10);
  EXPECT_EQ(value(both, "unsatisfied_interactions"), 0);
  EXPECT_EQ(value(both, "configuration_energy"), 0);
  EXPECT_GT(value(both, "recolouring_sweeps"), 0);
}

TEST(CavityPotts, RefusesWhatCannotBe) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      conformance::deck_of<CavityPotts>(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const auto expect = [&](const std::string& text, const std::string& words) {
    EXPECT_NE(problem(text).find(words), std::string::npos) << problem(text);
  };
  EXPECT_EQ(problem(deck(regular, colours, "")), "");
  expect(deck(regular, "temperature = 1", ""), "model.ferromagnetic_fraction");
  expect(deck(regular, "ferromagnetic_fraction = 0.5\ntemperature = 0", ""), "proper colourings");
  expect(deck(regular, colours + "\nfield = 0.1", ""), "model.field");
  expect(deck(regular, "ferromagnetic_fraction = 1", ""), "model.temperature");
  expect(deck(regular, colours, "decimation_sweeps = 3"), "needs algorithm.decimation");
  expect(deck(regular, colours, "recolouring_sweeps = 3"), "algorithm.recolouring_sweeps");
  expect(deck(regular, colours, "recolouring_noise = 0.3"), "needs algorithm.recolouring_sweeps");
  expect(deck(regular, colours, "decimation = 0.1", "marginals = true"), "output.marginals");
}

}  // namespace
}  // namespace weiss
