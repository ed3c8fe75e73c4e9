// weiss-spinglass against exact enumeration sample by sample, its kernels and methods against each other.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "conformance.hpp"
#include "spinglass/spinglass.hpp"
#include "spinglass/temperature_pilot.hpp"
#include "spinglass_deck.hpp"

namespace weiss {
namespace {

using namespace std::string_literals;

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
  for (const auto& [lattice, model, kernel] :
       {std::tuple("kind = cubic\nL = 4", "couplings = bimodal"s, "samples"),
        std::tuple("kind = cubic\nL = 3", "couplings = gaussian"s, "lanes"),
        std::tuple("kind = cubic\nL = 16", "couplings = bimodal"s, "packed")}) {
    const std::string temperatures = "temperatures = 0.9, 1.4, 2.0\nexchange_every = 1\nkernel = "s + kernel;
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

const std::array<std::string, 3> plain_kernels{"packed", "samples", "lanes"};

// A realisation has the same couplings on every kernel: with all spins up its energy is the same to the bit.
TEST(SpinGlass, KernelsHaveTheSameCouplings) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  for (const std::string lattice :
       {"kind = cubic\nextents = 16, 32, 16", "kind = square\nextents = 64, 96"}) {
    std::vector<std::vector<double>> energies;
    for (const std::string& kernel : plain_kernels) {
      const Deck parsed = conformance::deck_of<SpinGlass>(
          deck(lattice, "realisation = 509\nrealisations = 6\ntemperature = 2\nferromagnetic_fraction = 0.4",
               "start = ordered\nkernel = " + kernel, "thermalization = 0\nsweeps = 1\nseed = 5"));
      const Parameters& parameters = parsed.tasks.front().parameters;
      const GlassShape shape = glass_shape_of(parameters);
      const GlassEngine engine = make_glass_engine({parameters, one, 5, 0}, shape);
      energies.emplace_back(shape.samples * shape.replicas);
      std::visit([&](const auto& each) { each->energies(energies.back()); }, engine);
    }
    EXPECT_NE(energies[0][0], energies[0][2]);
    for (const std::vector<double>& other : energies) EXPECT_EQ(energies.front(), other);
  }
}

// Means within their errors, in units where J is not 1.
TEST(SpinGlass, KernelsHaveTheSameEnergy) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  std::vector<double> means;
  for (const std::string& kernel : plain_kernels) {
    const TaskReport report =
        alone(deck("kind = cubic\nL = 16", "realisations = 2\ntemperature = 1.4\ncoupling_width = 0.7",
                   "kernel = " + kernel, "thermalization = 100\nsweeps = 500"),
              one);
    means.push_back(result_named(report, "energy").mean.front());
  }
  // Standard error 0.001, from 500 sweeps of four configurations.
  for (const double mean : means) EXPECT_NEAR(mean, means.front(), 0.006);
}

TEST(SpinGlass, TheKernelIsAFunctionOfTheDeck) {
  const auto kernel = [](const std::string& lattice, const std::string& model, const std::string& algorithm) {
    const Deck parsed = conformance::deck_of<SpinGlass>(
        deck(lattice, model + "\ntemperature = 1", algorithm, "thermalization = 1\nsweeps = 1"));
    return glass_kernel(parsed.tasks.front().parameters);
  };
  const std::string large = "kind = cubic\nL = 32";
  EXPECT_EQ(kernel(large, "", ""), GlassKernel::packed);
  EXPECT_EQ(kernel(large, "realisations = 512", ""), GlassKernel::packed);
  EXPECT_EQ(kernel(large, "", "kernel = samples"), GlassKernel::samples);
  EXPECT_EQ(kernel(large, "", "kernel = lanes"), GlassKernel::lanes);
  EXPECT_EQ(kernel(large, "", "random_bits = shared"), GlassKernel::shared_samples);
  EXPECT_EQ(kernel(large, "field = 0.1", ""), GlassKernel::lanes);
  EXPECT_EQ(kernel(large, "couplings = gaussian", ""), GlassKernel::lanes);
  EXPECT_EQ(kernel("kind = cubic\nL = 34", "", ""), GlassKernel::samples);
  EXPECT_EQ(kernel("kind = cubic\nL = 16", "", ""), GlassKernel::samples);
  EXPECT_EQ(kernel("kind = cubic\nL = 16", "", "kernel = packed"), GlassKernel::packed);
  EXPECT_EQ(kernel("kind = square\nextents = 256, 128", "", ""), GlassKernel::packed);
  EXPECT_EQ(kernel("kind = square\nextents = 256, 96", "", ""), GlassKernel::samples);
  EXPECT_EQ(kernel("kind = square\nL = 256\nboundary = free", "", ""), GlassKernel::lanes);
}

struct Exact {
  double energy = 0, overlap_sq = 0, link_overlap = 0, magnetization_sq = 0, free_energy = 0;
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
  Exact exact{energy / z / sites, 0, 0, square / z / sites / sites, -std::log(z) / beta / sites};
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
      if (glass_method_of(parameters) == GlassMethod::population_annealing)
        deviation("free_energy", exact.free_energy);
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
           deck("kind = square\nL = 4", "realisations = 12", temperatures + "\ncluster_every = 1", run),
           deck("kind = square\nL = 4",
                "couplings = gaussian\nrealisations = 12\nrandom_field = bimodal\n"
                "random_field_width = 0.4",
                temperatures + "\nreplicas = 3\ncluster_every = 1", run),
           deck("kind = complete\nN = 10",
                "couplings = gaussian\nspins_per_interaction = 3\nrealisations = 12",
                temperatures + "\ncluster_every = 1", run),
       })
    compare_with_enumeration(text, one);
}

