// Green functions of the lattice of weiss-hubbard-dmft at any z of the upper half plane, of every phase and
// number of orbitals: the local one, and that of a wave vector.
#pragma once

#include <array>
#include <vector>

#include "hubbard_dmft/hubbard_lattice.hpp"

namespace weiss {

// What the Green function of a component depends on: Sigma of a paramagnet; Sigma_s and Sigma_-s of an
// antiferromagnet; Sigma_0 and Sigma_1 of orbitals; Sigma_11, Sigma_12, Sigma_22 of a superconductor.
using SelfEnergies = std::array<Complex, 3>;

class RetardedGreen {
 public:
  RetardedGreen(const HubbardLattice& lattice, double chemical_potential)
      : lattice_(lattice), chemical_potential_(chemical_potential) {}

  // Of a spin or an orbital, whose are the SelfEnergies.
  Complex local(std::size_t component, Complex z, const SelfEnergies& sigma) const;

  // e(k) of each orbital, without interaction.
  std::vector<BandEnergies> energies(const WaveVector& k) const;
  // Spin up, diagonal in k, mean over the sites of a cell, summed over orbitals.
  Complex at(const std::vector<BandEnergies>& energies, Complex z, const SelfEnergies& sigma) const;

 private:
  const HubbardLattice& lattice_;
  double chemical_potential_;
};

}  // namespace weiss
