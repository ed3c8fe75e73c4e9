// Continuation by Nevanlinna functions (J. Fei, C.-N. Yeh, E. Gull, Phys. Rev. Lett. 126, 056402 (2021)): -G
// maps the upper half plane into itself, so Schur's algorithm interpolates G(i w_n) by functions that are all
// causal, in 100-digit arithmetic. They exist while every Schur parameter is inside the unit circle (Pick's
// criterion). At each w + i broadening the values of all causal functions through the points fill a disc:
// `spectrum` and `values` are of the function whose free parameter is zero, and `lower`, `upper` bound A =
// -Im G/pi of every positive spectrum that has these data; `spread` is (upper - lower)/2. Noisy copies of the
// data (noise of the size given, at least that of rounding) are interpolated too: as many points are used as
// pass in all of them, and the bounds are the widest.
//
// Trust: `points`, the lowest frequencies used, of `offered`; `last_margin`, 1 - |last Schur parameter|;
// `width`, int (upper - lower) dw / norm; `norm`, the integral on the mesh. The bounds are rigorous for exact
// data; with noise they hold about as often as it stays below the copies' largest.
#pragma once

#include <cstddef>

#include "weiss/dmft/continuation.hpp"

namespace weiss {

struct NevanlinnaOptions {
  double broadening = 0.01;      // in energy
  double norm = 1;               // int A dw
  std::size_t most_points = 60;  // of the data, from the lowest frequency
  double error = 0;              // standard deviation of Re and Im of the data, 0 for exact ones
  std::size_t copies = 16;       // noisy ones, where error > 0
  std::size_t least_points = 4;  // fewer that pass are "not ok", unless the data are those of as few poles
  double allowed_width = 2;      // of the norm; wider bounds are "not ok"
};

struct NevanlinnaContinuation : Continuation {
  std::vector<double> lower, upper;
};

// g[n] = G(i w_n), n = 0, 1, ..., fermions.
NevanlinnaContinuation nevanlinna(std::span<const Complex> g, double beta, std::span<const double> mesh,
                                  const NevanlinnaOptions& options = {});

}  // namespace weiss
