// Spectra whose Green functions are known exactly, for the tests of meshes and continuations.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <Eigen/Dense>

#include "weiss/dmft/continuation.hpp"
#include "weiss/dmft/matsubara_transform.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream.hpp"

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

// The Anderson impurity of up to three sites, H = U n_up n_dn - (U/2 + shift)(n_up + n_dn) + sum_b e_b n_b
// + V sum_b (c+ b + b+ c), by full diagonalisation: the exact peaks of its spectrum at temperature 1/beta.
inline Poles anderson_impurity(double U, double V, const std::vector<double>& bath, double shift,
                               double beta) {
  const int sites = 1 + static_cast<int>(bath.size()), orbitals = 2 * sites;  // orbital = site + spin * sites
  const Eigen::Index states = Eigen::Index{1} << orbitals;
  std::vector<Eigen::MatrixXd> annihilate;
  for (int o = 0; o < orbitals; ++o) {
    Eigen::MatrixXd c = Eigen::MatrixXd::Zero(states, states);
    for (Eigen::Index s = 0; s < states; ++s) {
      if ((s >> o & 1) == 0) continue;
      const int before = std::popcount(static_cast<unsigned>(s & ((Eigen::Index{1} << o) - 1)));
      c(s ^ (Eigen::Index{1} << o), s) = before % 2 == 0 ? 1 : -1;
    }
    annihilate.push_back(c);
  }
  const auto number = [&](int o) -> Eigen::MatrixXd {
    const auto& c = annihilate[static_cast<std::size_t>(o)];
    return c.transpose() * c;
  };
  Eigen::MatrixXd hamiltonian = U * number(0) * number(sites);
  for (int spin = 0; spin < 2; ++spin) {
    const int impurity = spin * sites;
    hamiltonian -= (U / 2 + shift) * number(impurity);
    for (int b = 1; b < sites; ++b) {
      const Eigen::MatrixXd hop = annihilate[static_cast<std::size_t>(impurity)].transpose() *
                                  annihilate[static_cast<std::size_t>(impurity + b)];
      hamiltonian +=
          bath[static_cast<std::size_t>(b - 1)] * number(impurity + b) + V * (hop + hop.transpose());
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hamiltonian);
  const Eigen::VectorXd energy = solver.eigenvalues();
  const Eigen::VectorXd boltzmann = (-beta * (energy.array() - energy[0])).exp();
  const double partition = boltzmann.sum();
  const Eigen::MatrixXd c = solver.eigenvectors().transpose() * annihilate[0] * solver.eigenvectors();
  Poles poles;
  for (Eigen::Index m = 0; m < states; ++m) {
    for (Eigen::Index n = 0; n < states; ++n) {
      const double weight = c(m, n) * c(m, n) * (boltzmann[m] + boltzmann[n]) / partition;
      if (weight < 1e-20) continue;
      poles.energies.push_back(energy[n] - energy[m]);
      poles.weights.push_back(weight);
    }
  }
  return poles;
}

// Two Gaussians of unlike weight and width as a fine sum of peaks: a gap-like minimum near zero.
inline Poles two_gaussians() {
  Poles poles;
  double sum = 0;
  for (int k = -700; k <= 700; ++k) {
    const double w = 0.005 * k, a = (w - 0.8) / 0.4, b = (w + 0.9) / 0.3;
    poles.energies.push_back(w);
    poles.weights.push_back(0.6 / 0.4 * std::exp(-0.5 * a * a) + 0.4 / 0.3 * std::exp(-0.5 * b * b));
    sum += poles.weights.back();
  }
  for (double& weight : poles.weights) weight /= sum;
  return poles;
}

inline std::vector<double> uniform_mesh(double low, double high, int intervals) {
  std::vector<double> mesh;
  for (int i = 0; i <= intervals; ++i) mesh.push_back(low + (high - low) * i / intervals);
  return mesh;
}

// -Im G(w + i broadening)/pi
inline std::vector<double> broadened(const Poles& poles, const std::vector<double>& mesh, double broadening) {
  std::vector<double> spectrum;
  for (const double w : mesh) spectrum.push_back(-pole_sum(poles, {w, broadening}).imag() / std::numbers::pi);
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
