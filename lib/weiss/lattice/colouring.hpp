// Proper colourings: sites of one colour have no bond among them, so that they may be updated together.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/lattice/lattice.hpp"

namespace weiss {

struct Colouring {
  int colours = 1;
  std::vector<std::uint8_t> colour;  // one a site
};

// The two sublattices where bipartite, else greedy in site order; a function of the lattice alone. Not for
// the complete graph (Error(internal)).
Colouring colouring(const Lattice& lattice);

}  // namespace weiss
