// The exact transition matrix of one sweep on a small system, and what it must satisfy: it leaves the
// Boltzmann weights unchanged, one closed class, aperiodic.
#pragma once

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"

#include "exact/branching_source.hpp"

namespace weiss {

using Matrix = std::vector<std::vector<double>>;
using Spins = std::vector<std::int8_t>;  // in site order

inline Spins spins_of(std::size_t state, std::int64_t sites) {
  Spins spins;
  for (std::int64_t site = 0; site < sites; ++site) spins.push_back((state >> site & 1) != 0 ? 1 : -1);
  return spins;
}

inline double energy_of(const Lattice& lattice, const IsingInteractions& interactions, const Spins& spins) {
  double energy = 0;
  const double scale = interactions.complete_graph ? 1 / static_cast<double>(lattice.sites()) : 1.0;
  for (std::int64_t site = 0; site < lattice.sites(); ++site) {
    const double spin = spins[static_cast<std::size_t>(site)];
    energy -= interactions.field * spin;
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int direction, std::int64_t) {
      energy -= scale * interactions.coupling[static_cast<std::size_t>(direction)] * spin *
                spins[static_cast<std::size_t>(other)];
    });
  }
  return energy;
}

inline std::vector<double> boltzmann(const Lattice& lattice, const IsingInteractions& interactions) {
  std::vector<double> weights;
  double total = 0;
  for (std::size_t state = 0; state < std::size_t{1} << lattice.sites(); ++state) {
    weights.push_back(
        std::exp(-interactions.beta * energy_of(lattice, interactions, spins_of(state, lattice.sites()))));
    total += weights.back();
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

// sweep(state, paths) -> the state after, for one path of decisions.
inline Matrix transition_matrix(std::int64_t sites,
                                const std::function<std::size_t(std::size_t, BranchingPaths&)>& sweep) {
  const std::size_t states = std::size_t{1} << sites;
  Matrix matrix(states, std::vector<double>(states));
  BranchingPaths paths;
  for (std::size_t state = 0; state < states; ++state) {
    std::size_t next = 0;
    paths.for_each([&](BranchingPaths& each) { next = sweep(state, each); },
                   [&](double weight) { matrix[state][next] += weight; });
  }
  return matrix;
}

inline std::vector<char> reachable(const Matrix& matrix, std::size_t start, bool backwards) {
  std::vector<char> seen(matrix.size());
  std::vector<std::size_t> queue{start};
  seen[start] = 1;
  while (!queue.empty()) {
    const std::size_t state = queue.back();
    queue.pop_back();
    for (std::size_t next = 0; next < matrix.size(); ++next)
      if (!seen[next] && (backwards ? matrix[next][state] : matrix[state][next]) > 0) {
        seen[next] = 1;
        queue.push_back(next);
      }
  }
  return seen;
}

// Greatest common divisor of the lengths of all closed walks through state 0.
inline std::int64_t period_of(const Matrix& matrix) {
  std::vector<std::int64_t> level(matrix.size(), -1);
  std::vector<std::size_t> queue{0};
  level[0] = 0;
  std::int64_t period = 0;
  for (std::size_t next = 0; next < queue.size(); ++next)
    for (std::size_t to = 0; to < matrix.size(); ++to) {
      if (!(matrix[queue[next]][to] > 0)) continue;
      if (level[to] < 0) {
        level[to] = level[queue[next]] + 1;
        queue.push_back(to);
      } else {
        period = std::gcd(period, level[queue[next]] + 1 - level[to]);
      }
    }
  return period;
}

inline void expect_exact(const Matrix& matrix, const std::vector<double>& weights) {
  for (std::size_t to = 0; to < matrix.size(); ++to) {
    double flow = 0;
    double row = 0;
    for (std::size_t from = 0; from < matrix.size(); ++from) {
      flow += weights[from] * matrix[from][to];
      row += matrix[to][from];
    }
    ASSERT_NEAR(flow, weights[to], 1e-12);
    ASSERT_NEAR(row, 1, 1e-12);
  }
  // Every state leads to state 0 and back: one class.
  const std::vector<char> forward = reachable(matrix, 0, false);
  const std::vector<char> backward = reachable(matrix, 0, true);
  for (std::size_t state = 0; state < matrix.size(); ++state)
    ASSERT_TRUE(forward[state] && backward[state]) << "state " << state;
  EXPECT_EQ(period_of(matrix), 1);
}

}  // namespace weiss
