// Populations of interactions against what is solved exactly: single interactions by their 2^p
// configurations, the chain of Ising, derivatives of one message.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/interaction_population.hpp"
#include "weiss/cavity/paramagnet.hpp"
#include "weiss/cavity/state_population.hpp"

namespace weiss {
namespace {

using Start = InteractionPopulation::Start;

InteractionEnsemble ensemble(DegreeLaw degrees, int spins, double field = 0) {
  InteractionEnsemble result;
  result.degrees = std::move(degrees);
  result.spins = spins;
  result.field = field;
  return result;
}

// All messages are alike here: one generation after many is the mean.
InteractionAverages settled(const InteractionEnsemble& ensemble, double beta) {
  InteractionPopulation population(ensemble, 256, 3, 1);
  population.start(Start::random, beta);
  for (std::uint64_t step = 0; step < 100; ++step) population.sweep(step, beta);
  return population.measure(100, beta);
}

// ln Z, energy and magnetisation of one interaction of p spins in a field, by its 2^p configurations.
struct Cluster {
  double log_z = 0, energy = 0, magnetisation = 0, square = 0;
};
Cluster enumerate(int spins, double J, double field, double beta) {
  double z = 0, energy = 0, first = 0;
  for (unsigned configuration = 0; configuration < 1u << spins; ++configuration) {
    double product = 1, sum = 0;
    for (int i = 0; i < spins; ++i) {
      const double s = (configuration >> i & 1u) != 0 ? 1 : -1;
      product *= s;
      sum += s;
    }
    const double e = -J * product - field * sum, weight = std::exp(-beta * e);
    z += weight;
    energy += weight * e;
    first += weight * ((configuration & 1u) != 0 ? 1 : -1);
  }
  return {std::log(z), energy / z, first / z, first * first / (z * z)};
}

// Every spin in one interaction.
TEST(InteractionPopulation, SingleInteractions) {
  for (const int spins : {2, 3, 4, 5})
    for (const double beta : {0.3, 1.4, 6.0}) {
      InteractionEnsemble single = ensemble(regular_degrees(1), spins, 0.4);
      single.couplings.ferromagnetic_fraction = 1;
      single.couplings.width = 0.8;
      const InteractionAverages found = settled(single, beta);
      const Cluster exact = enumerate(spins, 0.8, 0.4, beta);
      EXPECT_NEAR(found.free_energy, -exact.log_z / beta / spins, 2e-6);
      EXPECT_NEAR(found.energy, exact.energy / spins, 2e-6);
      EXPECT_NEAR(found.magnetisation, exact.magnetisation, 2e-6);
      EXPECT_NEAR(found.overlap, exact.square, 2e-6);
    }
}

// A spin of one interaction has one state, whatever m.
TEST(StatePopulation, SingleInteractions) {
  for (const int spins : {2, 3, 5}) {
    const double beta = 1.3;
    StateEnsemble states;
    states.interactions = ensemble(regular_degrees(1), spins, 0.4);
    states.interactions.couplings.ferromagnetic_fraction = 1;
    states.breaking_point = 0.4;
    StatePopulation population(states, 2, 256, 3, 1);
    population.start(beta);
    for (std::uint64_t step = 0; step < 2; ++step) population.sweep(step, beta);
    const StateAverages found = population.measure(2, beta);
    const Cluster exact = enumerate(spins, 1, 0.4, beta);
    EXPECT_NEAR(found.free_energy, -exact.log_z / beta / spins, 2e-6);
    EXPECT_NEAR(found.state_free_energy, found.free_energy, 1e-6);
    EXPECT_NEAR(found.energy, exact.energy / spins, 2e-6);
    EXPECT_NEAR(found.complexity, 0, 1e-6);
    EXPECT_NEAR(found.inner_overlap, exact.square, 2e-6);
    EXPECT_NEAR(found.outer_overlap, exact.square, 2e-6);
  }
}

// The chain of Ising in a field: p = 2, two neighbours.
TEST(InteractionPopulation, Chain) {
  const double beta = 0.9, field = 0.3;
  InteractionEnsemble chain = ensemble(regular_degrees(2), 2, field);
  chain.couplings.ferromagnetic_fraction = 1;
  const InteractionAverages found = settled(chain, beta);
  const double c = std::cosh(beta * field), s = std::sinh(beta * field);
  const double root = std::sqrt(s * s + std::exp(-4 * beta));
  EXPECT_NEAR(found.free_energy, -(beta + std::log(c + root)) / beta, 2e-6);
  EXPECT_NEAR(found.magnetisation, s / root, 2e-6);
}

// Every member's next perturbation against the change of its message when one message moves: all messages
// alike and J > 0, the sum over the (p - 1) k inputs of (dy'/dy)^2.
TEST(InteractionPopulation, PerturbationsAreSquaredDerivatives) {
  for (const int spins : {2, 3, 5})
    for (const double beta : {0.4, 1.0, 1.8}) {
      InteractionEnsemble alike = ensemble(regular_degrees(4), spins, -0.1);
      alike.couplings.ferromagnetic_fraction = 1;
      alike.perturbed = true;
      InteractionPopulation population(alike, 256, 1, 1);
      population.start(Start::magnetised, beta);
      const double growth = population.sweep(0, beta);
      const auto message = [&](double shift) {
        double product = std::tanh(beta);
        for (int j = 0; j < spins - 1; ++j)
          product *= std::tanh(3 * beta - 0.1 * beta + (j == 0 ? shift : 0));
        return std::atanh(product);
      };
      const double h = 1e-4, slope = (message(h) - message(-h)) / (2 * h);
      EXPECT_NEAR(growth, std::log(3 * (spins - 1) * slope * slope), 1e-4 + 1e-5 * beta)
          << spins << ' ' << beta;
    }
}

// The growth of perturbations of pairs in the paramagnet, (z - 1) tanh^2, and its floor for three spins,
// which have none there.
TEST(InteractionPopulation, PerturbationsOfTheParamagnet) {
  for (const int spins : {2, 3}) {
    InteractionEnsemble glass = ensemble(regular_degrees(3), spins);
    glass.perturbed = true;
    InteractionPopulation population(glass, 256, 1, 1);
    population.start(Start::random, 0.5);
    double growth = 0;
    for (std::uint64_t step = 0; step < 100; ++step) growth = population.sweep(step, 0.5);
    EXPECT_NEAR(growth, std::log(spins == 2 ? 2 * std::pow(std::tanh(0.5), 2) : 1e-9), 2e-6);
  }
}

}  // namespace
}  // namespace weiss
