// Message passing on one instance through the conformance tests, and against exact values.
#include "cavity/cavity_instance.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/montecarlo/exact_ground_state.hpp"
#include "weiss/simulation/disorder_keys.hpp"

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                 const std::string& rest = "") {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\nsweeps = 40\n[output]\nmagnetizations = true\n" + rest + "\n";
}

std::vector<std::string> decks() {
  const std::string regular = "kind = random_regular\nN = 300\ndegree = 3";
  const std::string glass = "temperature = 1.3\nrandom_field = gaussian\nrandom_field_width = 0.3";
  return {
      deck(regular, glass, "damping = 0.3\nprecision = single", "correlations_with = 7"),
      deck(regular, glass, "schedule = sequential\nmessage_start = random"),
      deck(regular, glass, "schedule = residual\narithmetic = field", "response = false"),
      deck("kind = viana_bray\nN = 200\nmean_degree = 3", "temperature = 0.1", "message_start = random"),
      deck("kind = hypergraph\nN = 200\nmean_degree = 2.4", "spins_per_interaction = 3\ntemperature = 0.8",
           "message_start = ordered"),
      deck("kind = square\nL = 8", "couplings = gaussian", "messages = max_product\nmessage_start = random"),
      deck(regular, "couplings = gaussian\nfield = 0.1",
           "messages = max_product\nprecision = single\nschedule = sequential\nreinforcement = 0.01\n"
           "message_start = random"),
      deck("kind = hypergraph\nN = 60\nmean_degree = 1.5", "spins_per_interaction = 3",
           "messages = max_product\ndecimation = 0.1\ndecimation_sweeps = 3"),
      deck(regular, "temperature = 0.5", "decimation = 0.05\nmessage_start = random\ndecimation_sweeps = 4"),
  };
}

TEST(CavityInstance, RanksDoNotChangeABit) {
  for (const std::string& each : decks()) conformance::check_rank_invariance<CavityInstance>(each);
}

TEST(CavityInstance, RestartsAreExact) {
  for (const std::string& each : decks())
    for (const std::int64_t stride : {1, 3}) conformance::check_restart<CavityInstance>(each, stride);
}

TEST(CavityInstance, ResultsAreComplete) {
  for (const std::string& each : decks()) conformance::check_results<CavityInstance>(each);
}

Communicator single_rank() {
  const Communicator world = Communicator::world();
  return world.split(world.rank(), 0);
}

TaskReport run(const std::string& text) {
  const Communicator one = single_rank();
  const Deck parsed = conformance::deck_of<CavityInstance>(text);
  return conformance::run_whole<CavityInstance>(parsed.tasks.front(), one);
}

const std::vector<double>& values(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each.mean;
  throw Error(ExitCode::internal, "no result " + name);
}

double value(const TaskReport& report, const std::string& name) { return values(report, name).front(); }

std::string with_sweeps(std::string text, const std::string& sweeps) {
  const std::string before = "sweeps = 40";
  return text.replace(text.find(before), before.size(), "sweeps = " + sweeps);
}

TEST(CavityInstance, ChoosesTheArithmeticByTheStrongestField) {
  const std::string regular = "kind = random_regular\nN = 100\ndegree = 3";
  const auto kernel = [&](const std::string& temperature, const std::string& precision) {
    return run(deck(regular, "temperature = " + temperature, "precision = " + precision)).kernel;
  };
  EXPECT_EQ(kernel("0.51", "single"), "sum_product_tanh_single_parallel");  // 3 / 0.51 < 6
  EXPECT_EQ(kernel("0.49", "single"), "sum_product_field_single_parallel");
  EXPECT_EQ(kernel("0.21", "double"), "sum_product_tanh_double_parallel");
  EXPECT_EQ(kernel("0.19", "double"), "sum_product_field_double_parallel");
}

// Below T_SG messages of a glass do not settle: that is a result, with a residual that damping does not hide.
TEST(CavityInstance, NotConvergingIsAResult) {
  const TaskReport report = run(deck("kind = random_regular\nN = 400\ndegree = 3", "temperature = 0.4",
                                     "message_start = random\ndamping = 0.9"));
  EXPECT_EQ(value(report, "converged"), 0);
  EXPECT_EQ(report.steps, 40);
  EXPECT_GT(value(report, "residual"), 1e-2);
  EXPECT_TRUE(std::isnan(value(report, "stability_eigenvalue")));
  EXPECT_EQ(values(report, "residual_of_sweeps").size(), 40U);
}

