// A lattice with two orbitals a site as DMFT sees it, with a self-energy that is diagonal in them:
//   G_aa(z_0, z_1) = sum_k [(diag(z_0, z_1) - H(k))^-1]_aa,   z_a = i w + mu - Sigma_a,
// either two bands that do not mix, or H(k) of a tight-binding model; +-splitting/2 is the crystal field of
// orbitals 0 and 1. The impurity that belongs to it has the hybridisation
//   Delta_a = z_a - level_a - 1/G_aa,   level_a = sum_k H_aa,
// which is diagonal as far as G_01 vanishes: offdiagonal_hybridisation() measures what is left out.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/tight_binding.hpp"

namespace weiss {

class TwoBand {
 public:
  TwoBand(const Band& first, const Band& second, double splitting);
  TwoBand(const TightBinding& model, std::int64_t mesh, double splitting);

  std::array<Complex, 2> green(const std::array<Complex, 2>& z) const;
  // -[G^-1]_01 of the local 2 x 2 matrix.
  Complex offdiagonal_hybridisation(const std::array<Complex, 2>& z) const;
  // The entries of LocalFunctions are those of the orbitals.
  LocalFunctions green(double chemical_potential, const LocalFunctions& self_energy,
                       std::span<const double> frequencies) const;
  LocalFunctions hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                               const LocalFunctions& green, std::span<const double> frequencies) const;
  // Largest |Delta_01| at the frequencies.
  double offdiagonal_hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                                   std::span<const double> frequencies) const;

  // Of two bands that do not mix: theirs, and what the crystal field adds.
  const std::vector<Band>& bands() const { return bands_; }
  const std::array<double, 2>& shift() const { return shift_; }
  const std::array<double, 2>& level() const { return level_; }
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }
  // Particle-hole symmetric: Delta_a(i w) = -conj Delta_a(i w) at mu = 0.
  bool symmetric() const { return symmetric_; }
  bool equivalent() const { return equivalent_; }  // the orbitals are
  bool mixes() const { return bands_.empty(); }

 private:
  std::vector<Band> bands_;         // two, or
  std::vector<BlochLevel> levels_;  // at wave vectors of equal weight
  std::array<double, 2> shift_, level_{};
  double lowest_ = 0, highest_ = 0;
  bool symmetric_ = false, equivalent_ = false;
};

}  // namespace weiss
