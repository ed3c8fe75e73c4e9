// The random energy model, 2^N independent energies of variance N/2 (B. Derrida, Phys. Rev. B 24, 2613
// (1981)), the limit of large p of the Ising p-spin model, in a transverse field G (Y. Y. Goldschmidt, Phys.
// Rev. B 41, 4858 (1990)): the phase of lower free energy out of
//     f = -T ln 2 - 1/(4T) above T_c = 1/(2 sqrt(ln 2)), -sqrt(ln 2) below, and f = -T ln 2 cosh(G/T).
#pragma once

namespace weiss {

struct RandomEnergyState {
  double free_energy, energy, entropy;
  double transverse_magnetization;  // -df/dG
  bool quantum;                     // the paramagnet along the transverse field
};

double random_energy_transition();                                                       // T_c
double random_energy_ground_state();                                                     // -sqrt(ln 2)
RandomEnergyState random_energy_state(double temperature, double transverse_field = 0);  // T >= 0
// The field of the first-order transition.
double critical_transverse_field(double temperature);

}  // namespace weiss
