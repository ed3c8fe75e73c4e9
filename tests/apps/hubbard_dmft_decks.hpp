// Decks and results of weiss-hubbard-dmft for its tests.
#pragma once

#include <string>

#include "conformance.hpp"
#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

inline std::string hubbard_deck(const std::string& model, const std::string& algorithm = "",
                                const std::string& lattice = "kind = bethe", const std::string& rest = "") {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\nsweeps = 2000\n" + rest;
}

inline const Result& hubbard_result(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each;
  throw Error(ExitCode::internal, "no result " + name);
}

inline double hubbard_value(const TaskReport& report, const std::string& name) {
  return hubbard_result(report, name).mean.front();
}

// The first task of the deck on this rank alone.
inline TaskReport run_hubbard(const std::string& text) {
  const Communicator world = Communicator::world();
  const Communicator one = world.split(world.rank(), 0);
  return conformance::run_whole<HubbardDmft>(conformance::deck_of<HubbardDmft>(text).tasks.front(), one);
}

}  // namespace weiss
