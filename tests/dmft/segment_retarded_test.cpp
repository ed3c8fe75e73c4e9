// The retarded interaction of the segment picture: the closed form of a polaron, the plain twin's walk, and
// impurities with a phonon against full diagonalisation.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/phonon_energy.hpp"

#include "dmft/phonon_impurity.hpp"
#include "dmft/segment_cases.hpp"
#include "dmft/segment_reference.hpp"

namespace weiss {
namespace {

struct PhononCase {
  const char* name;
  PhononImpurity exact;
};

std::vector<PhononCase> phonon_cases() {
  const std::vector<double> band{0, 4, 4, 0}, none{0};
  const double half = 2 - 2 * 0.6 * 0.6 / 0.8;  // U/2 - 2 g^2/w
  std::vector<double> three(9, 1.5);
  for (const std::size_t a : {0U, 4U, 8U}) three[a] = 0;
  return {
      {"one flavour", {6, {{-0.2, 0.1, 0.6}}, none, {0.7, 0.5}, 30}},
      {"half filling", {5, {{half, 0, 0.5}, {half, 0, 0.5}}, band, {0.8, 0.6}, 40}},
      {"doped", {8, {{0.3, 0.3, 0.6}, {0.5, -0.2, 0.4}}, band, {1.5, 0.7}, 24}},
      {"attractive", {4, {{-1.0, 0.2, 0.5}, {-1.0, 0.2, 0.5}}, {0, 0.5, 0.5, 0}, {1.0, 0.7}, 40}},
      {"three flavours", {4, {{0.4, 0.2, 0.5}, {0.2, 0, 0.6}, {0.6, -0.3, 0.4}}, three, {1.2, 0.5}, 18}},
  };
}

// Without hopping: G(tau) = -(1 - n) exp((mu + g^2/w) tau - K(tau)) (I. G. Lang, Yu. A. Firsov, Sov. Phys.
// JETP 16, 1301 (1963)).
TEST(SegmentRetarded, OracleAndKernelArePolarons) {
  const double beta = 5, mu = -0.4;
  const Phonon phonon{0.9, 0.6};
  const PhononImpurity exact(beta, {{mu, 0, 0}}, {0}, phonon, 40);
  const double screened = mu + phonon.slope();
  const double n = 1 / (1 + std::exp(-beta * screened));
  EXPECT_NEAR(exact.density(0), n, 1e-10);
  const std::vector<double> kernel = phonon_screening(beta, phonon, 1024);
  for (const std::size_t i : {0U, 1U, 100U, 512U, 900U, 1024U}) {
    const double tau = beta * static_cast<double>(i) / 1024;
    EXPECT_NEAR(exact.green(0, tau), -(1 - n) * std::exp(screened * tau - kernel[i]), 1e-9) << i;
  }
  EXPECT_NEAR((kernel[1] - kernel[0]) * 1024 / beta, phonon.slope(), 1e-2 * phonon.slope());
}

TEST(SegmentRetarded, WalksLikeItsTwin) {
  SegmentSettings settings;
  settings.exchange_interval = 0;
  settings.shift_weight = 20;
  for (const std::uint64_t window : {1ULL << 32, 1ULL << 30}) {
    settings.window = window;
    for (const PhononCase& c : phonon_cases()) {
      const SegmentProblem problem = c.exact.problem();
      SegmentStream stream(problem, settings, 7, 3, 5);
      SegmentReference twin(problem, settings, 7, 3, 5);
      for (std::uint64_t t = 0; t < 3000; ++t) {
        stream.warm_up(1);
        twin.update(t);
        const SegmentConfiguration fast = stream.configuration(), slow = twin.configuration();
        for (std::size_t a = 0; a < fast.size(); ++a) {
          ASSERT_EQ(fast[a].start, slow[a].start) << c.name << " update " << t;
          ASSERT_EQ(fast[a].end, slow[a].end) << c.name << " update " << t;
          ASSERT_EQ(fast[a].full, slow[a].full) << c.name << " update " << t;
        }
      }
    }
  }
}

TEST(SegmentRetarded, SameBitsOnEveryTarget) {
  const SegmentProblem problem = phonon_cases()[2].exact.problem();
  std::vector<SegmentBlock> blocks;
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512}) {
    if (!supported(target)) continue;
    SegmentStream stream(problem, {}, 1, 2, 3, target);
    stream.warm_up(1000);
    stream.run(20000);
    blocks.push_back(stream.take_block());
    EXPECT_EQ(blocks.back().overlap, blocks[0].overlap) << name(target);
    EXPECT_EQ(blocks.back().histogram, blocks[0].histogram) << name(target);
  }
}

