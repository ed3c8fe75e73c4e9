// Full diagonalisation against closed forms, free fermions, published energies, exact symmetries and sum
// rules.
#include "weiss/dmft/full_diagonalisation.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"

#include "clusters.hpp"
#include "moments.hpp"

namespace weiss {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Energies of the literature are of U n_up n_down at mu = 0; here of U (n_up - 1/2)(n_down - 1/2).
double literature_energy(const FullDiagonalisation& cluster, int sites, double U) {
  return cluster.ground_energy() + sites * U / 4;
}

TEST(FullDiagonalisation, DimerAndRingsHaveTheirExactGroundEnergies) {
  for (const double U : {2.0, 4.0, 8.0})
    EXPECT_NEAR(literature_energy(FullDiagonalisation(hubbard_ring(2, U)), 2, U),
                (U - std::sqrt(U * U + 16)) / 2, 1e-11);
  const struct {
    int sites;
    double U, energy;
  } rings[] = {{4, 2, -2.8284271247}, {4, 4, -2.1027484835}, {4, 8, -1.3202349583},
               {6, 2, -5.4094568451}, {6, 4, -3.6687061789}, {6, 8, -2.0481308861}};
  for (const auto& ring : rings)
    EXPECT_NEAR(literature_energy(FullDiagonalisation(hubbard_ring(ring.sites, ring.U)), ring.sites, ring.U),
                ring.energy, 1e-10)
        << ring.sites << " sites, U " << ring.U;
}

// Kinetic energy + U D per site, and D, at half filling; the 2x2 lattice with double bonds is the ring with
// 2t.
TEST(FullDiagonalisation, RingAndSquareHaveTheirExactThermodynamics) {
  const struct {
    double t, U, beta, energy, double_occupancy;
  } cases[] = {{1, 4, 2, -0.3681549918, 0.0873159814}, {1, 4, 4, -0.4770929892, 0.0783954785},
               {1, 8, 2, -0.2010046844, 0.0237450866}, {2, 4, 2, -1.3057526170, 0.1441002358},
               {2, 4, 4, -1.3713119879, 0.1274664774}, {2, 8, 2, -0.9541859784, 0.0783954785}};
  for (const auto& each : cases) {
    const FullDiagonalisation ring(hubbard_cluster(ring_hopping(4, each.t), each.U, 0));
    const ThermalAverages averages = ring.averages(each.beta);
    EXPECT_NEAR(averages.energy / 4 + each.U / 4, each.energy, 1e-10);
    for (int site = 0; site < 4; ++site) {
      EXPECT_NEAR(averages.densities.double_occupancy(site), each.double_occupancy, 1e-10);
      EXPECT_NEAR(averages.densities.density(site, Spin::up), 0.5, 1e-12);
    }
    EXPECT_NEAR(averages.interaction_energy / 4, each.U * (each.double_occupancy - 0.25), 1e-9);
    EXPECT_NEAR(averages.free_energy, averages.energy - averages.entropy / each.beta, 1e-11);
  }
}

TEST(FullDiagonalisation, AtomIsExact) {
  const double U = 2.6, beta = 7;
  const FullDiagonalisation atom(hubbard_cluster(Eigen::MatrixXd::Zero(1, 1), U, 0));
  const SpectralPoles G = atom.green_function(beta, Spin::down, 0, 0);
  for (const double tau : {0.0, 0.3, 2.0, 3.5, 6.9, 7.0})
    EXPECT_NEAR(
        G.imaginary_time(tau, beta),
        -(std::exp(tau * U / 2) + std::exp((beta - tau) * U / 2)) / (2 * (1 + std::exp(beta * U / 2))),
        1e-14);
  for (const Complex z : {Complex(0, 0.4), Complex(0.7, 0.1), Complex(-3, 2)})
    EXPECT_NEAR(std::abs(G(z) - z / (z * z - U * U / 4)), 0, 1e-13);
  const ThermalAverages averages = atom.averages(beta);
  const double D = 1 / (2 * (1 + std::exp(beta * U / 2)));
  EXPECT_NEAR(averages.densities.double_occupancy(0), D, 1e-15);
  EXPECT_NEAR(averages.densities.spin_squared(0), (1 - 2 * D) / 4, 1e-15);
  EXPECT_NEAR(averages.free_energy, -std::log(2 * (std::exp(beta * U / 4) + std::exp(-beta * U / 4))) / beta,
              1e-13);
  const BosonicPoles spin = atom.spin_correlation(beta, 0);
  EXPECT_NEAR(spin.susceptibility(0, beta), beta * (1 - 2 * D) / 4, 1e-13);
  EXPECT_NEAR(spin.susceptibility(3, beta), 0, 1e-14);
  EXPECT_NEAR(atom.averages(infinity).entropy, std::log(2), 1e-14);
}

TEST(FullDiagonalisation, TwoSiteAndersonModelIsExact) {
  for (const double U : {0.5, 3.0})
    for (const double V : {0.2, 0.7}) {
      const ImpurityOrbital orbital = paramagnetic_orbital(0, {{0.0}, {V}});
      const FullDiagonalisation model(anderson_cluster(orbital, U));
      EXPECT_NEAR(model.ground_energy() - U / 4, -(U + std::sqrt(U * U + 64 * V * V)) / 4, 1e-12);
      // Sigma = U^2/8 (1/(z - 3V) + 1/(z + 3V)), whose slope at 0 makes 1/Z = 1 + U^2/(36 V^2).
      const SpectralPoles G = model.green_function(infinity, Spin::up, 0, 0);
      for (const Complex z : {Complex(0, 0.2), Complex(0, 1.5), Complex(0.4, 0.3)}) {
        const Complex sigma = self_energy(orbital, Spin::up, z, G(z));
        EXPECT_NEAR(std::abs(sigma - U * U / 8 * (1.0 / (z - 3 * V) + 1.0 / (z + 3 * V))), 0, 1e-10);
      }
    }
}

TEST(FullDiagonalisation, FreeFermionsAreFree) {
  FermionCluster cluster = lopsided_cluster();
  cluster.opposite.setZero();
  cluster.equal.setZero();
  const double beta = 3;
  const FullDiagonalisation model(cluster);
  double free_energy = 0, energy = 0;
  for (std::size_t s = 0; s < 2; ++s) {
    const Spin spin = static_cast<Spin>(s);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> levels(cluster.one_body[s]);
    for (const double e : levels.eigenvalues()) {
      free_energy -= std::log1p(std::exp(-beta * e)) / beta;
      energy += e / (1 + std::exp(beta * e));
    }
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) {
        const SpectralPoles G = model.green_function(beta, spin, i, j);
        for (const Complex z : {Complex(0, 0.3), Complex(0.2, 1)}) {
          const Eigen::MatrixXcd inverse =
              (z * Eigen::MatrixXcd::Identity(4, 4) - cluster.one_body[s]).inverse();
          EXPECT_NEAR(std::abs(G(z) - inverse(i, j)), 0, 1e-11);
        }
      }
  }
  EXPECT_NEAR(model.averages(beta).free_energy, free_energy, 1e-12);
  EXPECT_NEAR(model.averages(beta).energy, energy, 1e-12);
}

