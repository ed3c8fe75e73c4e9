// TAP by deck through the conformance tests, and beyond the AT line.
#include "cavity/cavity_dense.hpp"

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& model, const std::string& algorithm = "") {
  return "[lattice]\nkind = complete\nN = 200\n[model]\ncouplings = gaussian\n" + model + "\n[algorithm]\n" +
         algorithm + "\n[run]\nranks_per_task = 64\nsweeps = 100\n[output]\ntap_magnetizations = true\n";
}

TEST(CavityDense, ConformsToTheSuite) {
  for (const std::string& each : {deck("temperature = 1.2\nfield = 0.4"),
                                  deck("temperature = 0.4\nfield = 0.1", "tap_damping = 0.3")}) {
    conformance::check_rank_invariance<CavityDense>(each);
    conformance::check_restart<CavityDense>(each, 7);
    conformance::check_results<CavityDense>(each);
  }
}

double value(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each.mean.front();
  throw Error(ExitCode::internal, "no result " + name);
}

TEST(CavityDense, ConvergesOnOneSideOfTheAtLine) {
  const Communicator world = Communicator::world();
  const Communicator one = world.split(world.rank(), 0);
  const auto run = [&](const std::string& text) {
    return conformance::run_whole<CavityDense>(conformance::deck_of<CavityDense>(text).tasks.front(), one);
  };
  const TaskReport above = run(deck("temperature = 1.2\nfield = 0.4"));
  EXPECT_EQ(value(above, "converged"), 1);
  EXPECT_TRUE(above.ended_early);
  EXPECT_LT(value(above, "stability_eigenvalue"), 1);
  const TaskReport below = run(deck("temperature = 0.3\nfield = 0.1"));
  EXPECT_EQ(value(below, "converged"), 0);
  EXPECT_GT(value(below, "residual"), 1e-3);
}

TEST(CavityDense, RefusesWhatIsNoPairModel) {
  try {
    conformance::deck_of<CavityDense>(deck("spins_per_interaction = 3\nrealisations = 2"));
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("must be 2"), std::string::npos) << what;
    EXPECT_NE(what.find("sweep model.realisation"), std::string::npos) << what;
    EXPECT_NE(what.find("needs model.temperature"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace weiss
