// Values of weiss-hubbard-dmft against exact limits and published numbers.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

TEST(HubbardDmftValues, PerturbationTheoryOnTheBetheLattice) {
  // Double occupancy and quasi-particle weight, independently iterated with 2^14 frequencies.
  const struct {
    double beta, interaction, double_occupancy, weight;
  } expected[] = {{20, 2, 0.08222, 0.3175},   {25, 2, 0.08589, 0.3297},   {32, 2, 0.08821, 0.3372},
                  {50, 2, 0.09017, 0.3430},   {100, 2, 0.09115, 0.3457},  {200, 2, 0.09139, 0.3463},
                  {20, 2.5, 0.02751, 0.0462}, {25, 2.5, 0.04658, 0.1429}, {32, 2.5, 0.05280, 0.1747},
                  {200, 2.5, 0.05801, 0.1951}};
  for (const auto& each : expected) {
    const TaskReport report =
        run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = " + std::to_string(each.interaction) +
                                 "\nbeta = " + std::to_string(each.beta)));
    EXPECT_EQ(hubbard_value(report, "converged"), 1);
    EXPECT_NEAR(hubbard_value(report, "double_occupancy"), each.double_occupancy, 6e-6) << each.beta;
    EXPECT_NEAR(hubbard_value(report, "quasiparticle_weight"), each.weight, 6e-5) << each.beta;
    EXPECT_NEAR(hubbard_value(report, "density"), 1, 1e-7);
  }
}

TEST(HubbardDmftValues, MetalAndInsulatorBetweenTheSpinodals) {
  const std::string model = "hopping = 0.5\ninteraction = 3\nbeta = 200";
  EXPECT_NEAR(hubbard_value(run_hubbard(hubbard_deck(model)), "double_occupancy"), 0.02937, 6e-6);
  EXPECT_NEAR(
      hubbard_value(run_hubbard(hubbard_deck(model, "solution_start = insulator")), "double_occupancy"),
      0.01605, 6e-6);
}

// The same solution on both axes: of two branches the one that the Matsubara axis chose, doped, and ordered.
TEST(HubbardDmftValues, PerturbationTheoryOnTheRealAxis) {
  const std::string output = "[output]\ncontinuation = real_axis\nspectrum_points = 401\n";
  for (const char* start : {"metal", "insulator"}) {
    const TaskReport report =
        run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 2.6\nbeta = 32",
                                 std::string("solution_start = ") + start, "kind = bethe", output));
    EXPECT_EQ(hubbard_value(report, "real_axis_converged"), 1);
    EXPECT_LE(hubbard_value(report, "real_axis_deviation"), 1e-5);
    const double centre = hubbard_result(report, "spectral_function").mean[200];
    EXPECT_NEAR(centre, std::string(start) == "metal" ? 0.45 : 0.03, 0.05);
  }
  const TaskReport doped =
      run_hubbard(hubbard_deck("interaction = 4\nbeta = 5\ndensity = 0.8", "", "kind = square\nmesh = 32",
                               output + "broadening = 0.2\nspectrum_range = -20, 20"));
  EXPECT_LE(hubbard_value(doped, "real_axis_deviation"), 1e-6);
  double norm = 0;
  for (int i = 0; i < 401; ++i)
    norm += 0.1 * hubbard_result(doped, "spectral_function").mean[static_cast<std::size_t>(i)];
  EXPECT_NEAR(norm, 1, 0.01);
  const TaskReport ordered =
      run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 2\nbeta = 20\nphase = antiferromagnetic",
                               "mixing = linear\nstaggered_start = 0.8", "kind = bethe", output));
  EXPECT_LE(hubbard_value(ordered, "real_axis_deviation"), 1e-6);
  EXPECT_GT(hubbard_value(ordered, "magnetisation"), 0.5);
}

// A fast phonon only lowers U by 2 g^2/w; what it does to hopping, exp(-(g/w)^2), is 1 %.
TEST(HubbardDmftValues, FastPhononsScreenTheInteraction) {
  const std::string algorithm = "solver = ct_hyb\nstreams = 16\nupdates = 5000\nmeasured_iterations = 20";
  const std::string common = "hopping = 0.5\nbeta = 8\nchemical_potential = -0.6\n";
  const TaskReport plain = run_hubbard(hubbard_deck(common + "interaction = 2", algorithm));
  const TaskReport screened = run_hubbard(
      hubbard_deck(common + "interaction = 2.8\nphonon_frequency = 40\nphonon_coupling = 4", algorithm));
  const TaskReport unscreened = run_hubbard(hubbard_deck(common + "interaction = 2.8", algorithm));
  for (const char* name : {"density", "double_occupancy", "quasiparticle_weight"}) {
    const double value = hubbard_value(plain, name);
    EXPECT_NEAR(hubbard_value(screened, name), value, 0.015 + 0.02 * value) << name;
  }
  EXPECT_LT(hubbard_value(unscreened, "double_occupancy"), 0.7 * hubbard_value(plain, "double_occupancy"));
}

