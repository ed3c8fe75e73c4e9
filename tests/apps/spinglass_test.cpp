// weiss-spinglass through the conformance tests, and against exact enumeration sample by sample.
#include "spinglass/spinglass.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "conformance.hpp"

namespace weiss {
namespace {

std::string deck(const std::string& lattice, const std::string& model, const std::string& algorithm,
                 const std::string& run) {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\n" + run + "\n";
}

std::vector<std::string> decks(const std::string& run) {
  const std::string three = "temperatures = 0.9, 1.4, 2.0\nexchange_every = 1";
  const std::string eleven = "temperatures = linspace(0.8, 2.4, 11)";
  return {
      deck("kind = cubic\nL = 4", "realisations = 5", three, run),
      deck("kind = cubic\nL = 3", "realisation = 510\nrealisations = 5", three + "\nrandom_bits = shared",
           run),
      deck("kind = square\nextents = 6, 5", "realisations = 3\nferromagnetic_fraction = 0.8",
           eleven + "\nreplicas = 3", run),
      deck("kind = cubic\nL = 3", "couplings = gaussian\nrealisations = 3", eleven, run),
      deck("kind = square\nL = 5\nboundary = free", "realisations = 2\nbond_probability = 0.7\nfield = 0.2",
           three + "\nreplica_exchange = false", run),
      deck("kind = cubic\nL = 3",
           "ferromagnetic_fraction = 1\nrandom_field = gaussian\nrandom_field_width = 1.5\nrealisations = 2",
           three + "\nstart = ordered", run),
      deck("kind = complete\nN = 24", "couplings = gaussian\nrealisations = 3",
           eleven + "\nexchange_every = 2", run),
      deck("kind = complete\nN = 10", "couplings = gaussian\nspins_per_interaction = 3\nrealisations = 2",
           three, run),
      deck("kind = viana_bray\nN = 40\nmean_degree = 3", "realisations = 3", eleven, run),
      deck("kind = hypergraph\nN = 30\nmean_degree = 3", "spins_per_interaction = 3\nrealisations = 2", three,
           run),
      deck("kind = random_regular\nN = 30\ndegree = 3", "couplings = gaussian\nrealisations = 2", three, run),
      deck("kind = cubic\nL = 4", "temperature = 1.2", "kernel = lanes", run),
  };
}

TEST(SpinGlass, RanksDoNotChangeABit) {
  for (const std::string& each : decks("thermalization = 3\nsweeps = 8\nmeasure_every = 2"))
    conformance::check_rank_invariance<SpinGlass>(each);
}

TEST(SpinGlass, RestartsAreExact) {
  for (const std::string& each : decks("thermalization = 3\nsweeps = 8\nmeasure_every = 3"))
    conformance::check_restart<SpinGlass>(each, 3);
}

TEST(SpinGlass, ResultsAreComplete) {
  for (const std::string& each : decks("thermalization = 16\nsweeps = 64"))
    conformance::check_results<SpinGlass>(each);
}

const Result& result_named(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each;
  throw Error(ExitCode::internal, "no result " + name);
}

// A communicator of one rank; collective.
Communicator single_rank() {
  const Communicator world = Communicator::world();
  return world.split(world.rank(), 0);
}

TaskReport alone(const std::string& text, const Communicator& one) {
  const Deck deck = conformance::deck_of<SpinGlass>(text);
  return conformance::run_whole<SpinGlass>(deck.tasks.front(), one);
}

// A realisation's bits do not depend on which others are present.
TEST(SpinGlass, RealisationsAreIndependentOfEachOther) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  const std::string run = "thermalization = 2\nsweeps = 20";
  for (const auto& [lattice, model] : std::map<std::string, std::string>{
           {"kind = cubic\nL = 4", "couplings = bimodal"}, {"kind = cubic\nL = 3", "couplings = gaussian"}}) {
    const std::string temperatures = "temperatures = 0.9, 1.4, 2.0\nexchange_every = 1";
    const TaskReport many =
        alone(deck(lattice, model + "\nrealisation = 508\nrealisations = 9", temperatures, run), one);
    const TaskReport few =
        alone(deck(lattice, model + "\nrealisation = 511\nrealisations = 2", temperatures, run), one);
    for (const char* name : {"energy", "overlap_sq", "link_overlap", "overlap_kmin_sq"}) {
      const std::vector<double>& a = result_named(many, name).bins;
      const std::vector<double>& b = result_named(few, name).bins;
      ASSERT_EQ(a.size(), 27U);
      ASSERT_EQ(b.size(), 6U);
      EXPECT_TRUE(std::equal(b.begin(), b.end(), a.begin() + 9)) << name;
    }
  }
}

struct Exact {
  double energy = 0, overlap_sq = 0, link_overlap = 0, magnetization_sq = 0;
};

// Thermal averages of one realisation over all 2^N states; overlaps from the pair correlations,
// <q^2> = sum_ij <s_i s_j>^2 / N^2 and <q_l> = sum_e <prod s>^2 / M.
Exact enumerate(const InteractionGraph& graph, double beta) {
  const auto n = static_cast<std::size_t>(graph.sites);
  const auto m = static_cast<std::size_t>(graph.interactions());
  std::vector<double> pair(n * n), link(m);
  double z = 0, energy = 0, square = 0;
  for (std::uint64_t state = 0; state < std::uint64_t{1} << n; ++state) {
    const auto spin = [&](std::size_t i) { return (state >> i & 1) != 0 ? 1 : -1; };
    double e = 0;
    std::vector<int> products;
    for (std::size_t k = 0; k < m; ++k) {
      int product = 1;
      for (const std::int32_t member : graph.members_of(static_cast<std::int64_t>(k)))
        product *= spin(static_cast<std::size_t>(member));
      products.push_back(product);
      e -= graph.coupling[k] * product;
    }
    int sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += spin(i);
      if (!graph.field.empty()) e -= graph.field[i] * spin(i);
    }
    const double weight = std::exp(-beta * e);
    z += weight;
    energy += weight * e;
    square += weight * sum * sum;
    for (std::size_t k = 0; k < m; ++k) link[k] += weight * products[k];
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) pair[i * n + j] += weight * spin(i) * spin(j);
  }
  const auto sites = static_cast<double>(n);
  Exact exact{energy / z / sites, 0, 0, square / z / sites / sites};
  for (const double each : pair) exact.overlap_sq += each / z * (each / z) / sites / sites;
  for (const double each : link) exact.link_overlap += each / z * (each / z) / static_cast<double>(m);
  return exact;
}

