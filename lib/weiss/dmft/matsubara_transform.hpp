// Fermionic Green functions between Matsubara frequencies and imaginary time, tails from exact moments:
//   G(tau) = -<T c(tau) c+> = (1/beta) sum_n e^{-i w_n tau} G(i w_n),   G(i w_n) = int_0^beta e^{i w_n tau}
//   G(tau), G(i w) = m1/(i w) + m2/(i w)^2 + m3/(i w)^3 + ...,  m_k = int w^{k-1} A(w) dw.
// A sum of two or three poles with the same three moments is subtracted, transformed exactly, and added back.
// The rest falls off as (i w)^-4 and is antiperiodic in tau up to its second derivative. Nothing is fitted.
// Errors: to imaginary time at most |d4|/(3 pi w_N^3) + |d5|/(4 pi w_N^4), d4 and d5 what the poles miss of
// m4 and m5 (d4 = 0 for any spectrum symmetric about its mean); to Matsubara as h^4, h the spacing of the
// mesh. Energies in any unit, times in its inverse.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

struct Moments {
  double m1 = 1, m2 = 0, m3 = 0;
};

// A spectrum of delta peaks, and everything that follows from it exactly.
struct Poles {
  std::vector<double> energies, weights;
};

// e^{-tau w}/(1 + e^{-beta w}) without overflow; 0 <= tau <= beta.
double logistic_kernel(double tau, double w, double beta);

// sum_l weight_l/(z - energy_l)
Complex pole_sum(const Poles& poles, Complex z);
// G(tau) = -sum_l weight_l logistic_kernel(tau, energy_l)
double pole_sum_in_time(const Poles& poles, double tau, double beta);
// moments of the peaks
Moments moments_of(const Poles& poles);

// Two poles at mean +- standard deviation where the moments are those of a positive spectrum of finite width
// (an atom is then exact), else three poles.
Poles poles_with_moments(const Moments& moments);

// From g[n] = G(i w_n), n = 0..N-1, with G(-i w) = conj G(i w): values at tau_j = beta j/intervals, j =
// 0..intervals.
std::vector<double> to_imaginary_time(std::span<const Complex> g, const Moments& moments, double beta,
                                      std::size_t intervals);

// From values at tau_j = beta j/(size - 1), ends included: G(i w_n), n = 0..frequencies-1. The transform of
// the cubic spline that is antiperiodic once the poles are subtracted, so that it has the exact moments.
std::vector<Complex> to_matsubara(std::span<const double> g_tau, double beta, std::size_t frequencies,
                                  const Moments& moments);

}  // namespace weiss
