// What the messages of a Potts model say: Bethe's free energy and what follows from it,
//   ln Z = sum_i ln Z_i - sum_(ij) ln Z_ij,   Z_i = sum_s e^{beta h_i delta(s, 0)} prod_k u_k(s),
//   Z_ij = 1 + (e^{beta J} - 1) sum_s c_{i->j}(s) c_{j->i}(s),
//   P(s_i = s_j) = e^{beta J} sum_s c c / Z_ij
// exact on trees and stationary at a fixed point, so that the energy is d(beta f)/d beta. Of proper
// colourings ln Z is the logarithm of their number. Sums in double precision in the order of sites and slots.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/potts_messages.hpp"

namespace weiss {

// Totals over the system.
struct PottsAverages {
  double free_energy = 0;  // -T ln Z; 0 of proper colourings
  double energy = 0;       // <H>, from the marginals
  double entropy = 0;      // of proper colourings ln Z
  double equal_pairs = 0;  // sum of P(s_i = s_j)
  double overlap = 0;  // sum_i (q sum_s P_i(s)^2 - 1)/(q - 1): 0 where all colours are alike, 1 where frozen
  double magnetization = 0;         // (q max_s sum_i P_i(s) - N)/(q - 1)
  std::int64_t contradictions = 0;  // sites without a colour left: then the free energy and entropy are NaN
};

PottsAverages potts_averages(const PottsMessages& messages);

struct PottsEnergy {
  double energy = 0;             // H of the colours
  std::int64_t unsatisfied = 0;  // equal across J < 0 or different across J > 0
};

PottsEnergy potts_energy(const PottsMessages& messages, std::span<const std::int8_t> colours);

// Growth a sweep of independent perturbations of the messages, by their covariances: beyond 1 the fixed point
// is unstable to replica symmetry breaking. In a paramagnet of k + 1 neighbours k lambda^2 with lambda =
// (e^{beta J} - 1)/(e^{beta J} + q - 1) (H. Kesten, B. P. Stigum, Ann. Math. Stat. 37, 1211 (1966)). By
// iteration; the geometric mean of the second half of the steps where it does not settle. Takes 16 q^2 bytes
// a message.
double potts_stability(const PottsMessages& messages, double tolerance, std::int64_t most_steps);

// Growth, with its sign, of a perturbation towards colour 0 that all sites share: in a paramagnet k lambda.
double potts_uniform_growth(const PottsMessages& messages, double tolerance, std::int64_t most_steps);

}  // namespace weiss
