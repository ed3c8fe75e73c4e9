// Potts belief propagation against enumeration on trees, the Ising instance at q = 2, closed solutions of
// random regular graphs, and thermodynamic identities.
#include "weiss/cavity/potts_messages.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/cavity/bethe.hpp"
#include "weiss/cavity/message_passing.hpp"
#include "weiss/cavity/potts_bethe.hpp"
#include "weiss/cavity/potts_paramagnet.hpp"
#include "weiss/cavity/shuffled_order.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

namespace weiss {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

InteractionGraph random_tree(std::int64_t sites, std::uint64_t seed) {
  InteractionGraph graph;
  graph.sites = sites;
  const RandomSource random(Stream(seed, 0, StreamId::random_graph), 0);
  for (std::int32_t site = 1; site < sites; ++site) {
    const auto number = static_cast<std::uint64_t>(site);
    graph.members.push_back(static_cast<std::int32_t>(random.below(number, number)));
    graph.members.push_back(site);
  }
  graph.coupling.assign(static_cast<std::size_t>(sites - 1), -1);
  return graph;
}

InteractionGraph glass_tree(std::int64_t sites, std::uint64_t seed) {
  InteractionGraph graph = random_tree(sites, seed);
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 1, 0.1}, seed, 0);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.2, 0.4}, seed, 0);
  return graph;
}

InteractionGraph regular(std::int64_t sites, int degree, double ferromagnetic_fraction, std::uint64_t seed) {
  InteractionGraph graph =
      lattice_graph(Lattice::random_regular(sites, degree, Stream(seed, 0, StreamId::random_graph)));
  draw_couplings(graph, {CouplingDistribution::Kind::bimodal, 1, 0, ferromagnetic_fraction}, seed, 0);
  return graph;
}

struct Instance {
  Instance(const InteractionGraph& model, int states, double beta, double damping = 0)
      : graph(model), messages(graph, model, states, beta, damping) {}
  int converge(double tolerance, int most = 5000) {
    for (int sweep = 1; sweep <= most; ++sweep)
      if (messages.parallel_sweep() <= tolerance) return sweep;
    return -1;
  }
  // By the numbers of the model's sites, q a site.
  std::vector<double> marginals() const {
    const std::size_t q = messages.states();
    std::vector<double> all(graph.original.size() * q);
    for (std::int64_t i = 0; i < graph.sites(); ++i)
      messages.marginal(i, std::span(all).subspan(
                               static_cast<std::size_t>(graph.original[static_cast<std::size_t>(i)]) * q, q));
    return all;
  }
  FactorGraph graph;
  PottsMessages messages;
};

struct Exact {
  double log_partition = 0, energy = 0, equal_pairs = 0;
  std::vector<double> marginals;
};

Exact enumerate(const InteractionGraph& graph, std::size_t q, double beta) {
  const auto n = static_cast<std::size_t>(graph.sites);
  Exact exact;
  exact.marginals.resize(n * q);
  double z = 0;
  std::size_t configurations = 1;
  for (std::size_t i = 0; i < n; ++i) configurations *= q;
  std::vector<std::size_t> colour(n);
  for (std::size_t number = 0; number < configurations; ++number) {
    std::size_t rest = number;
    double energy = 0, equal = 0;
    for (std::size_t i = 0; i < n; ++i) {
      colour[i] = rest % q;
      rest /= q;
      if (!graph.field.empty() && colour[i] == 0) energy -= graph.field[i];
    }
    for (std::size_t e = 0; e < graph.coupling.size(); ++e)
      if (colour[static_cast<std::size_t>(graph.members[2 * e])] ==
          colour[static_cast<std::size_t>(graph.members[2 * e + 1])]) {
        energy -= graph.coupling[e];
        equal += 1;
      }
    const double weight = std::isinf(beta) ? (equal > 0 ? 0 : 1) : std::exp(-beta * energy);
    z += weight;
    exact.energy += weight * energy;
    exact.equal_pairs += weight * equal;
    for (std::size_t i = 0; i < n; ++i) exact.marginals[i * q + colour[i]] += weight;
  }
  exact.energy /= z;
  exact.equal_pairs /= z;
  for (double& each : exact.marginals) each /= z;
  exact.log_partition = std::log(z);
  return exact;
}

