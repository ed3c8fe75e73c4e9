// Green functions of weiss-hubbard-dmft in their representations, and local susceptibilities of its solvers.
#include <cmath>

#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

// The Green function of the spin that the coefficients of a report describe.
SpectralPoles lehmann(const TaskReport& report, std::size_t spin) {
  const Result& found = hubbard_result(report, "lehmann_coefficients");
  const std::vector<double>& energies = found.info.axes[1].values;
  const auto first = found.mean.begin() + static_cast<std::ptrdiff_t>(spin * energies.size());
  return {energies, {first, first + static_cast<std::ptrdiff_t>(energies.size())}};
}

TEST(HubbardDmftFunctions, LehmannCoefficientsAreTheGreenFunction) {
  const TaskReport report = run_hubbard(
      hubbard_deck("interaction = 4\nbeta = 10\nphase = antiferromagnetic\nchemical_potential = 0.1",
                   "solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-3"));
  const Result& matsubara = hubbard_result(report, "green_function");
  const Result& in_time = hubbard_result(report, "green_function_of_time");
  ASSERT_EQ(report.green_functions.size(), 4U);
  const GreenFunction& stored = report.green_functions[0];
  for (const std::size_t spin : {up, down}) {
    const SpectralPoles green = lehmann(report, spin);
    const std::size_t count = matsubara.info.dims[1], times = in_time.info.dims[1];
    for (std::size_t n = 0; n < count; ++n) {
      const Complex value(matsubara.mean[2 * (spin * count + n)], matsubara.mean[2 * (spin * count + n) + 1]);
      EXPECT_NEAR(std::abs(green(Complex(0, matsubara.info.axes[1].values[n])) - value), 0, 1e-11);
      EXPECT_EQ(stored.blocks[spin].values[n], value);
    }
    for (const std::size_t j : {std::size_t{0}, times / 3, times - 1})
      EXPECT_NEAR(green.imaginary_time(in_time.info.axes[1].values[j], 10), in_time.mean[spin * times + j],
                  1e-10);
  }
  EXPECT_EQ(stored.name, "G_iw");
  EXPECT_EQ(stored.blocks[up].name, "up");
  EXPECT_EQ(stored.beta, 10);
}

TEST(HubbardDmftFunctions, SolversAgreeOnLocalSusceptibilities) {
  const std::string model = "interaction = 2\nhopping = 0.5\ntemperature = 0.2\n";
  const TaskReport exact =
      run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-6"));
  const TaskReport sampled = run_hubbard(
      hubbard_deck(model, "solver = ct_hyb\nstreams = 32\nupdates = 10000\nmeasured_iterations = 12",
                   "kind = bethe", "[output]\nlegendre_coefficients = 12\n"));
  for (const char* name :
       {"spin_susceptibility", "charge_susceptibility", "spin_correlation", "charge_correlation"}) {
    const Result &a = hubbard_result(exact, name), &b = hubbard_result(sampled, name);
    ASSERT_EQ(a.mean.size(), b.mean.size());
    for (std::size_t i = 0; i < a.mean.size(); i += 16) {
      EXPECT_GT(a.mean[i], 0);
      // Twelve iterations are few for an error, and three bath sites for a bath.
      EXPECT_NEAR(a.mean[i], b.mean[i], 5 * b.error[i] + 0.003) << name << " " << i;
      EXPECT_LT(b.error[i], 0.1 * a.mean[0]);
    }
  }
  // At half filling each is the sum over tau of its correlation.
  const Result& correlation = hubbard_result(exact, "spin_correlation");
  double sum = 0;
  for (std::size_t r = 0; r < 129; ++r)
    sum += (r == 0 || r == 128 ? 1 : r % 2 == 0 ? 2 : 4) * correlation.mean[r] * 2 * 5 / 256 / 3;
  EXPECT_NEAR(hubbard_value(exact, "spin_susceptibility"), sum, 1e-6);
  EXPECT_NEAR(correlation.mean[0], 0.25 * (1 - 2 * hubbard_value(exact, "double_occupancy")), 1e-12);
}

TEST(HubbardDmftFunctions, LegendreCoefficientsAreThoseOfTheGreenFunction) {
  const TaskReport report =
      run_hubbard(hubbard_deck("interaction = 2\nhopping = 0.5\ntemperature = 0.2\nchemical_potential = 0.2",
                               "solver = ct_hyb\nstreams = 32\nupdates = 10000\nmeasured_iterations = 12",
                               "kind = bethe", "[output]\nlegendre_coefficients = 8\n"));
  const Result& found = hubbard_result(report, "legendre_coefficients");
  ASSERT_EQ(found.info.dims, (std::vector<std::uint64_t>{2, 8}));
  const SpectralPoles green = lehmann(report, up);
  constexpr int steps = 4000;
  for (unsigned l = 0; l < 8; ++l) {
    double sum = 0;
    for (int i = 0; i < steps; ++i) {
      const double x = (i + 0.5) / steps;
      sum += 5.0 / steps * std::legendre(l, 2 * x - 1) * green.imaginary_time(5 * x, 5);
    }
    for (const std::size_t spin : {up, down})
      EXPECT_NEAR(found.mean[8 * spin + l], std::sqrt(2 * l + 1.0) * sum,
                  5 * found.error[8 * spin + l] + 0.005)
          << l;
    EXPECT_LT(found.error[l], 0.02);
  }
}

TEST(HubbardDmftFunctions, MonteCarloWithHardlyASegmentIsTheMomentsOfTheSelfEnergy) {
  // At T = 80 D the hybridisation is met once in 100000 updates.
  const std::string model = "interaction = 1\nhopping = 0.5\ntemperature = 80";
  const TaskReport sampled = run_hubbard(
      hubbard_deck(model, "solver = ct_hyb\nstreams = 4\nupdates = 1000\nmeasured_iterations = 4"));
  const TaskReport exact = run_hubbard(hubbard_deck(model));
  EXPECT_EQ(hubbard_value(sampled, "converged"), 1);
  const Result &a = hubbard_result(sampled, "self_energy"), &b = hubbard_result(exact, "self_energy");
  for (std::size_t i = 0; i < a.mean.size(); i += 16) EXPECT_NEAR(a.mean[i], b.mean[i], 1e-5);
}

TEST(HubbardDmftFunctions, WhatOnlyMonteCarloMeasuresIsRefusedElsewhere) {
  try {
    conformance::deck_of<HubbardDmft>(hubbard_deck("interaction = 2\nbeta = 10", "", "kind = bethe",
                                                   "[output]\nlegendre_coefficients = 9\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("needs algorithm.solver = ct_hyb"), std::string::npos);
  }
}

}  // namespace
}  // namespace weiss
