// Decks of ensembles and their results by name, for the tests of weiss-cavity.
#pragma once

#include <map>
#include <string>

#include "cavity/cavity_ensemble.hpp"
#include "conformance.hpp"

namespace weiss {

inline std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                        const std::string& run) {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

inline const std::string three = "kind = random_regular\ndegree = 3";
inline const std::string small = "population = 700\npopulations = 5";

inline std::map<std::string, Result> results_of(const std::string& text) {
  const Deck deck = conformance::deck_of<CavityEnsemble>(text);
  std::map<std::string, Result> results;
  for (Result& result :
       conformance::run_whole<CavityEnsemble>(deck.tasks.front(), Communicator::world()).results)
    results.emplace(result.name, std::move(result));
  return results;
}

inline bool reports() { return Communicator::world().rank() == 0; }

}  // namespace weiss
