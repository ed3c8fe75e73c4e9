// A deck of weiss-spinglass from its sections.
#pragma once

#include <string>

namespace weiss {

inline std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                        const std::string& run) {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

}  // namespace weiss
