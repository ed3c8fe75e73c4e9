// exp and log against 50 digits, and the moments of normal deviates.
#include "weiss/rng/elementary.hpp"

#include <bit>
#include <cmath>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

namespace weiss {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

double relative_error(double value, const Real& exact) {
  return static_cast<double>(boost::multiprecision::abs(Real(value) - exact) /
                             boost::multiprecision::abs(exact));
}

TEST(Elementary, ExpIsRightToTheLastBits) {
  double worst = 0;
  for (int i = -70000; i <= 70000; i += 37) {
    const double x = i * 0.010037;
    worst = std::max(worst, relative_error(portable_exp(x), exp(Real(x))));
  }
  for (int k = 1; k < 60; ++k)
    for (const double sign : {-1.0, 1.0}) {
      const double x = sign * std::ldexp(1.2345, -k);
      worst = std::max(worst, relative_error(portable_exp(x), exp(Real(x))));
    }
  EXPECT_LT(worst, 4e-16);
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_exp(-1e4), 0);
  EXPECT_EQ(portable_exp(-HUGE_VAL), 0);
  EXPECT_EQ(portable_exp(1e4), HUGE_VAL);
  EXPECT_NEAR(portable_exp(-740) / 4.19955798965060e-322, 1, 1e-2);  // subnormal: few bits
}

TEST(Elementary, LogIsRightToTheLastBits) {
  double worst = 0;
  for (int i = 1; i < 4000; ++i)
    for (const double x : {i * 0.001, 1 + i * 1e-9, std::ldexp(1 + i / 4000.0, i % 2000 - 1000)})
      if (x != 1) worst = std::max(worst, relative_error(portable_log(x), log(Real(x))));
  EXPECT_LT(worst, 4e-16);
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_log(0), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(portable_log(-1)));
}

TEST(Elementary, NormalDeviatesHaveTheirMoments) {
  const Stream stream(7, 3, StreamId::coupling);
  constexpr int n = 200000;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  int beyond = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double x = normal_deviate(stream, 0, i, static_cast<std::uint32_t>(i % 3));
    m1 += x / n, m2 += x * x / n, m3 += x * x * x / n, m4 += x * x * x * x / n;
    beyond += std::fabs(x) > 2 ? 1 : 0;
  }
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_LT(std::fabs(m1), 5 / root);
  EXPECT_LT(std::fabs(m2 - 1), 5 * std::sqrt(2) / root);
  EXPECT_LT(std::fabs(m3), 5 * std::sqrt(15) / root);
  EXPECT_LT(std::fabs(m4 - 3), 5 * std::sqrt(96) / root);
  EXPECT_NEAR(beyond / static_cast<double>(n), 0.0455003, 5 * std::sqrt(0.0455 / n));
}

// The bits are part of the promise: couplings must not change with the compiler or the CPU.
TEST(Elementary, BitsArePinned) {
  const Stream stream(1, 2, StreamId::coupling);
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    sum = sum * 6364136223846793005ULL + std::bit_cast<std::uint64_t>(normal_deviate(stream, 0, i));
    sum = sum * 6364136223846793005ULL +
          std::bit_cast<std::uint64_t>(portable_exp(-0.001 * static_cast<double>(i)));
  }
  EXPECT_EQ(sum, 11730379141709038933U);
}

}  // namespace
}  // namespace weiss