// The mean over samples of the deviations of time averages from enumeration, in errors of that mean; and
// errors that are too large show as deviations that are too small.
void compare_with_enumeration(const std::string& text, const Communicator& one) {
  const Deck parsed = conformance::deck_of<SpinGlass>(text);
  const Parameters& parameters = parsed.tasks.front().parameters;
  const GlassAlgorithm algorithm = glass_algorithm_of(parameters);
  const TaskReport report = alone(text, one);
  const std::size_t temperatures = algorithm.betas.size();
  const std::vector<std::int64_t> realisations = realisations_of(parameters);
  std::map<std::string, std::vector<double>> deviations;  // (sample, temperature)
  for (std::size_t s = 0; s < realisations.size(); ++s) {
    const InteractionGraph graph = make_realisation(parameters, realisations[s]);
    for (std::size_t t = 0; t < temperatures; ++t) {
      const Exact exact = enumerate(graph, algorithm.betas[t]);
      const auto deviation = [&](const char* name, double value) {
        deviations[name].push_back(result_named(report, name).bins[s * temperatures + t] - value);
      };
      deviation("energy", exact.energy);
      deviation("overlap_sq", exact.overlap_sq);
      deviation("link_overlap", exact.link_overlap);
      deviation("magnetization_sq", exact.magnetization_sq);
    }
  }
  for (const auto& [name, values] : deviations)
    for (std::size_t t = 0; t < temperatures; ++t) {
      std::vector<double> of_temperature;
      double mean = 0;
      for (std::size_t s = 0; s < realisations.size(); ++s) {
        of_temperature.push_back(values[s * temperatures + t]);
        mean += of_temperature.back() / static_cast<double>(realisations.size());
      }
      EXPECT_LT(std::fabs(mean), 6 * standard_error(of_temperature) + 1e-12) << text << name << " at " << t;
      EXPECT_LT(standard_error(of_temperature), 0.02) << text << name << " at " << t;
    }
}

TEST(SpinGlass, EnumerationOfEverySample) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  const std::string run = "thermalization = 200\nsweeps = 3000";
  const std::string temperatures = "temperatures = 0.7, 1.2, 2.0\nexchange_every = 1";
  for (const std::string& text : {
           deck("kind = square\nL = 4", "realisations = 12", temperatures, run),
           deck("kind = square\nL = 4", "realisations = 12", temperatures + "\nrandom_bits = shared", run),
           deck("kind = square\nL = 4", "realisations = 12", temperatures + "\nreplica_exchange = false",
                run),
           deck("kind = square\nL = 4", "couplings = gaussian\nrealisations = 12", temperatures, run),
           deck("kind = square\nL = 4\nboundary = free",
                "realisations = 8\nbond_probability = 0.8\nfield = 0.3", temperatures, run),
           deck("kind = complete\nN = 12", "couplings = gaussian\nrealisations = 12", temperatures, run),
           deck("kind = complete\nN = 10",
                "couplings = gaussian\nspins_per_interaction = 3\nrealisations = 12", temperatures, run),
           deck("kind = hypergraph\nN = 12\nmean_degree = 3", "spins_per_interaction = 4\nrealisations = 8",
                temperatures, run),
       })
    compare_with_enumeration(text, one);
}

}  // namespace
}  // namespace weiss
