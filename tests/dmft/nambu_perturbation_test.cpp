// Perturbation theory of a superconductor against the normal one, the antiferromagnet of the opposite U, the
// atom, and exact impurities at weak coupling.
#include "weiss/dmft/nambu_perturbation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/dmft/nambu_diagonalisation.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {
namespace {

constexpr double beta = 10;
const DiscreteLehmann& basis() {
  static const DiscreteLehmann one(beta, 15, 1e-12);
  return one;
}

template <class F>
NodeValues at_nodes(F&& function) {
  NodeValues values;
  for (const double w : node_frequencies(basis())) values.push_back(function(Complex(0, w)));
  return values;
}

double distance(const NodeValues& a, const NodeValues& b) {
  double largest = 0;
  for (std::size_t n = 0; n < a.size(); ++n) largest = std::max(largest, std::abs(a[n] - b[n]));
  return largest;
}

const DiscreteBath bath{{-0.7, 0.1, 0.5}, {0.3, 0.4, 0.35}};
const PairingBath pairing_bath{{-0.7, 0.1, 0.5}, {0.3, 0.4, 0.35}, {0.3, 0.2, 0.25}};

TEST(NambuPerturbation, WithoutPairsIsTheNormalOne) {
  const NodeValues delta = at_nodes([](Complex z) { return bath.hybridisation(z); });
  const WeissField normal{-1.2, 0.25, 0.1, {delta, delta}};
  const WeissField nambu{-1.2, 0.25, 0.1, {delta, NodeValues(delta.size(), 0.0)}};
  const ImpuritySolution expected = solve_by_perturbation(basis(), normal, {0.6, 0.6});
  const ImpuritySolution found = solve_superconductor_by_perturbation(basis(), nambu, 0.6, 0);
  EXPECT_LT(distance(found.self_energy[normal_part], expected.self_energy[up]), 1e-11);
  EXPECT_LT(distance(found.self_energy[anomalous_part], NodeValues(delta.size(), 0.0)), 1e-13);
  EXPECT_NEAR(found.double_occupancy.value, expected.double_occupancy.value, 1e-11);
}

// At half filling, Sigma_11 +- Sigma_12 at U are Sigma_up and Sigma_down at -U with Delta_11 +- Delta_12 for
// Delta_up and Delta_down; <c_down c_up> is half the moment, and D(U) = 1/2 - D(-U).
TEST(NambuPerturbation, HalfFillingIsTheAntiferromagnetOfTheOppositeSign) {
  const NodeValues delta_up = at_nodes([](Complex z) { return bath.hybridisation(z); });
  WeissField magnet{1.7, 0, 0, {delta_up, {}}}, nambu{-1.7, 0, 0, {}};
  for (const Complex each : delta_up) {
    magnet.hybridisation[down].push_back(-std::conj(each));
    nambu.hybridisation[normal_part].emplace_back(0, each.imag());
    nambu.hybridisation[anomalous_part].push_back(each.real());
  }
  const double F = 0.23;
  const ImpuritySolution expected = solve_by_perturbation(basis(), magnet, {0.5 + F, 0.5 - F});
  const ImpuritySolution found = solve_superconductor_by_perturbation(basis(), nambu, 0.5, F);
  NodeValues sum, difference;
  for (std::size_t n = 0; n < delta_up.size(); ++n) {
    sum.push_back(found.self_energy[normal_part][n] + found.self_energy[anomalous_part][n]);
    difference.push_back(found.self_energy[normal_part][n] - found.self_energy[anomalous_part][n]);
  }
  EXPECT_LT(distance(sum, expected.self_energy[up]), 1e-10);
  EXPECT_LT(distance(difference, expected.self_energy[down]), 1e-10);
  EXPECT_NEAR(found.pair_amplitude.value, (expected.density[up].value - expected.density[down].value) / 2,
              1e-11);
  EXPECT_NEAR(found.double_occupancy.value, 0.5 - expected.double_occupancy.value, 1e-11);
}

// The attractive model of density 2n is the repulsive one with <n_up> = n, <n_down> = 1 - n in a field.
TEST(NambuPerturbation, AttractionAtAnyDensityIsRepulsionInAField) {
  const double mu = 0.3;
  const NodeValues delta = at_nodes([](Complex z) { return bath.hybridisation(z); });
  const WeissField attractive{-1.4, mu, 0, {delta, delta}};
  WeissField repulsive{1.4, mu, 0, {delta, {}}};
  for (const Complex each : delta) repulsive.hybridisation[down].push_back(2 * mu - std::conj(each));
  double n = 0.6;
  ImpuritySolution one;
  for (int iteration = 0; iteration < 200; ++iteration) {
    one = solve_by_perturbation(basis(), attractive, {n, n});
    n += (one.density[up].value - n) / 2;
  }
  ASSERT_NEAR(one.density[up].value, n, 1e-12);
  ASSERT_GT(n, 0.55);
  const ImpuritySolution other = solve_by_perturbation(basis(), repulsive, {n, 1 - n});
  EXPECT_LT(distance(one.self_energy[up], other.self_energy[up]), 1e-11);
  EXPECT_NEAR(other.density[up].value, n, 1e-11);
  EXPECT_NEAR(other.density[down].value, 1 - n, 1e-11);
  EXPECT_NEAR(one.double_occupancy.value, n - other.double_occupancy.value, 1e-11);
}

// An atom with H = -mu n + A (c+_up c+_down + h.c.) + U (n_up - 1/2)(n_down - 1/2).
TEST(NambuPerturbation, TheAtomIsExactInAPairField) {
  const double U = -2, mu = 0.2, A = 0.15;
  const NambuCluster atom =
      nambu_cluster(hubbard_cluster(Eigen::MatrixXd::Zero(1, 1), U, mu), Eigen::MatrixXd::Constant(1, 1, A));
  const NambuSolution exact = full_nambu_solution(atom, beta);
  const NodeValues nothing(basis().frequencies().size(), 0.0), field(nothing.size(), A);
  const ImpuritySolution found = solve_superconductor_by_perturbation(basis(), {U, mu, 0, {nothing, field}},
                                                                      exact.density_up, exact.pair_amplitude);
  EXPECT_LT(distance(found.green[normal_part], at_nodes([&](Complex z) { return exact.normal(z); })), 1e-9);
  EXPECT_LT(distance(found.green[anomalous_part], at_nodes([&](Complex z) { return exact.anomalous(z); })),
            1e-9);
  EXPECT_NEAR(found.double_occupancy.value, exact.double_occupancy, 1e-9);
  EXPECT_GT(std::fabs(exact.pair_amplitude), 0.1);
}

// With the exact occupations in it the self-energy errs by U^3 off half filling.
TEST(NambuPerturbation, SecondOrderIsExact) {
  const NodeValues normal = at_nodes([](Complex z) { return pairing_bath.normal(z); });
  const NodeValues anomalous = at_nodes([](Complex z) { return pairing_bath.anomalous(z); });
  const double mu = 0.2;
  const auto error = [&](double U) {
    const NambuSolution exact = full_nambu_solution(nambu_impurity(-mu, U, pairing_bath), beta);
    const ImpuritySolution found = solve_superconductor_by_perturbation(
        basis(), {U, mu, 0, {normal, anomalous}}, exact.density_up, exact.pair_amplitude);
    const auto sigma = [&](Complex z) { return exact.self_energy(-mu, pairing_bath, z); };
    EXPECT_NEAR(found.constant[anomalous_part], U * exact.pair_amplitude, 1e-12);
    return std::max(
        distance(found.self_energy[normal_part], at_nodes([&](Complex z) { return sigma(z).normal; })),
        distance(found.self_energy[anomalous_part], at_nodes([&](Complex z) { return sigma(z).anomalous; })));
  };
  const double coarse = error(-0.2), fine = error(-0.1);
  EXPECT_LT(fine, 2e-4);
  EXPECT_GT(fine, 1e-8);
  EXPECT_NEAR(coarse / fine, 8, 2);
}

// The interpolation keeps the exact moments of the self-energy, whatever the bath.
TEST(NambuPerturbation, SelfEnergyHasTheExactWeight) {
  const double U = -2.3, n = 0.38, F = 0.27, constant = U * (n - 0.5);
  const WeissField field{
      U, -0.3, 0, {at_nodes([](Complex z) { return pairing_bath.normal(z); }), at_nodes([](Complex z) {
                     return pairing_bath.anomalous(z);
                   })}};
  const ImpuritySolution found = solve_superconductor_by_perturbation(basis(), field, n, F);
  NodeValues normal, diagonal;
  for (std::size_t node = 0; node < found.self_energy[normal_part].size(); ++node) {
    const Complex first = found.self_energy[normal_part][node];
    normal.push_back(first - constant);
    diagonal.push_back(nambu_at_imaginary(first, found.self_energy[anomalous_part][node]).diagonal_element() -
                       U * F);
  }
  for (const NodeValues& each : {normal, diagonal}) {
    double sum = 0;
    for (const double pole : basis().from_frequencies(each)) sum += pole;
    EXPECT_NEAR(sum, nambu_self_energy_weight(U, n, F), 1e-8);
  }
}

}  // namespace
}  // namespace weiss
