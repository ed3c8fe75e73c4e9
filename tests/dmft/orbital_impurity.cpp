// Two orbitals with Hund's coupling behind the impurity interface against full diagonalisation in the space
// of all occupations, by both solvers, and against the atom.
#include "weiss/dmft/orbital_impurity.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/perturbation.hpp"

#include "dmft/exact_impurity.hpp"

namespace weiss {
namespace {

struct OrbitalCase {
  double beta, u, hund, mu;
  std::array<double, 2> level;
  std::array<Bath, 2> bath;
  bool symmetric, equivalent;

  ExactImpurity exact() const {
    const double shift = mu + (3 * u - 5 * hund) / 2;
    return {beta,
            {shift - level[0], shift - level[0], shift - level[1], shift - level[1]},
            hund_interaction(2, u, hund),
            {bath[0], bath[0], bath[1], bath[1]}};
  }
  WeissField field(const DiscreteLehmann& basis) const {
    WeissField field{u, mu, 0, {}};
    field.orbitals = OrbitalPair{hund, level, equivalent};
    for (const std::size_t a : {0U, 1U})
      for (const double frequency : node_frequencies(basis))
        field.hybridisation[a].push_back(
            DiscreteBath{bath[a].energy, bath[a].coupling}.hybridisation(Complex(0, frequency)));
    return field;
  }
};

const Bath central{{0.0}, {0.5}}, low{{-0.4}, {0.6}}, narrow{{0.0}, {0.3}};

std::vector<OrbitalCase> orbital_cases() {
  return {{6, 2, 0.4, 0, {0, 0}, {central, central}, true, true},
          {6, 2, 0.5, 0, {0, 0}, {central, narrow}, true, false},
          {5, 2, 0.3, -0.8, {0, 0}, {low, low}, false, true},
          {5, 1.5, 0.2, 0.3, {0.2, -0.2}, {central, low}, false, false}};
}

// What the averages of a solution should be, in the order of `listed`.
std::vector<double> exact_averages(const OrbitalCase& c, const ExactImpurity& exact) {
  const std::vector<double> u = hund_interaction(2, c.u, c.hund);
  double spin_squared = 0, interaction = 0, product = 0;
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) {
      const double pair = exact.overlap(a, b), factor = u[static_cast<std::size_t>(4 * a + b)] / 2;
      spin_squared += (a % 2 == b % 2 ? 0.25 : -0.25) * pair;
      product += factor * pair;
      interaction += factor * (pair - exact.density(a) / 2 - exact.density(b) / 2 + 0.25);
    }
  return {exact.density(0),
          exact.density(2),
          exact.overlap(0, 1),
          exact.overlap(2, 3),
          exact.overlap(0, 3),
          exact.overlap(0, 2),
          2 * (exact.density(0) + exact.density(2)),
          2 * (exact.density(0) - exact.density(2)),
          spin_squared,
          interaction,
          product};
}

std::vector<Estimate> listed(const ImpuritySolution& solution) {
  const OrbitalAverages& found = solution.orbitals.value();
  return {solution.density[0],
          solution.density[1],
          found.double_occupancy[0],
          found.double_occupancy[1],
          found.opposite,
          found.equal,
          found.density,
          found.polarisation,
          found.spin_squared,
          found.interaction,
          found.product};
}

TEST(OrbitalImpurity, DiagonalisationIsExact) {
  for (const OrbitalCase& c : orbital_cases()) {
    const DiscreteLehmann basis(c.beta, 12, 1e-12);
    const ExactImpurity exact = c.exact();
    DiagonalisationSettings settings;
    settings.fit.bath_sites = 1;
    settings.fit.particle_hole_symmetric = c.symmetric;
    const DiagonalisationResult found =
        solve_orbitals_by_diagonalisation(basis, c.field(basis), settings, {});
    EXPECT_TRUE(found.converged);
    const std::vector<double> expected = exact_averages(c, exact);
    const std::vector<Estimate> values = listed(found.solution);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(values[i].value, expected[i], 1e-6) << "number " << i;
    for (const std::size_t a : {0U, 1U})
      for (const int n : {0, 1, 4, 20}) {
        const double frequency = fermionic_frequency(n, c.beta);
        const Complex z(0, frequency);
        const int flavour = 2 * static_cast<int>(a);
        EXPECT_LT(std::abs(found.green[a](z) - exact.green_matsubara(flavour, frequency)), 1e-6);
        const Complex sigma = exact.self_energy(flavour, frequency) - (3 * c.u - 5 * c.hund) / 2;
        EXPECT_LT(std::abs(self_energy_at(found, a, z) - sigma), 1e-5);
      }
    // Sigma - hartree is weight/z at high frequency.
    const HundInteraction u(c.u, c.hund);
    const Complex far(0, 1e4);
    for (const std::size_t a : {0U, 1U}) {
      const Complex dynamic = exact.self_energy(2 * static_cast<int>(a), far.imag()) - u.shift() -
                              u.hartree(a, {values[0].value, values[1].value});
      const double weight = self_energy_weight(u, found.solution, a);
      EXPECT_GT(weight, 0.5);
      EXPECT_NEAR((far * dynamic).real(), weight, 1e-3);
    }
  }
}

TEST(OrbitalImpurity, GroundStatesAreTheLimitOfLowTemperature) {
  for (OrbitalCase c : orbital_cases()) {
    c.beta = 400;
    const DiscreteLehmann basis(c.beta, 12, 1e-10);
    const ExactImpurity exact = c.exact();
    DiagonalisationSettings settings;
    settings.fit.bath_sites = 1;
    settings.fit.particle_hole_symmetric = c.symmetric;
    settings.ground_state = true;
    const DiagonalisationResult found =
        solve_orbitals_by_diagonalisation(basis, c.field(basis), settings, {});
    EXPECT_TRUE(found.converged);
    const std::vector<double> expected = exact_averages(c, exact);
    const std::vector<Estimate> values = listed(found.solution);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(values[i].value, expected[i], 1e-6) << "number " << i;
    const Complex z(0, 0.5);
    EXPECT_LT(std::abs(found.green[1](z) - exact.green_matsubara(2, 0.5)), 1e-6);
  }
}

TEST(OrbitalImpurity, SegmentsAgreeWithFullDiagonalisation) {
  SegmentPlan plan;
  plan.streams = 40;
  plan.updates = 40000;
  plan.most_warm_up = 10000;
  double sum = 0;
  int count = 0;
  for (const OrbitalCase& c : orbital_cases()) {
    const DiscreteLehmann basis(c.beta, 12, 1e-10);
    const ExactImpurity exact = c.exact();
    std::vector<SegmentConfiguration> configurations;
    const SegmentSolution found = solve_orbitals_by_segments(c.field(basis), basis, c.symmetric, {}, plan,
                                                             Communicator::world(), configurations);
    const std::vector<double> expected = exact_averages(c, exact);
    const std::vector<Estimate> values = listed(found.solution);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double deviation = values[i].value - expected[i];
      if (values[i].error == 0) {
        EXPECT_NEAR(deviation, 0, 1e-12) << "number " << i;
        continue;
      }
      EXPECT_LT(std::fabs(deviation), 6 * values[i].error) << "number " << i;
      EXPECT_LT(values[i].error, 0.01) << "number " << i;
      sum += deviation * deviation / (values[i].error * values[i].error);
      ++count;
    }
    for (const std::size_t a : {0U, 1U}) {
      EXPECT_LT(found.misfit[a], 2);
      for (std::size_t node = 0; node < basis.frequencies().size(); node += 3) {
        const double w = fermionic_frequency(basis.frequencies()[node], c.beta);
        const Complex sigma = exact.self_energy(2 * static_cast<int>(a), w) - (3 * c.u - 5 * c.hund) / 2;
        EXPECT_LT(std::abs(found.solution.self_energy[a][node] - sigma), 0.05) << a << " at " << w;
      }
    }
  }
  EXPECT_LT(sum / count, 2.2);  // many of them are correlated
  EXPECT_GT(sum / count, 0.3);
}

