// Chains shared out over ranks give the bits that one rank gives, and start where others ended.
#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/segment_solver.hpp"

namespace weiss {
namespace {

TEST(SegmentSolver, SameBitsOnAnyNumberOfRanks) {
  const Communicator world = Communicator::world();
  const Communicator alone = world.split(world.rank(), 0);
  SegmentProblem problem{20, {1, 1}, {0, 2, 2, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(20, 1));
  SegmentPlan plan;
  plan.streams = 7;
  plan.updates = 12000;
  plan.blocks = 3;
  plan.most_warm_up = 4000;
  std::vector<SegmentConfiguration> shared, single;
  for (const std::uint32_t iteration : {0U, 1U}) {
    plan.iteration = iteration;
    const SegmentResults a = run_streams(problem, {}, plan, world, shared);
    const SegmentResults b = run_streams(problem, {}, plan, alone, single);
    EXPECT_EQ(pack(shared), pack(single));
    EXPECT_EQ(a.blocks(), 21U);
    EXPECT_EQ(a.overlap().mean, b.overlap().mean);
    EXPECT_EQ(a.overlap().error, b.overlap().error);
    EXPECT_EQ(a.self_energy(1, 5).mean, b.self_energy(1, 5).mean);
    EXPECT_EQ(a.spin_correlation().error, b.spin_correlation().error);
    EXPECT_NEAR(a.overlap().mean[1], 0.1, 0.01);
  }
}

TEST(SegmentSolver, BlocksTooShortToMeasureAreRefused) {
  SegmentProblem problem{20, {1, 1}, {0, 2, 2, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(20, 1));
  SegmentPlan plan;
  plan.streams = 3;
  plan.updates = 100;
  plan.most_warm_up = 4000;
  std::vector<SegmentConfiguration> configurations;
  EXPECT_THROW(run_streams(problem, {}, plan, Communicator::world(), configurations), Error);
}

}  // namespace
}  // namespace weiss
