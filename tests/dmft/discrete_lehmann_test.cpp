// The discrete Lehmann representation: its stated accuracy on discrete poles and on the semicircle up to
// beta omega_max = 1e5, exact moments, least squares with noise, and bosons.
#include "weiss/dmft/discrete_lehmann.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream.hpp"

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

double exact_in_time(const SpectralPoles& poles, const ImaginaryTime& time, double beta) {
  double sum = 0;
  for (std::size_t l = 0; l < poles.position.size(); ++l) {
    sum -= poles.weight[l] * logistic_kernel(time, poles.position[l], beta);
  }
  return sum;
}

// Times dense in the logarithm at both ends, and evenly between.
std::vector<ImaginaryTime> test_times(double beta) {
  std::vector<ImaginaryTime> times;
  for (int j = 0; j < 150; ++j) {
    const double distance = 0.5 * beta * std::pow(10.0, -8 + 8 * j / 149.0);
    times.push_back(ImaginaryTime::after_start(distance, beta));
    times.push_back(ImaginaryTime::before_end(distance, beta));
    times.push_back(ImaginaryTime::after_start(beta * j / 149.0, beta));
  }
  return times;
}

struct Errors {
  double time = 0, matsubara = 0, moments = 0;  // G(i w_n) relative to beta, moments to omega_max^(k-1)
};

Errors errors(const DiscreteLehmann& lehmann, const std::vector<double>& coefficients,
              const SpectralPoles& poles) {
  Errors e;
  const double beta = lehmann.beta();
  for (const ImaginaryTime& time : test_times(beta)) {
    e.time =
        std::max(e.time, std::abs(lehmann.in_time(coefficients, time) - exact_in_time(poles, time, beta)));
  }
  for (std::int64_t n = 0; n < 100000; n += 1 + n / 10) {
    const Complex exact = poles({0, fermionic_frequency(n, beta)});
    e.matsubara = std::max(e.matsubara, std::abs(lehmann.on_matsubara(coefficients, n) - exact) / beta);
  }
  const double unit = lehmann.omega_max();
  e.moments = std::max({std::abs(lehmann.moment(coefficients, 1) - poles.moment(0)),
                        std::abs(lehmann.moment(coefficients, 2) - poles.moment(1)) / unit,
                        std::abs(lehmann.moment(coefficients, 3) - poles.moment(2)) / (unit * unit)});
  return e;
}

Errors from_times(const DiscreteLehmann& lehmann, const SpectralPoles& poles) {
  std::vector<double> values;
  for (const ImaginaryTime& time : lehmann.times())
    values.push_back(exact_in_time(poles, time, lehmann.beta()));
  return errors(lehmann, lehmann.from_times(values), poles);
}

Errors from_frequencies(const DiscreteLehmann& lehmann, const SpectralPoles& poles) {
  std::vector<Complex> values;
  for (const std::int64_t n : lehmann.frequencies()) {
    values.push_back(poles({0, fermionic_frequency(n, lehmann.beta())}));
  }
  return errors(lehmann, lehmann.from_frequencies(values), poles);
}

// Single poles over all scales, both signs and zero, then a mixture.
std::vector<SpectralPoles> discrete_spectra(double beta, double omega_max) {
  std::vector<SpectralPoles> spectra = {{{0}, {1}}, {{-omega_max}, {1}}, {{omega_max}, {1}}};
  SpectralPoles mixture;
  for (double w = omega_max; w > 0.1 / beta; w *= 0.137) {
    spectra.push_back({{w}, {1}});
    spectra.push_back({{-0.7 * w}, {1}});
    mixture.position.insert(mixture.position.end(), {0.93 * w, -0.41 * w});
  }
  mixture.weight.assign(mixture.position.size(), 1.0 / static_cast<double>(mixture.position.size()));
  spectra.push_back(mixture);
  return spectra;
}

TEST(DiscreteLehmann, GridsHoldTheValuesAtTheirTimes) {
  const double beta = 40;
  const DiscreteLehmann lehmann(beta, 5, 1e-12);
  std::vector<double> coefficients;
  for (std::size_t l = 0; l < lehmann.rank(); ++l) coefficients.push_back(std::cos(static_cast<double>(l)));
  for (const std::size_t intervals : {1U, 63U, 64U, 100U, 4096U}) {
    const std::vector<double> grid = lehmann.on_grid(coefficients, intervals);
    ASSERT_EQ(grid.size(), intervals + 1);
    for (std::size_t j = 0; j <= intervals; ++j) {
      const double part = static_cast<double>(j) / static_cast<double>(intervals);
      const ImaginaryTime time{beta * part, beta * (1 - part)};
      EXPECT_NEAR(grid[j], lehmann.in_time(coefficients, time), 1e-13) << j << " of " << intervals;
    }
  }
}

