// The superconducting phase of weiss-hubbard-dmft: the partial particle-hole map c_down -> (-1)^i c+_down
// turns it, at half filling, into the antiferromagnet of the opposite U; and what the map says of the normal
// phase.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

std::string model(double interaction, const std::string& phase, const std::string& rest) {
  return "hopping = 0.5\ninteraction = " + std::to_string(interaction) + "\nphase = " + phase + "\n" + rest;
}

void expect_mapped(const TaskReport& pairs, const TaskReport& magnet, double accuracy) {
  EXPECT_EQ(hubbard_value(pairs, "converged"), 1);
  EXPECT_EQ(hubbard_value(magnet, "converged"), 1);
  EXPECT_NEAR(hubbard_value(pairs, "density"), 1, accuracy);
  EXPECT_NEAR(hubbard_value(pairs, "pair_amplitude"), hubbard_value(magnet, "magnetisation") / 2, accuracy);
  EXPECT_NEAR(hubbard_value(pairs, "double_occupancy"), 0.5 - hubbard_value(magnet, "double_occupancy"),
              accuracy);
  for (const char* name :
       {"kinetic_energy", "potential_energy", "quasiparticle_weight", "green_at_half_beta"})
    EXPECT_NEAR(hubbard_value(pairs, name), hubbard_value(magnet, name), accuracy) << name;
  // Sigma_up = Sigma_11 + Sigma_12, all frequencies.
  const std::vector<double>& normal = hubbard_result(pairs, "self_energy").mean;
  const std::vector<double>& anomalous = hubbard_result(pairs, "anomalous_self_energy").mean;
  const std::vector<double>& up = hubbard_result(magnet, "self_energy").mean;
  for (std::size_t i = 0; i < anomalous.size(); ++i)
    EXPECT_NEAR(normal[i] + anomalous[i], up[i], 30 * accuracy);
}

TEST(HubbardSuperconductor, HalfFillingIsTheAntiferromagnetInPerturbationTheory) {
  for (const char* lattice : {"kind = bethe", "kind = square\nmesh = 16"}) {
    const std::string hopping = "temperature = 0.03";
    const double u = lattice[7] == 'b' ? 1.5 : 3;
    const TaskReport pairs =
        run_hubbard(hubbard_deck(model(-u, "superconducting", hopping), "tolerance = 1e-11", lattice));
    const TaskReport magnet = run_hubbard(hubbard_deck(model(u, "antiferromagnetic", hopping),
                                                       "staggered_start = 0.9\ntolerance = 1e-11", lattice));
    expect_mapped(pairs, magnet, 1e-8);
    EXPECT_GT(hubbard_value(pairs, "pair_amplitude"), 0.3);
  }
}

TEST(HubbardSuperconductor, HalfFillingIsTheAntiferromagnetInDiagonalisation) {
  const std::string solver = "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-7";
  const TaskReport pairs =
      run_hubbard(hubbard_deck(model(-2, "superconducting", "temperature = 0.08"), solver));
  const TaskReport magnet =
      run_hubbard(hubbard_deck(model(2, "antiferromagnetic", "temperature = 0.08"), solver));
  expect_mapped(pairs, magnet, 1e-6);
  EXPECT_GT(hubbard_value(pairs, "pair_amplitude"), 0.3);
}

TEST(HubbardSuperconductor, OrderEndsAtItsTemperature) {
  for (const char* solver :
       {"solver = perturbation", "solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-6"})
    for (const char* density : {"", "\ndensity = 0.7"}) {
      const auto run = [&](const std::string& temperature) {
        const TaskReport report = run_hubbard(
            hubbard_deck(model(-1.5, "superconducting", "temperature = " + temperature + density), solver));
        EXPECT_EQ(hubbard_value(report, "converged"), 1) << solver << density << temperature;
        EXPECT_NEAR(hubbard_value(report, "density"), *density == 0 ? 1 : 0.7,
                    3e-3);  // the misfit of two sites
        return report;
      };
      const TaskReport cold = run("0.02"), hot = run("0.25");
      EXPECT_GT(hubbard_value(cold, "pair_amplitude"), 0.25) << solver << density;
      EXPECT_GT(hubbard_value(cold, "gap"), 0.1);
      EXPECT_LT(std::fabs(hubbard_value(hot, "pair_amplitude")), 1e-4) << solver << density;
      EXPECT_LT(hubbard_value(hot, "gap"), 1e-4);
    }
}

// Above its temperature the superconductor is the paramagnet.
TEST(HubbardSuperconductor, WithoutOrderIsTheParamagnet) {
  const std::string rest = "temperature = 0.2\ndensity = 0.7";
  const TaskReport pairs =
      run_hubbard(hubbard_deck(model(-1.5, "superconducting", rest), "tolerance = 1e-10"));
  const TaskReport normal = run_hubbard(hubbard_deck(model(-1.5, "paramagnetic", rest), "tolerance = 1e-10"));
  for (const char* name : {"density", "double_occupancy", "kinetic_energy", "quasiparticle_weight",
                           "chemical_potential", "green_at_half_beta"})
    EXPECT_NEAR(hubbard_value(pairs, name), hubbard_value(normal, name), 1e-7) << name;
}

