// Spectra whose Green functions are known exactly, for the tests of meshes and continuations.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "weiss/dmft/matsubara_transform.hpp"

namespace weiss {

// The semicircle of half-width 1 about a centre as its Gauss-Chebyshev rule of the second kind: exact in
// moments and, for this many nodes, in G at beta <= 400.
inline Poles semicircle(double centre, int nodes = 800) {
  Poles poles;
  for (int k = 1; k <= nodes; ++k) {
    const double angle = std::numbers::pi * k / (nodes + 1);
    poles.energies.push_back(centre + std::cos(angle));
    poles.weights.push_back(2.0 / (nodes + 1) * std::sin(angle) * std::sin(angle));
  }
  return poles;
}

inline std::vector<Complex> on_matsubara(const Poles& poles, double beta, std::size_t count) {
  std::vector<Complex> g(count);
  for (std::size_t n = 0; n < count; ++n) {
    g[n] = pole_sum(poles, {0, fermionic_frequency(static_cast<std::int64_t>(n), beta)});
  }
  return g;
}

inline std::vector<double> in_time(const Poles& poles, double beta, std::size_t intervals) {
  std::vector<double> g(intervals + 1);
  for (std::size_t j = 0; j <= intervals; ++j) {
    g[j] = pole_sum_in_time(poles, beta * static_cast<double>(j) / static_cast<double>(intervals), beta);
  }
  return g;
}

}  // namespace weiss
