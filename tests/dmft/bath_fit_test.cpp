// Bath fits: recovery of baths that are discrete, the semicircle with more and more sites, symmetry,
// failures.
#include "weiss/dmft/bath_fit.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"

namespace weiss {
namespace {

struct Data {
  std::vector<double> frequencies;
  std::vector<Complex> values;
};

template <class F>
Data sampled(double beta, int count, F&& hybridisation) {
  Data data;
  for (int n = 0; n < count; ++n) {
    data.frequencies.push_back(fermionic_frequency(n, beta));
    data.values.push_back(hybridisation(Complex(0, data.frequencies.back())));
  }
  return data;
}

// (D/2)^2 G of a semicircle of half-width D = 1, around `centre`.
Complex semicircle(Complex z, double centre) {
  const Complex x = z - centre, root = std::sqrt(x * x - 1.0);
  return (x - (root.imag() * x.imag() < 0 ? -root : root)) / 2.0;
}

TEST(BathFit, RecoversADiscreteBath) {
  const DiscreteBath bath{{-0.9, -0.2, 0.35, 1.1}, {0.3, 0.15, 0.25, 0.4}};
  const Data data = sampled(50, 200, [&](Complex z) { return bath.hybridisation(z); });
  for (const double alpha : {0.0, 1.0, 2.0}) {
    BathFitSettings settings;
    settings.bath_sites = 4;
    settings.alpha = alpha;
    const BathFit fit = fit_bath(data.frequencies, data.values, settings);
    EXPECT_TRUE(fit.converged) << fit.remark;
    EXPECT_LE(fit.misfit, 1e-11);
    EXPECT_LE(fit.largest_deviation, 1e-11);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(fit.bath.energy[k], bath.energy[k], 1e-8);
      EXPECT_NEAR(fit.bath.coupling[k], bath.coupling[k], 1e-8);
    }
  }
}

double chi_squared(const Data& data, const DiscreteBath& bath, double alpha) {
  double sum = 0;
  for (std::size_t n = 0; n < data.values.size(); ++n)
    sum += std::pow(data.frequencies[n], -alpha) *
           std::norm(data.values[n] - bath.hybridisation(Complex(0, data.frequencies[n])));
  return sum;
}

// The distance falls by a factor of about five a site, and the coupling tends to its exact sum (D/2)^2.
TEST(BathFit, SemicircleImprovesWithEverySite) {
  const Data data = sampled(100, 300, [](Complex z) { return semicircle(z, 0); });
  for (const bool symmetric : {false, true}) {
    double last = 1;
    for (int sites = 1; sites <= 8; ++sites) {
      BathFitSettings settings;
      settings.bath_sites = sites;
      settings.particle_hole_symmetric = symmetric;
      const BathFit fit = fit_bath(data.frequencies, data.values, settings);
      EXPECT_TRUE(fit.converged) << fit.remark;
      EXPECT_LT(fit.misfit, (sites > 2 ? 0.31 : 0.6) * last) << sites << " sites";
      EXPECT_NEAR(fit.misfit,
                  std::sqrt(chi_squared(data, fit.bath, 1) / chi_squared(data, DiscreteBath{}, 1)), 1e-10);
      last = fit.misfit;
      ASSERT_EQ(fit.bath.size(), static_cast<std::size_t>(sites));
      if (sites == 8) {
        double total = 0;
        for (const double V : fit.bath.coupling) total += V * V;
        EXPECT_NEAR(total, 0.25, 2e-4);
        EXPECT_LT(fit.largest_deviation, 1e-4);
      }
    }
  }
}

TEST(BathFit, SymmetryIsExact) {
  const Data data = sampled(40, 100, [](Complex z) { return semicircle(z, 0); });
  for (const int sites : {4, 5}) {
    BathFitSettings settings;
    settings.bath_sites = sites;
    settings.particle_hole_symmetric = true;
    const DiscreteBath bath = fit_bath(data.frequencies, data.values, settings).bath;
    for (std::size_t k = 0; k < bath.size(); ++k) {
      EXPECT_EQ(bath.energy[k], -bath.energy[bath.size() - 1 - k]);
      EXPECT_EQ(bath.coupling[k], bath.coupling[bath.size() - 1 - k]);
    }
  }
}

// No small change of a parameter lowers chi^2, by values alone.
TEST(BathFit, EndsAtAMinimum) {
  const Data data = sampled(60, 150, [](Complex z) { return semicircle(z, 0.35); });
  for (const double alpha : {0.0, 1.0}) {
    BathFitSettings settings;
    settings.alpha = alpha;
    const BathFit fit = fit_bath(data.frequencies, data.values, settings);
    ASSERT_TRUE(fit.converged) << fit.remark;
    const double least = chi_squared(data, fit.bath, alpha);
    for (std::size_t k = 0; k < fit.bath.size(); ++k)
      for (const double change : {-1e-4, 1e-4}) {
        DiscreteBath other = fit.bath;
        other.energy[k] += change;
        EXPECT_GT(chi_squared(data, other, alpha), least);
        other = fit.bath;
        other.coupling[k] += change;
        EXPECT_GT(chi_squared(data, other, alpha), least);
      }
  }
}

TEST(BathFit, StartsWarm) {
  BathFitSettings settings;
  settings.bath_sites = 6;
  const Data before = sampled(60, 150, [](Complex z) { return semicircle(z, 0.1); });
  const Data after = sampled(60, 150, [](Complex z) { return semicircle(z, 0.12); });
  const BathFit first = fit_bath(before.frequencies, before.values, settings);
  settings.starts = 1;
  const BathFit again = fit_bath(before.frequencies, before.values, settings, first.bath);
  EXPECT_EQ(again.start, 0);
  EXPECT_EQ(again.bath.energy, first.bath.energy);
  const BathFit moved = fit_bath(after.frequencies, after.values, settings, first.bath);
  settings.starts = 6;
  const BathFit cold = fit_bath(after.frequencies, after.values, settings);
  EXPECT_NEAR(moved.misfit, cold.misfit, 1e-7);
  // A last bath of another size is no start.
  EXPECT_EQ(fit_bath(after.frequencies, after.values, settings, {{0.1}, {0.2}}).misfit, cold.misfit);
}

TEST(BathFit, FailureIsAResult) {
  Data data = sampled(60, 150, [](Complex z) { return semicircle(z, 0); });
  BathFitSettings settings;
  settings.bath_sites = 7;
  settings.starts = 2;
  settings.most_steps = 2;
  const BathFit stopped = fit_bath(data.frequencies, data.values, settings);
  EXPECT_FALSE(stopped.converged);
  EXPECT_FALSE(stopped.remark.empty());
  EXPECT_LT(stopped.misfit, 1);
  EXPECT_EQ(stopped.bath.size(), 7U);
  data.values[3] = std::numeric_limits<double>::quiet_NaN();
  const BathFit bad = fit_bath(data.frequencies, data.values, settings, stopped.bath);
  EXPECT_FALSE(bad.converged);
  EXPECT_FALSE(bad.remark.empty());
  EXPECT_EQ(bad.bath.energy, stopped.bath.energy);
}

// More sites than the data resolve: no stationary point is reached, and none is needed.
TEST(BathFit, IsDoneWhenItIsGoodEnough) {
  const Data data = sampled(20, 60, [](Complex z) { return semicircle(z, 0); });
  BathFitSettings settings;
  settings.bath_sites = 9;
  settings.most_steps = 300;
  settings.good_misfit = 1e-5;
  const BathFit good = fit_bath(data.frequencies, data.values, settings);
  EXPECT_TRUE(good.converged) << good.misfit;
  settings.good_misfit = 0;
  settings.starts = 2;
  EXPECT_FALSE(fit_bath(data.frequencies, data.values, settings).converged);
}

TEST(BathFit, NothingIsFittedByNothing) {
  const BathFit fit = fit_bath({0.1, 0.3}, {0.0, 0.0}, {});
  EXPECT_TRUE(fit.converged);
  EXPECT_EQ(fit.misfit, 0);
  EXPECT_EQ(fit.bath.coupling, std::vector<double>(5, 0.0));
}

TEST(BathFit, RefusesSettingsWithoutSense) {
  EXPECT_THROW(fit_bath({}, {}, {}), Error);
  EXPECT_THROW(fit_bath({0.1}, {1.0, 2.0}, {}), Error);
  EXPECT_THROW(fit_bath({-0.1}, {1.0}, {}), Error);
  BathFitSettings settings;
  settings.bath_sites = 0;
  EXPECT_THROW(fit_bath({0.1}, {1.0}, settings), Error);
}

}  // namespace
}  // namespace weiss