TEST(HubbardDmftValues, FreeElectrons) {
  const TaskReport report = run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 0\nbeta = 50"));
  EXPECT_NEAR(hubbard_value(report, "green_at_half_beta"), -0.03992064356, 1e-10);
  EXPECT_NEAR(hubbard_value(report, "double_occupancy"), 0.25, 1e-10);
  double energy = 0;  // 2 int rho e/(exp(beta e) + 1), e = cos a
  constexpr int points = 20000;
  for (int i = 0; i < points; ++i) {
    const double a = std::numbers::pi * (i + 0.5) / points;
    energy += 4 * std::sin(a) * std::sin(a) / points * std::cos(a) / (std::exp(50 * std::cos(a)) + 1);
  }
  EXPECT_NEAR(hubbard_value(report, "kinetic_energy"), energy, 1e-10);
  // Doped, where mu is found: that of the same integral.
  const TaskReport doped =
      run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 0\nbeta = 50\ndensity = 0.7"));
  const double mu = hubbard_value(doped, "chemical_potential");
  double density = 0;
  for (int i = 0; i < points; ++i) {
    const double a = std::numbers::pi * (i + 0.5) / points;
    density += 4 * std::sin(a) * std::sin(a) / points / (std::exp(50 * (std::cos(a) - mu)) + 1);
  }
  EXPECT_NEAR(density, 0.7, 1e-9);
}

TEST(HubbardDmftValues, TheAtomIsExactAtAnyFilling) {
  // A narrow band: perturbation theory interpolates to the atom.
  const double u = 2, beta = 4, mu = -0.4, z0 = std::exp(beta * (mu + u / 2));
  const double z = 1 + 2 * z0 + std::exp(2 * beta * mu);
  const TaskReport report = run_hubbard(hubbard_deck(
      "hopping = 1e-4\ninteraction = 2\nbeta = 4\nchemical_potential = -0.4", "tolerance = 1e-9"));
  EXPECT_EQ(hubbard_value(report, "converged"), 1);
  EXPECT_NEAR(hubbard_value(report, "density"), (2 * z0 + 2 * std::exp(2 * beta * mu)) / z, 1e-6);
  EXPECT_NEAR(hubbard_value(report, "double_occupancy"), std::exp(2 * beta * mu) / z, 1e-6);
}

TEST(HubbardDmftValues, AttractionIsRepulsionSeenThroughParticlesAndHoles) {
  const std::string rest = "hopping = 0.5\nbeta = 30\ninteraction = ";
  const TaskReport repulsive = run_hubbard(hubbard_deck(rest + "1.5"));
  const TaskReport attractive = run_hubbard(hubbard_deck(rest + "-1.5"));
  EXPECT_NEAR(hubbard_value(attractive, "double_occupancy"),
              0.5 - hubbard_value(repulsive, "double_occupancy"), 1e-9);
  EXPECT_NEAR(hubbard_value(attractive, "quasiparticle_weight"),
              hubbard_value(repulsive, "quasiparticle_weight"), 1e-9);
}

TEST(HubbardDmftValues, AntiferromagnetismBelowItsTemperature) {
  const auto order = [](const std::string& temperature) {
    const TaskReport report =
        run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 1.5\nphase = antiferromagnetic"
                                 "\ntemperature = " +
                                 temperature));
    EXPECT_EQ(hubbard_value(report, "converged"), 1) << temperature;
    EXPECT_NEAR(hubbard_value(report, "density"), 1, 1e-8);
    return hubbard_value(report, "magnetisation");
  };
  EXPECT_GT(order("0.02"), 0.3);
  EXPECT_LT(std::fabs(order("0.3")), 1e-6);
}