// c_down -> (-1)^i c+_down maps U to -U and the level of spin down to its negative: D -> n_up - D.
TEST(FullDiagonalisation, AttractionIsRepulsionWithOneSpinExchangedForHoles) {
  FermionCluster repulsive = hubbard_ring(4, 3.2, 0.4), attractive = hubbard_ring(4, -3.2, 0.4);
  repulsive.one_body[0](1, 1) += 0.3;
  attractive.one_body[0](1, 1) += 0.3;
  attractive.one_body[1].diagonal() *= -1;
  const double beta = 2.3;
  const FullDiagonalisation one(repulsive), other(attractive);
  const ThermalAverages a = one.averages(beta), b = other.averages(beta);
  EXPECT_NEAR(a.free_energy - b.free_energy, repulsive.one_body[1].trace(), 1e-11);
  EXPECT_NEAR(a.entropy, b.entropy, 1e-11);
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(b.densities.density(i, Spin::up), a.densities.density(i, Spin::up), 1e-12);
    EXPECT_NEAR(b.densities.density(i, Spin::down), 1 - a.densities.density(i, Spin::down), 1e-12);
    EXPECT_NEAR(b.densities.double_occupancy(i),
                a.densities.density(i, Spin::up) - a.densities.double_occupancy(i), 1e-12);
  }
  for (const Complex z : {Complex(0, 0.7), Complex(0.3, 0.2)}) {
    EXPECT_NEAR(
        std::abs(one.green_function(beta, Spin::up, 0, 1)(z) - other.green_function(beta, Spin::up, 0, 1)(z)),
        0, 1e-11);
    EXPECT_NEAR(std::abs(one.green_function(beta, Spin::down, 1, 1)(z) +
                         other.green_function(beta, Spin::down, 1, 1)(-z)),
                0, 1e-11);
  }
}

