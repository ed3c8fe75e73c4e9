// What a run tells of its progress.
#include <gtest/gtest.h>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/progress.hpp"

namespace weiss {
namespace {

TEST(Progress, RatesAreInUnitsThatCanBeRead) {
  EXPECT_EQ(rate_text(12.34), "12.3 updates/ns");
  EXPECT_EQ(rate_text(0.0045), "0.0045 updates/ns");
  EXPECT_EQ(rate_text(2.5e-9), "2.5 updates/s");
  EXPECT_EQ(rate_text(0), "0 updates/s");
}

TEST(Progress, TasksThatEndByThemselvesCountWhatTheyAreExpectedToTake) {
  TaskPlan plan;
  plan.updates_per_step = 4;
  plan.updates_per_ns = 2e-9;
  EXPECT_EQ(plan.seconds(100), 200);
  plan.expected_steps = 30;
  EXPECT_EQ(plan.seconds(20), 40);
  EXPECT_EQ(plan.seconds(30), 60);
  EXPECT_EQ(plan.seconds(100), 60);
}

}  // namespace
}  // namespace weiss
