// The spherical p-spin model, H = -sum J s_1 .. s_p with [J^2] = p!/(2 N^(p-1)), sum s^2 = N, p >= 3: one
// step of replica symmetry breaking is exact (A. Crisanti, H.-J. Sommers, Z. Phys. B 87, 341 (1992)).
// Energies in J, k_B = 1.
//
//     -beta f = (1 + ln 2 pi)/2 + (beta^2/4)(1 - (1 - m) q^p)
//               + (1/2)[ln(1 - (1-m) q)/m + (m-1)/m ln(1 - q)]
//
// stationary in q and m; the complexity of the metastable states of energy e <= e_th (A. Crisanti, H.-J.
// Sommers, J. Phys. I France 5, 805 (1995)), z = (-e - sqrt(e^2 - e_th^2))/(p - 1),
//     Sigma(e) = 1/2 [(2 - p)/p - ln(p z^2/2) + (p-1) z^2/2 - 2/(p^2 z^2)].
#pragma once

namespace weiss {

struct SphericalState {
  double overlap, parameter;  // q and m; above T_s q = 0, m = 1
  double free_energy, energy, entropy;
};

struct SphericalTransitions {
  double static_temperature, static_overlap;
  double dynamic_temperature, dynamic_overlap;
  double threshold_energy, ground_state_energy;
};

SphericalState spherical_state(int p, double temperature);  // T > 0
SphericalTransitions spherical_transitions(int p);
double spherical_complexity(int p, double energy);

}  // namespace weiss
