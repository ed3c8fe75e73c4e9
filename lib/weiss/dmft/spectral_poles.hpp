// Correlation functions of finite systems as sums of poles (Lehmann), exact at every argument.
//   fermions:  G(z) = sum_k w_k/(z - x_k),
//              G(tau) = -<T c(tau) c+(0)> = -sum_k w_k e^{-tau x_k}/(1 + e^{-beta x_k});
//   bosons:    C(tau) = <A(tau) B(0)> = C_0 + sum_k s_k (e^{-tau x_k} + e^{-(beta - tau) x_k}), x_k > 0,
//              chi(i v) = int_0^beta dtau e^{i v tau} C(tau).
// Energies in the unit of the Hamiltonian, k_B = hbar = 1, beta may be infinite.
#pragma once

#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

struct SpectralPoles {
  std::vector<double> position, weight;

  void add(double x, double w) {
    position.push_back(x);
    weight.push_back(w);
  }
  void add(const SpectralPoles& other, double factor);

  Complex operator()(Complex z) const;
  double imaginary_time(double tau, double beta) const;         // 0 <= tau <= beta, finite beta
  double spectral_function(double w, double broadening) const;  // -Im G(w + i broadening)/pi
  double moment(int power) const;                               // sum_k w_k x_k^power
  double occupation(double beta) const;                         // sum_k w_k f(x_k): <c+ c>

  // Poles in ascending order; those closer than `tolerance` to the first of a group are one pole at their
  // centre of weight, and weights not above `smallest` in size are dropped.
  void merge(double tolerance, double smallest);
};

// Connected or not as the maker says; chi at v = 0 diverges at infinite beta when C_0 != 0.
struct BosonicPoles {
  double constant = 0;  // C_0: pairs of equal energy
  SpectralPoles poles;  // x_k > 0, s_k

  double imaginary_time(double tau, double beta) const;
  double susceptibility(std::int64_t m, double beta) const;  // chi(i v_m), real
};

}  // namespace weiss
