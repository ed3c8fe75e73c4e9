// What the messages of one instance say: the Bethe free energy and what follows from it,
//   Phi = ln Z = sum_i ln Z_i + sum_e ln Z_e - sum_(ie) ln Z_ie
//   ln Z_i  = ln 2cosh H_i - sum_e ln 2cosh u_{e->i},    H_i = beta h_i + sum_e u_{e->i}
//   ln Z_e  = ln cosh(beta J_e + y_e) - ln cosh y_e,      tanh y_e = prod_i tanh x_{i->e}
//   ln Z_ie = ln cosh(u + x) - ln 2 - ln cosh u - ln cosh x
// (J. S. Yedidia, W. T. Freeman, Y. Weiss, IEEE Trans. Inf. Theory 51, 2282 (2005)), exact on trees,
// stationary at a fixed point. For max-product the same with ln cosh x -> |x|: the energy of the ground
// state. Sums run over sites and slots in their order, in double precision; functions are those of libm.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/message_passing.hpp"

namespace weiss {

struct BetheAverages {
  double free_energy = 0;    // F = -Phi / scale; of max-product: the energy
  double energy = 0;         // <H>, from the marginals; of max-product equal to free_energy
  double entropy = 0;        // beta (energy - free energy)
  double magnetization = 0;  // sum_i m_i
  double overlap = 0;        // sum_i m_i^2
};

// Totals over the system.
template <class Rule>
BetheAverages bethe_averages(const MessagePassing<Rule>& messages);

// m_i = tanh H_i by new site number; for max-product the sign of H_i, 0 where it is undecided.
template <class Rule>
std::vector<double> magnetizations(const MessagePassing<Rule>& messages);

// <prod_{i in e} s_i> of the interaction of a slot.
template <class Rule>
double interaction_average(const MessagePassing<Rule>& messages, std::int64_t slot);

struct Response {
  bool converged = false;
  double residual = 0;           // largest relative change of a derivative in the last step
  std::vector<double> of_sites;  // d m_i / d(beta h) by new site number
};

// Susceptibility propagation (M. Mezard, T. Mora, J. Physiol. Paris 103, 107 (2009)): derivatives of the
// messages along beta h_i -> beta h_i + lambda direction_i, iterated to their own fixed point. With direction
// 1 at site j alone of_sites is the connected correlation <s_i s_j> - m_i m_j. For sum-product at a fixed
// point.
template <class Rule>
Response linear_response(const MessagePassing<Rule>& messages, std::span<const double> direction,
                         double tolerance, std::int64_t most_steps);

// Largest eigenvalue of the map of squared perturbations v_{i->e} = sum_{f != e} sum_j (du_f/dx_j)^2
// v_{j->f}: beyond 1 the spin-glass susceptibility diverges. On a random regular graph in its paramagnetic
// phase k tanh^2(beta J). By iteration from equal perturbations; the geometric mean growth of the second half
// of the steps.
template <class Rule>
double stability_eigenvalue(const MessagePassing<Rule>& messages, double tolerance, std::int64_t most_steps);

}  // namespace weiss
