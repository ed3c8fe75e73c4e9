// weiss-ising through the conformance tests: every update on every lattice where it is legal.
#include "ising/ising.hpp"

#include <map>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

struct Case {
  std::string lattice;    // lines of [lattice]
  std::string model;      // lines of [model]
  std::string algorithm;  // lines of [algorithm]
};

std::string deck(const Case& c, const std::string& run) {
  return "[lattice]\n" + c.lattice + "\n[model]\n" + c.model + "\n[algorithm]\n" + c.algorithm +
         "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

std::vector<Case> cases() {
  const std::vector<std::string> lattices{
      "kind = chain\nL = 17",
      "kind = square\nL = 64",
      "kind = square\nextents = 128, 64",
      "kind = square\nextents = 6, 5\nboundary = periodic, free",
      "kind = cubic\nL = 16",
      "kind = cubic\nextents = 64, 16, 16",
      "kind = cubic\nextents = 64, 4, 3",
      "kind = hypercubic\nL = 4",
      "kind = triangular\nL = 6",
      "kind = honeycomb\nL = 5",
      "kind = kagome\nL = 4",
      "kind = bcc\nL = 3",
      "kind = fcc\nL = 3",
      "kind = random_regular\nN = 60\ndegree = 3",
      "kind = complete\nN = 40",
  };
  const std::vector<std::string> algorithms{
      "update = heat_bath",
      "update = metropolis\nstart = random",
      "update = swendsen_wang",
      "update = wolff\nclusters_per_sweep = 3",
      "update = hybrid\nlocal_sweeps = 2",
      "update = hybrid\ncluster_update = wolff",
      "update = hybrid\ncluster_update = wolff\nlocal_update = metropolis",
  };
  std::vector<Case> all;
  for (const std::string& lattice : lattices)
    for (const std::string& algorithm : algorithms) all.push_back({lattice, "temperature = 2.3", algorithm});
  for (const std::string& algorithm : algorithms) {
    all.push_back({"kind = square\nL = 64", "temperature = 1.7\ncoupling = -1", algorithm});
    all.push_back({"kind = square\nL = 8", "beta = 0.3\ncoupling = 1, -0.5\nfield = 0.25", algorithm});
  }
  return all;
}

TEST(Ising, RanksDoNotChangeABit) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(deck(c, ""));
    conformance::check_rank_invariance<Ising>(deck(c, "thermalization = 3\nsweeps = 8\nseed = 5"));
  }
}

TEST(Ising, RestartsAtEverySweepAreExact) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(deck(c, ""));
    conformance::check_restart<Ising>(deck(c, "thermalization = 2\nsweeps = 7\nmeasure_every = 2"), 1);
  }
}

TEST(Ising, ResultsCarryUnitsAndErrors) {
  conformance::check_results<Ising>(deck({"kind = square\nL = 8", "temperature = 2.3", "update = hybrid"},
                                         "sweeps = 500\n[output]\nenergy_histogram = true\n"
                                         "correlation_function = true\ntime_series = true"));
}

// beta^2 overflows; what does not fluctuate has no specific heat.
TEST(Ising, AFrozenSystemHasFiniteResults) {
  const Deck deck =
      conformance::deck_of<Ising>("[lattice]\nL = 4\n[model]\ntemperature = 1e-300\n[run]\nsweeps = 50\n");
  const Communicator alone = Communicator::world().split(Communicator::world().rank(), 0);
  const std::map<std::string, double> expected{{"specific_heat", 0}, {"energy", -2}, {"binder", 1 - 1.0 / 3}};
  std::size_t compared = 0;
  for (const Result& result : conformance::run_whole<Ising>(deck.tasks[0], alone).results)
    if (const auto found = expected.find(result.name); found != expected.end()) {
      EXPECT_NEAR(result.mean[0], found->second, 1e-12) << result.name;
      ++compared;
    }
  EXPECT_EQ(compared, expected.size());
}

}  // namespace
}  // namespace weiss
