// Pade approximants on spectra that are known exactly, with and without noise: the error against the stated
// scatter, sum rules, and plain refusals.
#include "weiss/dmft/pade.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

const std::vector<double> mesh = uniform_mesh(-4, 4, 200);

Continuation continued(const SpectralPoles& poles, double beta, double broadening, double noise = 0,
                       std::uint64_t seed = 1) {
  PadeOptions options;
  options.broadening = broadening;
  options.error = noise;
  options.most_points = 60;
  options.copies = 8;
  return pade(with_noise(on_matsubara(poles, beta, 60), noise, seed), beta, mesh, options);
}

double error(const Continuation& result, const SpectralPoles& poles, double broadening) {
  return distance(mesh, result.spectrum, broadened(poles, mesh, broadening));
}

TEST(Pade, AtomAndFewPolesAreExact) {
  for (const SpectralPoles& poles :
       {SpectralPoles{{-1, 1}, {0.5, 0.5}}, SpectralPoles{{-1.2, 0.1, 0.9}, {0.3, 0.3, 0.4}}}) {
    const Continuation result = continued(poles, 20, 0.05);
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_LE(error(result, poles, 0.05), 1e-11);
    EXPECT_LE(result.number("scatter"), 1e-11);
  }
}

// The dimer's impurity weight, before the spectrum of three sites is used as an oracle.
TEST(Pade, OracleIsTheAndersonImpurity) {
  const double U = 3, V = 0.6;
  const SpectralPoles two = anderson_impurity(U, V, {0}, 0, 1000);
  EXPECT_NEAR(two.moment(0), 1, 1e-12);
  EXPECT_NEAR(two.moment(1), 0, 1e-12);
  EXPECT_NEAR(two.moment(2), U * U / 4 + V * V, 1e-10);
  // 1/Z = 1 + U^2/(36 V^2): Sigma(i w) = i w - V^2/(i w) - 1/G near zero
  const double w = 1e-4;
  const Complex z(0, w), sigma = z - V * V / z - 1.0 / two(z);
  EXPECT_NEAR(1 - sigma.imag() / w, 1 + U * U / (36 * V * V), 1e-5);
}

TEST(Pade, AndersonImpurity) {
  for (const double shift : {0.0, 0.4}) {
    const SpectralPoles poles = anderson_impurity(2, 0.7, {-0.5, 0.8}, shift, 15);
    const Continuation result = continued(poles, 15, 0.3);
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_LE(error(result, poles, 0.3), 0.03);
    EXPECT_LE(error(result, poles, 0.3), 10 * result.number("scatter"));
    std::printf("error %.2e, scatter %.2e\n", error(result, poles, 0.3), result.number("scatter"));
  }
}

TEST(Pade, ContinuousSpectra) {
  for (const SpectralPoles& poles : {semicircle(0), semicircle(0.3), two_gaussians()}) {
    const Continuation result = continued(poles, 20, 0.1);
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_LE(error(result, poles, 0.1), 3e-3);
    EXPECT_LE(error(result, poles, 0.1), 10 * result.number("scatter"));
    EXPECT_EQ(result.number("negative_weight"), 0);
    EXPECT_NEAR(result.number("norm"), integral(mesh, broadened(poles, mesh, 0.1)), 1e-3);
  }
}

// The stated scatter is of the size of the error when noise is declared, for every strength.
TEST(Pade, ScatterKnowsTheNoise) {
  for (const double noise : {1e-8, 1e-6, 1e-4}) {
    double errors = 0, scatters = 0;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const SpectralPoles poles = two_gaussians();
      const Continuation result = continued(poles, 20, 0.15, noise, seed);
      ASSERT_TRUE(result.ok) << result.reason;
      errors += error(result, poles, 0.15);
      scatters += result.number("scatter");
      EXPECT_GE(result.number("copies"), 4);
    }
    std::printf("noise %g: mean error %.2e, mean scatter %.2e\n", noise, errors / 3, scatters / 3);
    EXPECT_LE(errors, 5 * scatters);
    EXPECT_GE(errors, 0.1 * scatters);
  }
}

TEST(Pade, ScalesWithTheNorm) {
  const SpectralPoles poles = two_gaussians();
  std::vector<Complex> g = on_matsubara(poles, 20, 60);
  for (Complex& value : g) value *= 1.44;  // as a self-energy of norm U^2/4
  PadeOptions options;
  options.broadening = 0.1;
  EXPECT_FALSE(pade(g, 20, mesh, options).ok);
  options.norm = 1.44;
  const Continuation result = pade(g, 20, mesh, options);
  ASSERT_TRUE(result.ok) << result.reason;
  std::vector<double> exact = broadened(poles, mesh, 0.1);
  for (double& a : exact) a *= 1.44;
  EXPECT_LE(distance(mesh, result.spectrum, exact), 5e-3);
}

TEST(Pade, FailureSaysSo) {
  const Continuation noisy = continued(two_gaussians(), 20, 0.1, 0.03);
  EXPECT_FALSE(noisy.ok);
  EXPECT_FALSE(noisy.reason.empty());
  EXPECT_EQ(noisy.spectrum.size(), mesh.size());

  std::vector<Complex> g = on_matsubara(semicircle(0), 20, 20);
  EXPECT_FALSE(pade(std::span(g).first(1), 20, mesh).ok);
  EXPECT_FALSE(pade(g, 20, std::vector<double>{0, 1, 1}).ok);
  EXPECT_FALSE(pade(g, -1, mesh).ok);
  g[3] = {std::numeric_limits<double>::quiet_NaN(), 0};
  EXPECT_NE(pade(g, 20, mesh).reason.find("finite"), std::string::npos);
  EXPECT_FALSE(pade(std::vector<Complex>(20, {0, 0.3}), 20, mesh).ok);
  EXPECT_FALSE(pade(std::vector<Complex>(20, {0, -0.3}), 20, mesh).ok);
}

}  // namespace
}  // namespace weiss
