// Means, errors and autocorrelation times against processes whose answers are known: error bars that are too
// large fail as well as those that are too small.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/rng/stream.hpp"
#include "weiss/statistics/accumulator.hpp"
#include "weiss/statistics/autocovariance.hpp"
#include "weiss/statistics/jackknife.hpp"
#include "weiss/statistics/sample_accumulator.hpp"

namespace weiss {
namespace {

// Standard normal numbers by Box and Muller, keyed by (run, index).
double normal(const Stream& stream, std::uint64_t run, std::uint64_t index) {
  const Block128 bits = stream.block(run, index, 0);
  const double u = (static_cast<double>(bits.low >> 11) + 0.5) * 0x1p-53;
  const double v = (static_cast<double>(bits.high >> 11) + 0.5) * 0x1p-53;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * 3.14159265358979324 * v);
}

const Stream& stream() {
  static const Stream shared(11, 0, StreamId::heat_bath);
  return shared;
}

// x_t = phi x_(t-1) + noise, of unit variance, around `mean`; tau_int = (1 + phi)/(2 (1 - phi)).
template <class F>
void autoregressive(double phi, std::int64_t length, std::uint64_t run, double mean, F&& f) {
  double x = normal(stream(), run, 0);
  for (std::int64_t t = 1; t <= length; ++t) {
    x = phi * x + std::sqrt(1 - phi * phi) * normal(stream(), run, static_cast<std::uint64_t>(t));
    f(mean + x);
  }
}

struct Moments {
  double mean = 0, variance = 0, beyond_2 = 0;
};

Moments moments(const std::vector<double>& z) {
  Moments m;
  const auto n = static_cast<double>(z.size());
  for (const double each : z) m.mean += each / n;
  for (const double each : z) {
    m.variance += each * each / n;
    m.beyond_2 += std::abs(each) > 2 ? 1 / n : 0;
  }
  return m;
}

TEST(Accumulator, ErrorBarsHaveTheRightSize) {
  for (const double phi : {0.0, 0.6, 0.9, 0.97}) {
    std::vector<double> z;
    double tau = 0;
    const int runs = 300;
    for (std::uint64_t run = 0; run < runs; ++run) {
      Accumulator accumulator;
      autoregressive(phi, 5000, run, 3.0, [&](double x) { accumulator.add(x); });
      z.push_back((accumulator.mean()[0] - 3.0) / accumulator.error()[0]);
      tau += accumulator.tau_int()[0] / runs;
    }
    const Moments m = moments(z);
    const double exact_tau = (1 + phi) / (2 * (1 - phi));
    EXPECT_NEAR(m.mean, 0, 0.25) << phi;
    EXPECT_GT(m.variance, 0.75) << phi;
    EXPECT_LT(m.variance, 1.35) << phi;
    EXPECT_LT(m.beyond_2, 0.12) << phi;
    EXPECT_NEAR(tau / exact_tau, 1, 0.12) << phi;
  }
}

TEST(Jackknife, ErrorsOfFunctionsHaveTheRightSize) {
  // 1 - <x^4>/(3 <x^2>^2) = 0 for normal numbers, however correlated.
  for (const double phi : {0.0, 0.8}) {
    std::vector<double> z;
    for (std::uint64_t run = 0; run < 300; ++run) {
      Accumulator square, fourth;
      autoregressive(phi, 4000, run + 1000, 0.0, [&](double x) {
        square.add(x * x);
        fourth.add(x * x * x * x);
      });
      const Bins inputs[] = {fourth.bins(), square.bins()};
      const Estimates estimate = jackknife(
          inputs, [](std::span<const double> m, std::size_t) { return 1 - m[0] / (3 * m[1] * m[1]); });
      z.push_back(estimate.mean[0] / estimate.error[0]);
    }
    const Moments m = moments(z);
    EXPECT_NEAR(m.mean, 0, 0.3) << phi;
    EXPECT_GT(m.variance, 0.7) << phi;
    EXPECT_LT(m.variance, 1.5) << phi;
  }
}

TEST(Jackknife, BiasOfAProductIsRemoved) {
  // <x>^2 of n samples is too large by variance/n; the jackknife value is not.
  double plain = 0, corrected = 0;
  const int runs = 2000;
  for (std::uint64_t run = 0; run < runs; ++run) {
    Accumulator x;
    for (std::uint64_t i = 0; i < 10; ++i) x.add(normal(stream(), run + 5000, i));
    const Bins inputs[] = {x.bins()};
    corrected +=
        jackknife(inputs, [](std::span<const double> m, std::size_t) { return m[0] * m[0]; }).mean[0] / runs;
    plain += x.mean()[0] * x.mean()[0] / runs;
  }
  EXPECT_NEAR(plain, 0.1, 0.015);
  EXPECT_NEAR(corrected, 0, 0.015);
}

// Samples with their own means and thermal noise: the error over disorder covers both.
TEST(SampleAccumulator, ErrorsOverSamplesHaveTheRightSize) {
  std::vector<double> z, z_square;
  constexpr std::size_t samples = 40, length = 2;
  for (std::uint64_t run = 0; run < 300; ++run) {
    SampleAccumulator accumulator(samples, length);
    for (std::uint64_t t = 0; t < 20; ++t) {
      std::vector<double> values;
      for (std::uint64_t s = 0; s < samples; ++s)
        for (std::uint64_t c = 0; c < length; ++c)
          values.push_back(1 + normal(stream(), 70000 + run, s * length + c) +
                           2 * normal(stream(), 80000 + run, (t * samples + s) * length + c));
      accumulator.add(values);
    }
    z.push_back((accumulator.mean()[1] - 1) / accumulator.error()[1]);
    const Bins inputs[] = {accumulator.bins()};
    ASSERT_EQ(inputs[0].count(), samples);
    const Estimates square =
        jackknife(inputs, [](std::span<const double> m, std::size_t) { return m[0] * m[0]; });
    z_square.push_back((square.mean[1] - 1) / square.error[1]);
  }
  for (const std::vector<double>& each : {z, z_square}) {
    const Moments m = moments(each);
    EXPECT_NEAR(m.mean, 0, 0.3);
    EXPECT_GT(m.variance, 0.7);
    EXPECT_LT(m.variance, 1.5);
  }
}

TEST(SampleAccumulator, OneSampleHasTheErrorsOfItsSeries) {
  SampleAccumulator sample(1, 1);
  Accumulator series(1, 64);
  autoregressive(0.7, 3000, 5, 1.0, [&](double x) {
    sample.add(std::span<const double>(&x, 1));
    series.add(x);
  });
  EXPECT_EQ(sample.error(), series.error());
  EXPECT_EQ(sample.bins().values, series.bins().values);
}

TEST(Accumulator, LargeOffsetsKeepTheirDigits) {
  Accumulator small, shifted;
  autoregressive(0.5, 3000, 1, 0.0, [&](double x) {
    small.add(x * 0x1p-20);
    shifted.add(1e6 + x * 0x1p-20);
  });
  EXPECT_NEAR(shifted.error()[0] / small.error()[0], 1, 1e-3);
}

TEST(Accumulator, ConstantsAndShortSeries) {
  Accumulator empty;
  EXPECT_TRUE(std::isnan(empty.mean()[0]));
  EXPECT_TRUE(std::isnan(empty.error()[0]));
  EXPECT_FALSE(empty.enough());
  empty.add(2.0);
  EXPECT_EQ(empty.mean()[0], 2.0);
  EXPECT_TRUE(std::isnan(empty.error()[0]));
  Accumulator constant;
  for (int i = 0; i < 1000; ++i) constant.add(-0.25);
  EXPECT_EQ(constant.mean()[0], -0.25);
  EXPECT_EQ(constant.error()[0], 0);
  EXPECT_EQ(constant.tau_int()[0], 0.5);
  EXPECT_TRUE(constant.enough());
  EXPECT_THROW(constant.add(std::vector<double>{1, 2}), Error);
}

TEST(Accumulator, BinsMergeInPairsAndNeverLoseASample) {
  Accumulator accumulator(1, 8);
  double sum = 0;
  for (int i = 0; i < 1000; ++i) {
    accumulator.add(i);
    sum += i;
    EXPECT_LT(accumulator.bins().count(), 8U);
    EXPECT_NEAR(accumulator.mean()[0], sum / (i + 1), 1e-9);
    EXPECT_LE(static_cast<std::int64_t>(accumulator.bins().count()) * accumulator.bin_length(),
              accumulator.count());
  }
  EXPECT_EQ(accumulator.bin_length(), 128);
  EXPECT_EQ(accumulator.bins().values[0], 63.5);
}

TEST(Accumulator, VectorsEqualTheirComponents) {
  Accumulator both(2, 64), first(1, 64);
  for (std::uint64_t i = 0; i < 500; ++i) {
    const double x = normal(stream(), 9, i);
    both.add(std::vector<double>{x, -x});
    first.add(x);
  }
  EXPECT_EQ(both.mean()[0], first.mean()[0]);
  EXPECT_EQ(both.error()[0], first.error()[0]);
  EXPECT_EQ(both.error()[1], first.error()[0]);
}

}  // namespace
}  // namespace weiss
