// Transforms between Matsubara frequencies and imaginary time against exact Green functions: atom,
// semicircle, poles without symmetry, and the exact moments after a transform of a spline.
#include "weiss/dmft/matsubara_transform.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

template <class T>
double largest_difference(const std::vector<T>& a, const std::vector<T>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST(MatsubaraTransform, PolesThatStandForTheSemicircleAreItsGreenFunction) {
  const double beta = 50;
  for (const double w : {std::numbers::pi / beta, 1.0, 30.0}) {
    const Complex z(0, w), exact = 2.0 * (z - Complex(0, std::sqrt(w * w + 1)));
    EXPECT_LE(std::abs(pole_sum(semicircle(0), z) - exact), 1e-13);
  }
  EXPECT_NEAR(pole_sum_in_time(semicircle(0), beta / 2, beta), -0.03992064356, 1e-11);
  EXPECT_NEAR(pole_sum_in_time(semicircle(0), 50, 100), -0.01999011815, 1e-11);
}

TEST(MatsubaraTransform, AtomIsExact) {
  const double beta = 20, U = 4;
  const Poles atom{{-U / 2, U / 2}, {0.5, 0.5}};
  const auto g = to_imaginary_time(on_matsubara(atom, beta, 320), {1, 0, U * U / 4}, beta, 100);
  for (std::size_t j = 0; j <= 100; ++j) {
    const double tau = beta * static_cast<double>(j) / 100;
    const double exact =
        -(std::exp(tau * U / 2) + std::exp((beta - tau) * U / 2)) / (2 * (1 + std::exp(beta * U / 2)));
    EXPECT_NEAR(g[j], exact, 1e-14);
  }
  EXPECT_LE(largest_difference(to_matsubara(g, beta, 320, {1, 0, U * U / 4}), on_matsubara(atom, beta, 320)),
            1e-14);
}

TEST(MatsubaraTransform, SemicircleToImaginaryTime) {
  for (const double centre : {0.0, 0.7}) {
    const Poles poles = semicircle(centre);
    for (const double beta : {10.0, 50.0, 200.0}) {
      const auto count = static_cast<std::size_t>(4 * beta * (1 + centre));
      // d4 = 0, d5 = 1/16
      const double bound =
          1.0 / 16 / (4 * std::numbers::pi * std::pow(8 * std::numbers::pi * (1 + centre), 4));
      const auto g = to_imaginary_time(on_matsubara(poles, beta, count), moments_of(poles), beta, 1000);
      EXPECT_LE(largest_difference(g, in_time(poles, beta, 1000)), bound) << centre << " " << beta;
    }
  }
}

TEST(MatsubaraTransform, SemicircleToMatsubara) {
  for (const double centre : {0.0, 0.7}) {
    const Poles poles = semicircle(centre);
    for (const double beta : {10.0, 50.0, 200.0}) {
      const auto count = static_cast<std::size_t>(4 * beta * (1 + centre));
      const auto g = to_matsubara(in_time(poles, beta, 8 * count), beta, count, moments_of(poles));
      EXPECT_LE(largest_difference(g, on_matsubara(poles, beta, count)), 1e-8) << centre << " " << beta;
    }
  }
}

// A spectrum without symmetry, to the errors that the header states.
TEST(MatsubaraTransform, ErrorsAreThoseStated) {
  const Poles poles{{-1.3, -0.2, 0.4, 1.9}, {0.1, 0.4, 0.3, 0.2}};
  const double beta = 30;
  const Poles model = poles_with_moments(moments_of(poles));
  const auto moment = [](const Poles& p, int power) {
    double sum = 0;
    for (std::size_t l = 0; l < p.energies.size(); ++l) sum += p.weights[l] * std::pow(p.energies[l], power);
    return sum;
  };
  const double d4 = moment(poles, 3) - moment(model, 3), d5 = moment(poles, 4) - moment(model, 4);
  ASSERT_GT(std::abs(d4), 0.05);
  const auto exact = in_time(poles, beta, 600);
  for (const std::size_t count : {100UL, 400UL, 1600UL}) {
    const double cut = 2 * std::numbers::pi * static_cast<double>(count) / beta;
    const double bound = std::abs(d4) / (3 * std::numbers::pi * std::pow(cut, 3)) +
                         std::abs(d5) / (4 * std::numbers::pi * std::pow(cut, 4));
    const double error = largest_difference(
        to_imaginary_time(on_matsubara(poles, beta, count), moments_of(poles), beta, 600), exact);
    EXPECT_LE(error, bound);
    EXPECT_GE(error, 0.3 * bound);
  }
  // fourth order in the spacing
  const auto reference = on_matsubara(poles, beta, 50);
  const double coarse =
      largest_difference(to_matsubara(in_time(poles, beta, 400), beta, 50, moments_of(poles)), reference);
  const double fine =
      largest_difference(to_matsubara(in_time(poles, beta, 800), beta, 50, moments_of(poles)), reference);
  EXPECT_LE(fine, 1e-6);
  EXPECT_NEAR(coarse / fine, 16, 2);
}

// Far above what the mesh resolves, the tail is still the exact one.
TEST(MatsubaraTransform, TailsHaveTheExactMoments) {
  const Poles poles{{-1.3, -0.2, 0.4, 1.9}, {0.1, 0.4, 0.3, 0.2}};
  const double beta = 30;
  const Moments m = moments_of(poles);
  const auto g = to_matsubara(in_time(poles, beta, 300), beta, 5000, m);
  const Complex z(0, fermionic_frequency(4999, beta));
  const Complex tail = m.m1 / z + m.m2 / (z * z) + m.m3 / (z * z * z);
  EXPECT_LE(std::abs(g[4999] - tail), 2 / std::pow(std::abs(z), 4));
}

// Off-diagonal elements: no norm, either sign.
TEST(MatsubaraTransform, AnyMomentsAreReproduced) {
  for (const Moments& m :
       {Moments{0, 0.3, 0.1}, Moments{0, 0.3, 0}, Moments{0, 0, -0.2}, Moments{-1, 0.2, 0.5},
        Moments{1, 0.5, 0.25}, Moments{0, 0, 0}, Moments{1, 0, 0}}) {
    const Moments back = moments_of(poles_with_moments(m));
    EXPECT_NEAR(back.m1, m.m1, 1e-14);
    EXPECT_NEAR(back.m2, m.m2, 1e-14);
    EXPECT_NEAR(back.m3, m.m3, 1e-14);
  }
  const Poles odd{{-1, 0.2, 0.8}, {0.3, -0.5, 0.2}};
  const auto g = to_imaginary_time(on_matsubara(odd, 10, 2000), moments_of(odd), 10, 50);
  EXPECT_LE(largest_difference(g, in_time(odd, 10, 50)), 1e-8);
}

}  // namespace
}  // namespace weiss