TEST(SegmentRetarded, AgreesWithFullDiagonalisation) {
  ZScores z;
  std::uint64_t task = 700;
  for (const PhononCase& c : phonon_cases()) {
    const SegmentProblem problem = c.exact.problem();
    SegmentSettings settings;
    settings.exchange_interval = 200;
    const SegmentResults results = run_chains(problem, settings, task++, 40, 20000);
    const Estimates density = results.density(), order = results.order(), overlap = results.overlap();
    for (int a = 0; a < c.exact.flavours(); ++a) {
      const auto flavour = static_cast<std::size_t>(a);
      const std::string name = c.name + (" " + std::to_string(a));
      z.compare(name + " density", density, a, c.exact.density(a));
      z.compare(name + " order", order, a, c.exact.order(a));
      for (int b = 0; b < a; ++b)
        z.compare(name + " overlap", overlap, a * c.exact.flavours() + b, c.exact.overlap(a, b));
      const Estimates tau = results.green_tau(flavour, 512);
      for (const int i : {3, 100, 256, 500})
        z.compare(name + " G(tau)", tau, i, c.exact.green(a, problem.beta * (i + 0.5) / 512));
      const Estimates sigma = results.self_energy(flavour, 20);
      for (const int n : {0, 1, 4, 19}) {
        const Complex exact = c.exact.self_energy(a, fermionic_frequency(n, problem.beta));
        z.compare(name + " Re Sigma", sigma, n, exact.real());
        z.compare(name + " Im Sigma", sigma, n + 20, exact.imag());
      }
    }
    EXPECT_EQ(results.sign().mean[0], 1) << c.name;
  }
  EXPECT_LT(z.mean_square(), 1.6) << z.count();
  EXPECT_GT(z.mean_square(), 0.6) << z.count();
}

// The oracle couples to n: r = 0, or with g <x> r more.
TEST(SegmentRetarded, EnergiesOfPhonons) {
  std::uint64_t task = 800;
  for (const PhononCase& c : phonon_cases()) {
    const SegmentProblem problem = c.exact.problem();
    const Phonon phonon = c.exact.phonon();
    SegmentSettings settings;
    settings.density_interval = 100;
    const SegmentResults results = run_chains(problem, settings, task++, 40, 20000);
    const PhononEnergies energies = phonon_energies(results, problem.beta, phonon, 0);
    EXPECT_NEAR(energies.coupling.value, c.exact.coupling_energy(0), 4 * energies.coupling.error + 1e-3)
        << c.name;
    EXPECT_NEAR(energies.phonon.value, c.exact.phonon_energy(), 4 * energies.phonon.error + 1e-3) << c.name;
    EXPECT_LT(energies.coupling.error, 0.05) << c.name;
    // (n - 1)^2 = n^2 - 2 n + 1.
    const PhononEnergies shifted = phonon_energies(results, problem.beta, phonon, 1);
    double electrons = 0;
    for (const double n : results.density().mean) electrons += n;
    const double slope = phonon.slope();
    EXPECT_NEAR(shifted.coupling.value, energies.coupling.value + 2 * slope * (2 * electrons - 1), 1e-9);
  }
}

TEST(SegmentRetarded, WhatIsNoScreeningIsRefused) {
  SegmentProblem problem = phonon_cases()[0].exact.problem();
  problem.screening[100] += 1e-3;
  EXPECT_THROW(check(problem), Error);
  problem = phonon_cases()[0].exact.problem();
  problem.screening.pop_back();
  EXPECT_THROW(check(problem), Error);
  problem = phonon_cases()[0].exact.problem();
  problem.screening.front() = problem.screening.back() = 0.1;
  EXPECT_THROW(check(problem), Error);
}

}  // namespace
}  // namespace weiss