TEST(FullDiagonalisation, SpectraObeyTheirSumRules) {
  const FermionCluster cluster = lopsided_cluster();
  const FullDiagonalisation model(cluster);
  for (const double beta : {0.7, 5.0, infinity}) {
    const DensityAverages densities = model.averages(beta).densities;
    for (const Spin spin : {Spin::up, Spin::down})
      for (int i = 0; i < 4; ++i) {
        const SpectralPoles G = model.green_function(beta, spin, i, i);
        std::vector<double> exchange;  // <c+_i c_k>
        for (int k = 0; k < 4; ++k)
          exchange.push_back(model.green_function(beta, spin, k, i).occupation(beta));
        const ExactMoments exact = exact_moments(cluster, densities, exchange, spin, i);
        EXPECT_NEAR(G.moment(0), 1, 1e-12);
        EXPECT_NEAR(G.moment(1), exact.first, 1e-11);
        EXPECT_NEAR(G.moment(2), exact.second, 1e-11);
        EXPECT_NEAR(G.occupation(beta), densities.density(i, spin), 1e-12);
        if (std::isinf(beta)) continue;
        EXPECT_NEAR(G.imaginary_time(0, beta), densities.density(i, spin) - 1, 1e-12);
        EXPECT_NEAR(G.imaginary_time(beta, beta), -densities.density(i, spin), 1e-12);
      }
  }
}

// G(tau) and G(i w) belong together: int_0^beta e^{i w tau} G(tau), by Simpson's rule.
TEST(FullDiagonalisation, TimeAndFrequencyAreFourierPairs) {
  const double beta = 2;
  const FullDiagonalisation model(lopsided_cluster());
  const SpectralPoles G = model.green_function(beta, Spin::up, 1, 1);
  const BosonicPoles spin = model.spin_correlation(beta, 2);
  const int steps = 4000;
  for (const std::int64_t n : {0, 2}) {
    const double w = fermionic_frequency(n, beta), v = bosonic_frequency(n, beta);
    Complex fermionic = 0, bosonic = 0;
    for (int k = 0; k <= steps; ++k) {
      const double tau = beta * k / steps;
      const double simpson = (k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2) * beta / steps / 3;
      fermionic += simpson * std::exp(Complex(0, w * tau)) * G.imaginary_time(tau, beta);
      bosonic += simpson * std::exp(Complex(0, v * tau)) * spin.imaginary_time(tau, beta);
    }
    EXPECT_NEAR(std::abs(fermionic - G(Complex(0, w))), 0, 1e-10);
    EXPECT_NEAR(std::abs(bosonic - spin.susceptibility(n, beta)), 0, 1e-10);
  }
}

// chi_zz(0) - beta <S_z>^2 = d<S_z>/dh with -h S_z added.
TEST(FullDiagonalisation, SusceptibilityIsTheResponseToAField) {
  const double beta = 2.5, h = 1e-3;
  const auto magnetisation = [&](double field) {
    FermionCluster cluster = lopsided_cluster();
    cluster.one_body[0](1, 1) -= field / 2;
    cluster.one_body[1](1, 1) += field / 2;
    const DensityAverages densities = FullDiagonalisation(cluster).averages(beta).densities;
    return (densities.density(1, Spin::up) - densities.density(1, Spin::down)) / 2;
  };
  // Fourth order: the error is h^4.
  const double response =
      (8 * (magnetisation(h) - magnetisation(-h)) - (magnetisation(2 * h) - magnetisation(-2 * h))) /
      (12 * h);
  const BosonicPoles spin = FullDiagonalisation(lopsided_cluster()).spin_correlation(beta, 1);
  EXPECT_NEAR(spin.susceptibility(0, beta) - beta * std::pow(magnetisation(0), 2), response, 1e-10);
  const DensityAverages densities = FullDiagonalisation(lopsided_cluster()).averages(beta).densities;
  EXPECT_NEAR(spin.imaginary_time(0, beta), densities.spin_squared(1), 1e-12);
}

TEST(FullDiagonalisation, RefusesWhatItCannotDo) {
  EXPECT_THROW(FullDiagonalisation(hubbard_ring(7, 1)), Error);
  FermionCluster cluster = lopsided_cluster();
  cluster.one_body[1](0, 2) = 1;
  EXPECT_THROW(FullDiagonalisation{cluster}, Error);
  cluster = lopsided_cluster();
  cluster.equal(2, 2) = 1;
  EXPECT_THROW(FullDiagonalisation{cluster}, Error);
  EXPECT_THROW(anderson_cluster(ImpurityOrbital{{0, 0}, {DiscreteBath{{0.1}, {0.2}}, DiscreteBath{}}}, 1),
               Error);
}

}  // namespace
}  // namespace weiss
