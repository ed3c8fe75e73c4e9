// The largest eigenvalue of the transfer operator of a particle on the Bethe lattice (see
// transfer_population.hpp) without random numbers: densities on a logarithmic grid.
//
// x = 1/G has the density rho(x) = int p(E - x - y) rho_y(y) dy, y = t^2/x, p the density of
// e + t^2 (G_2 + ... + G_K), iterated until it stays. With chi = |x| times the eigenfunction
//   lambda chi(x) = K int p(E - x - y) (t/|y|) chi(t^2/y) dy,
// K times the product of two symmetric operators, a smoothing by p and the inversion. ln |x|/t lies on a
// uniform grid from -ln X to ln X on both sides of 0, so that inversion reverses the grid; beyond it,
// chi(x) = chi(0) inside and K t chi(0)/(lambda |x|) outside. X grows as W/spacing; errors fall at least
// linearly with the spacing. E, W in the unit of t; + - * / and the suite's exp and log only.
#pragma once

#include <cstddef>
#include <vector>

#include "weiss/cavity/resolvent_population.hpp"

namespace weiss {

struct TransferEigenvalue {
  double eigenvalue = 0;
  double residual = 0;  // relative change of the eigenvalue, and of masses, in the last iterations
};

// At ensemble.disorder_width > 0; the broadening is not used. spacing of ln |x|, below 0.2.
TransferEigenvalue transfer_eigenvalue(const ResolventEnsemble& ensemble, double spacing);

struct LocalisationTransition {
  double disorder_width = 0;  // W_c, lambda(W_c) = 1
  double error = 0;           // change from twice the spacing
  double eigenvalue = 0;
  bool converged = false;
};

// From ensemble.disorder_width, the W where lambda falls through 1 with growing W; not converged where none
// is within a factor of 150.
LocalisationTransition localisation_transition(ResolventEnsemble ensemble, double spacing);

}  // namespace weiss
