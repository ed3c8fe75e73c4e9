// Cavity Green functions against closed forms, finite trees by direct inversion, and sum rules.
#include "weiss/cavity/resolvent_population.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/statistics/jackknife.hpp"

namespace weiss {
namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

ResolventEnsemble lattice(std::size_t z, double width, double energy, double broadening) {
  ResolventEnsemble ensemble;
  ensemble.neighbours = z;
  ensemble.disorder_width = width;
  ensemble.energy = energy;
  ensemble.broadening = broadening;
  return ensemble;
}

// Without disorder: the density of Kesten and McKay, and |G|^2 = 1/K in the band.
TEST(ResolventPopulation, WithoutDisorder) {
  for (const std::size_t z : {3u, 4u, 7u})
    for (const double energy : {0.0, 0.7, -1.9}) {
      const auto neighbours = static_cast<double>(z), paths = neighbours - 1;
      ResolventPopulation population(lattice(z, 0, energy, 1e-9), 256, 1, 1);
      for (std::uint64_t step = 0; step < 20; ++step) population.sweep(step);
      const ResolventAverages found = population.measure(20);
      const double density = neighbours * std::sqrt(4 * paths - energy * energy) /
                             (2 * pi * (neighbours * neighbours - energy * energy));
      EXPECT_NEAR(found.density, density, 1e-7);
      EXPECT_NEAR(found.log_density, std::log(density), 1e-7);
      EXPECT_NEAR(found.log_cavity, -0.5 * std::log(paths), 1e-7);
      EXPECT_NEAR(found.square, std::norm(clean_site_resolvent(lattice(z, 0, energy, 1e-9))), 1e-7);
    }
}

// At any broadening the closed form is where the population goes from anywhere, in and out of the band.
TEST(ResolventPopulation, ClosedFormIsTheFixedPoint) {
  for (const double energy : {0.0, 2.0, 3.5, -8.0})
    for (const double broadening : {0.3, 2.0}) {
      ResolventEnsemble ensemble = lattice(4, 0, energy, broadening);
      ensemble.hopping = 0.8;
      ResolventPopulation population(ensemble, 256, 1, 1);
      population.start(0);
      for (std::uint64_t step = 0; step < 300; ++step) population.sweep(step);
      EXPECT_LT(std::abs(population.member(7) - clean_cavity_resolvent(ensemble)), 1e-12);
      EXPECT_LT(clean_cavity_resolvent(ensemble).imag(), 0);
      EXPECT_NEAR(population.measure(300).density, -clean_site_resolvent(ensemble).imag() / pi, 1e-12);
    }
}

// Element (0, 0) of the inverse of a symmetric matrix, by elimination from the last row up.
Complex first_of_inverse(std::vector<std::vector<Complex>> a) {
  for (std::size_t k = a.size(); k-- > 1;)
    for (std::size_t i = 0; i < k; ++i) {
      const Complex factor = a[i][k] / a[k][k];
      for (std::size_t j = 0; j <= k; ++j) a[i][j] -= factor * a[k][j];
    }
  return 1.0 / a[0][0];
}

// E + i eta - H of a tree of three levels whose root has z branches, and others z - 1.
std::vector<std::vector<Complex>> tree(const ResolventEnsemble& ensemble, const Stream& stream,
                                       std::uint64_t number) {
  const std::size_t z = ensemble.neighbours, sites = 1 + z + z * (z - 1);
  std::vector<std::vector<Complex>> a(sites, std::vector<Complex>(sites));
  for (std::size_t i = 0; i < sites; ++i) {
    const double place = static_cast<double>(stream.bits(number, i)) * 0x1p-64 - 0.5;
    a[i][i] = Complex(ensemble.energy - ensemble.disorder_width * place, ensemble.broadening);
    if (i == 0) continue;
    const std::size_t parent = i <= z ? 0 : 1 + (i - 1 - z) / (z - 1);
    a[i][parent] = a[parent][i] = ensemble.hopping;
  }
  return a;
}

TEST(ResolventPopulation, FiniteTreesByDirectInversion) {
  for (const std::size_t z : {3u, 4u}) {
    ResolventEnsemble ensemble = lattice(z, 5, 0.6, 0.2);
    ensemble.hopping = 1.3;
    ResolventPopulation population(ensemble, 1 << 16, 5, 1);
    population.start(0);
    population.sweep(0);
    population.sweep(1);
    const ResolventAverages found = population.measure(2);
    const Stream stream(11, 3, StreamId::random_field);
    std::vector<double> density, log_density, square;
    for (std::uint64_t number = 0; number < 20000; ++number) {
      const Complex g = first_of_inverse(tree(ensemble, stream, number));
      density.push_back(-g.imag() / pi);
      log_density.push_back(std::log(-g.imag() / pi));
      square.push_back(std::norm(g));
    }
    const auto expect = [](const std::vector<double>& direct, double value) {
      double mean = 0;
      for (const double each : direct) mean += each / static_cast<double>(direct.size());
      // The population has its own, smaller, noise.
      EXPECT_NEAR(value, mean, 5 * standard_error(direct));
    };
    expect(density, found.density);
    expect(log_density, found.log_density);
    expect(square, found.square);
  }
}

// The density integrates to 1, and a second moment z t^2 + W^2/12 makes its tail.
TEST(ResolventPopulation, SumRule) {
  double sum = 0;
  constexpr double step = 0.5, last = 60, broadening = 1;
  for (double energy = -last; energy <= last; energy += step) {
    ResolventPopulation population(lattice(3, 6, energy, broadening), 1024, 1, 1);
    for (std::uint64_t t = 0; t < 15; ++t) population.sweep(t);
    sum += step * population.measure(15).density;
  }
  const double beyond = last + step / 2;
  sum +=
      2 / pi * (std::atan(broadening / beyond) + broadening * (3 + 36.0 / 12) / (beyond * beyond * beyond));
  EXPECT_NEAR(sum, 1, 2e-3);
}

// All energies in units of t.
TEST(ResolventPopulation, UnitOfEnergy) {
  ResolventEnsemble one = lattice(3, 7, 0.4, 1e-3), two = lattice(3, 14, 0.8, 2e-3);
  two.hopping = 2;
  ResolventPopulation first(one, 512, 1, 1), second(two, 512, 1, 1);
  for (std::uint64_t t = 0; t < 10; ++t) {
    first.sweep(t);
    second.sweep(t);
  }
  const ResolventAverages a = first.measure(10), b = second.measure(10);
  EXPECT_NEAR(a.density, 2 * b.density, 1e-12 * a.density);
  EXPECT_NEAR(a.log_cavity, b.log_cavity, 1e-12);
  EXPECT_NEAR(a.square, 4 * b.square, 1e-10 * a.square);
}

}  // namespace
}  // namespace weiss
