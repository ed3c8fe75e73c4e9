// Populations against closed forms, exact populations of integers, and thermodynamic identities.
#include "weiss/cavity/field_population.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "weiss/cavity/float_functions.hpp"
#include "weiss/cavity/integer_fields.hpp"
#include "weiss/cavity/paramagnet.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

TEST(FloatFunctions, AgainstTheLibrary) {
  for (double x = -80; x <= 0; x += 0.037)
    EXPECT_NEAR(exp_of_negative(static_cast<float>(x)) / std::exp(static_cast<double>(static_cast<float>(x))),
                1, 4e-7)
        << x;
  for (double a = 0; a <= 1; a += 0.013)
    EXPECT_NEAR(log_of_one_plus(static_cast<float>(a)), std::log1p(a), 2e-7);
  for (double x = 1e-6; x < 1e6; x *= 1.7)
    EXPECT_NEAR(log_of_positive(static_cast<float>(x)), std::log(x),
                3e-7 * std::max(1.0, std::abs(std::log(x))));
  for (double y = -12; y <= 12; y += 0.11) EXPECT_NEAR(tanh_of(static_cast<float>(y)), std::tanh(y), 3e-7);
  for (double x = -0.9999; x < 1; x += 0.0101)
    EXPECT_NEAR(std::erf(static_cast<double>(normal_quantile(static_cast<float>(x))) / std::sqrt(2.0)), x,
                1e-6);
}

FieldEnsemble ensemble(DegreeLaw degrees, FieldKernel kernel) {
  FieldEnsemble result;
  result.degrees = std::move(degrees);
  result.kernel = kernel;
  return result;
}

constexpr std::size_t members = 1 << 16;

struct Summary {
  FieldAverages mean, error;  // error: spread of block means
  double growth = 0;
  std::vector<double> free_energies;  // of the blocks
};

// Means of 64 generations after 100, in 8 blocks.
Summary run(const FieldEnsemble& ensemble, double beta, FieldPopulation::Start start,
            std::size_t size = members) {
  FieldPopulation population(ensemble, size, 7, 1);
  population.start(start, beta);
  std::uint64_t step = 0;
  for (; step < 100; ++step) population.sweep(step, beta);
  constexpr int blocks = 8, length = 8;
  std::vector<FieldAverages> block(blocks);
  Summary run;
  for (FieldAverages& each : block) {
    for (int i = 0; i < length; ++i, ++step) {
      run.growth += population.sweep(step, beta).square / (blocks * length);
      const FieldAverages now = population.measure(step, beta);
      each.free_energy += now.free_energy / length;
      each.energy += now.energy / length;
      each.magnetisation += now.magnetisation / length;
      each.overlap += now.overlap / length;
    }
  }
  for (const FieldAverages& each : block) run.free_energies.push_back(each.free_energy);
  const auto summarise = [&](double FieldAverages::*part) {
    double sum = 0, squares = 0;
    for (const FieldAverages& each : block) sum += each.*part / blocks;
    for (const FieldAverages& each : block) squares += (each.*part - sum) * (each.*part - sum);
    run.mean.*part = sum;
    run.error.*part = std::sqrt(squares / (blocks * (blocks - 1)));
  };
  for (const auto part : {&FieldAverages::free_energy, &FieldAverages::energy, &FieldAverages::magnetisation,
                          &FieldAverages::overlap})
    summarise(part);
  return run;
}

// Without order f = -T ln 2 - (c/2) T <ln cosh J/T>, and perturbations grow by (z - 1) tanh^2.
TEST(FieldPopulation, Paramagnet) {
  for (const FieldKernel kernel : {FieldKernel::tanh, FieldKernel::field}) {
    FieldEnsemble glass = ensemble(regular_degrees(3), kernel);
    glass.perturbation = Perturbation::square;
    const double beta = 0.5;
    const Summary result = run(glass, beta, FieldPopulation::Start::zero);
    EXPECT_NEAR(result.mean.free_energy, -(std::log(2.0) + 1.5 * std::log(std::cosh(beta))) / beta, 2e-6);
    EXPECT_NEAR(result.mean.energy, -1.5 * std::tanh(beta), 2e-6);
    EXPECT_EQ(result.mean.overlap, 0);
    EXPECT_NEAR(result.growth, std::log(2 * std::tanh(beta) * std::tanh(beta)), 2e-6);
  }
}