TEST(CavityInstance, SusceptibilityIsTheDerivativeOfTheMagnetization) {
  const auto at = [](const std::string& field) {
    return run(with_sweeps(
        deck("kind = random_regular\nN = 60\ndegree = 3",
             "temperature = 1.5\nferromagnetic_fraction = 0.7\nfield = " + field, "tolerance = 1e-14"),
        "2000"));
  };
  const TaskReport report = at("0.3"), up = at("0.3001"), down = at("0.2999");
  const double slope = (value(up, "magnetization") - value(down, "magnetization")) / 2e-4;
  EXPECT_NEAR(value(report, "susceptibility"), slope, 1e-7);
  EXPECT_GT(slope, 0.1);
}

// A chain has <s_i s_j> = tanh(beta)^|i - j|, by the numbers that sites have in the lattice.
TEST(CavityInstance, CorrelationsAlongAChain) {
  const TaskReport report =
      run(deck("kind = chain\nL = 12\nboundary = free", "ferromagnetic_fraction = 1\ntemperature = 1.5", "",
               "correlations_with = 4"));
  for (std::size_t i = 0; i < 12; ++i)
    EXPECT_NEAR(values(report, "correlation_of_sites")[i],
                std::pow(std::tanh(1 / 1.5), std::fabs(static_cast<double>(i) - 4)), 1e-12);
}

// Random 3-XORSAT with 0.5 equations a variable: below 2/3 unit clauses lead to a solution up to a few
// equations.
TEST(CavityInstance, DecimationSolvesDiluteXorsat) {
  const TaskReport report =
      run(with_sweeps(deck("kind = hypergraph\nN = 400\nmean_degree = 1.5", "spins_per_interaction = 3",
                           "messages = max_product\ndecimation = 0.01"),
                      "100000"));
  EXPECT_TRUE(report.ended_early);
  EXPECT_LE(value(report, "unsatisfied_interactions"), 0.01);
  EXPECT_NEAR(value(report, "energy"), -0.5, 1e-12);
  EXPECT_NEAR(value(report, "configuration_energy"),
              -0.5 * (1 - 2 * value(report, "unsatisfied_interactions")), 1e-12);
}

// Against the exact ground states of small glasses: never below, and met by three of these four.
TEST(CavityInstance, ReinforcementFindsGroundStates) {
  int met = 0;
  for (const std::string realisation : {"0", "1", "2", "3"}) {
    const std::string text =
        with_sweeps(deck("kind = random_regular\nN = 60\ndegree = 3",
                         "couplings = gaussian\nrealisation = " + realisation,
                         "messages = max_product\nreinforcement = 0.001\nmessage_start = random"),
                    "20000");
    const Deck parsed = conformance::deck_of<CavityInstance>(text);
    const InteractionGraph graph = make_realisation(parsed.tasks.front().parameters, std::stoll(realisation));
    const double exact = exact_ground_state(graph).energy / 60;
    const TaskReport report = run(text);
    EXPECT_EQ(value(report, "converged"), 1);
    EXPECT_GE(value(report, "configuration_energy"), exact - 1e-12);
    if (value(report, "configuration_energy") < exact + 1e-9) ++met;
  }
  EXPECT_GE(met, 3);
}

TEST(CavityInstance, RefusesKeysWithoutMeaning) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      conformance::deck_of<CavityInstance>(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string chain = "kind = chain\nL = 8";
  const auto expect = [&](const std::string& text, const std::string& words) {
    EXPECT_NE(problem(text).find(words), std::string::npos) << problem(text);
  };
  EXPECT_EQ(problem(deck(chain, "temperature = 1", "")), "");
  expect(deck(chain, "field = 1", ""), "needs model.temperature");
  expect(deck(chain, "temperature = 1", "messages = max_product"), "model.temperature");
  expect(deck(chain, "beta = 0", ""), "model.beta");
  expect(deck(chain, "temperature = 1\nrealisations = 2", ""), "sweep model.realisation");
  expect(deck(chain, "temperature = 1", "reinforcement = 0.1\ndecimation = 0.1"), "choose one");
  expect(deck(chain, "temperature = 1", "decimation = 0.1\narithmetic = tanh"), "must be field");
  expect(deck(chain, "temperature = 1", "precision = single\ntolerance = 1e-9"), "at least 1e-6");
  expect(deck(chain, "temperature = 1", "", "correlations_with = 8"), "sites count from 0");
}

}  // namespace
}  // namespace weiss
