// Lanczos against full diagonalisation at T = 0 and T > 0, published energies, sum rules, and the two-site
// DMFT.
#include "weiss/dmft/lanczos_solver.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/bath_fit.hpp"
#include "weiss/dmft/full_diagonalisation.hpp"

#include "clusters.hpp"
#include "moments.hpp"

namespace weiss {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<Complex> arguments = {Complex(0, 0.05),  Complex(0, 0.8),    Complex(0, 5),
                                        Complex(0.6, 0.2), Complex(-1.5, 0.2), Complex(1.5, 0.2)};

// No sector is diagonalised as a matrix, and resolvents are asked to settle where they are compared.
LanczosSettings pure(double beta, std::vector<int> sites) {
  LanczosSettings settings;
  settings.beta = beta;
  settings.sites = std::move(sites);
  settings.dense_dimension = 0;
  settings.probes = arguments;
  settings.spin_correlation = settings.charge_correlation = true;
  settings.pairs = {{0, 1}};
  return settings;
}

void expect_equal(const FermionCluster& cluster, const LanczosSettings& settings, double tolerance) {
  const LanczosSolution found = lanczos_solution(cluster, settings);
  EXPECT_TRUE(found.converged) << found.neglected << " " << found.green_change;
  const FullDiagonalisation exact(cluster);
  const ThermalAverages averages = exact.averages(settings.beta);
  EXPECT_NEAR(found.ground_energy, exact.ground_energy(), 1e-10);
  EXPECT_NEAR(found.energy, averages.energy, tolerance);
  EXPECT_NEAR(found.interaction_energy, averages.interaction_energy, tolerance);
  EXPECT_NEAR(found.free_energy, averages.free_energy, tolerance);
  EXPECT_NEAR(found.entropy, averages.entropy, 20 * tolerance);
  EXPECT_LE((found.densities.opposite - averages.densities.opposite).cwiseAbs().maxCoeff(), tolerance);
  double probability = 0;
  for (const LowState& state : found.states) probability += state.probability;
  EXPECT_NEAR(probability, 1, 1e-12);
  for (std::size_t s = 0; s < 2; ++s)
    EXPECT_LE((found.densities.equal[s] - averages.densities.equal[s]).cwiseAbs().maxCoeff(), tolerance);
  for (const Spin spin : {Spin::up, Spin::down}) {
    const SpectralPoles G = exact.green_function(settings.beta, spin, 0, 1);
    for (const Complex z : arguments)
      EXPECT_NEAR(std::abs(found.pair_green_function[0][index_of(spin)](z) - G(z)), 0, 20 * tolerance);
  }
  for (std::size_t k = 0; k < settings.sites.size(); ++k) {
    const int site = settings.sites[k];
    for (const Spin spin : {Spin::up, Spin::down}) {
      const SpectralPoles G = exact.green_function(settings.beta, spin, site, site);
      for (const Complex z : arguments)
        EXPECT_NEAR(std::abs(found.green_function[k][index_of(spin)](z) - G(z)), 0, 20 * tolerance)
            << "site " << site << " at " << z;
    }
    DensityOperator charge{std::vector<double>(static_cast<std::size_t>(site) + 1), {}};
    charge.up.back() = 1;
    charge.down = charge.up;
    const std::array both{exact.spin_correlation(settings.beta, site),
                          exact.correlation(settings.beta, charge, charge)};
    const std::array computed{found.spin_correlation[k], found.charge_correlation[k]};
    const double beta = std::isinf(settings.beta) ? 10 : settings.beta;
    for (std::size_t which = 0; which < 2; ++which) {
      EXPECT_NEAR(computed[which].constant, both[which].constant, tolerance);
      for (const std::int64_t m : {1, 4})
        EXPECT_NEAR(computed[which].susceptibility(m, beta), both[which].susceptibility(m, beta),
                    20 * tolerance);
    }
  }
}

FermionCluster polarised_impurity(int n_bath, double U) {
  ImpurityOrbital orbital = paramagnetic_orbital(0.1, symmetric_bath(n_bath));
  orbital.level[1] -= 0.3;
  for (double& e : orbital.bath[1].energy) e = 0.9 * e + 0.05;
  return anderson_cluster(orbital, U);
}

TEST(LanczosSolver, IsFullDiagonalisationAtZeroTemperature) {
  expect_equal(anderson_cluster(paramagnetic_orbital(0, symmetric_bath(5)), 2), pure(infinity, {0}), 1e-10);
  expect_equal(anderson_cluster(paramagnetic_orbital(0, symmetric_bath(4)), 2), pure(infinity, {0}), 1e-10);
  expect_equal(polarised_impurity(5, 1.7), pure(infinity, {0}), 1e-10);
  expect_equal(lopsided_cluster(), pure(infinity, {0, 2}), 1e-10);
}

TEST(LanczosSolver, FindsDegenerateGroundStates) {
  // Free electrons on a ring of four at half filling: six states; a lone site besides a dimer: eight.
  expect_equal(hubbard_ring(4, 0), pure(infinity, {1}), 1e-10);
  Eigen::MatrixXd hopping = Eigen::MatrixXd::Zero(3, 3);
  hopping(0, 1) = hopping(1, 0) = -1;
  LanczosSettings settings = pure(infinity, {0, 2});
  expect_equal(hubbard_cluster(hopping, 1.3, 0), settings, 1e-10);
  settings.every_sector = true;
  expect_equal(hubbard_cluster(hopping, 1.3, 0), settings, 1e-10);
}

TEST(LanczosSolver, IsFullDiagonalisationAtFiniteTemperature) {
  LanczosSettings settings = pure(20, {0});
  settings.boltzmann_cutoff = 1e-14;
  settings.most_states = 1000;
  expect_equal(anderson_cluster(paramagnetic_orbital(0.05, symmetric_bath(4)), 2), settings, 1e-10);
  settings.sites = {0, 3};
  expect_equal(lopsided_cluster(), settings, 1e-10);
  settings.dense_dimension = 30;
  expect_equal(polarised_impurity(4, 2.2), settings, 1e-10);
}

TEST(LanczosSolver, BoundsWhatItLeavesOut) {
  LanczosSettings settings = pure(6, {0});
  settings.boltzmann_cutoff = 1e-3;
  const FermionCluster cluster = anderson_cluster(paramagnetic_orbital(0, symmetric_bath(3)), 2);
  const LanczosSolution found = lanczos_solution(cluster, settings);
  const FullDiagonalisation exact(cluster);
  double all = 0, held = 0;
  for (const auto& [sector, energies] : exact.energies())
    for (const double energy : energies) {
      const double factor = std::exp(-settings.beta * (energy - exact.ground_energy()));
      all += factor;
      if (factor >= settings.boltzmann_cutoff) held += factor;
    }
  EXPECT_GE(found.neglected, (all - held) / held);
  EXPECT_LE(found.neglected, 256 * settings.boltzmann_cutoff);
  EXPECT_FALSE(found.converged);  // beyond 1e-3
  settings.boltzmann_cutoff = 1e-12;
  settings.most_states = 2;
  EXPECT_FALSE(lanczos_solution(cluster, settings).converged);
}

TEST(LanczosSolver, RingOfEightHasItsExactGroundEnergy) {
  const struct { double U, energy; } rings[] = {{2, -6.5681921629}, {4, -4.6035262999}, {8, -2.6661474201}};
  for (const auto& ring : rings) {
    LanczosSettings settings;
    settings.sites = {};
    const LanczosSolution found = lanczos_solution(hubbard_ring(8, ring.U), settings);
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.ground_energy + 8 * ring.U / 4, ring.energy, 1e-10);
    EXPECT_EQ(found.states.size(), 1U);
  }
}

