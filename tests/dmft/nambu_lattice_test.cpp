// The lattice of a superconductor against sums over wave vectors, and the gap equation of Bardeen, Cooper and
// Schrieffer.
#include "weiss/dmft/nambu_lattice.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {
namespace {

// Of a chain: e = -2 t cos k on a mesh of k, as in band.cpp.
constexpr int mesh = 512;
constexpr double hopping = 0.7;
double energy(int j) { return -2 * hopping * std::cos(2 * std::numbers::pi * (j + 0.5) / mesh); }

NambuMatrix summed_green(double mu, Complex z, const NambuMatrix& sigma) {
  NambuMatrix sum{0, 0, 0};
  for (int j = 0; j < mesh; ++j) {
    const NambuMatrix one = (nambu_free_inverse(z, mu - energy(j)) - sigma).inverse();
    sum = {sum.normal + one.normal / static_cast<double>(mesh),
           sum.anomalous + one.anomalous / static_cast<double>(mesh),
           sum.hole + one.hole / static_cast<double>(mesh)};
  }
  return sum;
}

void expect_equal(const NambuMatrix& a, const NambuMatrix& b, double accuracy) {
  EXPECT_LT(std::abs(a.normal - b.normal), accuracy);
  EXPECT_LT(std::abs(a.anomalous - b.anomalous), accuracy);
  EXPECT_LT(std::abs(a.hole - b.hole), accuracy);
}

TEST(NambuLattice, IsTheSumOverWaveVectors) {
  const Band band = Band::on_mesh(BandKind::chain, hopping, 0, mesh);
  const double mu = 0.3;
  // Any matrix with the symmetries will do: Sigma_11 = a + b/(z + c), Sigma_12 = s + d/(z^2 - e).
  const auto sigma = [](Complex z) {
    const auto normal = [](Complex x) { return 0.2 + 0.4 / (x + 0.35); };
    return NambuMatrix{normal(z), -0.5 + 0.3 / (z * z - 0.8), -normal(-z)};
  };
  for (const Complex z : {Complex(0, 0.05), Complex(0, 3.1), Complex(0.4, 0.1), Complex(-0.4, 0.1)}) {
    expect_equal(nambu_lattice_green(band, mu, z, sigma(z)), summed_green(mu, z, sigma(z)), 1e-11);
    const NambuMatrix without{sigma(z).normal, 0, sigma(z).hole};
    EXPECT_LT(
        std::abs(nambu_lattice_green(band, mu, z, without).normal - band.hilbert(z + mu - sigma(z).normal)),
        1e-12);
  }
}

// Sigma = s tau_1: -<c_down c_up>/s = int rho tanh(beta E/2)/(2 E), E^2 = (e - mu)^2 + s^2, and the density
// and kinetic energy of the same quasi-particles.
TEST(NambuLattice, ConstantPairingObeysTheGapEquation) {
  const double mu = 0.3, s = -0.25, beta = 12;
  const DiscreteLehmann basis(beta, 12, 1e-12);
  const Band band = Band::on_mesh(BandKind::chain, hopping, 0, mesh);
  const std::vector<double> frequencies = node_frequencies(basis);
  const LocalFunctions sigma{NodeValues(frequencies.size(), 0.0), NodeValues(frequencies.size(), s)};
  const LocalFunctions green = lattice_green(band, Phase::superconducting, mu, sigma, frequencies);
  double pairs = 0, density = 0, kinetic = 0;
  for (int j = 0; j < mesh; ++j) {
    const double e = energy(j), E = std::hypot(e - mu, s), half = std::tanh(beta * E / 2) / (2 * E);
    pairs -= s * half / mesh;
    density += (1 - 2 * (e - mu) * half) / mesh;
    kinetic += e * (1 - 2 * (e - mu) * half) / mesh;
  }
  EXPECT_NEAR(density_of(basis, green[anomalous_part]), pairs, 1e-10);
  EXPECT_NEAR(electrons_of(basis, Phase::superconducting, green), density, 1e-10);
  const LocalFunctions delta = hybridisation_of(band, Phase::superconducting, mu, sigma, green, frequencies);
  EXPECT_NEAR(kinetic_energy_of(basis, Phase::superconducting, band.mean(), delta, green), kinetic, 1e-10);
}

// Delta = t^2 tau_3 G tau_3 of the Bethe lattice.
TEST(NambuLattice, BetheLatticeHasItsHybridisation) {
  const double mu = -0.2, t = 0.5;
  const Band band = Band::bethe(t);
  const std::vector<double> frequencies = {0.1, 0.7, 4};
  const LocalFunctions sigma{NodeValues{{0.1, -0.3}, {0.1, -0.2}, {0.2, -0.1}}, NodeValues{-0.5, -0.4, -0.3}};
  const LocalFunctions green = lattice_green(band, Phase::superconducting, mu, sigma, frequencies);
  const LocalFunctions delta = hybridisation_of(band, Phase::superconducting, mu, sigma, green, frequencies);
  for (std::size_t n = 0; n < frequencies.size(); ++n) {
    EXPECT_LT(std::abs(delta[normal_part][n] - t * t * green[normal_part][n]), 1e-13);
    EXPECT_LT(std::abs(delta[anomalous_part][n] + t * t * green[anomalous_part][n]), 1e-13);
  }
}

}  // namespace
}  // namespace weiss
