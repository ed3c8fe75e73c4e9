#include "weiss/lattice/colouring.hpp"

#include <algorithm>
#include <array>

#include "weiss/base/error.hpp"

namespace weiss {

Colouring colouring(const Lattice& lattice) {
  if (lattice.kind() == LatticeKind::complete)
    throw Error(ExitCode::internal, "the complete graph has no colouring with fewer colours than sites");
  constexpr std::uint8_t none = 255;
  Colouring result;
  result.colour.assign(static_cast<std::size_t>(lattice.sites()), none);
  std::array<bool, 256> taken{};
  for (std::int64_t site = 0; site < lattice.sites(); ++site) {
    std::uint8_t colour = 0;
    if (lattice.bipartite()) {
      colour = static_cast<std::uint8_t>(lattice.sublattice(site));
    } else {
      taken.fill(false);
      lattice.for_each_neighbour(site, [&](std::int64_t other, int) {
        taken[result.colour[static_cast<std::size_t>(other)]] = true;
      });
      while (taken[colour]) ++colour;
      if (colour == none) throw Error(ExitCode::bad_deck, "lattice.degree: more than 254 colours are needed");
    }
    result.colour[static_cast<std::size_t>(site)] = colour;
    result.colours = std::max(result.colours, colour + 1);
  }
  return result;
}

}  // namespace weiss