TEST(DiscreteLehmann, AccuracyIsTheStatedOne) {
  for (const double accuracy : {1e-6, 1e-10, 1e-13}) {
    for (const double lambda : {2.0, 1e2, 1e3, 1e4, 1e5}) {
      const double beta = 0.5 * lambda, omega_max = 2;
      const DiscreteLehmann lehmann(beta, omega_max, accuracy);
      Errors times, frequencies;
      const auto raise = [](Errors& worst, const Errors& e) {
        worst = {std::max(worst.time, e.time), std::max(worst.matsubara, e.matsubara),
                 std::max(worst.moments, e.moments)};
      };
      for (const SpectralPoles& poles : discrete_spectra(beta, omega_max)) {
        raise(times, from_times(lehmann, poles));
        raise(frequencies, from_frequencies(lehmann, poles));
      }
      std::printf(
          "accuracy %g, beta omega_max %g: rank %zu, errors from times %.1e %.1e %.1e, from frequencies %.1e "
          "%.1e %.1e\n",
          accuracy, lambda, lehmann.rank(), times.time, times.matsubara, times.moments, frequencies.time,
          frequencies.matsubara, frequencies.moments);
      EXPECT_LE(times.time, 3 * accuracy);
      EXPECT_LE(times.matsubara, accuracy);
      EXPECT_LE(frequencies.time, 10 * accuracy);
      EXPECT_LE(frequencies.matsubara, accuracy);
      EXPECT_LE(std::max(times.moments, frequencies.moments), std::max(3000 * accuracy, 1e-9));
      EXPECT_LE(lehmann.rank(), 12 + static_cast<std::size_t>(0.4 * std::log(lambda) * -std::log(accuracy)));
    }
  }
}

TEST(DiscreteLehmann, SemicircleToTwelveDigits) {
  for (const double beta : {10.0, 50.0, 200.0}) {
    for (const double centre : {0.0, 0.6}) {
      const DiscreteLehmann lehmann(beta, 1.7, 1e-13);
      const Errors times = from_times(lehmann, semicircle(centre)),
                   frequencies = from_frequencies(lehmann, semicircle(centre));
      EXPECT_LE(std::max({times.time, times.matsubara, frequencies.time, frequencies.matsubara}), 1e-12);
      EXPECT_LE(std::max(times.moments, frequencies.moments), 1e-9);
    }
  }
  const DiscreteLehmann lehmann(50, 1, 1e-13);
  std::vector<double> values;
  for (const ImaginaryTime& time : lehmann.times()) values.push_back(exact_in_time(semicircle(0), time, 50));
  EXPECT_NEAR(lehmann.in_time(lehmann.from_times(values), 25.0), -0.03992064356, 1e-11);
}

// A smaller omega_max than the spectrum needs must show.
TEST(DiscreteLehmann, SpectrumOutsideIsNotRepresented) {
  const DiscreteLehmann lehmann(50, 1, 1e-12);
  EXPECT_GE(from_times(lehmann, {{3}, {1}}).time, 1e-4);
}

TEST(DiscreteLehmann, LeastSquaresOnUniformMeshes) {
  const double beta = 50;
  const DiscreteLehmann lehmann(beta, 2, 1e-12);
  const SpectralPoles poles = semicircle(0.3);
  std::vector<ImaginaryTime> times;
  std::vector<double> values;
  for (int j = 0; j <= 2000; ++j) {
    times.push_back(ImaginaryTime::after_start(beta * j / 2000, beta));
    values.push_back(exact_in_time(poles, times.back(), beta));
  }
  const LehmannFit in_time = lehmann.fit_times(times, values, {}, 1e-13);
  EXPECT_LE(errors(lehmann, in_time.coefficients, poles).time, 1e-11);
  std::vector<std::int64_t> frequencies;
  for (std::int64_t n = 0; n < 400; ++n) frequencies.push_back(n);
  const auto g = on_matsubara(poles, beta, 400);
  const LehmannFit on_frequencies = lehmann.fit_frequencies(frequencies, g, {}, 1e-13);
  EXPECT_LE(errors(lehmann, on_frequencies.coefficients, poles).matsubara, 1e-12);
  EXPECT_LE(errors(lehmann, on_frequencies.coefficients, poles).time, 1e-9);
}

