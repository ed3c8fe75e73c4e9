// Ensembles of weiss-cavity: whole tasks against closed forms and published numbers.
#include <cmath>

#include <gtest/gtest.h>

#include "apps/ensemble_decks.hpp"
#include "cavity/field_density.hpp"

namespace weiss {
namespace {

TEST(CavityEnsembleValues, SpinGlassLineOfBimodalCouplings) {
  const auto found = results_of(deck(three, "temperature = 1.5", small + "\nfind = spin_glass_line",
                                     "thermalization = 300\nsweeps = 100"));
  // Rounding is all the noise of +-J without a field, and the error says so.
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 3 * line.error[0]);
  EXPECT_LT(line.error[0], 1e-6);
  EXPECT_NEAR(found.at("paramagnetic_line").mean[0], 1.134593, 5e-7);
}

// A perturbation of one population wanders: the error must cover that.
TEST(CavityEnsembleValues, SpinGlassLineOfGaussianCouplings) {
  const auto found = results_of(deck(three, "temperature = 1\ncouplings = gaussian",
                                     "population = 20000\npopulations = 8\nfind = spin_glass_line",
                                     "thermalization = 300\nsweeps = 1000"));
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 5 * line.error[0]);
  EXPECT_LT(line.error[0], 3e-3);
  EXPECT_GT(line.error[0], 1e-5);
}

TEST(CavityEnsembleValues, FerromagneticLine) {
  const auto found = results_of(deck(three, "temperature = 1.5\nferromagnetic_fraction = 0.95",
                                     "population = 20000\nfind = ferromagnetic_line",
                                     "thermalization = 300\nsweeps = 1000"));
  const Result& line = found.at("critical_temperature");
  EXPECT_NEAR(line.mean[0], found.at("paramagnetic_line").mean[0], 5 * line.error[0]);
  EXPECT_LT(line.error[0], 3e-3);
}

// In a field the exponent falls with temperature through 0: the root is where a run at that temperature has
// none.
TEST(CavityEnsembleValues, LineInAField) {
  const auto found =
      results_of(deck(three, "temperature = 0.8\nfield = 0.3", "population = 20000\nfind = spin_glass_line",
                      "thermalization = 500\nsweeps = 1500"));
  const double root = found.at("critical_temperature").mean[0];
  EXPECT_LT(root, 1.134593);
  const auto there =
      results_of(deck(three, "temperature = " + std::to_string(root) + "\nfield = 0.3", "population = 20000",
                      "thermalization = 300\nsweeps = 1000\nmeasure_every = 5"));
  const Result& exponent = there.at("stability_exponent");
  EXPECT_NEAR(exponent.mean[0], 0, 5 * exponent.error[0] + 3e-3);
  EXPECT_LT(exponent.error[0], 1e-2);
}

const std::string fraction = "find_variable = ferromagnetic_fraction\npopulation = 20000\n";

// Between the paramagnet and the ferromagnet in closed form, and between spin glass and mixed phase by the
// noiseless density, at both kernels.
TEST(CavityEnsembleValues, FractionWhereMagnetisationBegins) {
  for (const double temperature : {1.4, 0.8, 0.3}) {
    const auto found = results_of(deck(three, "temperature = " + std::to_string(temperature),
                                       fraction + "find = ferromagnetic_line",
                                       "thermalization = 300\nsweeps = 1000\nmeasure_every = 10"));
    FieldDensity density(100, 1, 1 / temperature);
    density.keep_symmetric();
    density.run(150);
    const Result& p = found.at("critical_fraction");
    const bool paramagnet = temperature > 1.134593;
    EXPECT_NEAR(p.mean[0], (1 + std::exp(-density.growth(1))) / 2,
                5 * p.error[0] + (paramagnet ? 5e-5 : 2e-5));
    EXPECT_LT(p.error[0], 2e-4);
    ASSERT_EQ(found.count("paramagnetic_fraction"), paramagnet ? 1u : 0u);
    if (paramagnet) {
      EXPECT_NEAR(p.mean[0], found.at("paramagnetic_fraction").mean[0], 3 * p.error[0]);
      EXPECT_NEAR(p.mean[0], 0.5 + 0.25 / std::tanh(1 / temperature), 1e-6);
    }
  }
}

