// Spectra of weiss-hubbard-dmft: sum rules of every kind, free electrons, all methods of continuation and
// both solvers that need one against exact diagonalisation, what k-resolved spectra sum up to, refusals.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "hubbard_spectra_checks.hpp"

namespace weiss {
namespace {

using std::numbers::pi;

// m_1 = <e> - mu + U (n - 1/2), m_2 - m_1^2 = variance of the band + U^2 n (1 - n), n of the other spin.
void expect_moments(const TaskReport& report, double interaction, double variance, double broadening,
                    double tolerance) {
  const double density = hubbard_value(report, "density"), order = hubbard_value(report, "magnetisation");
  for (const std::size_t spin : {up, down}) {
    const double n = (density + (spin == up ? -1 : 1) * order) / 2;
    const double first = interaction * (n - 0.5) - hubbard_value(report, "chemical_potential");
    const auto found = moments(report, spin, broadening);
    EXPECT_NEAR(found[0], 1, 1e-2 * tolerance);
    EXPECT_NEAR(found[1], first, tolerance);
    EXPECT_NEAR(found[2] - found[1] * found[1], variance + interaction * interaction * n * (1 - n),
                tolerance);
  }
}

// m_1 = e(k) - mu + U (n - 1/2), m_2 - m_1^2 = U^2 n (1 - n), mean over both sublattices.
void expect_moments_along_path(const TaskReport& report, double interaction, double broadening) {
  const double n = hubbard_value(report, "density") / 2;
  const double order = hubbard_value(report, "magnetisation") / 2;
  const Result& spectra = hubbard_result(report, "spectral_function_of_path");
  const Result& band = hubbard_result(report, "band_of_path");
  const Axis& axis = spectra.info.axes[1];
  ASSERT_EQ(band.mean.size(), 9U);
  for (std::size_t k = 0; k < band.mean.size(); ++k) {
    const auto found = moments(std::span(spectra.mean).subspan(k * axis.values.size(), axis.values.size()),
                               axis, broadening);
    EXPECT_NEAR(found[0], 1, 1e-3);
    EXPECT_NEAR(found[1], band.mean[k] + interaction * (n - 0.5), 0.02);
    // The sublattices' Hartree fields +-U m/2 differ, and add to the variance of a wave that lives on both.
    EXPECT_NEAR(found[2] - found[1] * found[1],
                interaction * interaction *
                    ((n + order) * (1 - n - order) / 2 + (n - order) * (1 - n + order) / 2 + order * order),
                0.05);
  }
}

TEST(HubbardSpectra, MomentsOfExactSpectra) {
  const TaskReport doped =
      run_hubbard(hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 10\nchemical_potential = 0.5",
                               "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-4",
                               "kind = bethe", "[output]\n" + wide));
  expect_moments(doped, 2, 0.25, 0.4, 0.01);
  const TaskReport ordered =
      run_hubbard(hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 20\nphase = antiferromagnetic",
                               "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-4",
                               "kind = bethe", "[output]\n" + wide));
  EXPECT_GT(hubbard_value(ordered, "magnetisation"), 0.5);
  expect_moments(ordered, 2, 0.25, 0.4, 0.01);
}

TEST(HubbardSpectra, MomentsOfContinuedSpectra) {
  const std::string square = "kind = square\nmesh = 32";
  for (const auto& [method, model] :
       {std::pair{"pade", "interaction = 4\nbeta = 10\ndensity = 0.8"},
        std::pair{"maximum_entropy", "interaction = 4\nbeta = 10\nphase = antiferromagnetic"}}) {
    const TaskReport report = run_hubbard(
        hubbard_deck(model, "", square,
                     output + method + "\npath = true\npath_points = 9\ncontinuation_error = 1e-8\n" + wide));
    EXPECT_EQ(hubbard_value(report, "continuation_trusted"), 1);
    expect_moments(report, 4, 4, 0.4, 0.02);
    expect_moments_along_path(report, 4, 0.4);
  }
}

TEST(HubbardSpectra, FreeElectronsNeedNoContinuation) {
  const TaskReport report = run_hubbard(hubbard_deck("interaction = 0\nhopping = 0.5\nbeta = 10", "",
                                                     "kind = bethe", output + "pade\nbroadening = 0.1\n"));
  EXPECT_EQ(hubbard_value(report, "continuation_trusted"), 1);
  const Result& spectrum = hubbard_result(report, "spectral_function");
  const std::vector<double>& w = spectrum.info.axes[1].values;
  for (std::size_t i = 0; i < w.size(); ++i) {
    EXPECT_NEAR(spectrum.mean[i], -Band::bethe(0.5).hilbert({w[i], 0.1}).imag() / pi, 1e-12);
    EXPECT_EQ(spectrum.error[i], 0);
  }
}