void expect_exact(const InteractionGraph& tree, int states, double beta, double tolerance = 1e-12) {
  const Exact exact = enumerate(tree, static_cast<std::size_t>(states), beta);
  Instance instance(tree, states, beta);
  ASSERT_GT(instance.converge(1e-15, 40), 0);
  const PottsAverages found = potts_averages(instance.messages);
  EXPECT_NEAR(found.free_energy, std::isinf(beta) ? 0 : -exact.log_partition / beta, tolerance);
  EXPECT_NEAR(found.energy, exact.energy, tolerance);
  EXPECT_NEAR(found.equal_pairs, exact.equal_pairs, tolerance);
  EXPECT_NEAR(found.entropy, exact.log_partition + (std::isinf(beta) ? 0 : beta * exact.energy),
              tolerance * (std::isinf(beta) ? 1 : std::max(1.0, beta)));
  EXPECT_EQ(found.contradictions, 0);
  const std::vector<double> p = instance.marginals();
  for (std::size_t at = 0; at < p.size(); ++at) EXPECT_NEAR(p[at], exact.marginals[at], tolerance);
}

TEST(PottsMessages, IsExactOnTrees) {
  for (const double beta : {0.3, 1.0, 5.0}) {
    expect_exact(glass_tree(9, 2), 2, beta);
    expect_exact(glass_tree(8, 3), 3, beta);
    expect_exact(glass_tree(7, 4), 4, beta);
    expect_exact(glass_tree(6, 5), 5, beta);
    expect_exact(glass_tree(5, 6), 7, beta);  // the kernel of any q
  }
  expect_exact(glass_tree(8, 3), 3, 60, 1e-10);
}

// Colours of a tree: q (q - 1)^(n - 1) of them.
TEST(PottsMessages, CountsTheColouringsOfATree) {
  for (const int q : {2, 3, 4}) {
    const InteractionGraph tree = random_tree(8, 11);
    expect_exact(tree, q, infinity);
    Instance instance(tree, q, infinity);
    ASSERT_GT(instance.converge(1e-15, 40), 0);
    EXPECT_NEAR(potts_averages(instance.messages).entropy, std::log(q) + 7 * std::log(q - 1), 1e-12);
    EXPECT_EQ(potts_stability(instance.messages, 1e-12, 100), 0);  // perturbations leave a tree
    EXPECT_EQ(potts_uniform_growth(instance.messages, 1e-12, 100), 0);
  }
}

// With q = 2, J delta = J/2 (1 + s s') and h delta(s, 0) = h/2 (1 + s).
TEST(PottsMessages, TwoStatesAreTheIsingInstance) {
  InteractionGraph potts = regular(200, 3, 0.5, 5);
  draw_couplings(potts, {CouplingDistribution::Kind::gaussian, 1, 0.2}, 5, 0);
  draw_fields(potts, {FieldDistribution::Kind::gaussian, 0.1, 0.5}, 5, 0);
  InteractionGraph ising = potts;
  double shift = 0;
  for (auto* all : {&ising.coupling, &ising.field})
    for (double& each : *all) shift += each /= 2;
  const double beta = 0.9;
  Instance instance(potts, 2, beta);
  const FactorGraph graph(ising);
  MessagePassing<TanhRule<double>> messages(graph, ising, {beta, 4 * beta, 4 * beta + 20}, 0);
  std::vector<double> fields;
  for (const std::int32_t site : graph.original)
    fields.push_back(beta * ising.field[static_cast<std::size_t>(site)]);
  messages.set_fields(fields);
  ASSERT_GT(instance.converge(1e-15), 0);
  for (int sweep = 0; sweep < 5000 && messages.parallel_sweep() > 1e-15; ++sweep) continue;
  const PottsAverages found = potts_averages(instance.messages);
  const BetheAverages expected = bethe_averages(messages);
  EXPECT_NEAR(found.free_energy, expected.free_energy - shift, 1e-10);
  EXPECT_NEAR(found.energy, expected.energy - shift, 1e-10);
  EXPECT_NEAR(found.entropy, expected.entropy, 1e-10);
  EXPECT_NEAR(found.overlap, expected.overlap, 1e-10);
  EXPECT_NEAR(found.magnetization, std::fabs(expected.magnetization), 1e-10);
  EXPECT_NEAR(potts_stability(instance.messages, 1e-12, 2000), stability_eigenvalue(messages, 1e-12, 2000),
              1e-8);
}

