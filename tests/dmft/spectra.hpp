// Spectra whose Green functions are known exactly, for the tests of meshes and continuations.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "weiss/dmft/anderson_impurity.hpp"
#include "weiss/dmft/continuation.hpp"
#include "weiss/dmft/full_diagonalisation.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// The semicircle of half-width 1 about a centre as its Gauss-Chebyshev rule of the second kind: exact in
// moments and, for this many nodes, in G at beta <= 400.
inline SpectralPoles semicircle(double centre, int nodes = 800) {
  SpectralPoles poles;
  for (int k = 1; k <= nodes; ++k) {
    const double angle = std::numbers::pi * k / (nodes + 1);
    poles.position.push_back(centre + std::cos(angle));
    poles.weight.push_back(2.0 / (nodes + 1) * std::sin(angle) * std::sin(angle));
  }
  return poles;
}

inline std::vector<Complex> on_matsubara(const SpectralPoles& poles, double beta, std::size_t count) {
  std::vector<Complex> g(count);
  for (std::size_t n = 0; n < count; ++n) {
    g[n] = poles({0, fermionic_frequency(static_cast<std::int64_t>(n), beta)});
  }
  return g;
}

// The exact peaks of an Anderson impurity, H = U (n_up - 1/2)(n_dn - 1/2) - shift n + sum_b e_b n_b + V sum_b
// (c+ b + b+ c), at temperature 1/beta.
inline SpectralPoles anderson_impurity(double U, double V, const std::vector<double>& bath, double shift,
                                       double beta) {
  const DiscreteBath sites{bath, std::vector<double>(bath.size(), V)};
  return FullDiagonalisation(anderson_cluster(paramagnetic_orbital(-shift, sites), U))
      .green_function(beta, Spin::up, 0, 0);
}

// Two Gaussians of unlike weight and width as a fine sum of peaks: a gap-like minimum near zero.
inline SpectralPoles two_gaussians() {
  SpectralPoles poles;
  double sum = 0;
  for (int k = -700; k <= 700; ++k) {
    const double w = 0.005 * k, a = (w - 0.8) / 0.4, b = (w + 0.9) / 0.3;
    poles.position.push_back(w);
    poles.weight.push_back(0.6 / 0.4 * std::exp(-0.5 * a * a) + 0.4 / 0.3 * std::exp(-0.5 * b * b));
    sum += poles.weight.back();
  }
  for (double& weight : poles.weight) weight /= sum;
  return poles;
}

inline std::vector<double> uniform_mesh(double low, double high, int intervals) {
  std::vector<double> mesh;
  for (int i = 0; i <= intervals; ++i) mesh.push_back(low + (high - low) * i / intervals);
  return mesh;
}

// -Im G(w + i broadening)/pi
inline std::vector<double> broadened(const SpectralPoles& poles, const std::vector<double>& mesh,
                                     double broadening) {
  std::vector<double> spectrum;
  for (const double w : mesh) spectrum.push_back(-poles({w, broadening}).imag() / std::numbers::pi);
  return spectrum;
}

// int |a - b| dw
inline double distance(const std::vector<double>& mesh, const std::vector<double>& a,
                       const std::vector<double>& b) {
  std::vector<double> difference;
  for (std::size_t i = 0; i < mesh.size(); ++i) difference.push_back(std::abs(a[i] - b[i]));
  return integral(mesh, difference);
}

// Normal noise of the given size on real and imaginary parts.
inline std::vector<Complex> with_noise(std::vector<Complex> g, double noise, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  for (std::size_t n = 0; n < g.size(); ++n) {
    g[n] += noise * Complex(normal_deviate(stream, 0, n, 0), normal_deviate(stream, 0, n, 1));
  }
  return g;
}

}  // namespace weiss
