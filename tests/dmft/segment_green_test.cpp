// Transforms of binned Green functions against the sums that define them.
#include "weiss/dmft/segment_green.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "weiss/dmft/segment_kernel.hpp"

namespace weiss {
namespace {

constexpr std::size_t intervals = hybridization_intervals;

std::vector<std::vector<double>> random_moments(std::size_t blocks, std::size_t flavours) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<std::vector<double>> moments(blocks, std::vector<double>(flavours * intervals * 4));
  for (std::vector<double>& block : moments)
    for (double& value : block) value = uniform(random);
  return moments;
}

// A moment with x^power of an interval, x in [-1/2, 1/2), stands for the density m_0 + 12 m_1 x.
Complex summed(const std::vector<double>& moments, double beta, std::size_t first, std::int64_t n) {
  constexpr double node[3] = {-0.3872983346207417, 0, 0.3872983346207417};
  constexpr double weight[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
  constexpr int parts = 96;
  Complex sum = 0;
  for (std::size_t bin = 0; bin < intervals; ++bin)
    for (int part = 0; part < parts; ++part)
      for (int q = 0; q < 3; ++q) {
        const double x = (part + 0.5 + node[q]) / parts - 0.5;
        const double turn = (static_cast<double>(bin) + 0.5 + x) / static_cast<double>(intervals);
        const double density = moments[first + 4 * bin] + 12 * moments[first + 4 * bin + 1] * x;
        sum -= weight[q] / parts * density *
               std::polar(1.0, std::numbers::pi * std::fmod(static_cast<double>(2 * n + 1) * turn, 2.0));
      }
  return sum / beta;
}

TEST(SegmentGreen, MatsubaraFunctionsAreThoseOfTheSum) {
  const double beta = 7;
  const auto moments = random_moments(2, 2);
  const SegmentGreen green(beta, 2, moments, nullptr);
  const std::int64_t frequencies[] = {0, 5, 511, 512, 800, 1023, 1024, 2050};
  for (const std::size_t a : {0U, 1U})
    for (const auto kind : {SegmentGreen::Kind::green, SegmentGreen::Kind::interaction_green}) {
      const SegmentGreen::Rows rows = green.matsubara(a, kind, frequencies);
      ASSERT_EQ(rows.size(), 2U);
      for (std::size_t block = 0; block < 2; ++block)
        for (std::size_t k = 0; k < std::size(frequencies); ++k) {
          const std::size_t first = a * intervals * 4 + (kind == SegmentGreen::Kind::green ? 0 : 2);
          const Complex exact = summed(moments[block], beta, first, frequencies[k]);
          EXPECT_NEAR(rows[block][k], exact.real(), 1e-9) << frequencies[k];
          EXPECT_NEAR(rows[block][k + std::size(frequencies)], exact.imag(), 1e-9) << frequencies[k];
        }
    }
}

TEST(SegmentGreen, LegendreCoefficientsOfAConstantAndALine) {
  const double beta = 3;
  std::vector<double> moments(intervals * 4);
  for (std::size_t bin = 0; bin < intervals; ++bin) {  // G = 2 - x/beta
    const double middle = (static_cast<double>(bin) + 0.5) / static_cast<double>(intervals);
    const double width = 1 / static_cast<double>(intervals);
    moments[4 * bin] = -beta * beta * width * (2 - middle);
    moments[4 * bin + 1] = -beta * beta * width * -width / 12;
  }
  const SegmentGreen green(beta, 1, {moments}, nullptr);
  const auto row = green.legendre(0, 4).front();
  EXPECT_NEAR(row[0], beta * 1.5, 1e-12);
  EXPECT_NEAR(row[1], -std::sqrt(3.0) * beta / 6, 1e-12);
  EXPECT_NEAR(row[2], 0, 1e-12);
  EXPECT_NEAR(row[3], 0, 1e-12);
  EXPECT_EQ(green.legendre(0, 2).front(), std::vector<double>(row.begin(), row.begin() + 2));
  EXPECT_NEAR(green.in_time(0, 4).front()[1], 2 - 0.375, 1e-12);
}

}  // namespace
}  // namespace weiss
