// Maximum entropy on exact spectra with noise of known covariance: weights of windows against their quoted
// errors, the sum rule, data in frequency and in time, correlated noise, and plain refusals.
#include "weiss/dmft/maximum_entropy.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

#include <gtest/gtest.h>

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

using Matrix = Eigen::MatrixXd;

const std::vector<double> mesh = uniform_mesh(-4, 4, 160);
constexpr std::size_t count = 50;

Matrix independent(double noise, std::size_t size = 2 * count) {
  const auto n = static_cast<Eigen::Index>(size);
  return noise * noise * Matrix::Identity(n, n);
}

MaximumEntropyOptions with_windows(AlphaChoice alpha) {
  MaximumEntropyOptions options;
  options.alpha = alpha;
  options.windows = {{-2.5, -1.5}, {-1.5, -0.7}, {-0.7, -0.2}, {-0.2, 0.25}, {0.25, 0.7}, {0.7, 1.5}};
  return options;
}

double exact_weight(const SpectralPoles& poles, const WindowWeight& window) {
  double sum = 0;
  for (std::size_t l = 0; l < poles.position.size(); ++l) {
    if (poles.position[l] > window.low && poles.position[l] <= window.high) sum += poles.weight[l];
  }
  return sum;
}

// Root mean square of deviation over quoted error.
double pull(const Continuation& result, const SpectralPoles& poles) {
  double sum = 0;
  for (const WindowWeight& w : result.windows)
    sum += std::pow((w.weight - exact_weight(poles, w)) / w.error, 2);
  return std::sqrt(sum / static_cast<double>(result.windows.size()));
}

void expect_spectrum(const Continuation& result) {
  EXPECT_NEAR(integral(mesh, result.spectrum), 1, 1e-3);
  for (const double a : result.spectrum) EXPECT_GE(a, 0);
}

TEST(MaximumEntropy, WindowErrorsAreOfTheRightSize) {
  const SpectralPoles poles = two_gaussians();
  for (const AlphaChoice alpha : {AlphaChoice::kink, AlphaChoice::classic}) {
    for (const double noise : {1e-2, 1e-3, 1e-4}) {
      double sum = 0, deviation = 0;
      const int runs = 6;
      for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        const auto g = with_noise(on_matsubara(poles, 20, count), noise, seed);
        const Continuation result = maximum_entropy(g, 20, independent(noise), mesh, with_windows(alpha));
        ASSERT_TRUE(result.ok) << result.reason;
        expect_spectrum(result);
        EXPECT_NEAR(result.number("chi_squared"), 100, 60);
        EXPECT_GE(result.number("good_directions"), 4);
        sum += std::pow(pull(result, poles), 2) / runs;
        for (const WindowWeight& w : result.windows) {
          deviation += std::abs(w.weight - exact_weight(poles, w)) / (6 * runs);
        }
      }
      std::printf("noise %g: deviation over error %.2f, deviation %.2e\n", noise, std::sqrt(sum), deviation);
      // the kink's errors are right within a factor of 2.5; the classic choice follows the noise, and says so
      EXPECT_LE(std::sqrt(sum), 2.5);
      EXPECT_GE(std::sqrt(sum), alpha == AlphaChoice::kink ? 0.4 : 0.1);
      EXPECT_LE(deviation, noise == 1e-4 ? 0.01 : 0.06);
    }
  }
}

TEST(MaximumEntropy, AtomAndAndersonImpurity) {
  const SpectralPoles atom{{-1, 1}, {0.5, 0.5}}, impurity = anderson_impurity(2, 0.7, {-0.5, 0.8}, 0.4, 15);
  for (const SpectralPoles& poles : {atom, impurity}) {
    const auto g = with_noise(on_matsubara(poles, 15, count), 1e-4, 3);
    const Continuation result =
        maximum_entropy(g, 15, independent(1e-4), mesh, with_windows(AlphaChoice::kink));
    ASSERT_TRUE(result.ok) << result.reason;
    expect_spectrum(result);
    for (const WindowWeight& w : result.windows) EXPECT_NEAR(w.weight, exact_weight(poles, w), 0.1);
  }
}

// Correlated noise in imaginary time, the model given: the covariance matrix must be used, not its diagonal.
TEST(MaximumEntropy, CorrelatedDataInTime) {
  const double beta = 20, noise = 1e-3;
  const SpectralPoles poles = two_gaussians();
  const Eigen::Index size = 80;
  Matrix root(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = 0; j < size; ++j) {
      root(i, j) = noise * std::exp(-0.5 * std::pow(static_cast<double>(i - j) / 1.5, 2));
    }
  }
  const Stream stream(5, 0, StreamId::initial_state);
  std::vector<ImaginaryTime> times;
  std::vector<double> g;
  for (Eigen::Index j = 0; j < size; ++j) {
    times.push_back(ImaginaryTime::after_start(beta * (static_cast<double>(j) + 0.5) / 80, beta));
    double value = poles.imaginary_time(times.back().from_start, beta);
    for (Eigen::Index k = 0; k < size; ++k) {
      value += root(j, k) * normal_deviate(stream, 0, static_cast<std::uint64_t>(k));
    }
    g.push_back(value);
  }
  MaximumEntropyOptions options = with_windows(AlphaChoice::kink);
  options.model = gaussian_model(mesh, 0, 1.2);
  const Continuation result = maximum_entropy(times, g, beta, root * root.transpose(), mesh, options);
  ASSERT_TRUE(result.ok) << result.reason;
  EXPECT_LE(result.number("chi_squared"), 1.8 * result.number("data"));
  for (const WindowWeight& w : result.windows) {
    EXPECT_NEAR(w.weight, exact_weight(poles, w), std::max(0.02, 4 * w.error));
  }
}

TEST(MaximumEntropy, FailureSaysSo) {
  const SpectralPoles poles = two_gaussians();
  const auto g = with_noise(on_matsubara(poles, 20, count), 1e-3, 1);
  const Continuation underestimated = maximum_entropy(g, 20, independent(1e-5), mesh);
  EXPECT_FALSE(underestimated.ok);
  EXPECT_NE(underestimated.reason.find("chi^2"), std::string::npos) << underestimated.reason;
  EXPECT_EQ(underestimated.spectrum.size(), mesh.size());
  const Continuation useless = maximum_entropy(g, 20, independent(100), mesh);
  EXPECT_FALSE(useless.ok);
  EXPECT_FALSE(useless.reason.empty());

  EXPECT_FALSE(maximum_entropy(g, 20, independent(1e-3, 7), mesh).ok);
  EXPECT_FALSE(maximum_entropy(g, 20, -independent(1e-3), mesh).ok);
  EXPECT_FALSE(maximum_entropy(g, 20, independent(1e-3), std::vector<double>{0, 0, 1}).ok);
  MaximumEntropyOptions options;
  options.model = {1, 2};
  EXPECT_FALSE(maximum_entropy(g, 20, independent(1e-3), mesh, options).ok);
  auto broken = g;
  broken[2] = {std::numeric_limits<double>::quiet_NaN(), 0};
  EXPECT_FALSE(maximum_entropy(broken, 20, independent(1e-3), mesh).ok);
}

}  // namespace
}  // namespace weiss
