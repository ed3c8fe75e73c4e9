// The superconductor's impurity by diagonalisation against the antiferromagnet's of the opposite U, and
// Lanczos against all eigenstates.
#include "weiss/dmft/nambu_diagonalisation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/perturbation.hpp"

namespace weiss {
namespace {

constexpr double beta = 15;
const DiscreteLehmann& basis() {
  static const DiscreteLehmann one(beta, 12, 1e-12);
  return one;
}

// A bath of three sites that a fit with three finds exactly.
const DiscreteBath bath{{-0.7, 0.1, 0.5}, {0.3, 0.4, 0.35}};

DiagonalisationSettings settings(bool symmetric) {
  DiagonalisationSettings chosen;
  chosen.fit.bath_sites = 3;
  chosen.fit.particle_hole_symmetric = symmetric;
  return chosen;
}

TEST(NambuDiagonalisation, HalfFillingIsTheAntiferromagnetOfTheOppositeSign) {
  const double U = 1.8;
  WeissField magnet{U, 0, 0, {}}, nambu{-U, 0, 0, {}};
  for (const double w : node_frequencies(basis())) {
    const Complex each = bath.hybridisation(Complex(0, w));
    magnet.hybridisation[up].push_back(each);
    magnet.hybridisation[down].push_back(-std::conj(each));
    nambu.hybridisation[normal_part].emplace_back(0, each.imag());
    nambu.hybridisation[anomalous_part].push_back(each.real());
  }
  DiagonalisationSettings magnetic = settings(false);
  magnetic.antiferromagnetic = true;
  const DiagonalisationResult expected = solve_by_diagonalisation(basis(), magnet, magnetic, {});
  const NambuDiagonalisationResult found =
      solve_superconductor_by_diagonalisation(basis(), nambu, settings(true), {});
  ASSERT_TRUE(expected.converged && found.converged);
  const ImpuritySolution &a = expected.solution, &b = found.solution;
  EXPECT_NEAR(b.pair_amplitude.value, (a.density[up].value - a.density[down].value) / 2, 1e-8);
  EXPECT_GT(std::fabs(b.pair_amplitude.value), 0.02);
  EXPECT_NEAR(b.double_occupancy.value, 0.5 - a.double_occupancy.value, 1e-8);
  EXPECT_NEAR(b.density[up].value, 0.5, 1e-10);
  for (std::size_t n = 0; n < b.green[0].size(); ++n) {
    EXPECT_LT(std::abs(b.green[normal_part][n] + b.green[anomalous_part][n] - a.green[up][n]), 1e-7);
    EXPECT_LT(
        std::abs(b.self_energy[normal_part][n] + b.self_energy[anomalous_part][n] - a.self_energy[up][n]),
        1e-6);
  }
}

TEST(NambuDiagonalisation, OffHalfFillingFindsTheBath) {
  const PairingBath pairs{{-0.7, 0.1, 0.5}, {0.3, 0.4, 0.35}, {0.3, 0.2, 0.25}};
  WeissField field{-1.5, 0.3, 0.1, {}};
  for (const double w : node_frequencies(basis())) {
    field.hybridisation[normal_part].push_back(pairs.normal(Complex(0, w)));
    field.hybridisation[anomalous_part].push_back(pairs.anomalous(Complex(0, w)));
  }
  const NambuDiagonalisationResult found =
      solve_superconductor_by_diagonalisation(basis(), field, settings(false), {});
  ASSERT_TRUE(found.converged);
  EXPECT_LT(found.fit.misfit, 1e-5);
  LanczosSettings lanczos;
  lanczos.beta = beta;
  lanczos.most_states = 1000;
  lanczos.boltzmann_cutoff = 1e-14;
  lanczos.probes = imaginary_probes(fermionic_frequency(0, beta));
  const NambuSolution exact = nambu_solution(nambu_impurity(-0.2, -1.5, pairs), lanczos);
  EXPECT_NEAR(found.solution.density[up].value, exact.density_up, 1e-5);
  EXPECT_NEAR(found.solution.pair_amplitude.value, exact.pair_amplitude, 1e-5);
  EXPECT_NEAR(found.solution.double_occupancy.value, exact.double_occupancy, 1e-5);
  EXPECT_NEAR(found.impurity.energy, full_nambu_solution(nambu_impurity(-0.2, -1.5, pairs), beta).energy,
              1e-4);
  EXPECT_NEAR(full_nambu_solution(nambu_impurity(-0.2, -1.5, pairs), beta).energy, exact.energy, 1e-9);
  const Complex z(0.3, 0.2);
  EXPECT_LT(std::abs(found.self_energy(z).anomalous - exact.self_energy(-0.2, pairs, z).anomalous), 1e-3);
  // Sigma at high frequency.
  EXPECT_NEAR(found.self_energy(Complex(0, 1e4)).anomalous.real(), found.solution.constant[anomalous_part],
              1e-4);
}

}  // namespace
}  // namespace weiss