// Noise of known size: chi^2 counts the points less the directions, the fit is closer than the data, and the
// moments asked for are met to rounding.
TEST(DiscreteLehmann, LeastSquaresWithNoise) {
  const double beta = 50, noise = 1e-4;
  const DiscreteLehmann lehmann(beta, 2, 1e-8);
  const SpectralPoles poles = semicircle(0.3);
  const std::vector<double> moments = {poles.moment(0), poles.moment(1), poles.moment(2)};
  double chi_squared = 0, points = 0;
  for (std::uint64_t run = 0; run < 20; ++run) {
    const Stream random(17, run, StreamId::initial_state);
    std::vector<ImaginaryTime> times;
    std::vector<double> values, weights;
    for (std::uint64_t j = 0; j <= 500; ++j) {
      times.push_back(ImaginaryTime::after_start(beta * static_cast<double>(j) / 500, beta));
      values.push_back(exact_in_time(poles, times.back(), beta) + noise * normal_deviate(random, 0, j));
      weights.push_back(1 / noise);
    }
    const LehmannFit fit = lehmann.fit_times(times, values, weights, 1e-4, moments);
    chi_squared += fit.chi_squared;
    points += 501 - static_cast<double>(fit.directions) + 3;
    const Errors e = errors(lehmann, fit.coefficients, poles);
    EXPECT_LE(e.moments, 1e-11);
    EXPECT_LE(e.time, 2 * noise);  // the data stray by 3
  }
  EXPECT_NEAR(chi_squared / points, 1, 4 * std::sqrt(2 / points));
}

TEST(DiscreteLehmann, TooFewDataAreCountedNotInvented) {
  const DiscreteLehmann lehmann(20, 2, 1e-10);
  const std::vector<std::int64_t> frequencies = {0, 1, 2};
  const auto g = on_matsubara(semicircle(0), 20, 3);
  const LehmannFit fit = lehmann.fit_frequencies(frequencies, g, {}, 1e-13);
  EXPECT_EQ(fit.directions, 6U);
  for (const std::int64_t n : frequencies) {
    EXPECT_LE(std::abs(lehmann.on_matsubara(fit.coefficients, n) - g[static_cast<std::size_t>(n)]), 1e-9);
  }
}

// Bosons of energies e: G(tau) = -sum weight e^{-tau e}/(1 - e^{-beta e}), G(i v) = sum weight/(i v - e).
TEST(DiscreteLehmann, Bosons) {
  const double beta = 40, accuracy = 1e-12;
  const DiscreteLehmann lehmann(beta, 3, accuracy, Statistics::boson);
  const std::vector<double> energies = {-2.9, -0.5, 0.2, 1.1}, weights = {-0.2, -0.3, 0.3, 0.6};
  const auto in_time = [&](const ImaginaryTime& time) {
    double sum = 0;
    for (std::size_t l = 0; l < 4; ++l) {
      sum -= weights[l] / std::tanh(0.5 * beta * energies[l]) * logistic_kernel(time, energies[l], beta);
    }
    return sum;
  };
  const auto on_frequency = [&](std::int64_t m) {
    Complex sum = 0;
    for (std::size_t l = 0; l < 4; ++l) sum += weights[l] / Complex(-energies[l], bosonic_frequency(m, beta));
    return sum;
  };
  std::vector<double> values;
  std::vector<Complex> at_frequencies;
  for (const ImaginaryTime& time : lehmann.times()) values.push_back(in_time(time));
  for (const std::int64_t m : lehmann.frequencies()) at_frequencies.push_back(on_frequency(m));
  EXPECT_EQ(lehmann.frequencies().front(), 0);
  for (const auto& coefficients : {lehmann.from_times(values), lehmann.from_frequencies(at_frequencies)}) {
    for (const ImaginaryTime& time : test_times(beta)) {
      EXPECT_NEAR(lehmann.in_time(coefficients, time), in_time(time), 20 * accuracy);
    }
    for (std::int64_t m = 0; m < 3000; m += 1 + m / 10) {
      EXPECT_LE(std::abs(lehmann.on_matsubara(coefficients, m) - on_frequency(m)), 20 * accuracy * beta);
    }
    EXPECT_NEAR(lehmann.moment(coefficients, 1), 0.4, 1e-9);
  }
}

TEST(DiscreteLehmann, RefusesWhatItCannotKeep) {
  EXPECT_THROW(DiscreteLehmann(10, 1, 1e-15), Error);
  EXPECT_THROW(DiscreteLehmann(0, 1, 1e-10), Error);
  EXPECT_THROW(DiscreteLehmann(1e9, 1, 1e-10), Error);
  const DiscreteLehmann lehmann(10, 1, 1e-8);
  EXPECT_THROW(lehmann.from_times(std::vector<double>(3)), Error);
}

}  // namespace
}  // namespace weiss
