// Tight-binding models of one or two orbitals a cell, read from a file: real amplitudes t_ab(R) and
//   H_ab(k) = sum_R t_ab(R) e^{i k R},   R = (dx, dy, dz) in cells, k on a mesh of the Brillouin zone.
// H is Hermitian when t_ba(-R) = t_ab(R); partners that the file leaves out are completed. With real
// amplitudes H(-k) is the transpose of H(k): only half of the mesh is summed. Energies in the deck's unit.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "weiss/dmft/band.hpp"

namespace weiss {

struct TightBinding {
  struct Term {
    std::array<int, 3> cell{};
    std::size_t from = 0, to = 0;  // orbitals a, b
    double amplitude = 0;
  };
  std::vector<Term> terms;  // with their Hermitian partners
  std::size_t orbitals = 1;

  double amplitude(const std::array<int, 3>& cell, std::size_t from, std::size_t to) const;
  std::size_t directions() const;  // 1 to 3: up to the last along which anything hops
  // Signs of sites, of period one or two cells, under which every amplitude changes its sign: then the
  // spectrum is symmetric, and holes hop like electrons.
  bool bipartite() const;
  // One orbital, or t_00(R) = t_11(R) for all R: inversion with an exchange of the orbitals is a symmetry.
  bool equivalent_orbitals() const;
};

// H(k) at one wave vector and at its negative, which has the other off-diagonal element.
struct BlochLevel {
  std::array<double, 2> energy{};  // H_00, H_11
  Complex mixing = 0;              // H_01
};

// Lines `dx dy dz a b value`, # begins a comment. Error(bad_deck) with file, line and remedy.
TightBinding read_tight_binding(const std::string& path);

// Half of a mesh that is shifted off the zone's centre; even number of wave vectors a direction.
std::vector<BlochLevel> bloch_levels(const TightBinding& model, std::int64_t mesh);
// All bands together, for sites that are alike.
Band band_of_cells(const TightBinding& model, std::int64_t mesh);

}  // namespace weiss
