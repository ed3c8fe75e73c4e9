// weiss-cavity as one program: every problem through the conformance tests, by way of its deck.
#include "cavity/cavity.hpp"

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::vector<std::string> decks() {
  return {
      "[lattice]\nkind = random_regular\nN = 60\ndegree = 3\n[model]\ntemperature = 1.5\n[run]\nsweeps = "
      "200\n",
      "[lattice]\nkind = random_regular\nN = 60\ndegree = 3\n[model]\nproblem = potts\ntemperature = 0\n"
      "ferromagnetic_fraction = 0\n[algorithm]\ndecimation = 0.05\n[run]\nsweeps = 300\n",
      "[lattice]\nkind = complete\nN = 40\n[model]\nproblem = tap\ncouplings = gaussian\nfield = 0.3\n"
      "temperature = 1.2\n[run]\nsweeps = 200\n",
      "[model]\nproblem = satisfiability\nvariables = 60\nclause_density = 3\n[run]\nsweeps = 300\n",
      "[lattice]\nkind = random_regular\ndegree = 3\n[model]\nproblem = ensemble\ntemperature = "
      "1\n[algorithm]\n"
      "population = 256\n[run]\nthermalization = 5\nsweeps = 20\n",
      "[lattice]\nkind = random_regular\ndegree = 4\n[model]\nproblem = states\ntemperature = 0.7\n"
      "spins_per_interaction = 3\n[algorithm]\npopulation = 256\n[run]\nthermalization = 5\nsweeps = 20\n",
      "[model]\nproblem = fully_connected\ntemperature = 0.5\n[algorithm]\nreplica_symmetry_breaking_steps = "
      "1\n"
      "[run]\nsweeps = 100\n",
      "[lattice]\ndegree = 3\n[model]\nproblem = resolvent\ndisorder_width = 12\n[algorithm]\n"
      "population = 256\n[run]\nthermalization = 5\nsweeps = 20\n",
  };
}

TEST(Cavity, RanksDoNotChangeABit) {
  for (const std::string& each : decks()) conformance::check_rank_invariance<Cavity>(each);
}

TEST(Cavity, RestartsAreExact) {
  for (const std::string& each : decks()) conformance::check_restart<Cavity>(each, 4);
}

TEST(Cavity, ResultsAreComplete) {
  for (const std::string& each : decks()) conformance::check_results<Cavity>(each);
}

}  // namespace
}  // namespace weiss