TEST(OrbitalImpurity, TheAtomByItsSixteenStates) {
  const double beta = 3, u = 2, hund = 0.6, mu = 0.4;
  const HundInteraction interaction(u, hund);
  double weights = 0, density = 0, spin_squared = 0;
  for (int state = 0; state < 16; ++state) {
    const auto n = [state](int flavour) { return (state >> flavour & 1) - 0.5; };
    const double energy = interaction.same * (n(0) * n(1) + n(2) * n(3)) +
                          interaction.opposite * (n(0) * n(3) + n(1) * n(2)) +
                          interaction.equal * (n(0) * n(2) + n(1) * n(3)) - mu * (n(0) + n(1) + n(2) + n(3));
    const double weight = std::exp(-beta * energy), spin = (n(0) - n(1) + n(2) - n(3)) / 2;
    weights += weight;
    density += weight * (n(0) + n(1) + n(2) + n(3) + 2);
    spin_squared += weight * spin * spin;
  }
  const DiscreteLehmann basis(beta, 12, 1e-12);
  const Bath far{{0.1}, {1e-5}};
  const OrbitalCase atom{beta, u, hund, mu, {0, 0}, {far, far}, false, true};
  DiagonalisationSettings settings;
  settings.fit.bath_sites = 1;
  const DiagonalisationResult found =
      solve_orbitals_by_diagonalisation(basis, atom.field(basis), settings, {});
  EXPECT_NEAR(found.solution.orbitals->density.value, density / weights, 1e-8);
  EXPECT_NEAR(found.solution.orbitals->spin_squared.value, spin_squared / weights, 1e-8);
}

}  // namespace
}  // namespace weiss
