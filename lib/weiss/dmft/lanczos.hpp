// The recurrence of Lanczos for a real symmetric operator that is only applied,
//   H v_j = b_{j-1} v_{j-1} + a_j v_j + b_j v_{j+1},
// for lowest eigenstates and for resolvents <phi| 1/(z - H) |phi> as continued fractions
// (C. Lanczos, J. Res. Natl. Bur. Stand. 45, 255 (1950); R. Haydock, V. Heine, M. J. Kelly, J. Phys. C 5,
// 2845 (1972)). No reorthogonalisation among the v_j: ghosts repeat eigenvalues without changing the lowest
// one or the resolvent. Inner products are summed in fixed blocks: the same bits for any width of the
// registers.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

using LinearMap = std::function<void(const double*, double*)>;  // y = H x
using Vectors = std::vector<std::vector<double>>;

double inner_product(const std::vector<double>& a, const std::vector<double>& b);

// One run of the recurrence; every v_j is kept orthogonal to the `locked` orthonormal vectors, which must
// outlive it.
class LanczosChain {
 public:
  LanczosChain(LinearMap apply, std::vector<double> start, const Vectors& locked);

  // Adds a_j and b_j; false when v_{j+1} would vanish: the chain is complete (and empty when the start was
  // zero).
  bool step();
  bool complete() const { return complete_; }

  int steps() const { return static_cast<int>(a_.size()); }
  const std::vector<double>& diagonal() const { return a_; }
  const std::vector<double>& off_diagonal() const { return b_; }  // b_j, the last one beyond the matrix
  const std::vector<double>& vector() const { return v_; }        // that the next step uses
  double start_norm_squared() const { return norm_squared_; }

  // <phi| 1/(z - H) |phi>/<phi|phi> of the chain so far.
  Complex continued_fraction(Complex z) const;
  // Weights <phi|m>^2 at E_m of the chain so far; weights below 1e-20 of the norm are dropped.
  SpectralPoles poles() const;

 private:
  LinearMap apply_;
  const Vectors* locked_;
  std::vector<double> v_, previous_, image_, a_, b_;
  double norm_squared_ = 0, scale_ = 0;
  bool complete_ = false;
};

struct LowestState {
  double energy = 0;
  std::vector<double> vector;  // normalised
  double residual = 0;         // |H x - E x|
  int steps = 0;               // applications of H
  bool converged = false;      // residual at most ten times the tolerance, in units of max(1, |E|)
};

// The lowest eigenvalue orthogonal to `locked`, its residual estimated below `tolerance` max(1, |E|).
double lowest_energy(const LinearMap& apply, const std::vector<double>& start, const Vectors& locked,
                     double tolerance, int most_steps);
// The state as well, or nothing but the energy as soon as it is found, to a residual of 1e-5, to lie above
// `highest`: then the vector stays empty. Vectors of the first pass are kept while they fit in 64 MB, and
// made again otherwise.
LowestState lowest_state(const LinearMap& apply, std::vector<double> start, const Vectors& locked,
                         double tolerance, int most_steps,
                         double highest = std::numeric_limits<double>::infinity());

// Runs the chain until its continued fraction at every probe changes by less than `tolerance`, relative, over
// ten steps twice in a row, or it is complete, or has most_steps. Returns the last change.
double run_resolvent(LanczosChain& chain, const std::vector<Complex>& probes, double tolerance,
                     int most_steps);

}  // namespace weiss