TEST(HubbardSuperconductor, FunctionsAgreeWithEachOther) {
  const TaskReport report = run_hubbard(
      hubbard_deck(model(-2, "superconducting", "temperature = 0.05\nchemical_potential = -0.1"),
                   "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-6", "kind = bethe",
                   "[output]\nspectrum_range = -30, 30\nspectrum_points = 12001\nbroadening = 0.05\n"));
  EXPECT_EQ(hubbard_value(report, "converged"), 1);
  const double F = hubbard_value(report, "pair_amplitude");
  const std::vector<double>& in_time = hubbard_result(report, "anomalous_green_function_of_time").mean;
  EXPECT_NEAR(in_time.front(), F, 1e-8);  // F(0) = -F(beta) = <c_down c_up>
  EXPECT_NEAR(in_time.back(), -F, 1e-8);
  EXPECT_NEAR(hubbard_result(report, "green_function_of_time").mean.back(),
              -hubbard_value(report, "density") / 2, 1e-6);
  // The spectrum holds its sum rule and the density, and has a gap: twice the estimate within the broadening.
  const std::vector<double>& spectrum = hubbard_result(report, "spectral_function").mean;
  const double gap = hubbard_value(report, "gap"), step = 0.005;
  double norm = 0, peak = 0, at_peak = 0;
  for (std::size_t i = 0; i < 12001; ++i) {
    const double w = -30 + step * static_cast<double>(i);
    norm += spectrum[i] * step;
    EXPECT_GT(spectrum[i], 0);
    if (std::fabs(w) < 2 * gap && spectrum[i] > peak) {
      peak = spectrum[i];
      at_peak = std::fabs(w);
    }
  }
  EXPECT_NEAR(norm, 1 - 2 * 0.05 / (30 * std::numbers::pi), 1e-4);  // less the Lorentzian's tails
  EXPECT_LT(spectrum[6000], peak / 10);                             // w = 0
  EXPECT_NEAR(at_peak, gap, 0.25 * gap);
  for (const Result& each : report.results) EXPECT_EQ(each.name.find("magnetisation"), std::string::npos);
}

// D(-U) = 1/2 - D(U) and the same Z at half filling.
TEST(HubbardSuperconductor, AttractionIsRepulsionInEverySolver) {
  const std::string diagonalisation = "solver = exact_diagonalization\nbath_sites = 4\ntolerance = 1e-7";
  const TaskReport repulsive =
      run_hubbard(hubbard_deck(model(2, "paramagnetic", "beta = 10"), diagonalisation));
  const TaskReport attractive =
      run_hubbard(hubbard_deck(model(-2, "paramagnetic", "beta = 10"), diagonalisation));
  EXPECT_NEAR(hubbard_value(attractive, "double_occupancy"),
              0.5 - hubbard_value(repulsive, "double_occupancy"), 1e-7);
  EXPECT_NEAR(hubbard_value(attractive, "quasiparticle_weight"),
              hubbard_value(repulsive, "quasiparticle_weight"), 1e-6);
  const TaskReport sampled =
      run_hubbard(hubbard_deck(model(-2, "paramagnetic", "beta = 10"),
                               "solver = ct_hyb\nstreams = 8\nupdates = 20000\nmeasured_iterations = 40"));
  for (const char* name : {"double_occupancy", "quasiparticle_weight", "kinetic_energy", "density"}) {
    const Result& found = hubbard_result(sampled, name);
    EXPECT_LT(std::fabs(found.mean[0] - hubbard_value(attractive, name)), 6 * found.error[0] + 1e-9) << name;
    EXPECT_LT(found.error[0], 0.02) << name;
  }
}

// At strong attraction perturbation theory, exact in the atom, is close to exact. Infinite attraction has
// <c_down c_up> = sqrt(n (2 - n))/2, which is 0.477 at n = 0.7.
TEST(HubbardSuperconductor, SolversAgreeOnTightPairs) {
  const std::string rest = "temperature = 0.02\ndensity = 0.7";
  const TaskReport exact =
      run_hubbard(hubbard_deck(model(-3, "superconducting", rest),
                               "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-5"));
  const TaskReport second = run_hubbard(hubbard_deck(model(-3, "superconducting", rest)));
  for (const char* name : {"pair_amplitude", "double_occupancy", "kinetic_energy", "energy", "gap"})
    EXPECT_NEAR(hubbard_value(second, name) / hubbard_value(exact, name), 1, 0.01) << name;
  EXPECT_NEAR(hubbard_value(exact, "pair_amplitude"), 0.4477, 5e-4);
  EXPECT_NEAR(hubbard_value(exact, "gap"), 1.102, 2e-3);
}

// Off half filling, where an attraction makes the density soft.
TEST(HubbardSuperconductor, FixedDensityIsFound) {
  for (const char* phase : {"paramagnetic", "superconducting"}) {
    const TaskReport report =
        run_hubbard(hubbard_deck(model(-2, phase, "temperature = 0.05\ndensity = 0.6"),
                                 "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-5"));
    EXPECT_EQ(hubbard_value(report, "converged"), 1) << phase;
    EXPECT_NEAR(hubbard_value(report, "density"), 0.6, 1e-3);
  }
  const std::string rest = "beta = 10\ndensity = 0.7";
  const TaskReport exact = run_hubbard(hubbard_deck(
      model(-2, "paramagnetic", rest), "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-6"));
  const TaskReport sampled =
      run_hubbard(hubbard_deck(model(-2, "paramagnetic", rest),
                               "solver = ct_hyb\nstreams = 8\nupdates = 20000\nmeasured_iterations = 40"));
  EXPECT_EQ(hubbard_value(sampled, "converged"), 1);
  for (const char* name : {"density", "double_occupancy", "quasiparticle_weight"}) {
    const Result& found = hubbard_result(sampled, name);
    EXPECT_LT(std::fabs(found.mean[0] - hubbard_value(exact, name)), 6 * found.error[0]) << name;
    EXPECT_LT(found.error[0], 0.02) << name;
  }
}

}  // namespace
}  // namespace weiss
