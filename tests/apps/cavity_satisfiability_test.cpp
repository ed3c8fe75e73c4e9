// K-SAT through the conformance tests, and against the ensemble.
#include "cavity/cavity_satisfiability.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& model, const std::string& algorithm, const std::string& sweeps = "60") {
  return "[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\nsweeps = " + sweeps + "\n";
}

std::vector<std::string> decks() {
  return {deck("variables = 300\nclause_density = 4.1", ""),
          deck("variables = 300\nclause_density = 3.2", "joker_weight = 0\nsurvey_tolerance = 1e-9"),
          deck("variables = 200\nclause_length = 4\nclause_density = 9", "joker_weight = 0.5"),
          deck("variables = 400\nclause_density = 4.1",
               "survey_fixing = 0.1\nsurvey_tolerance = 0.05\nsurvey_sweeps = 8\nwalk_sweeps = 20")};
}

TEST(CavitySatisfiability, RanksDoNotChangeABit) {
  for (const std::string& each : decks()) conformance::check_rank_invariance<CavitySatisfiability>(each);
}

TEST(CavitySatisfiability, RestartsAreExact) {
  for (const std::string& each : decks())
    for (const std::int64_t stride : {1, 4}) conformance::check_restart<CavitySatisfiability>(each, stride);
}

TEST(CavitySatisfiability, ResultsAreComplete) {
  for (const std::string& each : decks()) conformance::check_results<CavitySatisfiability>(each);
}

TaskReport run(const std::string& text) {
  const Communicator world = Communicator::world();
  const Communicator one = world.split(world.rank(), 0);
  const Deck parsed = conformance::deck_of<CavitySatisfiability>(text);
  return conformance::run_whole<CavitySatisfiability>(parsed.tasks.front(), one);
}

double value(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each.mean.front();
  throw Error(ExitCode::internal, "no result " + name);
}

TEST(CavitySatisfiability, SurveysLeadToASolution) {
  const TaskReport report = run(deck("variables = 5000\nclause_density = 4.15",
                                     "survey_fixing = 0.02\nsurvey_tolerance = 1e-2", "100000"));
  EXPECT_EQ(value(report, "converged"), 1);
  EXPECT_GT(value(report, "fixed_fraction"), 0.2);
  EXPECT_EQ(value(report, "unsatisfied_clauses"), 0);
}

TEST(CavitySatisfiability, RefusesWhatCannotBe) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      conformance::deck_of<CavitySatisfiability>(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem(deck("variables = 100", "")), "");
  EXPECT_NE(problem(deck("variables = 8\nclause_density = 100", "")).find("more clauses"), std::string::npos);
  EXPECT_NE(problem(deck("variables = 8\nclause_density = 0.01", "")).find("no clause"), std::string::npos);
  EXPECT_NE(problem(deck("variables = 100", "walk_noise = 0.3")).find("survey_fixing"), std::string::npos);
}

}  // namespace
}  // namespace weiss
