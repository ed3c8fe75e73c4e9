// Ensembles of weiss-cavity: whole tasks against closed forms and published numbers.
#include <cmath>

#include <gtest/gtest.h>

#include "apps/ensemble_decks.hpp"

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