// Where no other exact numbers are: free electrons in many-particle states. With 12 sites the vectors of the
// first pass do not fit in memory and are made again.
TEST(LanczosSolver, LargeImpuritiesOfFreeElectronsAreExact) {
  for (const int sites : {10, 12}) {
    const DiscreteBath bath = symmetric_bath(sites - 1);
    const FermionCluster cluster = anderson_cluster(paramagnetic_orbital(0, bath), 0);
    LanczosSettings settings;
    settings.particle_hole_symmetric = true;
    if (sites == 12) settings.sites = {};
    const LanczosSolution found = lanczos_solution(cluster, settings);
    EXPECT_TRUE(found.converged);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> levels(cluster.one_body[0]);
    double energy = 0;
    Eigen::MatrixXd exchange = Eigen::MatrixXd::Zero(sites, sites);
    for (Eigen::Index k = 0; k < sites; ++k) {
      if (levels.eigenvalues()(k) > 0) continue;
      energy += 2 * levels.eigenvalues()(k);
      exchange += levels.eigenvectors().col(k) * levels.eigenvectors().col(k).transpose();
    }
    EXPECT_NEAR(found.ground_energy, energy, 1e-10);
    for (int i = 0; i < sites; ++i) {
      EXPECT_NEAR(found.densities.density(i, Spin::down), exchange(i, i), 1e-10);
      EXPECT_NEAR(found.densities.double_occupancy(i), exchange(i, i) * exchange(i, i), 1e-10);
    }
    for (const auto& both : found.green_function)
      for (const Complex z : settings.probes)
        EXPECT_NEAR(std::abs(both[0](z) - 1.0 / (z - bath.hybridisation(z))), 0, 1e-9);
  }
}