// Between the mixed phase and the ferromagnet, along both variables.
TEST(CavityEnsembleValues, InstabilityOfTheFerromagnet) {
  const std::string run = "thermalization = 500\nsweeps = 1500\nmeasure_every = 10";
  double low = 0.86, high = 0.9;
  for (int i = 0; i < 8; ++i) {
    const double middle = (low + high) / 2;
    FieldDensity density(50, middle, 1 / 0.6);
    density.start(0.9);
    density.run(250);
    (density.growth(2) > 0 ? low : high) = middle;
  }
  const double exact = (low + high) / 2;
  const auto along_p =
      results_of(deck(three, "temperature = 0.6\nferromagnetic_fraction = 0.9",
                      fraction + "find = spin_glass_line\npopulation_start = magnetised", run));
  const Result& p = along_p.at("critical_fraction");
  EXPECT_NEAR(p.mean[0], exact, 5 * p.error[0] + 2e-4);
  EXPECT_LT(p.error[0], 4e-4);
  EXPECT_NEAR(along_p.at("root_magnetization").mean[0], 0.483, 0.01);
  const auto along_t =
      results_of(deck(three, "temperature = 0.7\nferromagnetic_fraction = " + std::to_string(exact),
                      "population = 20000\nfind = spin_glass_line\npopulation_start = magnetised", run));
  const Result& t = along_t.at("critical_temperature");
  EXPECT_NEAR(t.mean[0], 0.6, 5 * t.error[0] + 3e-3);
  EXPECT_LT(t.error[0], 6e-3);
  EXPECT_EQ(along_t.count("paramagnetic_line"), 0u);
}

// Found without the Nishimori line, and on it: 2 (2p - 1)^2 = 1, 2p - 1 = tanh(1/T).
TEST(CavityEnsembleValues, MulticriticalPoint) {
  const auto found =
      results_of(deck(three, "temperature = 1.3", "population = 2000\nfind = multicritical_point",
                      "thermalization = 300\nsweeps = 200"));
  const Result &T = found.at("critical_temperature"), &p = found.at("critical_fraction");
  EXPECT_NEAR(T.mean[0], 1.134593, 1e-6);
  EXPECT_NEAR(p.mean[0], 0.853553, 1e-6);
  EXPECT_LT(std::fmax(T.error[0], p.error[0]), 1e-6);
  EXPECT_NEAR(found.at("nishimori_fraction").mean[0], 0.5 + std::sqrt(0.125), 1e-12);
  // Poisson degrees have noise.
  const auto poisson = results_of(deck("kind = viana_bray\nmean_degree = 3", "temperature = 1.3",
                                       "population = 20000\nfind = multicritical_point",
                                       "thermalization = 300\nsweeps = 1000"));
  for (const auto& [name, exact] : {std::pair{"critical_temperature", "paramagnetic_line"},
                                    {"critical_fraction", "nishimori_fraction"}}) {
    const Result& value = poisson.at(name);
    EXPECT_NEAR(value.mean[0], poisson.at(exact).mean[0], 5 * value.error[0]) << name;
    EXPECT_LT(value.error[0], 3e-3);
    EXPECT_GT(value.error[0], 1e-5);
  }
}

// On the Nishimori line m = q at every temperature (H. Nishimori, Prog. Theor. Phys. 66, 1169 (1981)).
TEST(CavityEnsembleValues, NishimoriLine) {
  const double p = 0.5 + 0.5 * std::tanh(1 / 0.9);
  const auto found =
      results_of(deck(three, "temperature = 0.9\nferromagnetic_fraction = " + std::to_string(p),
                      "population = 20000\npopulation_start = magnetised",
                      "thermalization = 300\nsweeps = 1000\nmeasure_every = 5"));
  const Result &m = found.at("magnetization"), &q = found.at("overlap");
  EXPECT_GT(q.mean[0], 0.3);
  EXPECT_NEAR(m.mean[0], q.mean[0], 5 * std::hypot(m.error[0], q.error[0]));
  EXPECT_LT(m.error[0], 2e-3);
  EXPECT_LT(found.at("stability_exponent").mean[0], 0);  // replica symmetry holds on it
}

// A population of 256 is off by many errors, its extrapolation is not.
TEST(CavityEnsembleValues, PopulationStudy) {
  const std::string study = "population = 256\npopulations = 16\npopulation_study = true\n";
  const auto line =
      results_of(deck(three, "temperature = 1\ncouplings = gaussian", study + "find = spin_glass_line",
                      "thermalization = 500\nsweeps = 6000\nmeasure_every = 10"));
  const auto cold = results_of(deck(three, "temperature = 0", study + "field_kernel = field",
                                    "thermalization = 100\nsweeps = 2000\nmeasure_every = 2"));
  const auto check = [](const std::map<std::string, Result>& found, const std::string& name, double exact) {
    const Result& limit = found.at(name + "_extrapolated");
    EXPECT_NEAR(limit.mean[0], exact, 4 * limit.error[0]) << name;
    EXPECT_GT(limit.error[0], 0);
    const Result &bias = found.at(name + "_bias"), &sizes = found.at(name + "_of_sizes");
    EXPECT_EQ(sizes.mean.size(), 3u);
    EXPECT_EQ(sizes.mean[0], found.at(name).mean[0]);
    // Least squares with weights 1, 2, 4: residuals are orthogonal to 1 and to 1/N.
    double sum = 0, slope = 0;
    for (unsigned i = 0; i < 3; ++i) {
      const double x = 1.0 / (1U << i), residual = sizes.mean[i] - limit.mean[0] - bias.mean[0] * x;
      sum += residual / x;
      slope += residual;
    }
    EXPECT_NEAR(sum, 0, 1e-9 * std::abs(exact));
    EXPECT_NEAR(slope, 0, 1e-9 * std::abs(exact));
    return bias.mean[0] / bias.error[0];
  };
  EXPECT_LT(check(line, "critical_temperature", line.at("paramagnetic_line").mean[0]), -5);
  check(cold, "energy", -23.0 / 18);
  EXPECT_GT(check(cold, "overlap", 20.0 / 27), 3);
}