TEST(SpinGlass, EnumerationOfEverySampleByPopulationAnnealing) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  const std::string annealing =
      "method = population_annealing\ntemperatures = 0.7, 1.2, 2.0\npopulation = 4000\n";
  for (const std::string& text : {
           deck("kind = square\nL = 4", "realisations = 12", annealing, "sweeps = 100000"),
           deck("kind = square\nL = 4\nboundary = free",
                "couplings = gaussian\nrealisations = 8\nbond_probability = 0.8\nfield = 0.3", annealing,
                "sweeps = 100000"),
           deck("kind = complete\nN = 12", "couplings = gaussian\nrealisations = 12",
                annealing + "populations = 2", "sweeps = 100000"),
           deck("kind = complete\nN = 10",
                "couplings = gaussian\nspins_per_interaction = 3\nrealisations = 12", annealing,
                "sweeps = 100000"),
       })
    compare_with_enumeration(text, one);
}

// Energy and magnetisation of one realisation of up to 25 spins without fields, at several beta, by a Gray
// code over half of the states.
std::vector<Exact> enumerate_by_gray_code(const InteractionGraph& graph, const std::vector<double>& betas) {
  const Incidence incidence(graph);
  const auto n = static_cast<std::size_t>(graph.sites);
  std::vector<int> spins(n, 1);
  double e = 0;
  for (const double coupling : graph.coupling) e -= coupling;
  int sum = static_cast<int>(n);
  std::vector<double> z(betas.size()), energy(betas.size()), square(betas.size());
  for (std::uint64_t state = 1;; ++state) {
    for (std::size_t b = 0; b < betas.size(); ++b) {
      const double weight = std::exp(-betas[b] * e);
      z[b] += weight;
      energy[b] += weight * e;
      square[b] += weight * sum * sum;
    }
    if (state == std::uint64_t{1} << (n - 1)) break;
    const auto site = static_cast<std::size_t>(std::countr_zero(state));
    for (std::int64_t k = incidence.first[site]; k < incidence.first[site + 1]; ++k) {
      const std::int32_t i = incidence.interaction[static_cast<std::size_t>(k)];
      const auto pair = graph.members_of(i);
      e += 2 * graph.coupling[static_cast<std::size_t>(i)] * spins[static_cast<std::size_t>(pair[0])] *
           spins[static_cast<std::size_t>(pair[1])];
    }
    spins[site] = -spins[site];
    sum += 2 * spins[site];
  }
  const auto sites = static_cast<double>(n);
  std::vector<Exact> all(betas.size());
  for (std::size_t b = 0; b < betas.size(); ++b) {
    all[b].energy = energy[b] / z[b] / sites;
    all[b].magnetization_sq = square[b] / z[b] / sites / sites;
    all[b].free_energy = -std::log(2 * z[b]) / betas[b] / sites;
  }
  return all;
}

TEST(SpinGlass, EnumerationOfLargerSamples) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  const std::string run = "thermalization = 500\nsweeps = 20000";
  const std::string exchange = "temperatures = 0.7, 1.2, 2.0\nexchange_every = 1";
  const std::string annealing =
      "method = population_annealing\ntemperatures = 0.7, 1.2, 2.0\npopulation = 20000";
  const std::string five = "kind = square\nL = 5", slab = "kind = cubic\nextents = 2, 3, 4\nboundary = free";
  for (const std::string& text :
       {deck(five, "realisations = 2", exchange, run), deck(slab, "realisations = 2", exchange, run),
        deck(five, "realisations = 2", exchange + "\ncluster_every = 2", run),
        deck(five, "couplings = gaussian\nrealisations = 2", annealing, "sweeps = 100000")}) {
    const Parameters parameters = conformance::deck_of<SpinGlass>(text).tasks.front().parameters;
    const std::vector<double> betas = glass_algorithm_of(parameters).betas;
    const TaskReport report = alone(text, one);
    for (std::size_t s = 0; s < 2; ++s) {
      const std::vector<Exact> exact =
          enumerate_by_gray_code(make_realisation(parameters, static_cast<std::int64_t>(s)), betas);
      for (std::size_t t = 0; t < betas.size(); ++t) {
        const std::size_t place = s * betas.size() + t;
        EXPECT_NEAR(result_named(report, "energy").bins[place], exact[t].energy, 0.012) << text << t;
        EXPECT_NEAR(result_named(report, "magnetization_sq").bins[place], exact[t].magnetization_sq, 0.02)
            << text << t;
        if (glass_method_of(parameters) == GlassMethod::population_annealing) {
          EXPECT_NEAR(result_named(report, "free_energy").bins[place], exact[t].free_energy, 0.005)
              << text << t;
        }
      }
    }
  }
}