// The same self-energy by three methods: they agree within what they state.
TEST(HubbardSpectra, MethodsAgree) {
  const auto run = [](const std::string& method) {
    return run_hubbard(hubbard_deck(
        "interaction = 2\nhopping = 0.5\nbeta = 20\nchemical_potential = 0.4", "", "kind = bethe",
        output + method + "\nbroadening = 0.2\nspectrum_points = 101\ncontinuation_error = 1e-8\n"));
  };
  const TaskReport pade = run("pade"), entropy = run("maximum_entropy"), bounds = run("nevanlinna");
  for (const TaskReport* each : {&pade, &entropy, &bounds})
    EXPECT_EQ(hubbard_value(*each, "continuation_trusted"), 1)
        << hubbard_result(*each, "continuation_trusted").info.long_name;
  EXPECT_LT(distance(pade, entropy), 0.02);
  EXPECT_LT(distance(pade, bounds), 0.06);
  const Result& limit = hubbard_result(bounds, "spectral_function");
  const Result& inside = hubbard_result(pade, "spectral_function");
  EXPECT_EQ(hubbard_result(bounds, "spectrum_spread").mean, limit.error);
  for (std::size_t i = 0; i < inside.mean.size(); ++i)
    EXPECT_LE(std::fabs(inside.mean[i] - limit.mean[i]), 2 * limit.error[i] + 3 * inside.error[i] + 1e-6);
}

// Monte Carlo by maximum entropy against exact diagonalisation, whose few poles need a wide broadening.
TEST(HubbardSpectra, MonteCarloAgainstDiagonalisation) {
  const std::string model = "interaction = 2\nhopping = 0.5\nbeta = 10";
  const std::string spectra = "\nbroadening = 0.3\nspectrum_points = 101\nfrequencies = 24\n";
  const TaskReport exact = run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\ntolerance = 1e-5",
                                                    "kind = bethe", "[output]" + spectra));
  const TaskReport sampled = run_hubbard(
      hubbard_deck(model, "solver = ct_hyb\nstreams = 16\nupdates = 20000\nmeasured_iterations = 12",
                   "kind = bethe", output + "maximum_entropy" + spectra));
  EXPECT_EQ(hubbard_value(sampled, "continuation_trusted"), 1)
      << hubbard_result(sampled, "continuation_trusted").info.long_name;
  EXPECT_LT(distance(exact, sampled), 0.12);
  // Pade approximants follow noise: they say that they cannot, and keep what they found.
  const TaskReport noisy =
      run_hubbard(hubbard_deck(model, "solver = ct_hyb\nstreams = 4\nupdates = 1000\nmeasured_iterations = 2",
                               "kind = bethe", output + "pade\nbroadening = 0.01\nspectrum_points = 101\n"));
  EXPECT_EQ(hubbard_value(noisy, "continuation_trusted"), 0);
  EXPECT_NE(hubbard_result(noisy, "continuation_trusted").info.long_name.find("here not: "),
            std::string::npos);
  EXPECT_EQ(hubbard_result(noisy, "spectral_function").mean.size(), 202U);
}

// A map of A(k, 0) over whole periods of the square lattice: its mean is the local spectrum at w = 0.
TEST(HubbardSpectra, FermiSurfaceSumsToTheLocalSpectrum) {
  const std::string maps =
      "\nfermi_surface = true\nfermi_surface_points = 33\nbroadening = 0.8"
      "\nspectrum_points = 101\npath = true\npath_points = 21\n";
  for (const std::string& deck :
       {hubbard_deck("interaction = 3\nbeta = 4\ndensity = 0.8\ndiagonal_hopping = -0.3", "",
                     "kind = square\nmesh = 32", output + "pade" + maps),
        hubbard_deck("interaction = 6\nbeta = 8\nphase = antiferromagnetic",
                     "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-4",
                     "kind = square\nmesh = 32", "[output]" + maps)}) {
    const TaskReport report = run_hubbard(deck);
    const Result& map = hubbard_result(report, "fermi_surface");
    double mean = 0;
    for (std::size_t x = 0; x < 32; ++x)
      for (std::size_t y = 0; y < 32; ++y) mean += map.mean[33 * x + y] / 1024;
    const Result& local = hubbard_result(report, "spectral_function");
    EXPECT_NEAR(mean, (local.mean[50] + local.mean[151]) / 2, 1e-6);
    // Gamma is on both: the centre of the map and the start of the path.
    const Result& path = hubbard_result(report, "spectral_function_of_path");
    EXPECT_NEAR(path.mean[50], map.mean[33 * 16 + 16], 1e-12);
    const Result& corners = hubbard_result(report, "path_corners");
    EXPECT_NE(corners.info.long_name.find("Gamma-X-M-Gamma"), std::string::npos);
    EXPECT_NEAR(corners.mean[1], pi, 1e-12);
    EXPECT_EQ(hubbard_result(report, "band_of_path").mean.size(), 21U);
    EXPECT_NEAR(hubbard_value(report, "band_of_path"),
                -4 - 4 * (deck.find("diagonal_hopping") == std::string::npos ? 0 : -0.3) -
                    hubbard_value(report, "chemical_potential"),
                1e-9);
  }
}