// c = (x, y, ..., y): x ~ u(x)^k, the closed solution of a regular ferromagnet with colour 0 ahead.
TEST(PottsMessages, RegularFerromagnetIsTheClosedBetheSolution) {
  for (const int q : {2, 3, 4, 6}) {
    const int z = 4;
    const double k = z - 1, w = std::expm1(1.25 * std::log(1 + q / (k - 1)));  // e^J - 1 at T_F/1.25
    const double beta = std::log1p(w);
    Instance instance(regular(200, z, 1, 1), q, beta);
    instance.messages.start([](std::int64_t, std::size_t s) { return s == 0 ? 1.0 : 0.0; });
    ASSERT_GT(instance.converge(1e-15), 0);
    double x = 1;
    for (int t = 0; t < 5000; ++t) {
      const double ratio = std::pow((1 + w * (1 - x) / (q - 1)) / (1 + w * x), k);
      x = 1 / (1 + (q - 1) * ratio);
    }
    const double y = (1 - x) / (q - 1), top = std::pow(1 + w * x, z), rest = std::pow(1 + w * y, z);
    const double site = top + (q - 1) * rest, pair = 1 + w * (x * x + (q - 1) * y * y);
    const double p = top / site, equal = (1 + w) * (x * x + (q - 1) * y * y) / pair;
    const PottsAverages found = potts_averages(instance.messages);
    EXPECT_GT(p, 1.2 / q);
    EXPECT_NEAR(found.free_energy / 200, -(std::log(site) - z / 2.0 * std::log(pair)) / beta, 1e-12);
    EXPECT_NEAR(found.energy / 200, -z / 2.0 * equal, 1e-12);
    EXPECT_NEAR(found.equal_pairs / 200, z / 2.0 * equal, 1e-12);
    EXPECT_NEAR(found.magnetization / 200, (q * p - 1) / (q - 1), 1e-12);
  }
}

// All colours alike: the closed paramagnet, its perturbations k lambda^2 and k lambda.
TEST(PottsMessages, ParamagnetIsClosed) {
  for (const int q : {3, 5, 8})
    for (const double fraction : {0.0, 0.5, 1.0}) {
      Instance instance(regular(300, 4, fraction, 3), q, 0.6);
      ASSERT_EQ(instance.converge(1e-15), 1);
      const PottsAverages found = potts_averages(instance.messages);
      const PottsParamagnet closed = potts_paramagnet(instance.messages);
      EXPECT_NEAR(found.free_energy / 300, closed.free_energy, 1e-12);
      EXPECT_NEAR(found.energy / 300, closed.energy, 1e-12);
      EXPECT_NEAR(found.entropy / 300, closed.entropy, 1e-12);
      if (fraction == 0.5) continue;
      const double lambda = potts_lambda(fraction == 1 ? 1 : -1, 0.6, q);
      EXPECT_NEAR(lambda,
                  std::expm1(fraction == 1 ? 0.6 : -0.6) / (std::exp(fraction == 1 ? 0.6 : -0.6) + q - 1),
                  1e-14);
      EXPECT_NEAR(potts_stability(instance.messages, 1e-13, 200), 3 * lambda * lambda, 1e-12);
      EXPECT_NEAR(potts_uniform_growth(instance.messages, 1e-13, 200), 3 * lambda, 1e-12);
    }
}

