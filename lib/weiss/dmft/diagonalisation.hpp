// The impurity solved exactly with a discrete bath (M. Caffarel, W. Krauth, Phys. Rev. Lett. 72, 1545
// (1994)): the hybridisation is fitted by a few bath sites (bath_fit.hpp), the finite cluster is diagonalised
// wholly up to six sites at finite temperature, else by Lanczos. What the bath misses is reported, not
// hidden.
#pragma once

#include <array>

#include "weiss/dmft/bath_fit.hpp"
#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

struct DiagonalisationSettings {
  BathFitSettings fit;
  std::int64_t fit_frequencies = 0;  // of Matsubara; 0: up to the energies of the basis, at most 300
  // Average over ground states only; beta then only spaces the frequencies.
  bool ground_state = false;
  bool antiferromagnetic = false;  // each spin has a bath of its own
};

struct DiagonalisationResult {
  ImpuritySolution solution;
  std::array<BathFit, 2> fit;
  ImpurityOrbital orbital;             // with the fitted baths
  std::array<SpectralPoles, 2> green;  // of each spin, at any argument
  double ground_energy = 0;
  double neglected = 0;   // Boltzmann weight of the states left out, at most
  bool converged = true;  // fits and Lanczos
};

// last: baths to start the fits from, empty ones at first.
DiagonalisationResult solve_by_diagonalisation(const DiscreteLehmann& basis, const WeissField& field,
                                               const DiagonalisationSettings& settings,
                                               const std::array<DiscreteBath, 2>& last);

// A hybridisation at the Matsubara frequencies that a fit looks at.
struct SampledHybridisation {
  std::vector<double> frequencies;
  std::vector<Complex> values;
};
SampledHybridisation sampled_hybridisation(const DiscreteLehmann& basis, const NodeValues& hybridisation,
                                           const DiagonalisationSettings& settings);
// The bath of one hybridisation.
BathFit fit_hybridisation(const DiscreteLehmann& basis, const NodeValues& hybridisation,
                          const DiagonalisationSettings& settings, const DiscreteBath& last);

// Sigma_s(z) of the fitted impurity at any argument off the real axis.
Complex self_energy_at(const DiagonalisationResult& result, std::size_t spin, Complex z);

}  // namespace weiss
