// Energies of a phonon that was integrated out, H_ph = w b+b + g (n - r)(b+ + b), from the correlations of
// the density, chi_m = int_0^beta exp(i v_m tau) <(n - r)(tau) (n - r)> dtau (not connected): with x = b+ +
// b,
//   <x(tau) (n - r)> = -g int B0 <(n - r)(n - r)>,   B0_m = 2 w/(w^2 + v_m^2),
//   g <(n - r) x> = -(g^2/beta) sum_m B0_m chi_m,
//   w <b+b> = w/(e^{beta w} - 1) + (g^2/(4 w beta)) sum_m (w^2 - v_m^2) B0_m^2 chi_m,
// both series over the measured bosonic frequencies; what is beyond falls as v^-4. Errors are added up as if
// fully correlated.
#pragma once

#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/segment_results.hpp"

namespace weiss {

struct PhononEnergies {
  Estimate coupling, phonon;  // g <(n - r)(b+ + b)>, w <b+b>
};

PhononEnergies phonon_energies(const SegmentResults& results, double beta, const Phonon& phonon,
                               double reference);

}  // namespace weiss
