#include "weiss/dmft/band.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"

namespace weiss {
namespace {

using std::numbers::pi;

// int f(e) de by a fine midpoint rule.
template <class F>
Complex integral(double from, double to, int points, F&& f) {
  Complex sum = 0;
  const double step = (to - from) / points;
  for (int i = 0; i < points; ++i) sum += f(from + step * (i + 0.5)) * step;
  return sum;
}

void expect_near(Complex a, Complex b, double tolerance) { EXPECT_LT(std::abs(a - b), tolerance) << a << b; }

const std::vector<Complex> arguments = {{0.3, 0.4}, {-1.7, 0.2}, {0, 3}, {5, 0.1}, {40, 7}, {0.25, -0.6}};

TEST(Band, SemicircleAgainstQuadrature) {
  const Band band = Band::bethe(0.5);
  for (const Complex z : arguments)
    expect_near(band.hilbert(z),
                integral(0, pi, 4000,
                         [&](double a) { return 2 / pi * std::sin(a) * std::sin(a) / (z - std::cos(a)); }),
                1e-12);
  EXPECT_DOUBLE_EQ(band.variance(), 0.25);
}

TEST(Band, GaussianAgainstQuadratureAndItsDensity) {
  const Band band = Band::hypercubic(1.0);
  for (const Complex z : arguments)
    expect_near(band.hilbert(z),
                integral(-12, 12, 200000,
                         [&](double e) { return std::exp(-e * e / 2) / std::sqrt(2 * pi) / (z - e); }),
                1e-9);
  for (const double e : {0.0, 0.25, 0.7071, 1.3, 2.5})  // on the axis, where the pole's part is all
    EXPECT_NEAR(-band.hilbert({e, 0.0}).imag() / pi, std::exp(-e * e / 2) / std::sqrt(2 * pi), 1e-13);
}

TEST(Band, MeshesHaveTheMomentsOfTheirHopping) {
  const struct {
    BandKind kind;
    double diagonal, variance, lowest;
  } cases[] = {{BandKind::chain, 0, 2, -2},         {BandKind::square, 0, 4, -4},
               {BandKind::square, 0.3, 4.36, -5.2}, {BandKind::cubic, 0, 6, -6},
               {BandKind::triangular, 0, 6, -6},    {BandKind::honeycomb, 0, 3, -3}};
  for (const auto& each : cases) {
    const Band band = Band::on_mesh(each.kind, 1, each.diagonal, 48);
    EXPECT_NEAR(band.mean(), 0, 1e-12);
    EXPECT_NEAR(band.variance(), each.variance, 1e-12);
    EXPECT_NEAR(band.lowest(), each.lowest, 0.05);
    const Complex z{0, 300};
    const Complex expansion = 1.0 / z + each.variance / (z * z * z);
    EXPECT_LT(std::abs(band.hilbert(z) - expansion), 1e-8);
  }
  EXPECT_FALSE(Band::on_mesh(BandKind::square, 1, 0.3, 8).symmetric());
  EXPECT_FALSE(Band::on_mesh(BandKind::triangular, 1, 0, 8).symmetric());
}

TEST(Band, MeshSumsOfTheSquareLatticeAreExact) {
  // D(z) = 2/(pi z) K(16/z^2), K by the arithmetic-geometric mean.
  const auto exact = [](Complex z) {
    Complex a = 1, b = std::sqrt(1.0 - 16.0 / (z * z));
    for (int i = 0; i < 20; ++i) {
      const Complex mean = (a + b) / 2.0;
      b = std::sqrt(a * b);
      a = mean;
    }
    return 1.0 / (a * z);
  };
  const Band band = Band::on_mesh(BandKind::square, 1, 0, 128);
  for (const Complex z : {Complex{0, 1}, Complex{0, 6}, Complex{1, 1.5}})
    expect_near(band.hilbert(z), exact(z), 1e-12);
}

TEST(Band, TableIsIntegratedExactly) {
  // A triangle of height 1 on [-1, 1].
  const std::vector<double> energies = {-1, 0, 1}, densities = {0, 2, 0};
  const Band band = Band::table(energies, densities);
  for (const Complex z : arguments)
    expect_near(band.hilbert(z),
                integral(-1, 1, 200000, [&](double e) { return (1 - std::abs(e)) / (z - e); }), 1e-9);
  EXPECT_NEAR(band.variance(), 1.0 / 6, 1e-14);
  EXPECT_THROW(Band::table(energies, std::vector<double>{0, -1, 0}), Error);
  EXPECT_THROW(Band::table(std::vector<double>{0, 0, 1}, densities), Error);
  EXPECT_THROW(Band::table(energies, std::vector<double>{0, 0, 0}), Error);
}

TEST(Band, StaggeredGreenFunctionIsThatOfTwoSublattices) {
  const Band band = Band::on_mesh(BandKind::square, 1, 0, 64);
  const Complex a{0.4, 0.7}, b{-0.9, 0.8};
  Complex sum = 0;  // inverse of ((a, -e), (-e, b)), first entry
  for (int x = 0; x < 64; ++x)
    for (int y = 0; y < 64; ++y) {
      const double e = -2 * (std::cos(2 * pi * (x + 0.5) / 64) + std::cos(2 * pi * (y + 0.5) / 64));
      sum += b / (a * b - e * e) / 4096.0;
    }
  expect_near(staggered_green(band, a, b), sum, 1e-12);
  expect_near(staggered_green(band, a, a), band.hilbert(a), 1e-13);
}

}  // namespace
}  // namespace weiss
