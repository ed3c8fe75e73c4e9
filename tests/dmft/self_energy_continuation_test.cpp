// Self-energies of impurities that are diagonalised exactly, continued from their Matsubara values: the local
// spectrum of the lattice against the exact one, moments, and the noise of Monte Carlo.
#include "weiss/dmft/self_energy_continuation.hpp"

#include <cmath>
#include <cstdio>
#include <numbers>

#include <gtest/gtest.h>

#include "weiss/dmft/band.hpp"
#include "weiss/dmft/nambu_impurity.hpp"

#include "dmft/spectra.hpp"

namespace weiss {
namespace {

const std::vector<double> mesh = uniform_mesh(-5, 5, 200);
constexpr double broadening = 0.3, beta = 15;

// An impurity with four bath sites.
struct Impurity {
  double interaction, potential, coupling = 0.25;
  std::vector<double> bath = {-0.7, -0.15, 0.15, 0.7};
  SpectralPoles green;
  double density = 0;

  Impurity(double u, double mu) : interaction(u), potential(mu) {
    const DiscreteBath sites{bath, std::vector<double>(bath.size(), coupling)};
    const FullDiagonalisation exact(anderson_cluster(paramagnetic_orbital(-mu, sites), u));
    green = exact.green_function(beta, Spin::up, 0, 0);
    density = exact.averages(beta).densities.density(0, Spin::down);
  }
  double constant() const { return interaction * (density - 0.5); }
  Complex dynamic(Complex z) const {
    Complex hybridisation = 0;
    for (const double e : bath) hybridisation += coupling * coupling / (z - e);
    return z + potential - hybridisation - 1.0 / green(z) - constant();
  }
  SelfEnergyData data(double error) const {
    SelfEnergyData data;
    data.beta = beta;
    data.norm = interaction * interaction * density * (1 - density);
    data.error = error;
    data.reach = 3 * (1 + interaction + potential);
    data.even = potential == 0;
    for (std::int64_t n = 0; n < continuation_frequencies(beta, data.reach); ++n)
      data.values.push_back(dynamic({0, fermionic_frequency(n, beta)}));
    return data;
  }
  // -Im D(w + i b + mu - Sigma)/pi of the Bethe lattice.
  double local_spectrum(double w, Complex sigma) const {
    const Complex z(w + potential - constant(), broadening);
    return -Band::bethe(0.5).hilbert(z - sigma).imag() / std::numbers::pi;
  }
};

double distance_of_spectra(const Impurity& impurity, const SelfEnergyContinuation& found) {
  double sum = 0;
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    const Complex exact = impurity.dynamic({mesh[i], broadening});
    sum += 0.05 * std::abs(impurity.local_spectrum(mesh[i], found.values[i]) -
                           impurity.local_spectrum(mesh[i], exact));
  }
  return sum;
}

TEST(SelfEnergyContinuation, OracleHasTheExactNorm) {
  const Impurity impurity(2, 0.4);
  const Complex z(0, 1e4);
  EXPECT_NEAR((impurity.dynamic(z) * z).real(), impurity.data(1e-6).norm, 1e-3);
}

TEST(SelfEnergyContinuation, LocalSpectraOfAllMethods) {
  for (const double mu : {0.0, 0.4}) {
    const Impurity impurity(2, mu);
    for (const auto& [method, error, most] : {std::tuple{ContinuationMethod::pade, 1e-8, 0.05},
                                              std::tuple{ContinuationMethod::nevanlinna, 1e-9, 0.15},
                                              std::tuple{ContinuationMethod::maximum_entropy, 1e-4, 0.1}}) {
      const SelfEnergyContinuation found =
          continue_self_energy(method, impurity.data(error), mesh, broadening);
      EXPECT_TRUE(found.found.ok) << found.found.reason;
      const double off = distance_of_spectra(impurity, found);
      std::printf("mu %g method %d: off by %.4f\n", mu, static_cast<int>(method), off);
      EXPECT_LT(off, most);
      for (std::size_t i = 0; i < mesh.size(); ++i) EXPECT_LT(found.values[i].imag(), 1e-9);
    }
  }
}

// A superconductor's impurity: 11 and the element of (1, 1)/sqrt 2 continued, 12 from the latter.
TEST(SelfEnergyContinuation, AnomalousSelfEnergyFromTwoCausalFunctions) {
  const double U = -2, level = 0.2;
  const PairingBath bath{{-0.4, 0.1, 0.3}, {0.4, 0.35, 0.45}, {0.5, 0.7, 0.6}};
  const NambuSolution exact = full_nambu_solution(nambu_impurity(level, U, bath), beta);
  const double n = exact.density_up, F = exact.pair_amplitude;
  const auto sigma = [&](Complex z) { return exact.self_energy(level, bath, z); };
  std::array<SelfEnergyData, 2> data;
  for (SelfEnergyData& each : data) {
    each.beta = beta;
    each.norm = nambu_self_energy_weight(U, n, F);
    each.reach = 10;
  }
  for (std::int64_t k = 0; k < continuation_frequencies(beta, 10); ++k) {
    const NambuMatrix at = sigma({0, fermionic_frequency(k, beta)});
    data[0].values.push_back(at.normal - U * (n - 0.5));
    data[1].values.push_back(at.diagonal_element() - U * F);
  }
  for (const auto& [method, error, most] : {std::tuple{ContinuationMethod::pade, 1e-8, 0.04},
                                            std::tuple{ContinuationMethod::maximum_entropy, 1e-3, 0.3}}) {
    std::array<SelfEnergyContinuation, 2> found;
    for (const std::size_t part : {0U, 1U}) {
      data[part].error = error;
      found[part] = continue_self_energy(method, data[part], mesh, broadening);
      EXPECT_TRUE(found[part].found.ok) << found[part].found.reason;
    }
    double normal = 0, anomalous = 0, largest = 0;
    for (std::size_t i = 0; i < mesh.size(); ++i) {
      const NambuMatrix at = sigma({mesh[i], broadening});
      const Complex diagonal = found[1].values[i] + U * F,
                    mirrored = found[1].values[mesh.size() - 1 - i] + U * F;
      normal = std::max(normal, std::abs(found[0].values[i] + U * (n - 0.5) - at.normal));
      anomalous = std::max(anomalous, std::abs(anomalous_from(diagonal, mirrored) - at.anomalous));
      largest = std::max(largest, std::abs(at.anomalous - U * F));
    }
    std::printf("method %d: 11 off by %.4f, 12 by %.4f of %.3f\n", static_cast<int>(method), normal,
                anomalous, largest);
    EXPECT_LT(normal, most);
    EXPECT_LT(anomalous, most);
    EXPECT_GT(largest, 0.2);
  }
}

// What Nevanlinna states about Sigma is a bound, in the complex plane.
TEST(SelfEnergyContinuation, NevanlinnaBoundsHold) {
  const Impurity impurity(2, 0.4);
  const SelfEnergyContinuation found =
      continue_self_energy(ContinuationMethod::nevanlinna, impurity.data(1e-9), mesh, broadening);
  for (std::size_t i = 0; i < mesh.size(); ++i)
    // The interpolant is in the disc, not its centre: up to its diameter away.
    EXPECT_LE(std::abs(found.values[i] - impurity.dynamic({mesh[i], broadening})),
              2 * std::numbers::pi * found.spread[i] + 1e-9);
}

// Real and imaginary part of the poles of maximum entropy belong together: Sigma is what its own spectrum
// gives, and the data are met.
TEST(SelfEnergyContinuation, MaximumEntropyMeetsDataAndNorm) {
  const Impurity impurity(2, 0.4);
  const SelfEnergyData data = impurity.data(1e-4);
  const SelfEnergyContinuation found =
      continue_self_energy(ContinuationMethod::maximum_entropy, data, mesh, broadening);
  EXPECT_NEAR(integral(found.found.mesh, found.found.spectrum), data.norm, 1e-3);
  EXPECT_LT(found.found.number("chi_squared"), 2 * found.found.number("data"));
}

TEST(SelfEnergyContinuation, EvenSpectraAreEven) {
  const Impurity impurity(2, 0);
  for (const auto& [method, error] :
       {std::pair{ContinuationMethod::pade, 1e-7}, std::pair{ContinuationMethod::nevanlinna, 1e-9},
        std::pair{ContinuationMethod::maximum_entropy, 1e-4}}) {
    const SelfEnergyContinuation found = continue_self_energy(method, impurity.data(error), mesh, broadening);
    for (std::size_t i = 0; i < mesh.size(); ++i)
      EXPECT_LT(std::abs(found.values[i] + std::conj(found.values[mesh.size() - 1 - i])), 1e-6);
  }
}

TEST(SelfEnergyContinuation, FailureSaysSo) {
  const Impurity impurity(2, 0.4);
  SelfEnergyData data = impurity.data(1e-2);
  data.values = with_noise(data.values, 1e-2, 3);
  for (const ContinuationMethod method : {ContinuationMethod::pade, ContinuationMethod::nevanlinna}) {
    const SelfEnergyContinuation found = continue_self_energy(method, data, mesh, 0.05);
    EXPECT_FALSE(found.found.ok);
    EXPECT_FALSE(found.found.reason.empty());
    EXPECT_EQ(found.values.size(), mesh.size());
  }
  data.values[0] = {0, 1};
  for (const ContinuationMethod method : {ContinuationMethod::pade, ContinuationMethod::maximum_entropy}) {
    const SelfEnergyContinuation found = continue_self_energy(method, data, mesh, 0.05);
    EXPECT_NE(found.found.reason.find("negative"), std::string::npos) << found.found.reason;
    EXPECT_TRUE(found.values.empty());
  }
}

TEST(SelfEnergyContinuation, EveryTrustNumberHasAMeaning) {
  const Impurity impurity(2, 0.4);
  for (const auto& [method, error] :
       {std::pair{ContinuationMethod::pade, 1e-7}, std::pair{ContinuationMethod::nevanlinna, 1e-9},
        std::pair{ContinuationMethod::maximum_entropy, 1e-4}}) {
    const SelfEnergyContinuation found = continue_self_energy(method, impurity.data(error), mesh, broadening);
    for (const std::string& name : trust_names(method)) {
      EXPECT_FALSE(std::isnan(found.found.number(name))) << name;
      EXPECT_NE(trust_meaning(name), name);
    }
  }
}

}  // namespace
}  // namespace weiss
