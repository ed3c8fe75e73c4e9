// Iterated perturbation theory: the self-energy of second order in U,
//   Sigma2_s(tau) = U^2 g_s(tau) g_-s(tau) g_-s(beta - tau),   g_s = 1/(i w + mu0_s - level - Delta_s)
// (A. Georges, G. Kotliar, Phys. Rev. B 45, 6479 (1992)), and away from half filling the interpolation
// between weak coupling, the atom and large frequency (H. Kajueter, G. Kotliar, Phys. Rev. Lett. 77, 131
// (1996); M. Potthoff, T. Wegner, W. Nolting, Phys. Rev. B 55, 16132 (1997)):
//   Sigma_s = U (n_-s - 1/2) + A Sigma2_s/(1 - B Sigma2_s),
//   A = n_-s (1 - n_-s)/(n0_-s (1 - n0_-s)),  B = (mu0_s - mu + U (1/2 - n_-s))/(U^2 n0_-s (1 - n0_-s)),
// with mu0_s such that g has the density n_s of the interacting function.
#pragma once

#include <array>

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"

namespace weiss {

// density: <n_s> of the last iteration, which the new solution's will equal at the fixed point.
ImpuritySolution solve_by_perturbation(const DiscreteLehmann& basis, const WeissField& field,
                                       const std::array<double, 2>& density);

// The frequencies of the basis' nodes, > 0.
std::vector<double> node_frequencies(const DiscreteLehmann& basis);

// <n> of a Green function at the nodes: -G(tau -> beta).
double density_of(const DiscreteLehmann& basis, const NodeValues& green);

// T sum_n Sigma G e^{i w 0+} = U <n_s n_-s> - U n_s/2 (equation of motion), Sigma with its constant part.
double sum_of_products(const DiscreteLehmann& basis, const NodeValues& self_energy, double constant,
                       const NodeValues& green);

}  // namespace weiss
