// Populations of p-spin interactions: the exact paramagnet, pairs against field_population, thermodynamic
// identities, Nishimori's identities of planted states.
#include "weiss/cavity/interaction_population.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/cavity/field_population.hpp"
#include "weiss/cavity/reduced_fields.hpp"

namespace weiss {
namespace {

using Start = InteractionPopulation::Start;
constexpr std::size_t members = 1 << 14;

TEST(ReducedFields, AgainstTheLibrary) {
  for (double a = -9; a <= 9; a += 0.37)
    for (double b = -9; b <= 9; b += 0.41)
      EXPECT_NEAR(join_reduced(static_cast<float>(a), static_cast<float>(b)),
                  std::atanh(std::tanh(a) * std::tanh(b)), 2e-6)
          << a << " " << b;
  for (double y = -15; y <= 15; y += 0.13)
    EXPECT_NEAR(log_cosh_of_reduced(static_cast<float>(y)), std::log(std::cosh(y)), 2e-6);
}

InteractionEnsemble three_spin(DegreeLaw degrees) {
  InteractionEnsemble ensemble;
  ensemble.degrees = std::move(degrees);
  return ensemble;
}

// Means of 60 generations after 60.
InteractionAverages run(const InteractionEnsemble& ensemble, double beta, Start start,
                        double* growth = nullptr) {
  InteractionPopulation population(ensemble, members, 5, 1);
  population.start(start, beta);
  InteractionAverages mean;
  constexpr std::uint64_t before = 60, after = 60;
  for (std::uint64_t step = 0; step < before + after; ++step) {
    const double log_growth = population.sweep(step, beta);
    if (step < before) continue;
    const InteractionAverages now = population.measure(step + 1, beta);
    mean.free_energy += now.free_energy / after;
    mean.energy += now.energy / after;
    mean.above_paramagnet += now.above_paramagnet / after;
    mean.magnetisation += now.magnetisation / after;
    mean.overlap += now.overlap / after;
    if (growth != nullptr) *growth += log_growth / after;
  }
  return mean;
}

TEST(InteractionPopulation, ParamagnetIsExact) {
  const double T = 0.9, beta = 1 / T;
  for (const DegreeLaw& degrees : {regular_degrees(4), poisson_degrees(3)}) {
    const InteractionAverages averages = run(three_spin(degrees), beta, Start::random);
    EXPECT_NEAR(averages.free_energy, -T * (std::numbers::ln2 + degrees.mean / 3 * std::log(std::cosh(beta))),
                1e-9);
    EXPECT_NEAR(averages.energy, -degrees.mean / 3 * std::tanh(beta), 0.01);
    EXPECT_LT(averages.overlap, 1e-12);
  }
}

TEST(InteractionPopulation, PairsAreThoseOfFieldPopulation) {
  InteractionEnsemble pairs = three_spin(poisson_degrees(2.5));
  pairs.spins = 2;
  pairs.field = 0.2;
  pairs.perturbed = true;
  pairs.couplings = {CouplingDistribution::Kind::gaussian, 0.8, 0.3, 0.5};
  FieldEnsemble fields;
  fields.degrees = pairs.degrees;
  fields.field = pairs.field;
  fields.couplings = pairs.couplings;
  fields.perturbation = Perturbation::square;
  const double beta = 1.1;
  double growth = 0, field_growth = 0;
  const InteractionAverages own = run(pairs, beta, Start::magnetised, &growth);
  FieldPopulation population(fields, members, 5, 1);
  population.start(FieldPopulation::Start::magnetised, beta);
  FieldAverages mean;
  for (std::uint64_t step = 0; step < 120; ++step) {
    const double log_growth = population.sweep(step, beta).square;
    if (step < 60) continue;
    const FieldAverages now = population.measure(step, beta);
    mean.free_energy += now.free_energy / 60;
    mean.energy += now.energy / 60;
    mean.magnetisation += now.magnetisation / 60;
    mean.overlap += now.overlap / 60;
    field_growth += log_growth / 60;
  }
  EXPECT_NEAR(own.free_energy, mean.free_energy, 2e-3);
  EXPECT_NEAR(own.energy, mean.energy, 4e-3);
  EXPECT_NEAR(own.magnetisation, mean.magnetisation, 3e-3);
  EXPECT_NEAR(own.overlap, mean.overlap, 3e-3);
  EXPECT_NEAR(growth, field_growth, 0.02);
}

// f of the same random numbers at neighbouring temperatures.
TEST(InteractionPopulation, EnergyIsTheDerivativeOfTheFreeEnergy) {
  InteractionEnsemble ensemble = three_spin(regular_degrees(3));
  ensemble.field = 0.4;
  const double beta = 1.2, d = 0.02;
  const auto reduced = [&](double b) { return b * run(ensemble, b, Start::magnetised).free_energy; };
  EXPECT_NEAR(run(ensemble, beta, Start::magnetised).energy,
              (reduced(beta + d) - reduced(beta - d)) / (2 * d), 3e-3);
}

TEST(InteractionPopulation, PlantedStates) {
  InteractionEnsemble ensemble = three_spin(regular_degrees(6));
  ensemble.planted = true;
  for (const auto kind : {CouplingDistribution::Kind::bimodal, CouplingDistribution::Kind::gaussian}) {
    ensemble.couplings.kind = kind;
    const double T = kind == CouplingDistribution::Kind::bimodal ? 0.9 : 0.6;
    const InteractionAverages state = run(ensemble, 1 / T, Start::magnetised);
    EXPECT_GT(state.overlap, 0.6);
    EXPECT_NEAR(state.magnetisation, state.overlap, 2e-3);
    // The energy of states is that of the paramagnet, which they make up.
    const double d = 1e-4, beta = 1 / T;
    const double paramagnet = ((beta + d) * paramagnet_free_energy(ensemble, beta + d) -
                               (beta - d) * paramagnet_free_energy(ensemble, beta - d)) /
                              (2 * d);
    EXPECT_NEAR(state.energy, paramagnet, 8e-3);
    EXPECT_NEAR(state.free_energy, paramagnet_free_energy(ensemble, beta) + T * state.above_paramagnet,
                1e-12);
  }
}

// At a temperature above the dynamic transition memory is lost.
TEST(InteractionPopulation, NoPlantedStatesAboveTheDynamicTransition) {
  InteractionEnsemble ensemble = three_spin(regular_degrees(4));
  ensemble.planted = true;
  InteractionPopulation population(ensemble, members, 5, 1);
  population.start(Start::magnetised, 1 / 0.79);
  for (std::uint64_t step = 0; step < 200; ++step) population.sweep(step, 1 / 0.79);
  EXPECT_LT(population.measure(200, 1 / 0.79).overlap, 1e-9);
}

// Kept at a mean, a population has its temperature, also where it is unstable at that temperature; where it
// is stable both ways agree.
TEST(InteractionPopulation, TemperatureAtAMean) {
  InteractionEnsemble ensemble = three_spin(regular_degrees(4));
  ensemble.planted = true;
  InteractionPopulation population(ensemble, members, 5, 1);
  population.start(Start::magnetised, 1 / 0.65);
  double T = 0;
  for (std::uint64_t step = 0; step < 100; ++step) {
    const double beta = population.sweep_at_mean(step, 0.75, 50);
    if (step >= 40) T += 1 / beta / 60;
  }
  double mean = 0;
  for (std::uint64_t step = 100; step < 200; ++step) {
    population.sweep(step, 1 / T);
    const auto bytes = population.bytes();
    const auto* messages = reinterpret_cast<const float*>(bytes.data());
    for (std::size_t i = 0; step >= 140 && i < members; ++i)
      mean += static_cast<double>(tanh_of(messages[i])) / members / 60;
  }
  EXPECT_NEAR(mean, 0.75, 0.01);
}

}  // namespace
}  // namespace weiss
