// Averages of real runs against exact values: enumeration of every lattice and update, and Kaufman's torus.
// The z-scores of all comparisons together must look standard normal, so that error bars of a wrong size fail
// too.
#include <cmath>

#include <gtest/gtest.h>

#include "conformance.hpp"
#include "exact/transition_matrix.hpp"
#include "ising/ising.hpp"

namespace weiss {
namespace {

struct Exact {
  double energy = 0, magnetization_sq = 0, specific_heat = 0;
};

Exact enumerate(const Parameters& parameters) {
  const Lattice lattice = make_lattice(parameters);
  const IsingInteractions interactions = interactions_of(parameters, lattice.directions());
  const auto n = static_cast<double>(lattice.sites());
  double z = 0, e = 0, ee = 0, mm = 0;
  for (std::size_t state = 0; state < std::size_t{1} << lattice.sites(); ++state) {
    const Spins spins = spins_of(state, lattice.sites());
    const double energy = energy_of(lattice, interactions, spins);
    double m = 0;
    for (const std::int8_t spin : spins) m += spin;
    const double weight = std::exp(-interactions.beta * energy);
    z += weight;
    e += weight * energy;
    ee += weight * energy * energy;
    mm += weight * m * m;
  }
  e /= z;
  return {e / n, mm / z / n / n, interactions.beta * interactions.beta * (ee / z - e * e) / n};
}

const Result& result_named(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each;
  throw std::runtime_error("no result " + name);
}

double z_score(const Result& result, double exact) {
  const double z = (result.mean[0] - exact) / result.error[0];
  EXPECT_LT(std::abs(z), 6) << result.name << ": " << result.mean[0] << " +- " << result.error[0]
                            << ", exact " << exact;
  return z;
}

TEST(Averages, EveryLatticeAndUpdateAgainstEnumeration) {
  const std::vector<std::string> lattices{
      "kind = chain\nL = 9",
      "kind = square\nextents = 4, 3",
      "kind = square\nL = 3\nboundary = free",
      "kind = cubic\nL = 2",
      "kind = hypercubic\nextents = 2, 2, 2, 1\nboundary = periodic, periodic, free, free",
      "kind = triangular\nL = 3",
      "kind = honeycomb\nextents = 3, 2",
      "kind = kagome\nL = 2",
      "kind = bcc\nextents = 2, 2, 1\nboundary = periodic, periodic, free",
      "kind = fcc\nextents = 2, 1, 1\nboundary = free",
      "kind = random_regular\nN = 10\ndegree = 3",
      "kind = complete\nN = 10",
  };
  const std::vector<std::string> updates{"heat_bath", "metropolis", "swendsen_wang", "wolff", "hybrid"};
  const std::vector<std::string> models{"temperature = 2.5", "temperature = 2.5\ncoupling = -1",
                                        "beta = 0.35\nfield = 0.2"};
  const Communicator alone = Communicator::world().split(Communicator::world().rank(), 0);
  double sum = 0, squares = 0, count = 0;
  for (const std::string& lattice : lattices)
    for (const std::string& model : models)
      for (const std::string& update : updates) {
        const std::string text =
            "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\nupdate = " + update +
            "\nclusters_per_sweep = 3\n[run]\nthermalization = 50\nsweeps = 6000\nseed = 9\n";
        SCOPED_TRACE(text);
        const Deck deck = conformance::deck_of<Ising>(text);
        const Exact exact = enumerate(deck.tasks[0].parameters);
        const TaskReport report = conformance::run_whole<Ising>(deck.tasks[0], alone);
        for (const double z : {z_score(result_named(report, "energy"), exact.energy),
                               z_score(result_named(report, "magnetization_sq"), exact.magnetization_sq),
                               z_score(result_named(report, "specific_heat"), exact.specific_heat)}) {
          sum += z;
          squares += z * z;
          ++count;
        }
      }
  EXPECT_NEAR(sum / count, 0, 0.3);
  EXPECT_GT(squares / count, 0.75);
  EXPECT_LT(squares / count, 1.35);
}

struct KaufmanPoint {
  std::string lattice, temperature, update, kernel;
  double energy, specific_heat;
};

TEST(Averages, KaufmansTorus) {
  const Communicator alone = Communicator::world().split(Communicator::world().rank(), 0);
  const std::vector<KaufmanPoint> points{
      {"16", "2.269185314213", "wolff", "table", -1.45306485281348, 1.49870496},
      {"16", "2.269185314213", "swendsen_wang", "table", -1.45306485281348, 1.49870496},
      {"32", "2.269185314213", "hybrid", "table", -1.43365846614625, 1.84676759},
      {"64", "2.269185314213", "swendsen_wang", "row_clusters", -1.42393838983301, 2.19221139},
      {"64", "2.269185314213", "wolff", "row_clusters", -1.42393838983301, 2.19221139},
      {"64", "2.269185314213", "hybrid", "packed_bricks+row_clusters", -1.42393838983301, 2.19221139},
      {"32", "2.0", "swendsen_wang", "table", -1.74556452703457, 0.72487398},
      {"32", "2.5", "metropolis", "table", -1.10729166097751, 0.88581250},
      {"64", "2.5", "heat_bath", "packed_bricks", -1.10608299247209, 0.86185508},
      {"64", "2.0", "heat_bath", "packed_bricks", -1.74556457531252, 0.72487145}};
  for (const KaufmanPoint& point : points) {
    const bool fast = point.update == "heat_bath";
    const std::string text = "[lattice]\nL = " + point.lattice +
                             "\n[model]\ntemperature = " + point.temperature +
                             "\n[algorithm]\nupdate = " + point.update + "\nclusters_per_sweep = 4\n[run]\n" +
                             "thermalization = 500\nsweeps = " + (fast ? "60000" : "4000") + "\nseed = 4\n";
    SCOPED_TRACE(text);
    const Deck deck = conformance::deck_of<Ising>(text);
    const TaskReport report = conformance::run_whole<Ising>(deck.tasks[0], alone);
    EXPECT_EQ(report.kernel, point.kernel);
    z_score(result_named(report, "energy"), point.energy);
    z_score(result_named(report, "specific_heat"), point.specific_heat);
    for (const Result& result : report.results)
      if (result.name == "magnetization_sq_improved") {
        const Result& plain = result_named(report, "magnetization_sq");
        EXPECT_LT(std::abs(result.mean[0] - plain.mean[0]), 6 * plain.error[0]);
      }
  }
}

}  // namespace
}  // namespace weiss
