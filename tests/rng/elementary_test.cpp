// exp, log and normal deviates: against 50-digit arithmetic, at the edges, and pinned bits that another
// compiler or CPU must reproduce.
#include "weiss/rng/elementary.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include "weiss/base/cpu.hpp"
#include "weiss/base/hash.hpp"

namespace weiss {

namespace simd_portable {
void exp_of_each(double* values, long count);
}
namespace simd_aes128 {
void exp_of_each(double* values, long count);
}
namespace simd_vaes256 {
void exp_of_each(double* values, long count);
}
namespace simd_avx512 {
void exp_of_each(double* values, long count);
}

namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double tolerance = 4e-16;

double uniform(const Stream& stream, std::uint64_t index, double low, double high) {
  return low + (high - low) * static_cast<double>(stream.bits(0, index) >> 11) * 0x1p-53;
}

double relative_error(double value, const Real& exact) {
  return static_cast<double>(abs((Real(value) - exact) / exact));
}

// Arguments of exp over its whole range, dense where it is 1, and on both sides of every change of k.
std::vector<double> exp_arguments(const Stream& stream) {
  std::vector<double> all{0.0, -0.0, 5e-324, -5e-324, 1e-17, -1e-17, 1.0, -1.0, -708.0, 709.78271289338397};
  for (std::uint64_t i = 0; i < 12000; ++i) {
    all.push_back(uniform(stream, i, -708, 709.78));
    all.push_back(uniform(stream, 1000000 + i, -1, 1));
  }
  for (int half = -2042; half < 2047; half += 2) {
    const double edge = half * 0.34657359027997264;
    all.push_back(edge + 0.34657359027997264);
    all.push_back(std::nextafter(edge + 0.34657359027997264, 0.0));
  }
  return all;
}

TEST(PortableExp, IsWithinFourTimesTenToTheMinusSixteen) {
  double worst = 0;
  for (const double x : exp_arguments(Stream(1, 0, StreamId::initial_state)))
    worst = std::max(worst, relative_error(portable_exp(x), exp(Real(x))));
  RecordProperty("worst", std::to_string(worst * 1e16));
  EXPECT_LT(worst, tolerance);
}

TEST(PortableExp, Edges) {
  EXPECT_EQ(portable_exp(0.0), 1.0);
  EXPECT_EQ(portable_exp(-0.0), 1.0);
  EXPECT_EQ(portable_exp(-infinity), 0.0);
  EXPECT_EQ(portable_exp(infinity), infinity);
  EXPECT_EQ(portable_exp(std::nextafter(-708.0, -infinity)), 0.0);
  EXPECT_EQ(portable_exp(-1e300), 0.0);
  EXPECT_EQ(portable_exp(1e300), infinity);
  EXPECT_EQ(portable_exp(709.78271289338409), infinity);
  EXPECT_LT(portable_exp(709.78271289338397), infinity);
  EXPECT_TRUE(std::isnan(portable_exp(not_a_number)));
}

TEST(PortableLog, IsWithinFourTimesTenToTheMinusSixteen) {
  const Stream stream(2, 0, StreamId::initial_state);
  double worst = 0;
  const auto check = [&](double x) {
    if (x == 1.0) return;
    worst = std::max(worst, relative_error(portable_log(x), log(Real(x))));
  };
  for (std::uint64_t i = 0; i < 8000; ++i) {
    check(std::bit_cast<double>(stream.bits(0, i) % 0x7ff0000000000000ULL));  // every exponent alike
    check(uniform(stream, 1000000 + i, 0.5, 2.0));
    check(uniform(stream, 2000000 + i, 0.0, 1.0));
  }
  for (int k = -1074; k <= 1023; ++k)
    for (const double edge : {std::ldexp(1.0, k), std::ldexp(0x1.6a09e667f3bcdp-1, k)}) {
      if (edge == 0) continue;
      check(edge);
      check(std::nextafter(edge, 0.0) == 0 ? edge : std::nextafter(edge, 0.0));
      check(std::nextafter(edge, infinity));
    }
  check(std::numeric_limits<double>::max());
  RecordProperty("worst", std::to_string(worst * 1e16));
  EXPECT_LT(worst, tolerance);
}

TEST(PortableLog, Edges) {
  EXPECT_EQ(portable_log(1.0), 0.0);
  EXPECT_EQ(portable_log(0.0), -infinity);
  EXPECT_EQ(portable_log(-0.0), -infinity);
  EXPECT_EQ(portable_log(infinity), infinity);
  EXPECT_TRUE(std::isnan(portable_log(-1.0)));
  EXPECT_TRUE(std::isnan(portable_log(not_a_number)));
}

TEST(PortableElementary, PinnedBits) {
  const Stream stream(3, 0, StreamId::initial_state);
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    values.push_back(portable_exp(uniform(stream, i, -709, 710)));
    values.push_back(portable_log(std::bit_cast<double>(stream.bits(1, i) % 0x7ff0000000000000ULL)));
  }
  Hasher hasher;
  hasher.update(std::as_bytes(std::span(values)));
  EXPECT_EQ(hexadecimal(hasher.value()), "5e6a421e1c915e7d");
}