// U = 2 D, beta D = 50: five, six and seven bath sites give 0.081099(3) and Z = 0.25737.
TEST(HubbardDmftValues, DiagonalisationAndMonteCarloAgree) {
  const std::string model = "hopping = 0.5\ninteraction = 2\nbeta = 50";
  const TaskReport exact =
      run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\ntolerance = 1e-5"));
  EXPECT_EQ(hubbard_value(exact, "converged"), 1);
  EXPECT_NEAR(hubbard_value(exact, "double_occupancy"), 0.081099, 1e-5);
  EXPECT_NEAR(hubbard_value(exact, "quasiparticle_weight"), 0.25737, 1e-4);
  const TaskReport sampled = run_hubbard(
      hubbard_deck(model, "solver = ct_hyb\nstreams = 16\nupdates = 50000\nmeasured_iterations = 40"));
  EXPECT_EQ(hubbard_value(sampled, "converged"), 1);
  for (const char* name : {"double_occupancy", "quasiparticle_weight", "kinetic_energy", "energy"}) {
    const Result& found = hubbard_result(sampled, name);
    EXPECT_LT(std::fabs(found.mean[0] - hubbard_value(exact, name)), 6 * found.error[0]) << name;
    EXPECT_LT(found.error[0], 0.02 * std::fabs(found.mean[0])) << name;
  }
}

// The scatter of independent runs about the exact answer is that of their error bars.
TEST(HubbardDmftValues, ErrorBarsOfSampledIterationsHaveTheirSize) {
  const std::string model = "hopping = 0.5\ninteraction = 2\nbeta = 10";
  const TaskReport exact =
      run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\ntolerance = 1e-6"));
  double squares = 0, quoted = 0;
  constexpr int runs = 8;
  for (int seed = 1; seed <= runs; ++seed) {
    const TaskReport sampled =
        run_hubbard(hubbard_deck(model, "solver = ct_hyb\nstreams = 4\nupdates = 20000", "kind = bethe",
                                 "seed = " + std::to_string(seed) + "\n"));
    const Result& found = hubbard_result(sampled, "double_occupancy");
    const double deviation = found.mean[0] - hubbard_value(exact, "double_occupancy");
    EXPECT_LT(std::fabs(deviation), 6 * found.error[0]);
    squares += deviation * deviation;
    quoted += found.error[0] * found.error[0];
  }
  // Of chi^2 with 8 degrees of freedom, beyond either once in a thousand.
  EXPECT_LT(squares / quoted, 3.3);
  EXPECT_GT(squares / quoted, 0.1);
}

TEST(HubbardDmftValues, SpectraOfDiagonalisationHoldTheirSumRule) {
  const TaskReport report = run_hubbard(
      hubbard_deck("hopping = 0.5\ninteraction = 2\nbeta = 20",
                   "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-4", "kind = bethe",
                   "[output]\nspectrum_range = -30, 30\nspectrum_points = 6001\nbroadening = 0.1\n"));
  const Result& spectrum = hubbard_result(report, "spectral_function");
  double norm = 0;
  for (std::size_t i = 0; i < 6001; ++i) {
    EXPECT_GT(spectrum.mean[i], 0);
    norm += spectrum.mean[i] * 0.01;
  }
  EXPECT_NEAR(norm, 1 - 2 * 0.1 / (30 * std::numbers::pi), 1e-4);  // less the Lorentzian's tails
}

TEST(HubbardDmftValues, ATableOfDensitiesIsTheBandItHolds) {
  const std::string path = std::filesystem::temp_directory_path() / "weiss_semicircle.txt";
  {
    std::ofstream file(path);
    file.precision(17);
    file << "# energy density\n";
    for (int i = 0; i <= 2000; ++i) {
      const double e = -std::cos(std::numbers::pi * i / 2000);
      file << e << " " << std::sqrt(std::fmax(0, 1 - e * e)) << "\n";
    }
  }
  const std::string model = "hopping = 0.5\ninteraction = 2\nbeta = 20\n";
  const TaskReport table = run_hubbard(hubbard_deck(model, "", "kind = file\ndensity_of_states = " + path));
  const TaskReport bethe = run_hubbard(hubbard_deck(model));
  std::filesystem::remove(path);
  EXPECT_NEAR(hubbard_value(table, "double_occupancy"), hubbard_value(bethe, "double_occupancy"), 1e-5);
}

TEST(HubbardDmftValues, EveryIterationIsKept) {
  const TaskReport report = run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 2\nbeta = 20"));
  const auto iterations = static_cast<std::size_t>(hubbard_value(report, "iterations"));
  const Result& kept = hubbard_result(report, "double_occupancy_of_iterations");
  ASSERT_EQ(kept.mean.size(), iterations);
  EXPECT_EQ(kept.mean.back(), hubbard_value(report, "double_occupancy"));
}

}  // namespace
}  // namespace weiss