TEST(FieldPopulation, ParamagnetOfPoissonDegreesAndGaussianCouplings) {
  FieldEnsemble glass = ensemble(poisson_degrees(2.5), FieldKernel::tanh);
  glass.couplings.kind = CouplingDistribution::Kind::gaussian;
  glass.perturbation = Perturbation::square;
  const double beta = 0.6;
  double square = 0, weights = 0, energy = 0;  // <tanh^2 beta J>, <J tanh beta J>
  for (double x = -8; x <= 8; x += 1e-3) {
    const double weight = std::exp(-x * x / 2), t = std::tanh(beta * x);
    square += weight * t * t;
    energy += weight * x * t;
    weights += weight;
  }
  const Summary result = run(glass, beta, FieldPopulation::Start::zero);
  // The population's own noise: of 65536 members, over 64 generations that depend on each other.
  EXPECT_NEAR(result.growth, std::log(2.5 * square / weights), 4e-3);
  EXPECT_NEAR(result.mean.energy, -1.25 * energy / weights, 6 * result.error.energy);
  EXPECT_GT(result.error.energy, 0);
}

// Plain perturbations grow by B <tanh J/T>, of both laws of couplings; squared ones beside them as alone.
TEST(FieldPopulation, PlainPerturbationsOfTheParamagnet) {
  const double beta = 0.6;
  FieldEnsemble biased = ensemble(regular_degrees(4), FieldKernel::tanh);
  biased.couplings.ferromagnetic_fraction = 0.8;
  FieldEnsemble gaussian = biased;
  gaussian.couplings.kind = CouplingDistribution::Kind::gaussian;
  gaussian.couplings.mean = 0.5;
  for (FieldEnsemble* each : {&biased, &gaussian}) {
    double squares[2];
    for (const Perturbation kind : {Perturbation::square, Perturbation::both}) {
      each->perturbation = kind;
      FieldPopulation population(*each, members, 7, 1);
      population.start(FieldPopulation::Start::zero, beta);
      PerturbationGrowth growth;
      for (std::uint64_t step = 0; step < 50; ++step) {
        const PerturbationGrowth now = population.sweep(step, beta);
        growth.linear += now.linear / 50;
        growth.square += now.square / 50;
      }
      squares[kind == Perturbation::both] = growth.square;
      if (kind == Perturbation::square) continue;
      const double exact =
          3 * mean_over_couplings(each->couplings, [&](double J) { return std::tanh(beta * J); });
      EXPECT_NEAR(growth.linear, std::log(exact), each == &biased ? 2e-6 : 3e-3);
    }
    EXPECT_EQ(squares[0], squares[1]);
  }
}

// A fraction set later is the one that counts.
TEST(FieldPopulation, FerromagneticFractionCanMove) {
  FieldEnsemble iron = ensemble(regular_degrees(3), FieldKernel::tanh);
  FieldPopulation moved(iron, 1024, 7, 1);
  moved.set_ferromagnetic_fraction(0.9);
  iron.couplings.ferromagnetic_fraction = 0.9;
  FieldPopulation fixed(iron, 1024, 7, 1);
  for (FieldPopulation* each : {&moved, &fixed}) {
    each->start(FieldPopulation::Start::magnetised, 1.0);
    for (std::uint64_t step = 0; step < 5; ++step) each->sweep(step, 1.0);
  }
  EXPECT_TRUE(std::ranges::equal(moved.bytes(), fixed.bytes()));
}

// The magnetised ferromagnet has one message: t = tanh(beta) (2 t/(1 + t^2)) at z = 3.
TEST(FieldPopulation, Ferromagnet) {
  for (const FieldKernel kernel : {FieldKernel::tanh, FieldKernel::field}) {
    FieldEnsemble iron = ensemble(regular_degrees(3), kernel);
    iron.couplings.ferromagnetic_fraction = 1;
    const double beta = 0.8, t = std::sqrt(2 * std::tanh(beta) - 1), u = std::atanh(t) / beta;
    const Summary result = run(iron, beta, FieldPopulation::Start::magnetised);
    EXPECT_NEAR(result.mean.magnetisation, std::tanh(3 * beta * u), 2e-6);
    const double m = std::tanh(2 * beta * u), edge = std::tanh(beta);
    EXPECT_NEAR(result.mean.energy, -1.5 * (edge + m * m) / (1 + edge * m * m), 3e-6);
  }
}

