// Iterated perturbation theory in an s-wave superconductor: the self-energy of second order in U,
//   Sigma2_11(tau) = U^2 d(tau) g(tau),  Sigma2_12(tau) = U^2 d(tau) f(tau),
//   d(tau) = g(tau) g(beta - tau) - f(tau)^2   (f(-tau) = f(tau)),
// with g, f the normal and anomalous part of [z + mu0 tau_3 + h tau_1 - level tau_3 - Delta]^-1 (A. Garg, H.
// R. Krishnamurthy, M. Randeria, Phys. Rev. B 72, 024517 (2005); A. Toschi, P. Barone, M. Capone, C.
// Castellani, New J. Phys. 7, 7 (2005)), and the interpolation of perturbation.hpp in matrix form:
//   Sigma = Sigma_HF + [Sigma2^-1 - B]^-1,   Sigma_HF = U ((n - 1/2) tau_3 + F tau_1),
//   B = [(mu0 - mu) tau_3 + h tau_1 - Sigma_HF]/(U^2 (n (1 - n) - F^2)),
// with mu0 and h such that n = <n_s> and F = <c_down c_up> are those of the interacting functions. Exact are
// Sigma to order U^2, its terms of order 1 and 1/z, and the atom in fields mu and h. The partial
// particle-hole map c_down -> c+_down makes it the interpolation of the repulsive impurity in a magnetic
// moment along any axis: with F = 0 it is that of the normal phase, at half filling that of the
// antiferromagnet.
#pragma once

#include <array>

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"

namespace weiss {

// hybridisation: normal and anomalous. n, F: of the last iteration, which the new solution's will equal at
// the fixed point.
ImpuritySolution solve_superconductor_by_perturbation(const DiscreteLehmann& basis, const WeissField& field,
                                                      double n, double F);

}  // namespace weiss
