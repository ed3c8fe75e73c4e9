// A sweep as a product of factors, such as its colours, for systems whose whole sweep has too many outcomes
// to enumerate: each factor must leave the Boltzmann weights unchanged, and their product must have one
// closed, aperiodic class.
#pragma once

#include <vector>

#include "exact/transition_matrix.hpp"

namespace weiss {

struct Outcome {
  std::size_t state;
  double weight;
};
using Factor = std::vector<std::vector<Outcome>>;  // by the state before

// part(state, paths) -> the state after one part of a sweep, for one path of decisions.
template <class Part>
Factor factor_of(std::int64_t sites, Part&& part) {
  Factor factor(std::size_t{1} << sites);
  BranchingPaths paths;
  for (std::size_t state = 0; state < factor.size(); ++state) {
    std::size_t next = 0;
    paths.for_each([&](BranchingPaths& each) { next = part(state, each); },
                   [&](double weight) {
                     factor[state].push_back({next, weight});
                   });
  }
  return factor;
}

inline void expect_product(const Matrix& sweep, const std::vector<Factor>& factors) {
  for (std::size_t from = 0; from < sweep.size(); ++from) {
    std::vector<double> row(sweep.size());
    row[from] = 1;
    for (const Factor& factor : factors) {
      std::vector<double> next(sweep.size());
      for (std::size_t state = 0; state < row.size(); ++state)
        for (const Outcome& outcome : factor[state]) next[outcome.state] += row[state] * outcome.weight;
      row = next;
    }
    for (std::size_t to = 0; to < sweep.size(); ++to) ASSERT_NEAR(row[to], sweep[from][to], 1e-13);
  }
}

// The states that one sweep reaches from a set, or from which one sweep reaches the set.
inline std::vector<char> image(const std::vector<Factor>& factors, std::vector<char> set, bool backwards) {
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const Factor& factor = factors[backwards ? factors.size() - 1 - i : i];
    std::vector<char> next(set.size());
    for (std::size_t state = 0; state < set.size(); ++state)
      for (const Outcome& outcome : factor[state]) {
        if (!(outcome.weight > 0)) continue;
        const std::size_t from = backwards ? outcome.state : state;
        if (set[from] != 0) next[backwards ? state : outcome.state] = 1;
      }
    set = next;
  }
  return set;
}

// How many states lead to state 0, or are reached from it, in any number of sweeps.
inline std::size_t connected(const std::vector<Factor>& factors, bool backwards) {
  std::vector<char> seen(factors.front().size());
  seen[0] = 1;
  std::size_t count = 1;
  for (;;) {
    const std::vector<char> next = image(factors, seen, backwards);
    std::size_t total = 0;
    for (std::size_t state = 0; state < seen.size(); ++state) {
      seen[state] = seen[state] != 0 || next[state] != 0 ? 1 : 0;
      total += seen[state] != 0 ? 1 : 0;
    }
    if (total == count) return count;
    count = total;
  }
}

inline void expect_exact(const std::vector<Factor>& factors, const std::vector<double>& weights) {
  for (const Factor& factor : factors) {
    std::vector<double> flow(weights.size());
    for (std::size_t state = 0; state < weights.size(); ++state) {
      double row = 0;
      for (const Outcome& outcome : factor[state]) {
        flow[outcome.state] += weights[state] * outcome.weight;
        row += outcome.weight;
      }
      ASSERT_NEAR(row, 1, 1e-12);
    }
    for (std::size_t state = 0; state < weights.size(); ++state)
      ASSERT_NEAR(flow[state], weights[state], 1e-12);
  }
  EXPECT_EQ(connected(factors, false), weights.size());
  EXPECT_EQ(connected(factors, true), weights.size());
  // In one class, a single state that may stay makes the chain aperiodic.
  bool stays = false;
  for (std::size_t state = 0; state < weights.size() && !stays; ++state) {
    std::vector<char> alone(weights.size());
    alone[state] = 1;
    stays = image(factors, alone, false)[state] != 0;
  }
  EXPECT_TRUE(stays);
}

}  // namespace weiss
