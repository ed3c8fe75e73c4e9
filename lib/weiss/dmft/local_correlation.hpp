// Correlations of the spin and the charge of an impurity with a discrete bath, without their static part:
//   C_A(tau) = <A(tau) A(0)> - <A>^2,   chi_A = int_0^beta C_A(tau) dtau = d<A>/dh for H - h A,
// A = S_z = (n_up - n_down)/2 or n = n_up + n_down. Exact up to 1 + 5 sites at finite temperature, else from
// the lowest states by Lanczos.
#pragma once

#include "weiss/dmft/anderson_impurity.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

struct LocalCorrelations {
  BosonicPoles spin, charge;
};

// beta infinite: of the ground state.
LocalCorrelations local_correlations(const ImpurityOrbital& orbital, double interaction, double beta);

// chi_A; infinite where the ground states of infinite beta hold a moment.
double static_susceptibility(const BosonicPoles& correlation, double beta);

}  // namespace weiss
