// The impurity of two orbitals with Hund's coupling J, the density-density part of Kanamori's interaction
// (J. Kanamori, Prog. Theor. Phys. 30, 275 (1963); A. Georges, L. de' Medici, J. Mravlje, Annu. Rev. Condens.
// Matter Phys. 4, 137 (2013)),
//   H_int = sum_{pairs} U_ab (n_a - 1/2)(n_b - 1/2),   U_ab = U       spins of one orbital
//                                                             U - 2J  opposite spins of two orbitals
//                                                             U - 3J  equal spins of two orbitals,
// without spin flips and pair hopping. Two electrons a site are at mu = 0 for symmetric baths. With n_a n_b
// in place of (n_a - 1/2)(n_b - 1/2) the chemical potential is larger by (3U - 5J)/2, half the sum of a
// flavour's U_ab. Spins are equal (a paramagnet); the entries of LocalFunctions are those of the orbitals.
#pragma once

#include "weiss/dmft/diagonalisation.hpp"
#include "weiss/dmft/segment_impurity.hpp"

namespace weiss {

struct HundInteraction {
  double same, opposite, equal;  // U, U - 2J, U - 3J

  HundInteraction(double interaction, double hund)
      : same(interaction), opposite(interaction - 2 * hund), equal(interaction - 3 * hund) {}
  double shift() const { return (same + opposite + equal) / 2; }  // of mu, see above
  // Sigma_a of Hartree, which is also what it tends to at high frequency; density: <n_a> of one spin.
  double hartree(std::size_t orbital, const std::array<double, 2>& density) const {
    return same * (density[orbital] - 0.5) + (opposite + equal) * (density[1 - orbital] - 0.5);
  }
};

// s_1 = sum_bc U_ab U_ac (<n_b n_c> - <n_b><n_c>) of a flavour a of the orbital, from densities and averages
// of pairs: Sigma_a = hartree + s_1/z + ... at high frequency, so that Sigma_a - hartree has a spectrum of
// weight s_1.
double self_energy_weight(const HundInteraction& u, const ImpuritySolution& solution, std::size_t orbital);

// Exactly with a discrete bath of each orbital; result.orbital, fit and green have an entry each orbital.
// Equivalent orbitals have one bath.
DiagonalisationResult solve_orbitals_by_diagonalisation(const DiscreteLehmann& basis, const WeissField& field,
                                                        const DiagonalisationSettings& settings,
                                                        const std::array<DiscreteBath, 2>& last);

// By segments; self-energies are averaged over spins, and over orbitals where they are equivalent. symmetric
// as in solve_by_segments.
SegmentSolution solve_orbitals_by_segments(const WeissField& field, const DiscreteLehmann& basis,
                                           bool symmetric, const SegmentSettings& settings,
                                           const SegmentPlan& plan, const Communicator& communicator,
                                           std::vector<SegmentConfiguration>& configurations);

}  // namespace weiss
