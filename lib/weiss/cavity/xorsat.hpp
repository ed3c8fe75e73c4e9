// p-XORSAT, or the ferromagnet of p spins at T = 0, on random hypergraphs: where solutions fall into clusters
// and where they vanish. Poisson degrees, alpha equations a variable: a message is frozen with probability
//   phi = 1 - exp(-p alpha phi^(p-1)),
// clusters number exp(N Sigma), Sigma / ln 2 = phi - p alpha phi^(p-1) + (p - 1) alpha phi^p: the variables
// of the 2-core less its equations. alpha_d: the first alpha with phi > 0; alpha_c: Sigma = 0. M. Mezard, F.
// Ricci-Tersenghi, R. Zecchina, J. Stat. Phys. 111, 505 (2003).
#pragma once

#include <cstdint>

#include "weiss/cavity/degree_law.hpp"

namespace weiss {

struct XorsatPoint {
  double frozen = 0;      // phi, the largest solution; 0 below alpha_d
  double complexity = 0;  // Sigma, natural units a variable; 0 below alpha_d, negative above alpha_c
  double entropy = 0;     // of all solutions, (1 - alpha) ln 2; meaningful up to alpha_c
};
XorsatPoint xorsat_point(std::int64_t p, double alpha);

// Any degrees of variables, with G(x) = sum_d p_d x^d and its excess form E(x): phi = 1 - E(1 - phi^(p-1)),
// and with psi = phi^(p-1) the core holds 1 - G(1 - psi) - psi G'(1 - psi) variables and (c/p) phi^p
// equations. Degrees 2 and more: every variable is in the core, phi = 1.
XorsatPoint xorsat_point(std::int64_t p, const DegreeLaw& degrees);

struct XorsatThresholds {
  double dynamic = 0;         // alpha_d
  double frozen = 0;          // phi there
  double satisfiability = 0;  // alpha_c
};
// p >= 3.
XorsatThresholds xorsat_thresholds(std::int64_t p);

}  // namespace weiss
