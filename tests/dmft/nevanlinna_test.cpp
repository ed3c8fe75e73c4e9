// Nevanlinna continuation: the bounds hold the exact spectrum at every frequency, few poles are found
// exactly, noise ends Pick's criterion and says so.
#include "weiss/dmft/nevanlinna.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

const std::vector<double> mesh = uniform_mesh(-4, 4, 160);

NevanlinnaContinuation continued(const SpectralPoles& poles, double beta, double broadening, double noise = 0,
                                 std::uint64_t seed = 1) {
  NevanlinnaOptions options;
  options.broadening = broadening;
  options.error = noise;
  options.copies = 8;
  return nevanlinna(with_noise(on_matsubara(poles, beta, 60), noise, seed), beta, mesh, options);
}

// How many frequencies have their exact value outside the bounds, beyond rounding.
int outside(const NevanlinnaContinuation& result, const SpectralPoles& poles, double broadening) {
  const std::vector<double> exact = broadened(poles, mesh, broadening);
  int count = 0;
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    if (exact[i] < result.lower[i] - 1e-9 || exact[i] > result.upper[i] + 1e-9) ++count;
  }
  return count;
}

void expect_causal(const NevanlinnaContinuation& result) {
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    EXPECT_GT(result.spectrum[i], 0);
    EXPECT_GE(result.lower[i], 0);
    EXPECT_GE(result.spectrum[i], result.lower[i] * (1 - 1e-12));
    EXPECT_LE(result.spectrum[i], result.upper[i] * (1 + 1e-12));
  }
}

TEST(Nevanlinna, AtomAndFewPolesAreExact) {
  for (const SpectralPoles& poles :
       {SpectralPoles{{-1, 1}, {0.5, 0.5}}, SpectralPoles{{-1.2, 0.1, 0.9}, {0.3, 0.3, 0.4}}}) {
    const NevanlinnaContinuation result = continued(poles, 20, 0.05);
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_EQ(result.number("points"), static_cast<double>(poles.position.size() + 1));
    EXPECT_LE(distance(mesh, result.spectrum, broadened(poles, mesh, 0.05)), 1e-11);
  }
}

TEST(Nevanlinna, BoundsHoldTheExactSpectrum) {
  const SpectralPoles impurity = anderson_impurity(2, 0.7, {-0.5, 0.8}, 0.4, 15);
  for (const SpectralPoles& poles : {semicircle(0), semicircle(0.3), two_gaussians(), impurity}) {
    const NevanlinnaContinuation result = continued(poles, 15, 0.15);
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_GE(result.number("points"), 9);
    EXPECT_EQ(outside(result, poles, 0.15), 0);
    EXPECT_LE(result.number("width"), 0.5);
    EXPECT_LE(distance(mesh, result.spectrum, broadened(poles, mesh, 0.15)), result.number("width"));
    expect_causal(result);
  }
}

// More exact points can only tighten the bounds.
TEST(Nevanlinna, MorePointsTightenTheBounds) {
  const std::vector<Complex> g = on_matsubara(two_gaussians(), 15, 12);
  NevanlinnaContinuation last;
  for (const std::size_t points : {4U, 6U, 8U, 10U, 12U}) {
    NevanlinnaOptions options;
    options.broadening = 0.2;
    options.allowed_width = 100;
    NevanlinnaContinuation next = nevanlinna(std::span(g).first(points), 15, mesh, options);
    ASSERT_EQ(next.number("points"), static_cast<double>(points));
    for (std::size_t i = 0; i < mesh.size() && !last.mesh.empty(); ++i) {
      EXPECT_GE(next.lower[i], last.lower[i] - 1e-10);
      EXPECT_LE(next.upper[i], last.upper[i] + 1e-10);
    }
    last = std::move(next);
  }
}

TEST(Nevanlinna, NoiseShortensAndWidens) {
  const SpectralPoles poles = two_gaussians();
  double last_points = 60, last_width = 0;
  for (const double noise : {0.0, 1e-9, 1e-6, 1e-3}) {
    const NevanlinnaContinuation result = continued(poles, 15, 0.3, noise);
    std::printf("noise %g: points %g, width %.3g, ok %d\n", noise, result.number("points"),
                result.number("width"), result.ok);
    EXPECT_LT(result.number("points"), last_points);
    EXPECT_GT(result.number("width"), last_width);
    EXPECT_EQ(outside(result, poles, 0.3), 0);
    expect_causal(result);
    last_points = result.number("points");
    last_width = result.number("width");
  }
  const NevanlinnaContinuation hopeless = continued(poles, 15, 0.05, 1e-2);
  EXPECT_FALSE(hopeless.ok);
  EXPECT_FALSE(hopeless.reason.empty());
  EXPECT_EQ(hopeless.spectrum.size(), mesh.size());
}

TEST(Nevanlinna, FailureSaysSo) {
  std::vector<Complex> g = on_matsubara(semicircle(0), 20, 20);
  EXPECT_FALSE(nevanlinna(std::span(g).first(1), 20, mesh).ok);
  EXPECT_FALSE(nevanlinna(g, 0, mesh).ok);
  EXPECT_FALSE(nevanlinna(g, 20, std::vector<double>{1, 0, 2}).ok);
  for (Complex& value : g) value = std::conj(value);
  EXPECT_FALSE(nevanlinna(g, 20, mesh).ok);
  g[0] = {0, -std::numeric_limits<double>::infinity()};
  EXPECT_NE(nevanlinna(g, 20, mesh).reason.find("finite"), std::string::npos);
}

}  // namespace
}  // namespace weiss
