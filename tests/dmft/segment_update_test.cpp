// The kernels of the segment picture: the same walk as their plain twin on every instruction set, and the
// averages of impurities that full diagonalisation solves.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_stream.hpp"

#include "dmft/segment_cases.hpp"
#include "dmft/segment_reference.hpp"

namespace weiss {
namespace {

constexpr SimdTarget all_targets[] = {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256,
                                      SimdTarget::avx512};

void walk_together(const SegmentProblem& problem, const SegmentSettings& settings, std::int64_t ahead,
                   std::uint64_t updates, const std::string& name) {
  SegmentStream stream(problem, settings, 7, 3, 5);
  SegmentReference twin(problem, settings, 7, 3, 5);
  stream.warm_up(ahead);
  twin.start_from(stream.configuration());
  for (std::uint64_t t = 0; t < updates; ++t) {
    stream.warm_up(1);
    twin.update(static_cast<std::uint64_t>(ahead) + t);
    const SegmentConfiguration fast = stream.configuration(), slow = twin.configuration();
    for (std::size_t a = 0; a < fast.size(); ++a) {
      ASSERT_EQ(fast[a].start, slow[a].start) << name << " update " << t;
      ASSERT_EQ(fast[a].end, slow[a].end) << name << " update " << t;
      ASSERT_EQ(fast[a].full, slow[a].full) << name << " update " << t;
    }
  }
}

TEST(SegmentUpdate, WalksLikeItsTwin) {
  SegmentSettings settings;
  settings.exchange_interval = 0;
  settings.shift_weight = 20;
  for (const std::uint64_t window : {1ULL << 32, 1ULL << 30}) {
    settings.window = window;
    for (const Case& c : cases()) walk_together(c.exact.problem(), settings, 0, 4000, c.name);
    // From one register of segments to six.
    for (const double beta : {25.0, 50.0, 100.0, 220.0}) {
      SegmentProblem problem{beta, {0.9, 1.1}, {0, 2, 2, 0}, {}};
      problem.hybridization = {semicircle_hybridization(beta, 1), semicircle_hybridization(beta, 1.2)};
      walk_together(problem, settings, 3000, 4000, "beta D = " + std::to_string(beta));
    }
  }
}

// A function of tau that belongs to no bath gives determinants of both signs.
SegmentProblem frustrated_problem() {
  const double beta = 10;
  SegmentProblem problem{beta, {0.8, 0.4}, {0, 1, 1, 0}, {}};
  problem.hybridization = {
      tabulate(beta, [](double tau) { return -0.02 - 0.5 * std::exp(-2 * (tau - 5) * (tau - 5)); }),
      tabulate(beta, [](double tau) { return -0.05 - 0.4 * std::exp(-1.5 * (tau - 4) * (tau - 4)); })};
  return problem;
}

TEST(SegmentUpdate, SumsAreThoseOfEveryUpdate) {
  for (const SegmentProblem& problem : {frustrated_problem(), cases()[5].exact.problem()}) {
    SegmentSettings settings;
    settings.exchange_interval = 0;
    constexpr int updates = 5000;
    SegmentStream whole(problem, settings, 1, 2, 3), single(problem, settings, 1, 2, 3);
    whole.run(updates);
    const SegmentBlock block = whole.take_block();
    const std::size_t flavours = problem.flavours();
    double sign_sum = 0;
    std::vector<double> density(flavours), order(flavours), overlaps(flavours * flavours);
    for (int t = 0; t < updates; ++t) {
      single.warm_up(1);  // an update is counted with the state it leaves
      const SegmentConfiguration now = single.configuration();
      double sign = 1;
      for (std::size_t a = 0; a < flavours; ++a)
        sign *= determinant_weight(hybridization_cubics(problem.hybridization[a]), now[a]).sign;
      sign_sum += sign;
      for (std::size_t a = 0; a < flavours; ++a) {
        density[a] += sign * static_cast<double>(occupied_time(now[a])) * 0x1p-32;
        order[a] += sign * static_cast<double>(now[a].start.size());
        for (std::size_t b = 0; b < flavours; ++b)
          overlaps[a * flavours + b] += sign * static_cast<double>(overlap(now[a], now[b])) * 0x1p-32;
      }
    }
    EXPECT_NEAR(block.sign[0] * updates, sign_sum, 1e-6);
    for (std::size_t a = 0; a < flavours; ++a) {
      EXPECT_NEAR(block.density[a] * updates, density[a], 1e-6);
      EXPECT_NEAR(block.order[a] * updates, order[a], 1e-6);
      for (std::size_t b = 0; b < flavours; ++b)
        EXPECT_NEAR(block.overlap[a * flavours + b] * updates, overlaps[a * flavours + b], 1e-6);
    }
  }
}

TEST(SegmentUpdate, SignsAreKeptThroughEveryMove) {
  SegmentSettings settings;
  settings.exchange_interval = 100;
  SegmentStream stream(frustrated_problem(), settings, 1, 2, 3);
  // Each refresh compares the sign with that of the configuration, and throws.
  stream.run(4 * 65536);
  const SegmentBlock block = stream.take_block();
  EXPECT_GT(block.sign[0], 0.1);
  EXPECT_LT(block.sign[0], 0.9);
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

void compare_all(ZScores& z, const std::string& name, const ExactImpurity& exact,
                 const SegmentResults& results) {
  const Estimates density = results.density(), order = results.order(), overlap = results.overlap();
  for (int a = 0; a < exact.flavours(); ++a) {
    z.compare(name + " density", density, a, exact.density(a));
    z.compare(name + " order", order, a, exact.order(a));
    for (int b = 0; b < a; ++b)
      z.compare(name + " overlap", overlap, a * exact.flavours() + b, exact.overlap(a, b));
  }
  EXPECT_EQ(results.sign().mean[0], 1) << name;
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
