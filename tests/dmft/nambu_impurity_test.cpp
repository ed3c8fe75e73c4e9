// Impurities in superconducting baths against free quasiparticles, the normal solver, exact rotations between
// charge and pairing, and antiferromagnetism of the repulsive model.
#include "weiss/dmft/nambu_impurity.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/full_diagonalisation.hpp"

#include "clusters.hpp"

namespace weiss {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<Complex> arguments = {Complex(0, 0.1), Complex(0, 1.1), Complex(0.5, 0.3),
                                        Complex(-0.5, 0.3)};

LanczosSettings pure(double beta = infinity) {
  LanczosSettings settings;
  settings.beta = beta;
  settings.dense_dimension = 0;
  settings.probes = arguments;
  settings.boltzmann_cutoff = 1e-14;
  settings.most_states = 1000;
  return settings;
}

PairingBath lopsided_bath() { return {{-0.8, -0.1, 0.6}, {0.3, 0.25, 0.4}, {0.2, -0.3, 0.15}}; }

TEST(NambuImpurity, FreeQuasiparticlesAreFree) {
  const double level = 0.35;
  const PairingBath bath = lopsided_bath();
  for (const double beta : {8.0, infinity}) {
    const NambuSolution found = nambu_solution(nambu_impurity(level, 0, bath), pure(beta));
    EXPECT_TRUE(found.converged);
    for (const Complex z : arguments) {
      const NambuMatrix exact =
          NambuMatrix{z - level - bath.normal(z), -bath.anomalous(z), z + level + bath.normal(-z)}.inverse();
      const NambuMatrix G = found.green_function(z);
      EXPECT_NEAR(std::abs(G.normal - exact.normal), 0, 1e-9);
      EXPECT_NEAR(std::abs(G.anomalous - exact.anomalous), 0, 1e-9);
      EXPECT_NEAR(std::abs(G.hole - exact.hole), 0, 1e-9);
      EXPECT_NEAR(std::abs(found.self_energy(level, bath, z).anomalous), 0, 1e-8);
    }
    // Wick: D = n_up n_down + <c_down c_up>^2.
    EXPECT_NEAR(found.double_occupancy,
                found.density_up * found.density_down + std::pow(found.pair_amplitude, 2), 1e-10);
    EXPECT_NEAR(found.density_up, found.density_down, 1e-10);
  }
}

TEST(NambuImpurity, WithoutPairingIsTheNormalImpurity) {
  const double level = -0.3, U = -2.2, beta = 4;
  const DiscreteBath plain{{-0.5, 0.1, 0.7}, {0.3, 0.2, 0.4}};
  const FullDiagonalisation normal(anderson_cluster(paramagnetic_orbital(level, plain), U));
  const NambuCluster model = nambu_impurity(level, U, {plain.energy, plain.coupling, {0, 0, 0}});
  const ThermalAverages exact = normal.averages(beta);
  const FullDiagonalisation mapped(model.cluster);
  EXPECT_NEAR(mapped.averages(beta).free_energy + model.offset, exact.free_energy, 1e-11);
  const NambuSolution found = nambu_solution(model, pure(beta));
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.energy, exact.energy, 1e-9);
  EXPECT_NEAR(found.interaction_energy, exact.interaction_energy, 1e-9);
  EXPECT_NEAR(found.density_up, exact.densities.density(0, Spin::up), 1e-10);
  EXPECT_NEAR(found.density_down, exact.densities.density(0, Spin::down), 1e-10);
  EXPECT_NEAR(found.double_occupancy, exact.densities.double_occupancy(0), 1e-10);
  EXPECT_NEAR(found.pair_amplitude, 0, 1e-10);
  const SpectralPoles G = normal.green_function(beta, Spin::up, 0, 0);
  for (const Complex z : arguments) EXPECT_NEAR(std::abs(found.normal(z) - G(z)), 0, 1e-9);
}

// Lanczos against every eigenstate, and the first moments: that of the anomalous function is U <c_down c_up>.
TEST(NambuImpurity, IsFullDiagonalisation) {
  const double level = 0.2, U = -1.8;
  const NambuCluster model = nambu_impurity(level, U, lopsided_bath());
  const FullDiagonalisation exact(model.cluster);
  for (const double beta : {15.0, infinity}) {
    const NambuSolution found = nambu_solution(model, pure(beta));
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(found.ground_energy, exact.ground_energy() + model.offset, 1e-10);
    const SpectralPoles G = exact.green_function(beta, Spin::up, 0, 0);
    const SpectralPoles F = exact.green_function(beta, Spin::up, 0, 4);
    for (const Complex z : arguments) {
      EXPECT_NEAR(std::abs(found.normal(z) - G(z)), 0, 1e-9);
      EXPECT_NEAR(std::abs(found.anomalous(z) - F(z)), 0, 1e-9);
    }
    EXPECT_GT(std::fabs(found.pair_amplitude), 0.01);
    EXPECT_NEAR(found.pair_amplitude, F.occupation(beta), 1e-10);
    EXPECT_NEAR(found.normal.moment(0), 1, 1e-10);
    EXPECT_NEAR(found.normal.moment(1), level + U * (found.density_down - 0.5), 1e-9);
    EXPECT_NEAR(found.anomalous.moment(0), 0, 1e-10);
    EXPECT_NEAR(found.anomalous.moment(1), U * found.pair_amplitude, 1e-9);
  }
}