// The populations of N members do not know of the others.
TEST(CavityEnsembleValues, PopulationStudyChangesNothingElse) {
  const std::string run = "thermalization = 5\nsweeps = 10";
  const auto alone = results_of(deck(three, "temperature = 0.9", small, run));
  const auto study = results_of(deck(three, "temperature = 0.9", small + "\npopulation_study = true", run));
  for (const auto& [name, result] : alone) EXPECT_EQ(result.mean, study.at(name).mean) << name;
}

TEST(CavityEnsembleValues, OneStepGroundState) {
  const auto surveys = results_of(deck(three, "temperature = 0\ncoupling_width = 2",
                                       "population = 10000\nsolution = one_step\nreweighting = 0.35",
                                       "thermalization = 200\nsweeps = 300\nmeasure_every = 3"));
  const Result& phi = surveys.at("free_energy");
  EXPECT_NEAR(phi.mean[0] / 2, -1.2717, 2e-4 + 3 * phi.error[0]);
  EXPECT_LT(phi.error[0], 1e-3);
  EXPECT_NEAR(surveys.at("complexity").mean[0], 0.35 * (surveys.at("energy").mean[0] - phi.mean[0]), 1e-12);
}

TEST(CavityEnsembleValues, ZeroTemperatureNumbers) {
  const auto integers = results_of(deck(three, "temperature = 0\ncoupling_width = 2", "", "sweeps = 1"));
  const auto broken = results_of(deck(three, "temperature = 0", "solution = factorised", "sweeps = 1"));
  const auto members = results_of(deck(three, "temperature = 0", "field_kernel = field\npopulation = 20000",
                                       "thermalization = 50\nsweeps = 200"));
  EXPECT_NEAR(integers.at("energy").mean[0], -2 * 23.0 / 18, 1e-12);
  EXPECT_EQ(integers.at("energy").error[0], 0);
  EXPECT_NEAR(broken.at("free_energy").mean[0], -1.272310, 1e-6);
  const Result& energy = members.at("energy");
  EXPECT_NEAR(energy.mean[0], -23.0 / 18, 5 * energy.error[0]);
  EXPECT_LT(energy.error[0], 1e-3);
  EXPECT_EQ(energy.bins.size(), 4u);
}

// Three messages that are -1, 0 and 1 with a third each.
TEST(CavityEnsembleValues, FieldsOfSitesAtZeroTemperature) {
  const auto results = results_of(deck(three, "temperature = 0", "", "sweeps = 1"));
  if (!reports()) return;
  const Result& fields = results.at("local_field_distribution");
  const std::vector<double> expected{1, 3, 6, 7, 6, 3, 1};
  ASSERT_EQ(fields.mean.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_NEAR(fields.mean[i], expected[i] / 27, 1e-12);
    EXPECT_EQ(fields.info.axes[0].values[i], static_cast<double>(i) - 3);
  }
}

// Its moments are the magnetisation and the overlap, up to the width of its parts.
TEST(CavityEnsembleValues, FieldsOfSitesGiveMagnetisationAndOverlap) {
  for (const char* lattice : {"kind = random_regular\ndegree = 3", "kind = viana_bray\nmean_degree = 3"}) {
    const auto results =
        results_of(deck(lattice, "temperature = 1\nfield = 0.4\ncouplings = gaussian",
                        "population = 2048\npopulations = 4", "thermalization = 30\nsweeps = 60"));
    if (!reports()) return;
    const Result& fields = results.at("local_field_distribution");
    const std::vector<double>& axis = fields.info.axes[0].values;
    double sum = 0, magnetisation = 0, overlap = 0;
    for (std::size_t i = 0; i < axis.size(); ++i) {
      EXPECT_TRUE(fields.mean[i] < 1e-3 || fields.error[i] > 0) << i;
      sum += fields.mean[i];
      magnetisation += fields.mean[i] * std::tanh(axis[i]);
      overlap += fields.mean[i] * std::pow(std::tanh(axis[i]), 2);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(magnetisation, results.at("magnetization").mean[0], 0.01);
    EXPECT_NEAR(overlap, results.at("overlap").mean[0], 0.01);
    EXPECT_LT(fields.mean.front() + fields.mean.back(), 5e-4);
  }
}

}  // namespace
}  // namespace weiss