TEST(LanczosSolver, SpectraObeyTheirSumRules) {
  const FermionCluster cluster = polarised_impurity(7, 2.1);
  const LanczosSolution found = lanczos_solution(cluster, {});
  EXPECT_TRUE(found.converged);
  for (const Spin spin : {Spin::up, Spin::down}) {
    const SpectralPoles& G = found.green_function[0][index_of(spin)];
    const ExactMoments exact =
        exact_moments(cluster, found.densities, std::vector<double>(8, 0.0), spin, 0);  // X = 0
    EXPECT_NEAR(G.moment(0), 1, 1e-10);
    EXPECT_NEAR(G.moment(1), exact.first, 1e-10);
    EXPECT_NEAR(G.moment(2), exact.second, 1e-10);
    EXPECT_NEAR(G.occupation(infinity), found.densities.density(0, spin), 1e-10);
  }
}

TEST(LanczosSolver, ParticleHoleSymmetryGivesTheOtherHalf) {
  for (const int n_bath : {5, 6, 7}) {
    const FermionCluster cluster = anderson_cluster(paramagnetic_orbital(0, symmetric_bath(n_bath)), 2.5);
    LanczosSettings settings;
    settings.probes = arguments;
    const LanczosSolution whole = lanczos_solution(cluster, settings);
    settings.particle_hole_symmetric = true;
    const LanczosSolution half = lanczos_solution(cluster, settings);
    EXPECT_EQ(whole.states.size(), half.states.size());
    for (const Complex z : arguments) {
      EXPECT_NEAR(std::abs(whole.green_function[0][0](z) - half.green_function[0][0](z)), 0, 1e-9);
      // With the G of conjugate arguments, this is G(z) = -G(-z).
      EXPECT_NEAR(
          std::abs(half.green_function[0][0](z) + std::conj(half.green_function[0][0](-std::conj(z)))), 0,
          1e-9);
    }
  }
}

// The descent reaches the ground state from a far guess, away from half filling and for attraction.
TEST(LanczosSolver, DescendsToTheSectorOfTheGroundState) {
  for (const double U : {3.0, -3.0}) {
    const FermionCluster cluster = hubbard_ring(6, U, -1.2);
    LanczosSettings settings = pure(infinity, {0});
    settings.guess = {5, 1};
    expect_equal(cluster, settings, 1e-10);
  }
}

TEST(LanczosSolver, SpectrumSettlesOnTheRealAxis) {
  const FermionCluster cluster = polarised_impurity(5, 1.9);
  const SpectralPoles exact = FullDiagonalisation(cluster).green_function(infinity, Spin::down, 0, 0);
  LanczosSettings settings;
  settings.dense_dimension = 0;
  settings.probes = real_axis_probes(-3, 3, 0.05);
  const LanczosSolution found = lanczos_solution(cluster, settings);
  EXPECT_TRUE(found.converged);
  for (double w = -3; w <= 3; w += 0.01)
    EXPECT_NEAR(found.green_function[0][1].spectral_function(w, 0.05), exact.spectral_function(w, 0.05),
                1e-8);
  EXPECT_THROW(real_axis_probes(-1, 1, 0), Error);
}

TEST(LanczosSolver, TwiceGivesTheSameBits) {
  const FermionCluster cluster = polarised_impurity(6, 1.1);
  const LanczosSolution one = lanczos_solution(cluster, {}), other = lanczos_solution(cluster, {});
  EXPECT_EQ(one.ground_energy, other.ground_energy);
  EXPECT_EQ(one.green_function[0][1].position, other.green_function[0][1].position);
  EXPECT_EQ(one.green_function[0][1].weight, other.green_function[0][1].weight);
}

