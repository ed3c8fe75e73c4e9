// Matsubara frequencies, k_B = hbar = 1:
//   fermions i w_n, w_n = (2n + 1) pi/beta;   bosons i v_m, v_m = 2 m pi/beta.
#pragma once

#include <complex>
#include <cstdint>
#include <numbers>

namespace weiss {

using Complex = std::complex<double>;

inline double fermionic_frequency(std::int64_t n, double beta) {
  return static_cast<double>(2 * n + 1) * std::numbers::pi / beta;
}

inline double bosonic_frequency(std::int64_t m, double beta) {
  return static_cast<double>(2 * m) * std::numbers::pi / beta;
}

}  // namespace weiss
