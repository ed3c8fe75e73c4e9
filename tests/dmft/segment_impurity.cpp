// The segment-picture solver behind the impurity interface against full diagonalisation, and the fit that
// joins measured and exact parts of the self-energy.
#include "weiss/dmft/segment_impurity.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"

#include "dmft/exact_impurity.hpp"
#include "dmft/phonon_impurity.hpp"

namespace weiss {
namespace {

WeissField weiss_field(const DiscreteLehmann& basis, double u, double mu, const std::array<Bath, 2>& baths) {
  WeissField field{u, mu, 0, {}};
  for (const std::size_t s : {up, down})
    for (const std::int64_t n : basis.frequencies()) {
      Complex sum = 0;
      for (std::size_t p = 0; p < baths[s].energy.size(); ++p)
        sum += baths[s].coupling[p] * baths[s].coupling[p] /
               Complex(-baths[s].energy[p], fermionic_frequency(n, basis.beta()));
      field.hybridisation[s].push_back(sum);
    }
  return field;
}

void compare(double beta, double u, double mu, const std::array<Bath, 2>& baths, bool symmetric,
             double tolerance) {
  const DiscreteLehmann basis(beta, 8, 1e-10);
  const ExactImpurity exact(beta, {mu + u / 2, mu + u / 2}, {0, u, u, 0}, {baths[0], baths[1]});
  SegmentPlan plan;
  plan.streams = 40;
  plan.updates = 40000;
  plan.most_warm_up = 10000;
  std::vector<SegmentConfiguration> configurations;
  const SegmentSolution solved = solve_by_segments(weiss_field(basis, u, mu, baths), basis, symmetric, {},
                                                   plan, Communicator::world(), configurations);
  EXPECT_EQ(configurations.size(), 40U);
  EXPECT_EQ(solved.clipped, 0);
  const Estimate occupancy = solved.solution.double_occupancy;
  EXPECT_NEAR(occupancy.value, exact.overlap(0, 1), 5 * occupancy.error);
  for (const std::size_t s : {up, down}) {
    const int spin = static_cast<int>(s);
    EXPECT_NEAR(solved.solution.density[s].value, exact.density(spin),
                symmetric ? 1e-10 : 5 * solved.solution.density[s].error);
    EXPECT_NEAR(solved.solution.constant[s], u * (exact.density(1 - spin) - 0.5), 0.03);
    EXPECT_LT(solved.misfit[s], 2);
    for (std::size_t node = 0; node < basis.frequencies().size(); ++node) {
      const double w = fermionic_frequency(basis.frequencies()[node], beta);
      const Complex sigma = exact.self_energy(spin, w) - u / 2;
      EXPECT_LT(std::abs(solved.solution.self_energy[s][node] - sigma), tolerance) << s << " at " << w;
      const Complex green = exact.green_matsubara(spin, w);
      EXPECT_LT(std::abs(solved.solution.green[s][node] - green), tolerance) << s << " at " << w;
    }
  }
}

TEST(SegmentImpurity, AgreesWithFullDiagonalisation) {
  const Bath central{{0.0, 0.6, -0.6}, {0.4, 0.3, 0.3}};
  compare(10, 2, 0, {central, central}, true, 0.03);
  const Bath low{{-0.4, 0.7}, {0.5, 0.4}};
  compare(8, 2, 0.5, {low, low}, false, 0.04);
  compare(8, 2, 0.2, {low, central}, false, 0.04);
}

// A phonon, at half filling where U/2 - 2 g^2/w of the level is exact, and doped.
TEST(SegmentImpurity, AgreesWithFullDiagonalisationOfAPhonon) {
  const Phonon phonon{0.8, 0.55};
  const double beta = 6, u = 3, shift = u / 2 - 2 * phonon.slope();
  for (const double mu : {0.0, 0.4}) {
    const double bath_energy = mu == 0 ? 0 : -0.3;
    const DiscreteLehmann basis(beta, 14, 1e-10);
    const PhononImpurity exact(beta, {{mu + shift, bath_energy, 0.5}, {mu + shift, bath_energy, 0.5}},
                               {0, u, u, 0}, phonon, 30);
    SegmentPlan plan;
    plan.streams = 40;
    plan.updates = 40000;
    plan.most_warm_up = 10000;
    std::vector<SegmentConfiguration> configurations;
    const Bath bath{{bath_energy}, {0.5}};
    const SegmentSolution solved = solve_by_segments(weiss_field(basis, u, mu, {bath, bath}), basis, mu == 0,
                                                     {}, plan, Communicator::world(), configurations, phonon);
    EXPECT_DOUBLE_EQ(solved.self_energy_shift, shift);
    EXPECT_NEAR(solved.solution.double_occupancy.value, exact.overlap(0, 1),
                5 * solved.solution.double_occupancy.error);
    EXPECT_NEAR(solved.solution.density[0].value, exact.density(0),
                mu == 0 ? 1e-10 : 5 * solved.solution.density[0].error);
    EXPECT_LT(solved.misfit[0], 2);
    // What falls as 1/w, by Richardson.
    const double far = 4e3;
    const double moment =
        -far * (exact.self_energy(0, far).imag() * 4 / 3 - exact.self_energy(0, far / 2).imag() / 6);
    const double constant = exact.self_energy(0, far).real() - shift;
    EXPECT_NEAR(solved.solution.constant[0], constant, 0.02);
    const std::size_t last = basis.frequencies().size() - 1;
    const double w = fermionic_frequency(basis.frequencies()[last], beta);
    EXPECT_NEAR(-w * solved.solution.self_energy[0][last].imag(), -w * exact.self_energy(0, w).imag(),
                0.02 * moment);
    for (std::size_t node = 0; node <= last; ++node) {
      const double v = fermionic_frequency(basis.frequencies()[node], beta);
      EXPECT_LT(std::abs(solved.solution.self_energy[0][node] - exact.self_energy(0, v) + shift), 0.04) << v;
      EXPECT_LT(std::abs(solved.solution.green[0][node] - exact.green_matsubara(0, v)), 0.02) << v;
    }
  }
}

TEST(SegmentImpurity, PositiveHybridisationIsRefused) {
  const DiscreteLehmann basis(10, 8, 1e-10);
  const Bath bath{{0.3}, {0.5}};
  WeissField field = weiss_field(basis, 2, 0, {bath, bath});
  for (Complex& value : field.hybridisation[down]) value = -value;
  std::vector<SegmentConfiguration> configurations;
  EXPECT_THROW(solve_by_segments(field, basis, false, {}, {}, Communicator::world(), configurations), Error);
}

TEST(SegmentImpurity, NoInteractionIsNoSelfEnergy) {
  const DiscreteLehmann basis(10, 8, 1e-10);
  const Bath bath{{0.3}, {0.5}};
  SegmentPlan plan;
  plan.streams = 4;
  plan.updates = 5000;
  std::vector<SegmentConfiguration> configurations;
  const SegmentSolution solved = solve_by_segments(weiss_field(basis, 0, 0, {bath, bath}), basis, false, {},
                                                   plan, Communicator::world(), configurations);
  for (const Complex sigma : solved.solution.self_energy[up]) EXPECT_EQ(sigma, 0.0);
}

TEST(SegmentImpurity, NoiseAboveZeroIsCutOffAndReported) {
  const DiscreteLehmann basis(10, 8, 1e-10);
  const Bath bath{{0.3}, {0.5}};
  WeissField field = weiss_field(basis, 2, 0, {bath, bath});
  for (NodeValues& values : field.hybridisation)
    for (std::size_t node = 0; node < values.size(); ++node)
      values[node] -= 0.03 / Complex(3, fermionic_frequency(basis.frequencies()[node], basis.beta()));
  SegmentPlan plan;
  plan.streams = 4;
  plan.updates = 5000;
  std::vector<SegmentConfiguration> configurations;
  const SegmentSolution solved =
      solve_by_segments(field, basis, false, {}, plan, Communicator::world(), configurations);
  // 0.03 - 0.25/(1 + e^3) at tau = beta, of 0.25/(1 + e^-3) at 0.
  EXPECT_NEAR(solved.clipped, 0.0764, 0.002);
  EXPECT_TRUE(solved.informed[up] && solved.informed[down]);
  for (const Complex sigma : solved.solution.self_energy[up]) EXPECT_TRUE(std::isfinite(std::abs(sigma)));
}

// Nothing is measured then: the constant and the moment U^2 n (1 - n) of the other spin stand in.
TEST(SegmentImpurity, WithoutSegmentsTheMomentsStandIn) {
  const DiscreteLehmann basis(10, 8, 1e-10);
  const Bath far{{0.3}, {1e-6}};
  SegmentPlan plan;
  plan.streams = 4;
  plan.updates = 5000;
  std::vector<SegmentConfiguration> configurations;
  const SegmentSolution solved = solve_by_segments(weiss_field(basis, 2, 0, {far, far}), basis, false, {},
                                                   plan, Communicator::world(), configurations);
  EXPECT_FALSE(solved.informed[up] || solved.informed[down]);
  const double n = solved.solution.density[down].value;
  const double w = fermionic_frequency(basis.frequencies().back(), basis.beta());
  const Complex last = solved.solution.self_energy[up].back() - solved.solution.constant[up];
  EXPECT_NEAR((last * Complex(0, w)).real(), 4 * n * (1 - n), 0.05 * 4 * n * (1 - n) + 1e-9);
  for (const Complex sigma : solved.solution.self_energy[up]) EXPECT_TRUE(std::isfinite(std::abs(sigma)));
}

// A spin that hops is measured, whatever the other does.
TEST(SegmentImpurity, EachSpinIsInformedByItsOwnSegments) {
  const DiscreteLehmann basis(10, 8, 1e-10);
  SegmentPlan plan;
  plan.streams = 8;
  plan.updates = 20000;
  std::vector<SegmentConfiguration> configurations;
  const SegmentSolution solved =
      solve_by_segments(weiss_field(basis, 2, 0, {Bath{{0.3}, {0.5}}, Bath{{0.3}, {1e-6}}}), basis, false, {},
                        plan, Communicator::world(), configurations);
  EXPECT_TRUE(solved.informed[up]);
  EXPECT_FALSE(solved.informed[down]);
  EXPECT_GT(solved.misfit[up], 0);  // of its data
}

}  // namespace
}  // namespace weiss