// One bath site with V^2 = Z M_2: Z = 1 - U^2/U_c^2, U_c = 6 sqrt(M_2) = 3 D on the Bethe lattice (R. Bulla,
// M. Potthoff, Eur. Phys. J. B 13, 257 (2000)).
TEST(LanczosSolver, TwoSiteDmftHasItsMottTransitionAtThreeHalfBandwidths) {
  const auto weight = [](double U, double V) {
    const ImpurityOrbital orbital = paramagnetic_orbital(0, {{0.0}, {V}});
    const LanczosSolution found = lanczos_solution(anderson_cluster(orbital, U), {});
    // Im Sigma(i w)/w is even in w: the two combine to its limit at 0 up to w^4.
    const auto slope = [&](double w) {
      const Complex z(0, w);
      return self_energy(orbital, Spin::up, z, found.green_function[0][0](z)).imag() / w;
    };
    const double w = 0.02 * V;
    return 1 / (1 - (4 * slope(w) - slope(2 * w)) / 3);
  };
  for (const double U : {1.0, 2.0, 2.5}) {
    double Z = 0.8;
    for (int iteration = 0; iteration < 200; ++iteration) Z = weight(U, std::sqrt(Z) / 2);  // D = 1
    EXPECT_NEAR(Z, 1 - U * U / 9, 1e-6);
  }
  double Z = 0.8;
  for (int iteration = 0; iteration < 200; ++iteration) Z = weight(3.2, std::sqrt(Z) / 2);
  EXPECT_LT(Z, 1e-5);  // (3/3.2)^400
}

// A fixed semicircular bath at U/D = 2, beta D = 50. Hybridisation-expansion Monte Carlo gives D = 0.10627(2)
// and G(beta/2) = -0.03636(3).
TEST(LanczosSolver, FittedBathIsTheContinuumAtFiniteTemperature) {
  const double beta = 50;
  std::vector<double> frequencies;
  std::vector<Complex> hybridisation;
  for (int n = 0; n < 200; ++n) {
    frequencies.push_back(fermionic_frequency(n, beta));
    const double w = frequencies.back();
    hybridisation.push_back(Complex(0, (w - std::sqrt(w * w + 1)) / 2));
  }
  BathFitSettings bath;
  bath.bath_sites = 6;
  bath.particle_hole_symmetric = true;
  const BathFit fit = fit_bath(frequencies, hybridisation, bath);
  EXPECT_LT(fit.misfit, 2e-4);
  LanczosSettings settings;
  settings.beta = beta;
  settings.probes = imaginary_probes(frequencies[0]);
  settings.particle_hole_symmetric = true;
  const LanczosSolution found =
      lanczos_solution(anderson_cluster(paramagnetic_orbital(0, fit.bath), 2), settings);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.densities.double_occupancy(0), 0.10627, 4e-5);
  EXPECT_NEAR(found.green_function[0][0].imaginary_time(beta / 2, beta), -0.03636, 9e-5);
}

// Two orbitals with density-density Hund's coupling: the isolated pair by hand, then with a bath each.
TEST(LanczosSolver, SolvesTwoOrbitals) {
  const double U = 3, J = 0.4;
  const Eigen::MatrixXd opposite{{U, U - 2 * J}, {U - 2 * J, U}}, equal{{0, U - 3 * J}, {U - 3 * J, 0}};
  const std::vector<ImpurityOrbital> isolated(2);
  // Parallel spins, two states: -2 U/4 - 2 (U - 2J)/4 + 2 (U - 3J)/4.
  const LanczosSolution pair = lanczos_solution(anderson_cluster(isolated, opposite, equal), {});
  EXPECT_NEAR(pair.ground_energy, -(U + J) / 2, 1e-12);
  double states = 0;
  for (const LowState& state : pair.states) states += state.copies;
  EXPECT_EQ(states, 2);
  std::vector<ImpurityOrbital> orbitals = {paramagnetic_orbital(0.2, symmetric_bath(2)),
                                           paramagnetic_orbital(-0.1, symmetric_bath(2))};
  expect_equal(anderson_cluster(orbitals, opposite, equal), pure(infinity, {0, 1}), 1e-10);
  orbitals[1].level[0] = 0.3;
  expect_equal(anderson_cluster(orbitals, opposite, equal), pure(infinity, {0, 1}), 1e-10);
}

TEST(LanczosSolver, RefusesASymmetryThatIsNone) {
  DiscreteBath bath = symmetric_bath(5);
  bath.energy[4] += 0.1;
  LanczosSettings settings;
  settings.particle_hole_symmetric = true;
  EXPECT_THROW(lanczos_solution(anderson_cluster(paramagnetic_orbital(0, bath), 2), settings), Error);
}

TEST(LanczosSolver, RefusesASiteBeyondTheCluster) {
  LanczosSettings settings;
  settings.sites = {4};
  EXPECT_THROW(lanczos_solution(hubbard_ring(4, 1), settings), Error);
}

}  // namespace
}  // namespace weiss
