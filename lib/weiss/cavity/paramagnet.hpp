// Where the paramagnet of a sparse random graph becomes unstable, in closed form: perturbations of its
// messages, all zero, grow by B <tanh^n(J/T)> a generation, B the mean excess degree. At h = 0 the
// ferromagnet (n = 1) or the spin glass (n = 2) begins where this is 1 (D. J. Thouless, Phys. Rev. Lett. 56,
// 1082 (1986)).
#pragma once

#include <functional>

#include "weiss/cavity/degree_law.hpp"
#include "weiss/lattice/disorder.hpp"

namespace weiss {

// <f(J)>, by Simpson's rule over eight standard deviations for gaussian couplings.
double mean_over_couplings(const CouplingDistribution& couplings, const std::function<double(double)>& f);

double mean_excess_degree(const DegreeLaw& degrees);

// The highest temperature of B <tanh^n(J/T)> = 1; 0 when it is below 1 at all temperatures.
double paramagnetic_instability(const DegreeLaw& degrees, const CouplingDistribution& couplings, int n);

}  // namespace weiss
