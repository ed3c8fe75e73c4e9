// weiss-spinglass through the conformance tests.
#include "spinglass/spinglass.hpp"

#include <gtest/gtest.h>

#include "conformance.hpp"
#include "spinglass_deck.hpp"

namespace weiss {
namespace {

std::vector<std::string> decks(const std::string& run) {
  const std::string three = "temperatures = 0.9, 1.4, 2.0\nexchange_every = 1";
  const std::string eleven = "temperatures = linspace(0.8, 2.4, 11)";
  return {
      deck("kind = cubic\nL = 4", "realisations = 5", three, run),
      deck("kind = cubic\nL = 3", "realisation = 510\nrealisations = 5", three + "\nrandom_bits = shared",
           run),
      deck("kind = square\nextents = 6, 5", "realisations = 3\nferromagnetic_fraction = 0.8",
           eleven + "\nreplicas = 3", run),
      deck("kind = cubic\nL = 3", "couplings = gaussian\nrealisations = 3", eleven, run),
      deck("kind = square\nL = 5\nboundary = free", "realisations = 2\nbond_probability = 0.7\nfield = 0.2",
           three + "\nreplica_exchange = false", run),
      deck("kind = cubic\nL = 3",
           "ferromagnetic_fraction = 1\nrandom_field = gaussian\nrandom_field_width = 1.5\nrealisations = 2",
           three + "\nstart = ordered", run),
      deck("kind = complete\nN = 24", "couplings = gaussian\nrealisations = 3",
           eleven + "\nexchange_every = 2", run),
      deck("kind = complete\nN = 10", "couplings = gaussian\nspins_per_interaction = 3\nrealisations = 2",
           three, run),
      deck("kind = viana_bray\nN = 40\nmean_degree = 3", "realisations = 3", eleven, run),
      deck("kind = hypergraph\nN = 30\nmean_degree = 3", "spins_per_interaction = 3\nrealisations = 2", three,
           run),
      deck("kind = random_regular\nN = 30\ndegree = 3", "couplings = gaussian\nrealisations = 2", three, run),
      deck("kind = cubic\nL = 4", "temperature = 1.2", "kernel = lanes", run),
      deck("kind = square\nL = 6", "realisation = 509\nrealisations = 5",
           three + "\nreplicas = 3\ncluster_every = 1\ncluster_below = 1.5", run),
      deck("kind = viana_bray\nN = 40\nmean_degree = 3", "realisations = 3", eleven + "\ncluster_every = 2",
           run),
      deck("kind = cubic\nL = 3", "couplings = gaussian\nrealisations = 3",
           eleven + "\ntemperature_set = equal_acceptance\npilot_sweeps = 30", run),
      deck("kind = cubic\nL = 4", "realisations = 40",
           eleven + "\ntemperature_set = feedback\npilot_sweeps = 20", run),
      deck("kind = cubic\nL = 16", "realisations = 2\ncoupling_width = 0.7",
           three + "\nreplicas = 3\nkernel = packed", run),
      deck("kind = square\nextents = 64, 32", "realisations = 2",
           eleven + "\nkernel = packed\ncluster_every = 3", run),
      deck("kind = cubic\nL = 32", "realisation = 3", three + "\nstart = ordered", run),
  };
}

std::vector<std::string> annealing_decks() {
  const std::string run = "sweeps = 100000";
  const std::string temperatures = "\ntemperatures = 0.5, 1.1, 2.0\nsweeps_per_temperature = 2\n";
  const std::string population = "method = population_annealing" + temperatures;
  return {
      deck("kind = cubic\nL = 3", "couplings = gaussian\nrealisations = 3",
           population + "population = 64\npopulations = 2", run + "\n[output]\nground_states = true"),
      deck("kind = hypergraph\nN = 30\nmean_degree = 3", "spins_per_interaction = 3",
           population + "population = 80\npopulations = 5\nculled_fraction = 0.3",
           run + "\n[output]\noverlap_histogram = true"),
      deck("kind = square\nL = 5\nboundary = free", "realisations = 4\nbond_probability = 0.7\nfield = 0.2",
           "method = simulated_annealing" + temperatures + "population = 40", run),
      deck("kind = square\nL = 4", "realisations = 70", "method = exact_ground_state",
           run + "\n[output]\nground_states = true"),
  };
}

TEST(SpinGlass, RanksDoNotChangeABit) {
  for (const std::string& each : decks("thermalization = 3\nsweeps = 8\nmeasure_every = 2"))
    conformance::check_rank_invariance<SpinGlass>(each);
}

TEST(SpinGlass, RestartsAreExact) {
  for (const std::string& each : decks("thermalization = 3\nsweeps = 8\nmeasure_every = 3"))
    conformance::check_restart<SpinGlass>(each, 3);
}

TEST(SpinGlass, RanksDoNotChangeABitOfAnAnnealing) {
  for (const std::string& each : annealing_decks()) conformance::check_rank_invariance<SpinGlass>(each);
}

TEST(SpinGlass, RestartsOfAnAnnealingAreExact) {
  for (const std::string& each : annealing_decks()) conformance::check_restart<SpinGlass>(each, 7);
}

TEST(SpinGlass, ResultsOfAnAnnealingAreComplete) {
  for (const std::string& each : annealing_decks()) conformance::check_results<SpinGlass>(each);
}

TEST(SpinGlass, ResultsAreComplete) {
  for (const std::string& each : decks("thermalization = 16\nsweeps = 64"))
    conformance::check_results<SpinGlass>(each);
}

}  // namespace
}  // namespace weiss
