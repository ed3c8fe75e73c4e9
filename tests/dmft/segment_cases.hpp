// Impurities that full diagonalisation solves, chains that sample them, and the comparison of the two.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_results.hpp"

#include "dmft/exact_impurity.hpp"

namespace weiss {

struct Case {
  const char* name;
  ExactImpurity exact;
};

inline std::vector<Case> cases() {
  const std::vector<double> band{0, 2, 2, 0};
  return {
      {"half filling", {10, {1, 1}, band, {{{0.0}, {0.5}}, {{0.0}, {0.5}}}}},
      {"free", {5, {0.3, -0.2}, {0, 0, 0, 0}, {{{0.4}, {0.6}}, {{-0.1}, {0.7}}}}},
      {"doped", {8, {1.6, 1.6}, band, {{{0.4, -0.7}, {0.5, 0.3}}, {{0.4, -0.7}, {0.5, 0.3}}}}},
      {"magnetic", {12, {1.2, 0.8}, band, {{{-0.3, 0.5}, {0.4, 0.2}}, {{0.3, 0.1}, {0.5, 0.2}}}}},
      {"attractive", {6, {-0.7, -0.9}, {0, -1.5, -1.5, 0}, {{{0.2}, {0.5}}, {{0.2}, {0.5}}}}},
      {"two orbitals",
       {6,
        {1.6, 1.6, 1.9, 1.9},
        hund_interaction(2, 2, 0.4),
        {{{0.1}, {0.5}}, {{0.1}, {0.5}}, {{-0.4}, {0.4}}, {{-0.4}, {0.4}}}}},
      {"nearly an atom", {4, {1.7, 1.4}, {0, 3, 3, 0}, {{{0.0}, {0.25}}, {{0.0}, {0.25}}}}},
      {"one flavour", {7, {0.2}, {0}, {{{0.1, -0.5}, {0.6, 0.3}}}}},
  };
}

inline SegmentResults run_chains(const SegmentProblem& problem, const SegmentSettings& settings,
                                 std::uint64_t task, int chains = 40, std::int64_t updates = 20000,
                                 std::uint64_t seed = 11) {
  std::vector<SegmentBlock> blocks;
  for (int i = 0; i < chains; ++i) {
    SegmentStream stream(problem, settings, seed, task, static_cast<std::uint64_t>(i));
    stream.warm_up(updates / 10);
    stream.run(updates);
    blocks.push_back(stream.take_block());
  }
  return {problem, blocks};
}

class ZScores {
 public:
  void compare(const std::string& what, const Estimates& measured, int component, double exact) {
    const auto i = static_cast<std::size_t>(component);
    const double z = (measured.mean[i] - exact) / measured.error[i];
    EXPECT_LT(std::abs(z), 6) << what << " " << i << ": " << measured.mean[i] << " +- " << measured.error[i]
                              << ", exact " << exact;
    sum_ += z * z;
    count_ += 1;
  }
  // z-scores of errors from 40 chains have a mean square of 39/37.
  double mean_square() const { return sum_ / count_; }
  double count() const { return count_; }

 private:
  double sum_ = 0, count_ = 0;
};

}  // namespace weiss