TEST(PottsMessages, EntropyOfColourings) {
  for (const int q : {3, 4, 5}) {
    Instance instance(regular(300, 3, 0, 3), q, infinity);
    ASSERT_EQ(instance.converge(1e-15), 1);
    const double expected = std::log(q) + 1.5 * std::log(1 - 1.0 / q);
    EXPECT_NEAR(potts_averages(instance.messages).entropy / 300, expected, 1e-12);
    EXPECT_NEAR(potts_paramagnet(instance.messages).entropy, expected, 1e-14);
    EXPECT_NEAR(potts_stability(instance.messages, 1e-13, 200), 2.0 / ((q - 1) * (q - 1)), 1e-12);
  }
}

// Of q = 2 they are the Ising ones of J/2: k tanh(beta/2) = 1; antiferromagnets have one where k > (q - 1)^2
// alone.
TEST(PottsMessages, TemperaturesOfInstability) {
  const Instance ising(regular(100, 4, 1, 1), 2, 1);
  EXPECT_NEAR(ferromagnetic_temperature(ising.messages), 0.5 / std::atanh(1.0 / 3), 1e-12);
  EXPECT_NEAR(kesten_stigum_temperature(ising.messages), 0.5 / std::atanh(std::sqrt(1.0 / 3)), 1e-12);
  const Instance potts(regular(100, 4, 1, 1), 3, 1);
  EXPECT_NEAR(ferromagnetic_temperature(potts.messages), 1 / std::log(1 + 3.0 / 2), 1e-12);
  const Instance dense(regular(100, 6, 0, 1), 3, 1), sparse(regular(100, 5, 0, 1), 3, 1);
  const double t = kesten_stigum_temperature(dense.messages);
  EXPECT_NEAR(5 * std::pow(potts_lambda(-1, 1 / t, 3), 2), 1, 1e-12);
  EXPECT_TRUE(std::isnan(kesten_stigum_temperature(sparse.messages)));
  EXPECT_TRUE(std::isnan(ferromagnetic_temperature(dense.messages)));
}

// e = d(beta f)/d(beta), since the Bethe free energy is stationary at a fixed point.
TEST(PottsMessages, EnergyIsTheDerivativeOfTheFreeEnergy) {
  InteractionGraph graph = regular(300, 4, 0.5, 9);
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 0.8, 0.1}, 9, 0);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.3, 0.5}, 9, 0);
  const auto beta_f = [&](double beta, double* energy) {
    Instance instance(graph, 3, beta, 0.1);
    EXPECT_GT(instance.converge(1e-14), 0);
    const PottsAverages found = potts_averages(instance.messages);
    if (energy != nullptr) *energy = found.energy;
    return beta * found.free_energy;
  };
  double energy = 0;
  beta_f(0.9, &energy);
  const double d = 1e-3;
  const double slope = (8 * (beta_f(0.9 + d, nullptr) - beta_f(0.9 - d, nullptr)) -
                        (beta_f(0.9 + 2 * d, nullptr) - beta_f(0.9 - 2 * d, nullptr))) /
                       (12 * d);
  EXPECT_NEAR(energy, slope, 1e-7);
  EXPECT_LT(energy, -50);
}

