// The kernels of the segment picture: the same walk as their plain twin on every instruction set, and the
// averages of impurities that full diagonalisation solves.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_stream.hpp"

#include "dmft/exact_impurity.hpp"
#include "dmft/segment_reference.hpp"

namespace weiss {
namespace {

constexpr SimdTarget all_targets[] = {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256,
                                      SimdTarget::avx512};

struct Case {
  const char* name;
  ExactImpurity exact;
};

std::vector<Case> cases() {
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
      {"one flavour", {7, {0.2}, {0}, {{{0.1, -0.5}, {0.6, 0.3}}}}},
  };
}

TEST(SegmentUpdate, WalksLikeItsTwin) {
  for (const Case& c : cases()) {
    SegmentSettings settings;
    settings.exchange_interval = 0;
    settings.shift_weight = 20;
    for (const std::uint64_t window : {1ULL << 32, 1ULL << 30}) {
      settings.window = window;
      SegmentStream stream(c.exact.problem(), settings, 7, 3, 5);
      SegmentReference twin(c.exact.problem(), settings, 7, 3, 5);
      for (std::uint64_t t = 0; t < 4000; ++t) {
        stream.warm_up(1);
        twin.update(t);
        const SegmentConfiguration fast = stream.configuration(), slow = twin.configuration();
        for (std::size_t a = 0; a < fast.size(); ++a) {
          ASSERT_EQ(fast[a].start, slow[a].start) << c.name << " update " << t;
          ASSERT_EQ(fast[a].end, slow[a].end) << c.name << " update " << t;
          ASSERT_EQ(fast[a].full, slow[a].full) << c.name << " update " << t;
        }
      }
    }
  }
}

TEST(SegmentUpdate, SameBitsOnEveryTarget) {
  // beta D = 120 has up to some forty segments: several registers a row, and rows that grow.
  SegmentProblem problem{120, {0.9, 1.1}, {0, 2, 2, 0}, {}};
  problem.hybridization = {semicircle_hybridization(120, 1), semicircle_hybridization(120, 1.2)};
  std::vector<SegmentBlock> blocks;
  for (const SimdTarget target : all_targets) {
    if (!supported(target)) continue;
    SegmentStream stream(problem, {}, 1, 2, 3, target);
    stream.warm_up(1000);
    stream.run(70000);
    blocks.push_back(stream.take_block());
    EXPECT_LT(stream.drift(), 1e-9);
    EXPECT_EQ(blocks.back().density, blocks[0].density) << name(target);
    EXPECT_EQ(blocks.back().overlap, blocks[0].overlap) << name(target);
    EXPECT_EQ(blocks.back().histogram, blocks[0].histogram) << name(target);
  }
  EXPECT_GT(blocks[0].order[0], 15);
}

// Mean and standard error of `chains` independent chains.
struct Estimate {
  double mean = 0, error = 0;
};

template <class Function>
Estimate estimate(const std::vector<SegmentBlock>& blocks, Function f) {
  double sum = 0, square = 0;
  for (const SegmentBlock& block : blocks) {
    sum += f(block);
    square += f(block) * f(block);
  }
  const double n = static_cast<double>(blocks.size());
  return {sum / n, std::sqrt(std::max(0.0, square / n - sum / n * sum / n) / (n - 1))};
}

std::vector<SegmentBlock> run_chains(const SegmentProblem& problem, const SegmentSettings& settings,
                                     std::uint64_t task, int chains = 40, std::int64_t updates = 20000) {
  std::vector<SegmentBlock> blocks;
  for (int i = 0; i < chains; ++i) {
    SegmentStream stream(problem, settings, 11, task, static_cast<std::uint64_t>(i));
    stream.warm_up(updates / 10);
    stream.run(updates);
    blocks.push_back(stream.take_block());
  }
  return blocks;
}

class ZScores {
 public:
  void compare(const std::string& what, Estimate measured, double exact) {
    const double z = (measured.mean - exact) / measured.error;
    EXPECT_LT(std::abs(z), 6) << what << ": " << measured.mean << " +- " << measured.error << ", exact "
                              << exact;
    sum_ += z * z;
    count_ += 1;
  }
  // z-scores of errors from 40 chains have a mean square of 39/37.
  double mean_square() const { return sum_ / count_; }
  double count() const { return count_; }

 private:
  double sum_ = 0, count_ = 0;
};

void compare_all(ZScores& z, const std::string& name, const ExactImpurity& exact,
                 const std::vector<SegmentBlock>& blocks) {
  for (int a = 0; a < exact.flavours(); ++a) {
    const auto i = static_cast<std::size_t>(a);
    const auto flavours = static_cast<std::size_t>(exact.flavours());
    z.compare(name + " density", estimate(blocks, [i](const SegmentBlock& b) { return b.density[i]; }),
              exact.density(a));
    z.compare(name + " order", estimate(blocks, [i](const SegmentBlock& b) { return b.order[i]; }),
              exact.order(a));
    for (int b = 0; b < a; ++b) {
      const std::size_t j = i * flavours + static_cast<std::size_t>(b);
      z.compare(name + " overlap", estimate(blocks, [j](const SegmentBlock& x) { return x.overlap[j]; }),
                exact.overlap(a, b));
    }
  }
  for (const SegmentBlock& block : blocks) EXPECT_EQ(block.sign[0], 1) << name;
}

TEST(SegmentUpdate, AgreesWithFullDiagonalisation) {
  ZScores z;
  std::uint64_t task = 100;
  for (const Case& c : cases()) {
    compare_all(z, c.name, c.exact, run_chains(c.exact.problem(), {}, task++));
  }
  EXPECT_LT(z.mean_square(), 2) << z.count();
  EXPECT_GT(z.mean_square(), 0.5) << z.count();
}

TEST(SegmentUpdate, ResultsDoNotDependOnTheMixOfMoves) {
  ZScores z;
  std::uint64_t task = 200;
  for (const Case& c : cases()) {
    for (const auto& [shifts, exchange, window] :
         {std::tuple(0, 0, 1ULL << 32), std::tuple(64, 50, 1ULL << 32), std::tuple(20, 200, 1ULL << 30)}) {
      SegmentSettings settings;
      settings.shift_weight = shifts;
      settings.exchange_interval = exchange;
      settings.window = window;
      compare_all(z, std::string(c.name) + " with " + std::to_string(shifts) + " shifts", c.exact,
                  run_chains(c.exact.problem(), settings, task++));
    }
  }
  EXPECT_LT(z.mean_square(), 1.6) << z.count();
  EXPECT_GT(z.mean_square(), 0.6) << z.count();
}

}  // namespace
}  // namespace weiss
