// Green functions, self-energies and correlations of the segment picture against full diagonalisation, error
// bars by their scatter, and restarts.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"

#include "dmft/segment_cases.hpp"

namespace weiss {
namespace {

TEST(SegmentResults, GreenFunctionsAgreeWithFullDiagonalisation) {
  ZScores z;
  std::uint64_t task = 300;
  for (const Case& c : cases()) {
    const SegmentProblem problem = c.exact.problem();
    const SegmentResults results = run_chains(problem, {}, task++, 40, 40000);
    const double beta = problem.beta;
    for (int a = 0; a < c.exact.flavours(); ++a) {
      const auto flavour = static_cast<std::size_t>(a);
      const std::string name = c.name + (" " + std::to_string(a));
      const Estimates tau = results.green_tau(flavour, 512);
      for (const int i : {0, 3, 100, 256, 500})
        z.compare(name + " G(tau)", tau, i, c.exact.green(a, beta * (i + 0.5) / 512));
      const Estimates moments = results.self_energy_moments(flavour);
      const Complex far = c.exact.self_energy(a, 1e5);
      if (std::abs(far) > 1e-12) {
        z.compare(name + " s_0", moments, 0, far.real());
        z.compare(name + " s_1", moments, 1, -1e5 * far.imag());
      }
      const std::int64_t picked[] = {5};
      EXPECT_EQ(results.self_energy(flavour, picked).mean[1], results.self_energy(flavour, 6).mean[11]);
      const Estimates green = results.green_matsubara(flavour, 30);
      const Estimates sigma = results.self_energy(flavour, 30);
      for (const int n : {0, 1, 5, 29}) {
        const Complex exact = c.exact.green_matsubara(a, fermionic_frequency(n, beta));
        z.compare(name + " Re G", green, n, exact.real());
        z.compare(name + " Im G", green, n + 30, exact.imag());
        const Complex exact_sigma = c.exact.self_energy(a, fermionic_frequency(n, beta));
        if (std::abs(exact_sigma) < 1e-12) {
          EXPECT_NEAR(sigma.mean[static_cast<std::size_t>(n)], 0, 1e-12);
          continue;
        }
        z.compare(name + " Re Sigma", sigma, n, exact_sigma.real());
        z.compare(name + " Im Sigma", sigma, n + 30, exact_sigma.imag());
      }
    }
  }
  EXPECT_LT(z.mean_square(), 1.5) << z.count();
  EXPECT_GT(z.mean_square(), 0.7) << z.count();
}

TEST(SegmentResults, LegendreCoefficientsAgreeWithFullDiagonalisation) {
  const Case c = cases()[2];
  const SegmentResults results = run_chains(c.exact.problem(), {}, 400, 40, 40000);
  const Estimates green = results.green_legendre(0, 12);
  ZScores z;
  const double beta = c.exact.problem().beta;
  for (unsigned l = 0; l < 12; ++l) {
    // Simpson's rule.
    constexpr int steps = 400;
    double g = 0;
    for (int i = 0; i <= steps; ++i) {
      const double tau = beta * i / steps;
      const double weight = (i == 0 || i == steps ? 1
                             : i % 2 == 1         ? 4
                                                  : 2) *
                            beta / (3 * steps) * std::sqrt(2.0 * l + 1) *
                            std::legendre(l, 2 * tau / beta - 1);
      g += weight * c.exact.green(0, tau);
    }
    z.compare("G_l", green, static_cast<int>(l), g);
  }
  EXPECT_LT(z.mean_square(), 2.2) << z.count();
}

TEST(SegmentResults, DensityCorrelationsAgreeWithFullDiagonalisation) {
  ZScores z;
  std::uint64_t task = 500;
  SegmentSettings settings;
  settings.density_interval = 100;
  for (const Case& c : cases()) {
    const SegmentResults results = run_chains(c.exact.problem(), settings, task++);
    const double beta = c.exact.problem().beta;
    for (int a = 0; a < c.exact.flavours(); ++a)
      for (int b = 0; b < c.exact.flavours(); ++b) {
        const Estimates correlation =
            results.density_correlation(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
        for (const int r : {0, 1, 10, 128})
          z.compare(std::string(c.name) + " n n", correlation, r,
                    c.exact.density_correlation(a, b, beta * r / density_points));
        const Estimates dynamic =
            results.density_susceptibility(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
        for (const int m : {1, 2, 15})
          z.compare(std::string(c.name) + " chi", dynamic, m, c.exact.density_susceptibility(a, b, m));
      }
    if (c.exact.flavours() % 2 != 0) continue;
    const Estimates spin = results.spin_correlation();
    const Estimates susceptibility = results.spin_susceptibility();
    double exact_susceptibility = 0;
    const auto exact_spin = [&](double tau) {
      double sum = 0;
      for (int a = 0; a < c.exact.flavours(); ++a)
        for (int b = 0; b < c.exact.flavours(); ++b)
          sum += (a % 2 == b % 2 ? 0.25 : -0.25) * c.exact.density_correlation(a, b, tau);
      return sum;
    };
    z.compare(std::string(c.name) + " spin", spin, 30, exact_spin(beta * 30 / density_points));
    constexpr int steps = 64;
    for (int i = 0; i <= steps; ++i)
      exact_susceptibility += (i == 0 || i == steps ? 1
                               : i % 2 == 1         ? 4
                                                    : 2) *
                              beta / (3 * steps) * exact_spin(beta * i / steps);
    z.compare(std::string(c.name) + " susceptibility", susceptibility, 0, exact_susceptibility);
  }
  EXPECT_LT(z.mean_square(), 1.6) << z.count();
  EXPECT_GT(z.mean_square(), 0.6) << z.count();
}

// Error bars of 100 short runs against the scatter of their means: the ratio of variances has itself a
// relative standard deviation of about sqrt(2 / 99) plus that of the quoted variances.
TEST(SegmentResults, ErrorBarsHaveTheRightSize) {
  const Case c = cases()[0];
  const SegmentProblem problem = c.exact.problem();
  const auto quantities = [](const SegmentResults& results) {
    const Estimates overlap = results.overlap_at_half_filling(), order = results.order();
    const Estimates sigma = results.self_energy(0, 2), green = results.green_tau(0, 64);
    const Estimates spin = results.spin_susceptibility();
    return std::vector<std::pair<double, double>>{{overlap.mean[1], overlap.error[1]},
                                                  {order.mean[0], order.error[0]},
                                                  {sigma.mean[2], sigma.error[2]},
                                                  {green.mean[32], green.error[32]},
                                                  {spin.mean[0], spin.error[0]}};
  };
  for (const std::size_t blocks_per_stream : {1U, 32U}) {
    std::vector<double> sum(5), square(5), quoted(5);
    for (std::uint64_t run = 0; run < 100; ++run) {
      std::vector<SegmentBlock> blocks;
      for (std::uint64_t s = 0; s < 32 / blocks_per_stream; ++s) {
        SegmentSettings settings;
        settings.density_interval = 50;
        SegmentStream stream(problem, settings, 1000 + run, 0, s);
        stream.warm_up(500);
        for (std::size_t b = 0; b < blocks_per_stream; ++b) {
          stream.run(1000);
          blocks.push_back(stream.take_block());
        }
      }
      const auto values = quantities(SegmentResults(problem, blocks, blocks_per_stream));
      for (std::size_t i = 0; i < values.size(); ++i) {
        sum[i] += values[i].first / 100;
        square[i] += values[i].first * values[i].first / 100;
        quoted[i] += values[i].second * values[i].second / 100;
      }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double ratio = (square[i] - sum[i] * sum[i]) * 100 / 99 / quoted[i];
      EXPECT_GT(ratio, 0.5) << i << " with " << blocks_per_stream << " blocks a stream";
      EXPECT_LT(ratio, 1.7) << i << " with " << blocks_per_stream << " blocks a stream";
    }
  }
}

void expect_equal(const SegmentBlock& a, const SegmentBlock& b) {
  EXPECT_EQ(a.density, b.density);
  EXPECT_EQ(a.overlap, b.overlap);
  EXPECT_EQ(a.order, b.order);
  EXPECT_EQ(a.histogram, b.histogram);
  EXPECT_EQ(a.green, b.green);
  EXPECT_EQ(a.density_correlation, b.density_correlation);
  EXPECT_EQ(a.density_product, b.density_product);
  EXPECT_EQ(a.proposed, b.proposed);
  EXPECT_EQ(a.accepted, b.accepted);
}

TEST(SegmentStream, RestartsGoOnWithTheSameBits) {
  SegmentProblem problem{100, {0.9, 1.1}, {0, 2, 2, 0}, {}};
  problem.hybridization = {semicircle_hybridization(100, 1), semicircle_hybridization(100, 1.2)};
  SegmentStream whole(problem, {}, 5, 6, 7);
  whole.warm_up(3000);
  whole.run(140000);
  SegmentStream first(problem, {}, 5, 6, 7);
  first.warm_up(3000);
  for (const int part : {1, 255, 4000, 65000}) first.run(part);
  const SegmentSnapshot snapshot = first.snapshot();
  SegmentStream second(problem, {}, 5, 6, 7);
  second.warm_up(12345);
  second.restore(snapshot);
  second.run(140000 - 1 - 255 - 4000 - 65000);
  EXPECT_EQ(second.updates(), whole.updates());
  const SegmentConfiguration a = whole.configuration(), b = second.configuration();
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].start, b[i].start);
    EXPECT_EQ(a[i].end, b[i].end);
  }
  expect_equal(whole.take_block(), second.take_block());
  whole.run(1000);
  second.run(1000);
  expect_equal(whole.take_block(), second.take_block());
}

TEST(SegmentStream, TunesItselfByCountedUpdates) {
  SegmentProblem problem{50, {1, 1}, {0, 2, 2, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(50, 1));
  SegmentStream stream(problem, {}, 1, 1, 1);
  const std::int64_t warm_up = stream.warm_up_to_equilibrium(1000000);
  // Some 60 updates of autocorrelation: a few thousand for 64 bins of more than half of that, and what came
  // before.
  EXPECT_GT(warm_up, 64 * 64);
  EXPECT_LT(warm_up, 100000);
  EXPECT_EQ(stream.updates(), warm_up);
  // 2.5 times about 16.5 segments.
  EXPECT_GE(stream.measure_interval(), 35);
  EXPECT_LE(stream.measure_interval(), 48);
  SegmentStream again(problem, {}, 1, 1, 1);
  EXPECT_EQ(again.warm_up_to_equilibrium(1000000), warm_up);
  EXPECT_EQ(again.configuration()[0].start, stream.configuration()[0].start);
  SegmentStream impatient(problem, {}, 1, 1, 1);
  EXPECT_LE(impatient.warm_up_to_equilibrium(1000), 1100);
}

TEST(SegmentStream, DamagedStatesAreRefused) {
  const SegmentProblem problem = cases()[0].exact.problem();
  SegmentStream stream(problem, {}, 1, 1, 1);
  stream.warm_up(3000);
  SegmentSnapshot snapshot = stream.snapshot();
  snapshot.inverse.push_back(0);
  EXPECT_THROW(stream.restore(snapshot), Error);
  snapshot = stream.snapshot();
  snapshot.times[2] = snapshot.times[2] ^ 0x80000000;
  snapshot.times[0] += 1;
  EXPECT_THROW(stream.restore(snapshot), Error);
}

TEST(SegmentStream, WarmStartsFromAnotherProblemsChain) {
  const SegmentProblem cold = cases()[0].exact.problem();
  SegmentStream first(cold, {}, 1, 1, 1);
  first.warm_up(5000);
  SegmentProblem changed = cold;
  changed.level = {0.9, 1.1};
  SegmentStream second(changed, {}, 2, 1, 1);
  second.start_from(first.configuration());
  second.refresh();
  EXPECT_EQ(second.configuration()[1].start, first.configuration()[1].start);
  second.warm_up(70000);
}

TEST(SegmentResults, SemicircleAtHalfFilling) {
  // U / D = 2, beta D = 50: D = 0.10627(2), order 8.244, G(beta / 2) = -0.03636(3).
  SegmentProblem problem{50, {1, 1}, {0, 2, 2, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(50, 1));
  const SegmentResults results = run_chains(problem, {}, 600, 32, 400000);
  const Estimates overlap = results.overlap_at_half_filling(), order = results.order();
  EXPECT_NEAR(overlap.mean[1], 0.10627, 5 * std::hypot(overlap.error[1], 2e-5));
  EXPECT_LT(overlap.error[1], 2.5e-4);
  EXPECT_NEAR(order.mean[0], 8.244, 5 * std::hypot(order.error[0], 1e-3));
  const std::vector<double> acceptance = results.acceptance();
  for (const SegmentMove move : {insert_segment, insert_antisegment, remove_segment, remove_antisegment})
    EXPECT_NEAR(acceptance[static_cast<std::size_t>(move)], 0.405, 0.01);
  const Estimates green = results.green_tau(0, 64);
  EXPECT_NEAR((green.mean[31] + green.mean[32]) / 2, -0.03636,
              5 * std::hypot(green.error[31], green.error[32], 3e-5));
}

}  // namespace
}  // namespace weiss