TEST(VectorExp, EveryTargetGivesTheScalarBits) {
  const Stream stream(4, 0, StreamId::initial_state);
  std::vector<double> arguments{0.0,     -0.0, -infinity, -1e300, -708.0, std::nextafter(-708.0, -infinity),
                                -5e-324, -1e-9};
  for (const double x : exp_arguments(stream)) arguments.push_back(x > 0 ? -x : x);
  for (std::uint64_t i = 0; i < 100000; ++i) arguments.push_back(uniform(stream, i, -60, 0));
  arguments.resize(arguments.size() / 8 * 8);
  using Function = void(double*, long);
  struct Target {
    SimdTarget target;
    Function* exp_of_each;
  };
  std::vector<Target> targets{{SimdTarget::portable, simd_portable::exp_of_each}};
#if defined(__x86_64__)
  targets.push_back({SimdTarget::aes128, simd_aes128::exp_of_each});
  targets.push_back({SimdTarget::vaes256, simd_vaes256::exp_of_each});
  targets.push_back({SimdTarget::avx512, simd_avx512::exp_of_each});
#endif
  for (const Target& each : targets) {
    if (!supported(each.target)) continue;
    std::vector<double> values = arguments;
    each.exp_of_each(values.data(), static_cast<long>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]),
                std::bit_cast<std::uint64_t>(portable_exp(arguments[i])))
          << name(each.target) << " exp(" << arguments[i] << ")";
  }
}

TEST(NormalDeviate, PinnedBits) {
  const Stream stream(5, 6, StreamId::coupling);
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 100000; ++i) values.push_back(normal_deviate(stream, 0, i));
  Hasher hasher;
  hasher.update(std::as_bytes(std::span(values)));
  EXPECT_EQ(hexadecimal(hasher.value()), "0688538caafc9d30");
}

TEST(NormalDeviate, MomentsAndTails) {
  const Stream stream(7, 0, StreamId::coupling);
  constexpr int count = 2000000;
  double power[9] = {};
  std::vector<double> tails{0.25, 0.6744897501960817, 1.0, 2.0, 3.0, 4.0};
  std::vector<int> above(tails.size()), below(tails.size());
  for (int i = 0; i < count; ++i) {
    const double x =
        normal_deviate(stream, 1, static_cast<std::uint64_t>(i / 4), static_cast<std::uint32_t>(i % 4));
    double term = 1;
    for (int n = 1; n <= 8; ++n) power[n] += term *= x;
    for (std::size_t t = 0; t < tails.size(); ++t) {
      above[t] += x > tails[t];
      below[t] += x < -tails[t];
    }
  }
  const double exact[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105};
  const double of_square[9] = {1, 1, 3, 15, 105, 945, 10395, 135135, 2027025};
  for (int n = 1; n <= 8; ++n) {
    const double sigma = std::sqrt((of_square[n] - exact[n] * exact[n]) / count);
    EXPECT_LT(std::abs(power[n] / count - exact[n]), 5 * sigma) << "moment " << n;
  }
  for (std::size_t t = 0; t < tails.size(); ++t) {
    const double p = std::erfc(tails[t] / std::sqrt(2.0)) / 2;
    const double sigma = std::sqrt(count * p * (1 - p));
    EXPECT_LT(std::abs(above[t] - count * p), 5 * sigma) << "above " << tails[t];
    EXPECT_LT(std::abs(below[t] - count * p), 5 * sigma) << "below " << tails[t];
  }
}

TEST(NormalDeviate, NumbersOfOneIndexAreIndependent) {
  const Stream stream(8, 0, StreamId::coupling);
  constexpr int count = 200000;
  double product = 0, squares = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double a = normal_deviate(stream, 0, i, 0), b = normal_deviate(stream, 0, i, 1);
    product += a * b;
    squares += (a * a - 1) * (b * b - 1);
  }
  EXPECT_LT(std::abs(product), 5 * std::sqrt(count));
  EXPECT_LT(std::abs(squares), 5 * 2 * std::sqrt(count));
}

}  // namespace
}  // namespace weiss