// Both kernels follow the same random numbers: their averages differ by rounding only.
TEST(FieldPopulation, KernelsAgree) {
  for (const DegreeLaw& degrees : {regular_degrees(4), poisson_degrees(3)}) {
    FieldEnsemble glass = ensemble(degrees, FieldKernel::tanh);
    glass.couplings.ferromagnetic_fraction = 0.6;
    glass.field = 0.2;
    const Summary tanh = run(glass, 1.1, FieldPopulation::Start::random);
    glass.kernel = FieldKernel::field;
    const Summary field = run(glass, 1.1, FieldPopulation::Start::random);
    EXPECT_NEAR(tanh.mean.free_energy, field.mean.free_energy, 2e-5);
    EXPECT_NEAR(tanh.mean.energy, field.mean.energy, 2e-5);
    EXPECT_NEAR(tanh.mean.overlap, field.mean.overlap, 1e-4);
  }
}

// e = d(beta f)/d beta in the spin-glass phase, where f and e are different averages of the population.
TEST(FieldPopulation, DirectEnergyIsTheSlopeOfTheFreeEnergy) {
  for (const auto kind : {CouplingDistribution::Kind::bimodal, CouplingDistribution::Kind::gaussian}) {
    FieldEnsemble glass = ensemble(regular_degrees(3), FieldKernel::field);
    glass.couplings.kind = kind;
    glass.field = 0.3;
    const double beta = 1.5, step = 0.1;
    const Summary low = run(glass, beta - step, FieldPopulation::Start::random);
    const Summary middle = run(glass, beta, FieldPopulation::Start::random);
    const Summary high = run(glass, beta + step, FieldPopulation::Start::random);
    // The same random numbers on both sides: block by block the difference has far less noise.
    std::vector<double> slopes;
    for (std::size_t i = 0; i < low.free_energies.size(); ++i)
      slopes.push_back(((beta + step) * high.free_energies[i] - (beta - step) * low.free_energies[i]) /
                       (2 * step));
    const double slope =
        std::accumulate(slopes.begin(), slopes.end(), 0.0) / static_cast<double>(slopes.size());
    const double error = standard_error(slopes);
    EXPECT_NEAR(middle.mean.energy, slope, 6 * std::hypot(error, middle.error.energy) + 3e-4);
    EXPECT_LT(error, 3e-3);
  }
}

// T = 0 against exact populations of integers.
TEST(FieldPopulation, ZeroTemperatureAgainstIntegers) {
  for (const std::int64_t z : {3, 4}) {
    FieldEnsemble glass = ensemble(regular_degrees(z), FieldKernel::field);
    const Summary result = run(glass, zero_temperature_beta, FieldPopulation::Start::random);
    const IntegerFields exact = replica_symmetric_integers(glass.degrees, 0.5, 0, 0);
    EXPECT_NEAR(result.mean.energy, exact.energy, 6 * result.error.energy);
    EXPECT_NEAR(result.mean.overlap, exact.overlap, 6 * result.error.overlap);
    EXPECT_LT(result.error.energy, 2e-3);
  }
}

TEST(FieldPopulation, SymmetrisedPopulationsHaveNoMagnetisation) {
  FieldEnsemble iron = ensemble(regular_degrees(3), FieldKernel::tanh);
  iron.couplings.ferromagnetic_fraction = 0.95;
  iron.symmetrised = true;
  const Summary result = run(iron, 1.2, FieldPopulation::Start::magnetised);
  EXPECT_LT(std::abs(result.mean.magnetisation), 0.01);
  EXPECT_GT(result.mean.overlap, 0.01);
}

TEST(FieldPopulation, HistogramCountsEveryMember) {
  FieldPopulation population(ensemble(regular_degrees(3), FieldKernel::field), 1024, 1, 1);
  population.start(FieldPopulation::Start::random, zero_temperature_beta);
  for (std::uint64_t step = 0; step < 20; ++step) population.sweep(step, zero_temperature_beta);
  const std::vector<std::int64_t> counts = population.histogram(3, zero_temperature_beta);
  EXPECT_EQ(counts[0] + counts[1] + counts[2], 1024);
  for (const std::int64_t count : counts) EXPECT_NEAR(static_cast<double>(count), 1024.0 / 3, 120);
}

TEST(DegreeLaw, PoissonIsItsOwnExcess) {
  const DegreeLaw law = poisson_degrees(3);
  EXPECT_NEAR(law.mean, 3, 1e-13);
  for (std::size_t k = 0; k < 20; ++k) EXPECT_NEAR(law.excess[k], law.site[k], 1e-13);
}

}  // namespace
}  // namespace weiss
