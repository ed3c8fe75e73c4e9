// Topologies as interaction graphs with all couplings 1: lattices, complete and random graphs and
// hypergraphs. Random ones are functions of the stream alone. Error(bad_deck) beyond 2^31 sites or
// interactions.
#pragma once

#include <cstdint>

#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/lattice/lattice.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// Bonds in the order of for_each_forward_bond over the sites in order: bond e of every lattice in the suite.
InteractionGraph lattice_graph(const Lattice& lattice);

// All sets of `order` sites, in lexicographic order.
InteractionGraph complete_graph(std::int64_t sites, int order);

// `interactions` distinct sets of `order` sites, uniformly drawn: for order 2 the Viana-Bray model (L. Viana,
// A. J. Bray, J. Phys. C 18, 3037 (1985)) with a fixed number of bonds.
InteractionGraph random_graph(std::int64_t sites, int order, std::int64_t interactions, const Stream& stream);

}  // namespace weiss