// The self-energy's constant is Hartree's and Bogoliubov's, its next moment one number times the unit matrix,
// its spectral matrix positive; 11 and the element of (1, 1)/sqrt 2 hold all of it.
TEST(NambuImpurity, SelfEnergyIsTwoCausalFunctions) {
  const double level = 0.2, U = -1.8, beta = 15;
  const PairingBath bath{{-0.6, -0.1, 0.4}, {0.3, 0.25, 0.4}, {0.4, 0.5, 0.45}};
  const NambuSolution found = full_nambu_solution(nambu_impurity(level, U, bath), beta);
  const double n = found.density_up, F = found.pair_amplitude;
  const double weight = nambu_self_energy_weight(U, n, F);
  EXPECT_GT(std::fabs(F), 0.05);
  const auto dynamic = [&](Complex z) {
    return found.self_energy(level, bath, z) - NambuMatrix{U * (n - 0.5), U * F, -U * (n - 0.5)};
  };
  const Complex far(0, 1e3);
  EXPECT_NEAR((far * dynamic(far).normal).real(), weight, 1e-3);
  EXPECT_NEAR((far * dynamic(far).hole).real(), weight, 1e-3);
  EXPECT_NEAR(std::abs(far * dynamic(far).anomalous), 0, 1e-3);
  EXPECT_NEAR((far * dynamic(far).diagonal_element()).real(), weight, 1e-3);
  for (const double w : {-2.0, -0.9, 0.0, 0.3, 1.1, 2.5}) {
    const NambuMatrix sigma = dynamic({w, 0.2}), mirrored = dynamic({-w, 0.2});
    EXPECT_LT(sigma.normal.imag(), 0);
    EXPECT_LT(sigma.diagonal_element().imag(), 0);
    EXPECT_GT(sigma.normal.imag() * sigma.hole.imag(), std::pow(sigma.anomalous.imag(), 2));
    EXPECT_LT(std::abs(sigma.hole + std::conj(mirrored.normal)), 1e-9);
    const Complex plus = sigma.diagonal_element(), minus = mirrored.diagonal_element();
    EXPECT_LT(std::abs(anomalous_from(plus, minus) - sigma.anomalous), 1e-9);
    EXPECT_LT(std::abs(mean_normal_from(plus, minus) - (sigma.normal + sigma.hole) / 2.0), 1e-9);
  }
}

// At half filling the charge and the pairing of the bath are components of one pseudospin: sites (e = 0, P)
// are sites (e = P, 0) turned by 90 degrees, with E_0 less by sum e.
TEST(NambuImpurity, PairingIsChargeTurned) {
  const DiscreteBath plain{{-0.7, 0.2, 0.45, 0.9}, {0.35, 0.2, 0.3, 0.25}};
  const double filled = 0.85;  // sum e
  for (const double U : {-2.5, 1.5}) {
    const LanczosSolution normal =
        lanczos_solution(anderson_cluster(paramagnetic_orbital(0, plain), U), pure());
    const NambuSolution turned =
        nambu_solution(nambu_impurity(0, U, {{0, 0, 0, 0}, plain.coupling, plain.energy}), pure());
    ASSERT_TRUE(turned.converged);
    EXPECT_NEAR(turned.ground_energy, normal.ground_energy - filled, 1e-10);
    const SpectralPoles& G = normal.green_function[0][0];
    for (const Complex z : arguments) {
      EXPECT_NEAR(std::abs(turned.normal(z) - (G(z) - G(-z)) / 2.0), 0, 1e-9);
      EXPECT_NEAR(std::abs(turned.anomalous(z) + (G(z) + G(-z)) / 2.0), 0, 1e-9);
    }
    EXPECT_NEAR(turned.interaction_energy, normal.interaction_energy, 1e-10);
    EXPECT_NEAR(turned.interaction_energy, U * (turned.double_occupancy - 0.25), 1e-10);  // n = 1
  }
}

struct Data {
  std::vector<double> frequencies;
  std::vector<Complex> normal, anomalous;
};

template <class N, class A>
Data sampled(double beta, int count, N&& normal, A&& anomalous) {
  Data data;
  for (int n = 0; n < count; ++n) {
    data.frequencies.push_back(fermionic_frequency(n, beta));
    data.normal.push_back(normal(Complex(0, data.frequencies.back())));
    data.anomalous.push_back(anomalous(Complex(0, data.frequencies.back())));
  }
  return data;
}