TEST(PottsMessages, SchedulesAndDampingShareTheFixedPoint) {
  InteractionGraph graph = regular(200, 3, 0.5, 12);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.1, 0.5}, 12, 0);
  const auto marginals = [&](int schedule, double damping) {
    Instance instance(graph, 4, 1.2, damping);
    const RandomSource random(Stream(1, 0, StreamId::message_order), 0);
    double residual = 1;
    for (int sweep = 0; sweep < 3000 && residual > 1e-15; ++sweep)
      residual = schedule == 0   ? instance.messages.parallel_sweep()
                 : schedule == 1 ? instance.messages.sequential_sweep(shuffled_order(200, random))
                                 : instance.messages.residual_sweep(200, 1e-15);
    EXPECT_LE(residual, 1e-15);
    return instance.marginals();
  };
  const std::vector<double> reference = marginals(0, 0);
  for (const int schedule : {0, 1, 2})
    for (const double damping : {0.0, 0.5}) {
      const std::vector<double> other = marginals(schedule, damping);
      for (std::size_t at = 0; at < other.size(); ++at) EXPECT_NEAR(other[at], reference[at], 1e-13);
    }
}

// A step that is damped by d moves 1 - d as far; the residual does not follow it down.
TEST(PottsMessages, ResidualIsThatOfTheUndampedStep) {
  const InteractionGraph graph = regular(100, 3, 0.5, 2);
  Instance plain(graph, 3, 1), damped(graph, 3, 1, 0.9);
  for (auto* each : {&plain, &damped})
    each->messages.start([](std::int64_t k, std::size_t s) {
      return 1.0 + static_cast<double>((k + 3 * static_cast<std::int64_t>(s)) % 5);
    });
  EXPECT_EQ(plain.messages.parallel_sweep(), damped.messages.parallel_sweep());
}

// A fixed site conditions the tree: P(s_j | s_i) from enumeration with that colour alone.
TEST(PottsMessages, FixedColoursAreConditions) {
  InteractionGraph tree = random_tree(7, 4);
  Instance instance(tree, 3, infinity);
  instance.messages.fix(0, 1);
  ASSERT_GT(instance.converge(1e-15, 40), 0);
  tree.field.assign(7, 0);
  const auto root = static_cast<std::size_t>(instance.graph.original[0]);
  const std::vector<double> p = instance.marginals();
  EXPECT_EQ(p[root * 3 + 1], 1);
  for (std::size_t e = 0; e < tree.coupling.size(); ++e) {
    const auto a = static_cast<std::size_t>(tree.members[2 * e]);
    const auto b = static_cast<std::size_t>(tree.members[2 * e + 1]);
    if (a != root && b != root) continue;
    const std::size_t other = a == root ? b : a;
    EXPECT_NEAR(p[other * 3 + 1], 0, 1e-15);
    EXPECT_NEAR(p[other * 3], 0.5, 1e-15);
  }
}

// Three mutual neighbours have no colouring of two colours once two are fixed.
TEST(PottsMessages, SitesWithoutAColourAreCounted) {
  InteractionGraph triangle;
  triangle.sites = 3;
  triangle.members = {0, 1, 1, 2, 2, 0};
  triangle.coupling.assign(3, -1);
  Instance instance(triangle, 2, infinity);
  instance.messages.fix(0, 0);
  instance.messages.fix(1, 1);
  instance.converge(0, 10);
  const PottsAverages found = potts_averages(instance.messages);
  EXPECT_EQ(found.contradictions, 3);  // each sees that of the other two
  EXPECT_TRUE(std::isnan(found.entropy));
  const PottsEnergy energy = potts_energy(instance.messages, std::vector<std::int8_t>{0, 1, 1});
  EXPECT_EQ(energy.unsatisfied, 1);
  EXPECT_EQ(energy.energy, 1);
}

TEST(PottsMessages, RefusesWeightsThatUnderflow) {
  EXPECT_THROW(Instance(regular(20, 3, 0.5, 1), 3, infinity), Error);
  EXPECT_THROW(Instance(regular(20, 3, 0.5, 1), 3, 300), Error);
  EXPECT_NO_THROW(Instance(regular(20, 3, 0, 1), 3, infinity));
}

}  // namespace
}  // namespace weiss
