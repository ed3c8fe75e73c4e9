// The paramagnet of the Potts model without fields on a graph with few loops, all colours alike:
//   ln Z/N = ln q + (M/N) mean ln((e^{beta J} + q - 1)/q),   e = -(M/N) mean J e^{beta J}/(e^{beta J} + q -
//   1)
// of proper colourings the entropy ln q + (c/2) ln(1 - 1/q). Messages carry perturbations on by
//   lambda = (e^{beta J} - 1)/(e^{beta J} + q - 1);
// with k = sum d (d - 1)/sum d further neighbours it gives way to a glass where k mean lambda^2 = 1 (H.
// Kesten, B. P. Stigum, Ann. Math. Stat. 37, 1211 (1966)) and to an ordered phase where k mean lambda = 1,
// unless a transition of first order comes before.
#pragma once

#include "weiss/cavity/potts_messages.hpp"

namespace weiss {

double potts_lambda(double J, double beta, double states);

struct PottsParamagnet {
  double free_energy = 0, energy = 0, entropy = 0;  // a site; of proper colourings the first two are 0
};

PottsParamagnet potts_paramagnet(const PottsMessages& messages);

// k of the graph; 0 without interactions.
double further_neighbours(const FactorGraph& graph);

// Where k mean lambda^2 = 1; NaN where it stays below 1 down to T = 0.
double kesten_stigum_temperature(const PottsMessages& messages);

// Where k mean lambda = 1; NaN where couplings are not all positive, or where it stays below 1.
double ferromagnetic_temperature(const PottsMessages& messages);

}  // namespace weiss