TEST(NambuImpurity, FitRecoversADiscreteBath) {
  PairingBath bath = lopsided_bath();
  for (const bool symmetric : {false, true}) {
    if (symmetric) bath = {{-0.7, 0, 0.7}, {0.3, 0.2, 0.3}, {0.25, 0.1, 0.25}};
    const Data data = sampled(
        60, 150, [&](Complex z) { return bath.normal(z); }, [&](Complex z) { return bath.anomalous(z); });
    BathFitSettings settings;
    settings.bath_sites = 3;
    settings.particle_hole_symmetric = symmetric;
    const PairingBathFit fit = fit_pairing_bath(data.frequencies, data.normal, data.anomalous, settings);
    EXPECT_TRUE(fit.converged) << fit.remark;
    EXPECT_LE(fit.misfit, 1e-10);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(fit.bath.energy[k], bath.energy[k], 1e-7);
      EXPECT_NEAR(fit.bath.coupling[k], bath.coupling[k], 1e-7);
      EXPECT_NEAR(fit.bath.pairing[k], bath.pairing[k], 1e-7);
    }
  }
}

TEST(NambuImpurity, FailedFitIsAResult) {
  const PairingBath bath = lopsided_bath();
  Data data = sampled(
      60, 50, [&](Complex z) { return bath.normal(z); }, [&](Complex z) { return bath.anomalous(z); });
  BathFitSettings settings;
  settings.most_steps = 1;
  settings.starts = 1;
  const PairingBathFit stopped = fit_pairing_bath(data.frequencies, data.normal, data.anomalous, settings);
  EXPECT_FALSE(stopped.converged);
  EXPECT_FALSE(stopped.remark.empty());
  data.anomalous[2] = infinity;
  EXPECT_FALSE(fit_pairing_bath(data.frequencies, data.normal, data.anomalous, settings).converged);
  data.anomalous.pop_back();
  EXPECT_THROW(fit_pairing_bath(data.frequencies, data.normal, data.anomalous, settings), Error);
}

// Bethe lattice, D = 1, half filling, ground state. U < 0: N = G/4, A = -F/4. U > 0 with two sublattices:
// Delta_s = G_-s/4. The map of one spin turns pairing at -U into staggered magnetisation at U: <c_down c_up>
// = m/2, and D_att = 1/2 - D_rep.
TEST(NambuImpurity, SuperconductorIsTheAntiferromagnetOfTheOppositeSign) {
  const double U = 2, beta = 60;
  BathFitSettings settings;
  settings.bath_sites = 5;
  settings.starts = 2;
  LanczosSettings lanczos;
  lanczos.probes = imaginary_probes(fermionic_frequency(0, beta));
  PairingBath pairing{{-0.8, -0.3, 0, 0.3, 0.8}, std::vector<double>(5, 0.22), std::vector<double>(5, 0.2)};
  ImpurityOrbital magnet;
  for (std::size_t s = 0; s < 2; ++s)
    magnet.bath[s] = {{-0.8, -0.3, s == 0 ? 0.3 : -0.3, 0.3, 0.8}, std::vector<double>(5, 0.22)};
  double pair_amplitude = 0, attractive = 0, magnetisation = 0, repulsive = 0;
  for (int iteration = 0; iteration < 14; ++iteration) {
    const NambuSolution one = nambu_solution(nambu_impurity(0, -U, pairing), lanczos);
    const LanczosSolution other = lanczos_solution(anderson_cluster(magnet, U), lanczos);
    ASSERT_TRUE(one.converged && other.converged);
    pair_amplitude = std::fabs(one.pair_amplitude);
    attractive = one.double_occupancy;
    magnetisation = std::fabs(other.densities.density(0, Spin::up) - other.densities.density(0, Spin::down));
    repulsive = other.densities.double_occupancy(0);
    const Data nambu = sampled(
        beta, 80, [&](Complex z) { return one.normal(z) / 4.0; },
        [&](Complex z) { return -one.anomalous(z) / 4.0; });
    pairing = fit_pairing_bath(nambu.frequencies, nambu.normal, nambu.anomalous, settings, pairing).bath;
    for (std::size_t s = 0; s < 2; ++s) {
      const Data spin = sampled(
          beta, 80, [&](Complex z) { return other.green_function[0][1 - s](z) / 4.0; },
          [](Complex) { return Complex(0); });
      magnet.bath[s] = fit_bath(spin.frequencies, spin.normal, settings, magnet.bath[s]).bath;
    }
  }
  EXPECT_NEAR(pair_amplitude, magnetisation / 2, 1e-5);
  EXPECT_NEAR(attractive, 0.5 - repulsive, 1e-5);
  EXPECT_GT(pair_amplitude, 0.4);
}

}  // namespace
}  // namespace weiss
