// The self-energy at w + i b from its Matsubara values, by any of the methods of continuation:
//   Sigma(z) = Sigma_inf + int S(x)/(z - x) dx,   S >= 0,   int S dx known:
// U^2 n (1 - n), n of the other spin, for one orbital; self_energy_weight of two orbitals;
// nambu_self_energy_weight of a superconductor's 11 and diagonal element (nambu_matrix.hpp). So Sigma -
// Sigma_inf is continued like a Green function of that norm. The local spectrum and A(k, w) then follow from
// causal functions, and no method has to resolve both.
//
// Pade and Nevanlinna approximants are evaluated at w + i b themselves. Maximum entropy gives S on the axis,
// on cells of b/2 up to the reach; Sigma is the sum over its cells, whose graininess is below e^(-4 pi)
// there. Spread: the method's, of S; of its mean over a tenth of the mesh for maximum entropy. Energies in
// any unit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "weiss/dmft/continuation.hpp"

namespace weiss {

enum class ContinuationMethod { pade, nevanlinna, maximum_entropy };

struct SelfEnergyData {
  // Sigma - Sigma_inf at i w_n, n = 0, 1, ...
  std::vector<Complex> values;
  double beta = 0;
  double norm = 0;             // int S dx
  double error = 0;            // standard deviation of Re and Im of the values
  Eigen::MatrixXd covariance;  // of (Re_0, Im_0, Re_1, ...) for maximum entropy; error^2 where empty
  double reach = 0;            // S is negligible beyond
  bool even = false;           // S(-x) = S(x) by symmetry: there are no real parts
};

struct SelfEnergyContinuation {
  // Sigma - Sigma_inf at mesh + i b, and how far it may be off, in units of pi; empty where the method gave
  // nothing.
  std::vector<Complex> values;
  std::vector<double> spread;
  Continuation found;  // as the method returns it
};

// How many Matsubara frequencies the methods get: up to the reach, at least 16 and at most 96.
std::int64_t continuation_frequencies(double beta, double reach);

SelfEnergyContinuation continue_self_energy(ContinuationMethod method, SelfEnergyData data,
                                            const std::vector<double>& mesh, double broadening);

// The trust numbers of a method that are worth reading, and what one says.
std::vector<std::string> trust_names(ContinuationMethod method);
std::string_view trust_meaning(std::string_view name);

}  // namespace weiss