// A range without 0 still has a Fermi surface, and the honeycomb both its bands.
TEST(HubbardSpectra, HoneycombAtAnEnergyOfItsOwn) {
  const TaskReport report = run_hubbard(
      hubbard_deck("interaction = 2\nbeta = 5", "", "kind = honeycomb\nmesh = 16",
                   output + "pade\nspectrum_range = 1, 4\nspectrum_points = 31\npath = true\npath_points = 9"
                            "\nfermi_surface = true\nfermi_surface_points = 9\nbroadening = 0.3\n"));
  EXPECT_EQ(hubbard_result(report, "band_of_path").mean.size(), 18U);
  EXPECT_EQ(hubbard_result(report, "spectral_function").mean.size(), 62U);
  // Dirac points are at the ends of the x axis: more at w = 0 there than at the centre.
  const Result& map = hubbard_result(report, "fermi_surface");
  EXPECT_GT(map.mean[4], 10 * map.mean[9 * 4 + 4]);
}

TEST(HubbardSpectra, AnUnconvergedTaskHasSpectraThatAreNotTrusted) {
  std::string deck =
      hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 10", "", "kind = bethe", output + "pade\n");
  deck.replace(deck.find("sweeps = 2000"), 13, "sweeps = 2");
  const TaskReport report = run_hubbard(deck);
  EXPECT_EQ(hubbard_value(report, "converged"), 0);
  EXPECT_EQ(hubbard_value(report, "continuation_trusted"), 0);
  EXPECT_NE(hubbard_result(report, "continuation_trusted").info.long_name.find("has not settled"),
            std::string::npos);
}

// Spectra belong to the last step: a run that stopped at run.sweeps and goes on ends like one without a stop.
TEST(HubbardSpectra, MoreSweepsGoOnAsIfAskedForAtOnce) {
  const auto deck = [](const std::string& sweeps) {
    std::string text = hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 10", "", "kind = bethe",
                                    output + "pade\nspectrum_points = 11\n");
    return conformance::deck_of<HubbardDmft>(
        text.replace(text.find("sweeps = 2000"), 13, "sweeps = " + sweeps));
  };
  const Communicator world = Communicator::world();
  const ModelType type = model_type<HubbardDmft>();
  const Deck first = deck("4"), longer = deck("2000");
  TaskRun stopped(type, first.tasks.front(), 0, world);
  stopped.run(4);
  EXPECT_FALSE(hubbard_result(stopped.report(), "spectral_function").mean.empty());
  conformance::Messages messages;
  stopped.save(messages.sink());
  TaskRun resumed(type, longer.tasks.front(), 0, world);
  resumed.load(messages.source());
  resumed.run(resumed.total_steps());
  conformance::expect_same_report(conformance::run_whole<HubbardDmft>(longer.tasks.front(), world),
                                  resumed.report(), "resumed");
}

TEST(HubbardSpectra, RefusesWhatMeansNothing) {
  const auto expect = [](const std::string& lattice, const std::string& algorithm, const std::string& keys,
                         const std::string& part) {
    try {
      conformance::deck_of<HubbardDmft>(
          hubbard_deck("interaction = 2\nbeta = 10", algorithm, lattice, "[output]\n" + keys + "\n"));
      ADD_FAILURE() << keys << " accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  const std::string exact = "solver = exact_diagonalization", square = "kind = square";
  expect(square, exact, "continuation = pade", "exact_diagonalization has exact spectra");
  expect(square, "", "broadening = 0.1", "needs spectra");
  expect(square, "", "path = true", "needs spectra");
  expect(square, "", "continuation_error = 1e-4", "needs output.continuation");
  expect(square, "solver = ct_hyb", "continuation = pade\ncontinuation_error = 1e-4", "known to ct_hyb");
  expect("kind = bethe", exact, "path = true", "wave vectors");
  expect("kind = cubic", exact, "fermi_surface = true", "square, triangular or honeycomb");
  expect(square, exact, "path_points = 50", "needs output.path");
  expect(square, exact, "fermi_surface_points = 50", "needs output.fermi_surface");
  expect(square, exact, "spectrum_range = 2, 1", "the smaller one first");
}

}  // namespace
}  // namespace weiss
