#include "weiss/dmft/mixing.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace weiss {
namespace {

// A stiff map with the fixed point 1, 2, 3, ...: eigenvalues of its derivative between -3 and 0.95.
std::vector<double> image(const std::vector<double>& x) {
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = x[i] - static_cast<double>(i + 1);
    const double slope = -3 + 3.95 * static_cast<double>(i) / static_cast<double>(x.size() - 1);
    y[i] = static_cast<double>(i + 1) + slope * distance + 0.02 * std::sin(distance) * distance;
  }
  return y;
}

double distance_after(MixingMethod method, double amount, int iterations) {
  Mixing mixing(method, amount, 6);
  std::vector<double> x(6, 0.5);
  for (int i = 0; i < iterations; ++i) x = mixing.next(x, image(x));
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::fmax(largest, std::fabs(x[i] - static_cast<double>(i + 1)));
  return largest;
}

TEST(Mixing, FindsFixedPointsThatPlainIterationLeaves) {
  EXPECT_GT(distance_after(MixingMethod::linear, 1.0, 30), 1e3);
  EXPECT_LT(distance_after(MixingMethod::linear, 0.3, 2000), 1e-10);
  EXPECT_LT(distance_after(MixingMethod::anderson, 0.3, 30), 1e-10);
  EXPECT_LT(distance_after(MixingMethod::broyden, 0.3, 60), 1e-10);
  EXPECT_GT(distance_after(MixingMethod::linear, 0.3, 30), 1e-2);
}

TEST(Mixing, ExactOnLinearMapsAfterOneStepADimension) {
  for (const MixingMethod method : {MixingMethod::anderson, MixingMethod::broyden}) {
    Mixing mixing(method, 0.5, 8);
    std::vector<double> x = {0, 0};
    for (int i = 0; i < 6; ++i)
      x = mixing.next(x, std::vector<double>{1 + 0.9 * x[1], 2 - 2.5 * x[0] + 0.1 * x[1]});
    EXPECT_NEAR(x[0], 1 + 0.9 * x[1], 1e-9);
    EXPECT_NEAR(x[1], 2 - 2.5 * x[0] + 0.1 * x[1], 1e-9);
  }
}

// The residual nearly vanishes at 0, where secants go around in circles; the fixed point is 2.
TEST(Mixing, LeavesThePlaceWhereAFixedPointHasVanished) {
  for (const MixingMethod method : {MixingMethod::anderson, MixingMethod::broyden}) {
    Mixing mixing(method, 1.0, 6);
    std::vector<double> x = {-0.5};
    int steps = 0;
    for (; steps < 2000 && std::fabs(x[0] - 2) > 1e-10; ++steps)
      x = mixing.next(
          x, std::vector<double>{x[0] + 0.1 * (1e-3 + x[0] * x[0]) * (2 - x[0]) / (1 + x[0] * x[0])});
    EXPECT_LT(steps, 2000);
  }
}

// x -> -1.5 x: whole steps swing ever wider; parts of them meet 0.
TEST(DampedStep, MeetsTheFixedPointThatWholeStepsOvershoot) {
  DampedStep damped;
  double x = 1;
  for (int i = 0; i < 200; ++i) x = damped.next(x, -1.5 * x);
  EXPECT_NEAR(x, 0, 1e-10);
}

TEST(DampedStep, KeepsItsPartOnceSettled) {
  DampedStep damped;
  damped.next(0, 1);
  EXPECT_EQ(damped.next(1, 0), 0.5);  // half a step back
  damped.settle();
  EXPECT_EQ(damped.next(0.5, 1.5), 1);  // its direction changed once more
  EXPECT_EQ(damped.next(1, 3), 2);
}

}  // namespace
}  // namespace weiss