TEST(TemperaturePilot, EqualAcceptancePutsEqualWeightBetweenNeighbours) {
  // sigma_E = T^2 makes int sigma_E d beta the temperature itself.
  const std::vector<double> given{0.5, 0.6, 1.0, 1.9, 2.0};
  std::vector<double> deviations;
  for (const double t : given) deviations.push_back(t * t);
  const std::vector<double> found = equal_acceptance_temperatures(given, deviations);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found.front(), 0.5);
  EXPECT_EQ(found.back(), 2.0);
  // Piecewise linear between few points: near the even spacing of 0.375.
  for (std::size_t k = 1; k < 4; ++k) EXPECT_NEAR(found[k], 0.5 + 0.375 * static_cast<double>(k), 0.15);
}

TEST(TemperaturePilot, FeedbackCrowdsWhereWalkersTurnBack) {
  const std::vector<double> given{1, 2, 3, 4, 5, 6};
  const std::vector<double> even{0, 0.2, 0.4, 0.6, 0.8, 1};
  EXPECT_EQ(feedback_temperatures(given, even), given);
  const std::vector<double> found =
      feedback_temperatures(given, std::vector<double>{0, 0.02, 0.04, 0.96, 0.98, 1});
  // The steep interval from 3 to 4 gets the points.
  EXPECT_GT(found[1], 2);
  EXPECT_LT(found[4], 5);
  EXPECT_LT(found[3] - found[2], 0.6);
  const std::vector<double> unknown(6, std::nan(""));
  EXPECT_EQ(feedback_temperatures(given, unknown), given);
}

TEST(TemperaturePilot, EvensOutTheAcceptancesOfARun) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  const std::string algorithm = "temperatures = 0.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0\nexchange_every = 1";
  const std::string run = "thermalization = 300\nsweeps = 1000";
  const auto spread = [&](const std::string& set) {
    const TaskReport report = alone(
        deck("kind = cubic\nL = 4", "couplings = gaussian\nrealisations = 8", algorithm + set, run), one);
    const std::vector<double>& acceptance = result_named(report, "exchange_acceptance").mean;
    return std::pair{*std::min_element(acceptance.begin(), acceptance.end()),
                     *std::max_element(acceptance.begin(), acceptance.end())};
  };
  const auto [given_least, given_most] = spread("");
  const auto [least, most] = spread("\ntemperature_set = equal_acceptance");
  EXPECT_LT(given_least, 0.1);
  EXPECT_GT(least, 0.5 * most);
  EXPECT_GT(least, given_least);
}

// Every method finds the exact ground states of small systems.
TEST(SpinGlass, GroundStatesAgree) {
  const Communicator one = single_rank();
  if (Communicator::world().rank() != 0) return;
  for (const char* lattice : {"kind = square\nL = 6", "kind = cubic\nL = 3\nboundary = free"})
    for (const char* couplings : {"realisations = 6", "couplings = gaussian\nrealisations = 6"}) {
      const std::vector<double> exact =
          result_named(alone(deck(lattice, couplings, "method = exact_ground_state", "sweeps = 10"), one),
                       "ground_state_energy")
              .bins;
      ASSERT_EQ(exact.size(), 6U);
      const std::string anneal = "\npopulation = 400\ntemperatures = linspace(0.2, 2.0, 10)";
      for (const std::string& text :
           {deck(lattice, couplings, "method = population_annealing" + anneal, "sweeps = 100000"),
            deck(lattice, couplings, "method = simulated_annealing" + anneal, "sweeps = 100000"),
            deck(lattice, couplings, "temperatures = linspace(0.1, 2.0, 20)\nexchange_every = 1",
                 "sweeps = 3000")}) {
        const std::vector<double> found = result_named(alone(text, one), "lowest_energy").bins;
        ASSERT_EQ(found.size(), 6U);
        for (std::size_t s = 0; s < 6; ++s) EXPECT_NEAR(found[s], exact[s], 1e-12) << text << s;
      }
    }
}

}  // namespace
}  // namespace weiss
