// What chains of the segment picture choose before they are measured, and how they get over a bad start.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_solver.hpp"

#include "dmft/segment_cases.hpp"

namespace weiss {
namespace {

SegmentProblem metal() {
  SegmentProblem problem{50, {1, 1}, {0, 2, 2, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(50, 1));
  return problem;
}

// A bath of two bands about -U/2 and U/2: Delta(tau) is as good as 0 on most of [0, beta].
SegmentProblem insulator(double beta) {
  constexpr double u = 4;
  constexpr int levels = 40;
  std::vector<double> energies, couplings;
  for (int i = 0; i < levels; ++i)
    for (const double band : {-u / 2, u / 2}) {
      const double x = -1 + 2 * (i + 0.5) / levels;
      energies.push_back(band + 0.9 * x);
      couplings.push_back(0.5 * std::sqrt(0.75 * (1 - x * x) / levels));
    }
  SegmentProblem problem{beta, {u / 2, u / 2}, {0, u, u, 0}, {}};
  problem.hybridization.assign(2, bath_hybridization(beta, energies, couplings));
  return problem;
}

Estimates order_of(const SegmentProblem& problem, std::uint64_t window) {
  SegmentSettings settings;
  settings.window = window;
  SegmentPlan plan;
  plan.streams = 48;
  plan.updates = 60000;
  plan.most_warm_up = 20000;
  std::vector<SegmentConfiguration> configurations;
  return run_streams(problem, settings, plan, Communicator::world(), configurations).order();
}

TEST(SegmentWarmUp, TheWindowFitsWhatIsInserted) {
  const auto chosen = [](const SegmentProblem& problem) {
    SegmentStream stream(problem, {}, 1, 2, 3);
    stream.warm_up_to_equilibrium(50000);
    return static_cast<double>(stream.state().window) * 0x1p-32 * problem.beta;
  };
  EXPECT_GT(chosen(metal()), 5);
  EXPECT_LT(chosen(metal()), 15);
  EXPECT_GT(chosen(insulator(50)), 2);
  EXPECT_LT(chosen(insulator(50)), 7);
  const Case atom = cases()[0];  // at high temperature all of [0, beta] is in reach
  SegmentProblem hot = atom.exact.problem();
  for (std::vector<double>& table : hot.hybridization)
    for (double& value : table) value *= 1e-3;
  EXPECT_EQ(chosen(hot), hot.beta);
}

TEST(SegmentWarmUp, TheWindowMakesInsulatorsMoreCertain) {
  const Estimates whole = order_of(insulator(50), 1ULL << 32), chosen = order_of(insulator(50), 0);
  EXPECT_LT(chosen.error[0], 0.85 * whole.error[0]);
  EXPECT_LT(std::abs(chosen.mean[0] - whole.mean[0]), 4 * std::hypot(chosen.error[0], whole.error[0]));
}

// From empty lines whole segments are accepted across a bath that hardly has them: the inverse matrices then
// hold numbers of any size, and lose their accuracy.
TEST(SegmentWarmUp, ChainsGetOverAnImpossibleStart) {
  const SegmentProblem problem = insulator(100);
  SegmentPlan plan;
  plan.streams = 16;
  plan.updates = 40000;
  plan.most_warm_up = 20000;
  std::vector<SegmentConfiguration> empty(plan.streams, SegmentConfiguration(2)), none;
  const Estimates recovered =
      run_streams(problem, {}, plan, Communicator::world(), empty).overlap_at_half_filling();
  plan.iteration = 1;
  const Estimates normal =
      run_streams(problem, {}, plan, Communicator::world(), none).overlap_at_half_filling();
  EXPECT_LT(std::abs(recovered.mean[1] - normal.mean[1]),
            4 * std::hypot(recovered.error[1], normal.error[1]));
  EXPECT_NEAR(normal.mean[1], 0.0081, 0.0002);
}

}  // namespace
}  // namespace weiss
