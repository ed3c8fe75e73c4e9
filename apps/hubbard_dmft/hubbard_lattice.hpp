// The lattice half of an iteration of weiss-hubbard-dmft, of every phase and number of orbitals, and the
// Weiss field as a vector of unknowns for the mixing. The two entries of LocalFunctions are spins; of a
// superconductor the normal and the anomalous function; of two orbitals, whose spins are equal, the orbitals.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/two_band.hpp"
#include "weiss/simulation/measurements.hpp"

#include "hubbard_dmft/hubbard_keys.hpp"

namespace weiss {

// Of results with an entry for each spin.
inline Axis spin_axis() { return {"spin", "1", {1, -1}}; }
// ... or for each orbital.
inline Axis orbital_axis() { return {"orbital", "1", {0, 1}}; }

inline void append(std::vector<double>& values, Complex z) {
  values.push_back(z.real());
  values.push_back(z.imag());
}

// The Weiss field as mixed: real and imaginary parts of Delta_s at the nodes, then <n_s>; a paramagnet and
// equivalent orbitals have one s, a superconductor the normal and the anomalous Delta, <n_s> and <c_down
// c_up>. Last mu where it is found: unmixed it would swing between two values where an attraction makes the
// density soft.
using Unknowns = std::vector<double>;

class HubbardLattice {
 public:
  // Error(bad_deck) as of band_of and two_band_of.
  explicit HubbardLattice(const Parameters& parameters);

  Phase phase() const { return phase_; }
  bool superconducting() const { return phase_ == Phase::superconducting; }
  bool particle_hole_symmetric() const { return particle_hole_symmetric_; }
  bool finds_potential() const { return density_.has_value(); }
  double beta() const { return basis_.beta(); }
  const Band& band() const { return band_; }
  const std::optional<TwoBand>& two_band() const { return two_band_; }
  const DiscreteLehmann& basis() const { return basis_; }
  const std::vector<double>& frequencies() const { return frequencies_; }  // of the nodes
  // Functions that differ, and are mixed: 1 or 2.
  std::size_t functions() const {
    return phase_ == Phase::paramagnetic && !(two_band_ && !two_band_->equivalent()) ? 1 : 2;
  }
  // Where the function of a spin or orbital is: a superconductor's spins share the normal one.
  std::size_t part_of(std::size_t component) const { return superconducting() ? normal_part : component; }
  Axis component_axis() const { return two_band_ ? orbital_axis() : spin_axis(); }

  LocalFunctions green(double chemical_potential, const LocalFunctions& self_energy) const;
  // mu at which the lattice with this self-energy has the density asked for; `now` where none is.
  double potential(double now, const LocalFunctions& self_energy) const;

  // The Weiss field of a first self-energy: Hartree's, with the atom's pole for an insulator.
  Unknowns start(double chemical_potential) const;
  // That of the solver's answer.
  Unknowns image(double chemical_potential, const ImpuritySolution& solution) const;
  // Those of another lattice, of another temperature say, at the frequencies of this one; nothing where its
  // functions are others.
  std::optional<Unknowns> adopt(const HubbardLattice& other, const Unknowns& unknowns,
                                double chemical_potential) const;
  WeissField field(const Unknowns& unknowns, double chemical_potential) const;
  // <n_s>; of a superconductor <n_s> and <c_down c_up>.
  std::array<double, 2> densities(const Unknowns& unknowns) const;

  // At i w_0 .. i w_(count - 1), from the nodes.
  NodeValues on_matsubara(const NodeValues& values, double constant, std::int64_t count) const;

 private:
  LocalFunctions hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                               const LocalFunctions& green) const;
  LocalFunctions first_self_energy(const std::array<double, 2>& density) const;
  std::array<double, 2> first_densities() const;
  void symmetrise(LocalFunctions& hybridisation, std::array<double, 2>& densities) const;
  void symmetrise_orbitals(LocalFunctions& hybridisation, std::array<double, 2>& densities) const;
  void symmetrise_spins(LocalFunctions& hybridisation, std::array<double, 2>& densities) const;
  Unknowns flattened(LocalFunctions hybridisation, std::array<double, 2> densities,
                     double chemical_potential) const;

  Phase phase_;
  Band band_;
  std::optional<TwoBand> two_band_;  // of two orbitals, then in place of band_
  std::optional<double> density_;    // asked for
  double interaction_, hund_, staggered_start_, pairing_start_;
  bool starts_as_insulator_;
  bool particle_hole_symmetric_;
  DiscreteLehmann basis_;
  std::vector<double> frequencies_;
};

}  // namespace weiss
