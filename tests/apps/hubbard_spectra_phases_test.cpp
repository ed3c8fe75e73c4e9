// Spectra of superconductors and of two orbitals in weiss-hubbard-dmft: sum rules, the antiferromagnet of the
// opposite U, both solvers, free electrons, refusals.
#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

#include "hubbard_spectra_checks.hpp"

namespace weiss {
namespace {

using std::numbers::pi;

std::span<const double> row_of(const Result& spectra, std::size_t row) {
  const std::size_t points = spectra.info.axes[1].values.size();
  return std::span(spectra.mean).subspan(row * points, points);
}

// m_1 = <e> - mu + U (n - 1/2), m_2 - m_1^2 = variance of the band + U^2 n (1 - n): what pairs take from the
// self-energy's weight, (U F)^2, they give back as Sigma_12. The same of wave vectors, without the variance.
TEST(HubbardSpectraOfPairs, Moments) {
  for (const std::string& algorithm :
       {std::string("solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-5"), std::string()}) {
    const TaskReport report = run_hubbard(hubbard_deck(
        "interaction = -4\nbeta = 10\nphase = superconducting\ndensity = 0.8", algorithm,
        "kind = square\nmesh = 32",
        (algorithm.empty() ? output + "pade\ncontinuation_error = 1e-8\n" : std::string("[output]\n")) +
            "path = true\npath_points = 9\n" + wide));
    EXPECT_GT(hubbard_value(report, "pair_amplitude"), 0.2);
    if (algorithm.empty()) {
      EXPECT_EQ(hubbard_value(report, "continuation_trusted"), 1)
          << hubbard_result(report, "continuation_trusted").info.long_name;
    }
    const double n = hubbard_value(report, "density") / 2, mu = hubbard_value(report, "chemical_potential");
    const auto local = moments(report, down, 0.4);
    EXPECT_NEAR(local[0], 1, 2e-4);
    EXPECT_NEAR(local[1], -4 * (n - 0.5) - mu, 0.02);
    EXPECT_NEAR(local[2] - local[1] * local[1], 4 + 16 * n * (1 - n), 0.03);
    const Result& spectra = hubbard_result(report, "spectral_function_of_path");
    const Result& band = hubbard_result(report, "band_of_path");
    for (std::size_t k = 0; k < band.mean.size(); ++k) {
      const auto found = moments(row_of(spectra, k), spectra.info.axes[1], 0.4);
      EXPECT_NEAR(found[0], 1, 1e-3);
      EXPECT_NEAR(found[1], band.mean[k] - 4 * (n - 0.5), 0.02);
      EXPECT_NEAR(found[2] - found[1] * found[1], 16 * n * (1 - n), 0.05);
    }
  }
}

// At half filling the superconductor is the antiferromagnet of -U with its moments turned into the plane,
// whose spectra the real axis knows: A(w) is the mean of its spins, A(k, w) the same, Sigma_12 half the
// difference.
TEST(HubbardSpectraOfPairs, AreThoseOfTheAntiferromagnet) {
  const std::string rest =
      "spectrum_range = -8, 8\nspectrum_points = 161\nbroadening = 0.2\npath = true\n"
      "path_points = 13\n";
  const auto run = [&](const std::string& model, const std::string& method) {
    return run_hubbard(
        hubbard_deck(model + "\nbeta = 20", "", "kind = square\nmesh = 32", output + method + "\n" + rest));
  };
  const TaskReport magnet = run("interaction = 4\nphase = antiferromagnetic", "real_axis");
  const Result& spins = hubbard_result(magnet, "spectral_function");
  const Result& sigma = hubbard_result(magnet, "self_energy_of_frequency");
  const Result& along = hubbard_result(magnet, "spectral_function_of_path");
  for (const auto& [method, error] : {std::pair{"pade", "1e-8"}, std::pair{"maximum_entropy", "1e-4"}}) {
    const TaskReport pairs = run("interaction = -4\nphase = superconducting",
                                 std::string(method) + "\ncontinuation_error = " + error);
    EXPECT_EQ(hubbard_value(pairs, "continuation_trusted"), 1)
        << hubbard_result(pairs, "continuation_trusted").info.long_name;
    const Result& spectrum = hubbard_result(pairs, "spectral_function");
    const Result& anomalous = hubbard_result(pairs, "anomalous_self_energy_of_frequency");
    const Result& path = hubbard_result(pairs, "spectral_function_of_path");
    double off = 0, off_path = 0;
    for (std::size_t i = 0; i < 161; ++i) {
      off += 0.1 * std::fabs(spectrum.mean[i] - (spins.mean[i] + spins.mean[161 + i]) / 2);
      for (const std::size_t part : {2 * i, 2 * i + 1})
        EXPECT_NEAR(std::fabs(anomalous.mean[part]), std::fabs(sigma.mean[part] - sigma.mean[322 + part]) / 2,
                    3 * anomalous.error[part] + 1e-4);
    }
    for (std::size_t i = 0; i < path.mean.size(); ++i)
      off_path = std::max(off_path, std::fabs(path.mean[i] - along.mean[i]));
    std::printf("%s: int |A - A'| dw %.5f, largest of A(k, w) %.5f\n", method, off, off_path);
    EXPECT_LT(off, 0.01);
    EXPECT_LT(off_path, 0.02);
    // Gap and back-bending: at X as much below as above, and nothing at w = 0.
    const auto at_x = row_of(path, 4);
    EXPECT_NEAR(at_x[60], at_x[100], 1e-2);
    EXPECT_LT(at_x[80], 0.3 * *std::ranges::max_element(at_x));
  }
}

// Off half filling, where nothing is known but both methods have their own idea of the error.
TEST(HubbardSpectraOfPairs, MethodsAgreeAtAnyDensity) {
  const auto run = [](const std::string& method) {
    return run_hubbard(hubbard_deck(
        "hopping = 0.5\ninteraction = -2\nbeta = 20\ndensity = 0.7\nphase = superconducting", "",
        "kind = bethe",
        output + method + "\nbroadening = 0.25\nspectrum_points = 101\ncontinuation_error = 1e-8\n"));
  };
  const TaskReport pade = run("pade"), bounds = run("nevanlinna");
  for (const TaskReport* each : {&pade, &bounds}) {
    EXPECT_EQ(hubbard_value(*each, "continuation_trusted"), 1)
        << hubbard_result(*each, "continuation_trusted").info.long_name;
    EXPECT_EQ(hubbard_result(*each, "anomalous_self_energy_of_frequency").mean.size(), 202U);
  }
  EXPECT_LT(distance(pade, bounds), 0.04);
  for (const char* name : {"spectral_function", "anomalous_self_energy_of_frequency"}) {
    const Result &inside = hubbard_result(pade, name), &limit = hubbard_result(bounds, name);
    for (std::size_t i = 0; i < inside.mean.size(); ++i)
      EXPECT_LE(std::fabs(inside.mean[i] - limit.mean[i]), 2 * limit.error[i] + 3 * inside.error[i] + 1e-6);
  }
}

// Without order Sigma_+ is Sigma_11, and the spectra are those of the paramagnet.
TEST(HubbardSpectraOfPairs, WithoutOrderAreThoseOfTheParamagnet) {
  const auto run = [](const std::string& phase) {
    return run_hubbard(hubbard_deck(
        "hopping = 0.5\ninteraction = -1.5\ntemperature = 0.2\ndensity = 0.7\nphase = " + phase,
        "tolerance = 1e-10", "kind = bethe", output + "pade\ncontinuation_error = 1e-8\nbroadening = 0.2\n"));
  };
  const TaskReport pairs = run("superconducting"), normal = run("paramagnetic");
  EXPECT_LT(distance(pairs, normal), 0.01);
  for (const double each : hubbard_result(pairs, "anomalous_self_energy_of_frequency").mean)
    EXPECT_LT(std::fabs(each), 0.01);
}

// A range that lies on one side has what it needs of the other.
TEST(HubbardSpectraOfPairs, OnOneSideAreThoseOfBoth) {
  const auto run = [](const std::string& range) {
    return run_hubbard(
        hubbard_deck("hopping = 0.5\ninteraction = -2\ntemperature = 0.05\nchemical_potential = -0.1\n"
                     "phase = superconducting",
                     "solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-5", "kind = bethe",
                     "[output]\n" + range + "\nbroadening = 0.1\n"));
  };
  const TaskReport both = run("spectrum_range = -3, 3\nspectrum_points = 61");
  const TaskReport one = run("spectrum_range = 0.5, 3\nspectrum_points = 26");
  for (std::size_t i = 0; i < 26; ++i)
    EXPECT_NEAR(hubbard_result(one, "spectral_function").mean[i],
                hubbard_result(both, "spectral_function").mean[35 + i], 1e-9);
}

const std::string split =
    "orbitals = 2\ninteraction = 2\nhund_coupling = 0.3\nbeta = 6\nhopping = 0.5\n"
    "second_hopping = 0.3\ncrystal_field = 0.2\nchemical_potential = -0.3";

// m_1 = level_a - mu + Hartree's part, m_2 - m_1^2 = variance of the band + weight of Sigma_a; along the path
// the sums of both.
TEST(HubbardSpectraOfOrbitals, Moments) {
  const TaskReport report = run_hubbard(hubbard_deck(
      split, "solver = exact_diagonalization\nbath_sites = 1\ntolerance = 1e-6", "kind = square\nmesh = 32",
      "[output]\npath = true\npath_points = 9\nfermi_surface = true\nfermi_surface_points = 33\n" + wide));
  const HundInteraction u(2, 0.3);
  const Result &densities = hubbard_result(report, "orbital_density"),
               &doubled = hubbard_result(report, "orbital_double_occupancy");
  ImpuritySolution solution;
  solution.orbitals = OrbitalAverages{};
  solution.orbitals->opposite.value = hubbard_value(report, "opposite_spins");
  solution.orbitals->equal.value = hubbard_value(report, "equal_spins");
  for (const std::size_t a : {0U, 1U}) {
    solution.density[a].value = densities.mean[a] / 2;
    solution.orbitals->double_occupancy[a].value = doubled.mean[a];
  }
  EXPECT_GT(densities.mean[1], densities.mean[0] + 0.05);
  std::array<double, 2> hartree{}, weight{};
  for (const std::size_t a : {0U, 1U}) {
    hartree[a] = u.hartree(a, {solution.density[0].value, solution.density[1].value});
    weight[a] = self_energy_weight(u, solution, a);
    const auto found = moments(report, a, 0.4);
    EXPECT_NEAR(found[0], 1, 2e-4);
    EXPECT_NEAR(found[1], (a == 0 ? 0.1 : -0.1) + 0.3 + hartree[a], 0.01);
    EXPECT_NEAR(found[2] - found[1] * found[1], (a == 0 ? 1 : 0.36) + weight[a], 0.01);
  }
  const Result& spectra = hubbard_result(report, "spectral_function_of_path");
  const Result& band = hubbard_result(report, "band_of_path");
  ASSERT_EQ(band.mean.size(), 18U);
  EXPECT_NEAR(band.mean[0], -2 + 0.1 + 0.3, 1e-12);  // Gamma
  EXPECT_NEAR(band.mean[1], -1.2 - 0.1 + 0.3, 1e-12);
  for (std::size_t k = 0; k < 9; ++k) {
    std::vector<double> half;  // the mean of both
    for (const double each : row_of(spectra, k)) half.push_back(each / 2);
    const auto found = moments(half, spectra.info.axes[1], 0.4);
    double first = 0, second = 0;
    for (const std::size_t a : {0U, 1U}) {
      const double mean = band.mean[2 * k + a] + hartree[a];
      first += mean / 2;
      second += (mean * mean + weight[a]) / 2;
    }
    EXPECT_NEAR(found[0], 1, 1e-3);
    EXPECT_NEAR(found[1], first, 0.02);
    EXPECT_NEAR(found[2], second, 0.05);
  }
  // A map over whole periods sums to the local spectra.
  const Result& map = hubbard_result(report, "fermi_surface");
  double mean = 0;
  for (std::size_t x = 0; x < 32; ++x)
    for (std::size_t y = 0; y < 32; ++y) mean += map.mean[33 * x + y] / 1024;
  const Result& local = hubbard_result(report, "spectral_function");
  EXPECT_NEAR(mean, local.mean[400] + local.mean[801 + 400], 1e-6);
}

TEST(HubbardSpectraOfOrbitals, FreeElectronsHaveTwoBands) {
  const TaskReport report = run_hubbard(hubbard_deck(
      "orbitals = 2\ninteraction = 0\nbeta = 5\nhopping = 0.5\nsecond_hopping = 0.3\ncrystal_field = 0.4",
      "solver = exact_diagonalization\nbath_sites = 1\ntolerance = 1e-6", "kind = honeycomb\nmesh = 16",
      "[output]\npath = true\npath_points = 9\nbroadening = 0.1\nspectrum_points = 41\n"));
  const Result& spectra = hubbard_result(report, "spectral_function_of_path");
  const Result& band = hubbard_result(report, "band_of_path");
  ASSERT_EQ(band.mean.size(), 36U);
  for (std::size_t k = 0; k < 9; ++k)
    for (std::size_t i = 0; i < 41; ++i) {
      double sum = 0;
      for (std::size_t n = 0; n < 4; ++n)
        sum -=
            (1.0 / (Complex(spectra.info.axes[1].values[i], 0.1) - band.mean[4 * k + n])).imag() / (2 * pi);
      EXPECT_NEAR(spectra.mean[41 * k + i], sum, 1e-9);
    }
}

// Monte Carlo by maximum entropy against exact diagonalisation, of equal orbitals and of unequal ones.
TEST(HubbardSpectraOfOrbitals, MonteCarloAgainstDiagonalisation) {
  const std::string equal = "orbitals = 2\ninteraction = 1.5\nhund_coupling = 0.2\nbeta = 8\nhopping = 0.5";
  const std::string rest = "\nbroadening = 0.3\nspectrum_points = 101\nfrequencies = 24\n";
  for (const std::string& model : {equal, split}) {
    const TaskReport exact =
        run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-5",
                                 "kind = bethe", "[output]" + rest));
    const TaskReport sampled = run_hubbard(
        hubbard_deck(model, "solver = ct_hyb\nstreams = 16\nupdates = 10000\nmeasured_iterations = 8",
                     "kind = bethe", output + "maximum_entropy" + rest));
    EXPECT_EQ(hubbard_value(sampled, "continuation_trusted"), 1)
        << hubbard_result(sampled, "continuation_trusted").info.long_name;
    const Result &a = hubbard_result(exact, "spectral_function"),
                 &b = hubbard_result(sampled, "spectral_function");
    EXPECT_EQ(b.info.axes[0].name, "orbital");
    for (const std::size_t orbital : {0U, 1U}) {
      double off = 0;
      for (std::size_t i = 101 * orbital; i < 101 * (orbital + 1); ++i)
        off += spacing_of(a) * std::fabs(a.mean[i] - b.mean[i]);
      std::printf("orbital %d: off by %.4f\n", static_cast<int>(orbital), off);
      EXPECT_LT(off, 0.12);
      EXPECT_GT(*std::ranges::max_element(std::span(b.error).subspan(101 * orbital, 101)), 0);
    }
    EXPECT_EQ(std::ranges::equal(row_of(b, 0), row_of(b, 1)), model == equal);
  }
}

TEST(HubbardSpectraOfPhases, RefuseWhatMeansNothing) {
  const std::string pairs = "interaction = -2\nbeta = 10\nphase = superconducting";
  expect_refusal(hubbard_deck(pairs, "", "kind = bethe", output + "real_axis\n"),
                 "real_axis knows no pairing");
  expect_refusal(hubbard_deck(pairs, "", "kind = bethe", output + "pade\npath = true\n"), "wave vectors");
  const HoppingFile file(mixed_orbitals);
  expect_refusal(hubbard_deck("orbitals = 2\ninteraction = 2\nbeta = 10",
                              "solver = exact_diagonalization\nbath_sites = 1", file.lattice(8),
                              "[output]\npath = true\n"),
                 "cells have no shape");
}

}  // namespace
}  // namespace weiss
