// Populations with their perturbations against densities on a grid, which have no noise, where no closed form
// is known: in the spin glass and in the ferromagnet of the +-1 model, degree 3.
#include "cavity/field_density.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/field_population.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

// The grid itself: perturbations of the paramagnet grow by 2 (2p - 1) tanh(beta) and 2 tanh^2(beta).
TEST(FieldDensity, Paramagnet) {
  const double beta = 0.7, t = std::tanh(beta);
  FieldDensity density(100, 0.8, beta);
  density.run(100);
  EXPECT_NEAR(density.growth(1), std::log(1.2 * t), 1e-4);
  EXPECT_NEAR(density.growth(2), std::log(2 * t * t), 1e-4);
  EXPECT_NEAR(density.magnetisation(), 0, 1e-6);
}

// Errors of the grid fall with the square of its spacing.
TEST(FieldDensity, GridConverges) {
  double growth[3];
  for (int i = 0; i < 3; ++i) {
    FieldDensity density(30u << i, 1, 1 / 0.6);
    density.keep_symmetric();
    density.run(100);
    growth[i] = density.growth(1);
  }
  EXPECT_NEAR((growth[0] - growth[1]) / (growth[1] - growth[2]), 4, 1);
  EXPECT_NEAR(growth[1], growth[2], 1e-4);
}

struct Mean {
  double value, error;
};

// Of the logarithm of growth in 8 blocks of 40 generations after 200.
Mean growth_of(FieldPopulation& population, double beta, double PerturbationGrowth::*kind) {
  std::uint64_t step = 0;
  for (; step < 200; ++step) population.sweep(step, beta);
  std::vector<double> blocks(8, 0.0);
  double sum = 0;
  for (double& block : blocks) {
    for (int i = 0; i < 40; ++i) block += population.sweep(step++, beta).*kind / 40;
    sum += block / static_cast<double>(blocks.size());
  }
  return {sum, standard_error(blocks)};
}

FieldEnsemble glass(double fraction, FieldKernel kernel) {
  FieldEnsemble ensemble;
  ensemble.degrees = regular_degrees(3);
  ensemble.couplings.ferromagnetic_fraction = fraction;
  ensemble.kernel = kernel;
  ensemble.perturbation = Perturbation::both;
  return ensemble;
}

// Both perturbations in the spin glass, far below its transition, where squares grow by a fifth a generation.
TEST(FieldDensity, PerturbationsOfTheSpinGlass) {
  for (const auto& [temperature, kernel] : {std::pair{0.6, FieldKernel::tanh}, {0.3, FieldKernel::field}}) {
    const double beta = 1 / temperature, p = 0.87;
    FieldDensity density(100, p, beta);
    density.keep_symmetric();
    density.run(120);
    FieldEnsemble ensemble = glass(p, kernel);
    ensemble.symmetrised = true;
    for (const auto kind : {&PerturbationGrowth::linear, &PerturbationGrowth::square}) {
      FieldPopulation population(ensemble, 1 << 14, 3, 1);
      population.start(FieldPopulation::Start::random, beta);
      const Mean growth = growth_of(population, beta, kind);
      const double exact = density.growth(kind == &PerturbationGrowth::linear ? 1 : 2);
      EXPECT_NEAR(growth.value, exact, 5 * growth.error + 2e-4) << temperature;
      EXPECT_LT(growth.error, 4e-3);
    }
  }
}

// Without a magnetisation the equation of n = 1 needs no signs: the growth at p is 2p - 1 times that at p
// = 1.
TEST(FieldDensity, BiasIsAFactor) {
  const double beta = 1.5;
  FieldDensity biased(60, 0.85, beta), pure(60, 1, beta);
  for (FieldDensity* each : {&biased, &pure}) {
    each->keep_symmetric();
    each->run(100);
  }
  EXPECT_NEAR(biased.growth(1), pure.growth(1) + std::log(0.7), 1e-12);
}

// Stability of the ferromagnet, and of the mixed phase.
TEST(FieldDensity, StabilityOfTheMagnetisedSolution) {
  const double beta = 1 / 0.5;
  for (const double p : {0.87, 0.93}) {
    FieldDensity density(60, p, beta);
    density.start(0.9);
    density.run(250);
    EXPECT_GT(density.magnetisation(), 0.3);
    FieldPopulation population(glass(p, FieldKernel::field), 1 << 14, 4, 1);
    population.start(FieldPopulation::Start::magnetised, beta);
    const Mean growth = growth_of(population, beta, &PerturbationGrowth::square);
    EXPECT_NEAR(growth.value, density.growth(2), 5 * growth.error + 1e-3) << p;
    EXPECT_EQ(density.growth(2) > 0, p < 0.9);
    EXPECT_LT(growth.error, 0.02);
  }
}

}  // namespace
}  // namespace weiss
