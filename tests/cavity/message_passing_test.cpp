// Belief propagation against enumeration on trees, the closed solutions of the ring and of random regular
// graphs, thermodynamic identities, and its variants against each other.
#include "weiss/cavity/message_passing.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "weiss/cavity/bethe.hpp"
#include "weiss/cavity/decimation.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

namespace weiss {
namespace {

// A tree of `order`-spin interactions: interaction e joins an earlier site with order - 1 new ones.
InteractionGraph random_tree(std::int64_t interactions, int order, std::uint64_t seed) {
  InteractionGraph graph;
  graph.order = order;
  graph.sites = 1 + interactions * (order - 1);
  const RandomSource random(Stream(seed, 0, StreamId::random_graph), 0);
  std::int32_t next = 1;
  for (std::int64_t e = 0; e < interactions; ++e) {
    graph.members.push_back(static_cast<std::int32_t>(
        random.below(static_cast<std::uint64_t>(next), static_cast<std::uint64_t>(e))));
    for (int k = 1; k < order; ++k) graph.members.push_back(next++);
  }
  graph.coupling.resize(static_cast<std::size_t>(interactions));
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 1, 0.1}, seed, 0);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.2, 0.4}, seed, 0);
  return graph;
}

InteractionGraph ring(std::int64_t sites, double coupling, double field) {
  InteractionGraph graph;
  graph.sites = sites;
  for (std::int32_t site = 0; site < sites; ++site) {
    graph.members.push_back(site);
    graph.members.push_back(static_cast<std::int32_t>((site + 1) % sites));
  }
  graph.coupling.assign(static_cast<std::size_t>(sites), coupling);
  if (field != 0) graph.field.assign(static_cast<std::size_t>(sites), field);
  return graph;
}

InteractionGraph regular(std::int64_t sites, int degree, double ferromagnetic_fraction, std::uint64_t seed) {
  InteractionGraph graph =
      lattice_graph(Lattice::random_regular(sites, degree, Stream(seed, 0, StreamId::random_graph)));
  draw_couplings(graph, {CouplingDistribution::Kind::bimodal, 1, 0, ferromagnetic_fraction}, seed, 0);
  return graph;
}

ScaledModel scaled_model(const InteractionGraph& graph, double beta) {
  ScaledModel scaled{beta, 0, 0};
  for (const double each : graph.coupling)
    scaled.strongest = std::max(scaled.strongest, beta * std::fabs(each));
  scaled.ceiling = scaled.strongest + 20;
  return scaled;
}

template <class Rule>
struct Instance {
  Instance(const InteractionGraph& model, double beta, double damping = 0)
      : graph(model), messages(graph, model, scaled_model(model, beta), damping) {
    std::vector<double> fields;
    for (const std::int32_t site : graph.original)
      if (!model.field.empty()) fields.push_back(beta * model.field[static_cast<std::size_t>(site)]);
    messages.set_fields(fields);
  }
  int converge(double tolerance, int most = 5000) {
    for (int sweep = 1; sweep <= most; ++sweep)
      if (messages.parallel_sweep() <= tolerance) return sweep;
    return -1;
  }
  // By the numbers of the model's sites.
  std::vector<double> magnetizations() const {
    std::vector<double> result(graph.original.size());
    const std::vector<double> m = weiss::magnetizations(messages);
    for (std::size_t i = 0; i < m.size(); ++i) result[static_cast<std::size_t>(graph.original[i])] = m[i];
    return result;
  }
  FactorGraph graph;
  MessagePassing<Rule> messages;
};

struct Exact {
  double free_energy = 0, energy = 0, lowest = 1e300;
  std::vector<double> m, products, pairs;
  std::vector<int> ground_state;
};

Exact enumerate(const InteractionGraph& graph, double beta) {
  const auto n = static_cast<std::size_t>(graph.sites), bonds = graph.coupling.size();
  Exact exact;
  exact.m.resize(n);
  exact.products.resize(bonds);
  exact.pairs.resize(n * n);
  double z = 0;
  for (std::size_t state = 0; state < (std::size_t{1} << n); ++state) {
    const auto spin = [&](std::size_t i) { return (state >> i & 1) != 0 ? 1.0 : -1.0; };
    double energy = 0;
    std::vector<double> products;
    for (std::size_t e = 0; e < bonds; ++e) {
      double product = 1;
      for (const std::int32_t i : graph.members_of(static_cast<std::int64_t>(e)))
        product *= spin(static_cast<std::size_t>(i));
      energy -= graph.coupling[e] * product;
      products.push_back(product);
    }
    for (std::size_t i = 0; i < graph.field.size(); ++i) energy -= graph.field[i] * spin(i);
    if (energy < exact.lowest) {
      exact.lowest = energy;
      exact.ground_state.clear();
      for (std::size_t i = 0; i < n; ++i) exact.ground_state.push_back(spin(i) > 0 ? 1 : -1);
    }
    const double weight = std::exp(-beta * energy);
    z += weight;
    exact.energy += weight * energy;
    for (std::size_t i = 0; i < n; ++i) {
      exact.m[i] += weight * spin(i);
      for (std::size_t j = 0; j < n; ++j) exact.pairs[i * n + j] += weight * spin(i) * spin(j);
    }
    for (std::size_t e = 0; e < bonds; ++e) exact.products[e] += weight * products[e];
  }
  exact.energy /= z;
  for (auto* values : {&exact.m, &exact.products, &exact.pairs})
    for (double& each : *values) each /= z;
  exact.free_energy = -std::log(z) / beta;
  return exact;
}

template <class Rule>
void expect_exact_on_tree(int order, double beta, double tolerance) {
  const InteractionGraph tree = random_tree(12 / (order - 1), order, static_cast<std::uint64_t>(order));
  const Exact exact = enumerate(tree, beta);
  Instance<Rule> instance(tree, beta);
  // A tree is done after its depth, up to the rounding of the last digits.
  const double rounding = 8 * static_cast<double>(std::numeric_limits<typename Rule::Value>::epsilon());
  ASSERT_GT(instance.converge(rounding, 40), 0);
  const BetheAverages averages = bethe_averages(instance.messages);
  EXPECT_NEAR(averages.free_energy, exact.free_energy, tolerance * 10);
  EXPECT_NEAR(averages.energy, exact.energy, tolerance * 10);
  EXPECT_NEAR(averages.entropy, beta * (exact.energy - exact.free_energy), tolerance * 10 * beta);
  const std::vector<double> m = instance.magnetizations();
  for (std::size_t i = 0; i < m.size(); ++i) EXPECT_NEAR(m[i], exact.m[i], tolerance);
  for (std::int64_t k = 0; k < instance.graph.slots(); ++k)
    EXPECT_NEAR(
        interaction_average(instance.messages, k),
        exact.products[static_cast<std::size_t>(instance.graph.interaction[static_cast<std::size_t>(k)])],
        tolerance);
}

TEST(MessagePassing, IsExactOnTrees) {
  for (const int order : {2, 3, 4})
    for (const double beta : {0.3, 1.0}) {
      expect_exact_on_tree<TanhRule<double>>(order, beta, 1e-12);
      expect_exact_on_tree<FieldRule<double>>(order, beta, 1e-12);
      expect_exact_on_tree<TanhRule<float>>(order, beta, 1e-5);
      expect_exact_on_tree<FieldRule<float>>(order, beta, 1e-5);
    }
  for (const int order : {2, 3}) expect_exact_on_tree<FieldRule<double>>(order, 20.0, 1e-11);
}

TEST(MessagePassing, FindsTheGroundStateOfATree) {
  for (const int order : {2, 3, 4}) {
    const InteractionGraph tree = random_tree(15 / (order - 1), order, 7);
    const Exact exact = enumerate(tree, 1);
    Instance<MinimumRule<double>> instance(tree, 1);
    ASSERT_GT(instance.converge(0, 40), 0);
    EXPECT_NEAR(bethe_averages(instance.messages).free_energy, exact.lowest, 1e-12);
    const std::vector<double> m = instance.magnetizations();
    for (std::size_t i = 0; i < m.size(); ++i) EXPECT_EQ(m[i], exact.ground_state[i]);
    std::vector<std::int8_t> spins;
    std::vector<double> fields;
    for (const std::int32_t site : instance.graph.original) {
      spins.push_back(static_cast<std::int8_t>(exact.ground_state[static_cast<std::size_t>(site)]));
      fields.push_back(tree.field[static_cast<std::size_t>(site)]);
    }
    EXPECT_NEAR(configuration_energy(instance.messages, spins, fields).energy, exact.lowest, 1e-12);
  }
}

// Derivatives of the messages give every connected correlation of a tree.
TEST(MessagePassing, ResponsesAreTheConnectedCorrelationsOfATree) {
  for (const int order : {2, 3, 4}) {
    const InteractionGraph tree = random_tree(12 / (order - 1), order, 3);
    const auto n = static_cast<std::size_t>(tree.sites);
    const Exact exact = enumerate(tree, 0.8);
    Instance<FieldRule<double>> instance(tree, 0.8);
    ASSERT_GT(instance.converge(0, 40), 0);
    for (std::size_t source = 0; source < n; ++source) {
      std::vector<double> direction(n);
      direction[source] = 1;
      const Response response = linear_response(instance.messages, direction, 0, 40);
      ASSERT_TRUE(response.converged);
      const auto j = static_cast<std::size_t>(instance.graph.original[source]);
      for (std::size_t site = 0; site < n; ++site) {
        const auto i = static_cast<std::size_t>(instance.graph.original[site]);
        EXPECT_NEAR(response.of_sites[site], exact.pairs[i * n + j] - exact.m[i] * exact.m[j], 1e-12);
      }
    }
    EXPECT_EQ(stability_eigenvalue(instance.messages, 1e-12, 100), 0);  // perturbations leave a tree
  }
}

// On a ring Bethe's free energy misses exactly the loop: Z = l_+^N + l_-^N, Bethe has l_+^N.
TEST(MessagePassing, RingIsTheTransferMatrixWithoutItsSmallerEigenvalue) {
  const double beta = 0.7, field = 0.3, J = 1;
  const std::int64_t n = 12;
  Instance<TanhRule<double>> instance(ring(n, J, field), beta);
  ASSERT_GT(instance.converge(1e-15), 0);
  const double root = std::sqrt(std::pow(std::sinh(beta * field), 2) + std::exp(-4 * beta * J));
  const double larger = std::exp(beta * J) * (std::cosh(beta * field) + root);
  const double smaller = std::exp(beta * J) * (std::cosh(beta * field) - root);
  const BetheAverages averages = bethe_averages(instance.messages);
  EXPECT_NEAR(averages.free_energy, -static_cast<double>(n) * std::log(larger) / beta, 1e-12);
  EXPECT_NEAR(averages.magnetization / static_cast<double>(n), std::sinh(beta * field) / root, 1e-13);
  const Exact exact = enumerate(ring(n, J, field), beta);
  const double missing = std::log1p(std::pow(smaller / larger, static_cast<double>(n))) / beta;
  EXPECT_NEAR(averages.free_energy - exact.free_energy, missing, 1e-12);
  EXPECT_GT(missing, 1e-5);
}

// x = h beta + k atanh(tanh(beta) tanh x) on every edge of a regular ferromagnet.
TEST(MessagePassing, RegularFerromagnetIsTheClosedBetheSolution) {
  for (const int z : {3, 4, 5, 6}) {
    const double beta = 1.3 * std::atanh(1.0 / (z - 1));
    Instance<TanhRule<double>> instance(regular(200, z, 1, 1), beta);
    instance.messages.start([](std::int64_t) { return 1.0; });
    ASSERT_GT(instance.converge(1e-15), 0);
    double x = 1;
    for (int i = 0; i < 5000; ++i) x = (z - 1) * std::atanh(std::tanh(beta) * std::tanh(x));
    const double u = std::atanh(std::tanh(beta) * std::tanh(x));
    const double c = std::tanh(x), t = std::tanh(beta);
    const BetheAverages averages = bethe_averages(instance.messages);
    EXPECT_GT(x, 0.1);
    EXPECT_NEAR(averages.magnetization / 200, std::tanh(x + u), 1e-12);
    EXPECT_NEAR(averages.energy / 200, -0.5 * z * (t + c * c) / (1 + t * c * c), 1e-12);
    const double w = t * (1 - c * c) / (1 - t * t * c * c);
    EXPECT_NEAR(stability_eigenvalue(instance.messages, 1e-13, 500), (z - 1) * w * w, 1e-10);
    const std::vector<double> uniform(200, 1.0);
    const Response response = linear_response(instance.messages, uniform, 1e-14, 5000);
    ASSERT_TRUE(response.converged);
    const double g = 1 / (1 - (z - 1) * w), m = std::tanh(x + u);
    EXPECT_NEAR(response.of_sites.front(), (1 - m * m) * (1 + z * w * g), 1e-10);
  }
}

// Without field a regular +-J glass is paramagnetic above T_SG: f = -T (ln 2 + z/2 ln cosh beta), all else
// zero.
TEST(MessagePassing, ParamagnetOfARegularGlass) {
  const double beta = 0.8;  // k tanh^2(beta) = 0.8819 < 1
  Instance<TanhRule<float>> instance(regular(1000, 3, 0.5, 4), beta, 0.2);
  instance.messages.start([](std::int64_t k) { return k % 2 == 0 ? 0.7 : -0.4; });
  ASSERT_GT(instance.converge(1e-7), 0);
  const BetheAverages averages = bethe_averages(instance.messages);
  EXPECT_NEAR(averages.free_energy / 1000, -(std::log(2.0) + 1.5 * std::log(std::cosh(beta))) / beta, 1e-6);
  EXPECT_NEAR(averages.energy / 1000, -1.5 * std::tanh(beta), 1e-6);
  EXPECT_NEAR(averages.overlap / 1000, 0, 1e-9);
  EXPECT_NEAR(stability_eigenvalue(instance.messages, 1e-10, 100), 2 * std::pow(std::tanh(beta), 2), 1e-5);
}

// e = d(beta f)/d(beta) holds at every fixed point, since the Bethe free energy is stationary there.
TEST(MessagePassing, EnergyIsTheDerivativeOfTheFreeEnergy) {
  for (const int order : {2, 3}) {
    InteractionGraph graph = order == 2 ? regular(300, 4, 0.5, 9)
                                        : random_graph(300, 3, 250, Stream(2, 0, StreamId::random_graph));
    draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 0.8, 0.1}, 9, 0);
    draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.3, 0.5}, 9, 0);
    const auto beta_f = [&](double beta, double* energy) {
      Instance<FieldRule<double>> instance(graph, beta, 0.1);
      EXPECT_GT(instance.converge(1e-14), 0);
      const BetheAverages averages = bethe_averages(instance.messages);
      if (energy != nullptr) *energy = averages.energy;
      return beta * averages.free_energy;
    };
    double energy = 0;
    beta_f(0.6, &energy);
    const double d = 1e-3;
    const double slope = (8 * (beta_f(0.6 + d, nullptr) - beta_f(0.6 - d, nullptr)) -
                          (beta_f(0.6 + 2 * d, nullptr) - beta_f(0.6 - 2 * d, nullptr))) /
                         (12 * d);
    EXPECT_NEAR(energy, slope, 1e-7);
    EXPECT_LT(energy, -50);
  }
}

// The series of the Bethe approximation is right up to the shortest loop: at high temperature a small loopy
// system is close to enumeration, and closer when hotter.
TEST(MessagePassing, ApproachesEnumerationAtHighTemperature) {
  InteractionGraph graph = regular(14, 3, 0.5, 5);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.1, 0.3}, 5, 0);
  double before = 1;
  for (const double beta : {0.2, 0.1, 0.05}) {
    Instance<TanhRule<double>> instance(graph, beta);
    ASSERT_GT(instance.converge(1e-15), 0);
    const double error = std::fabs(
        beta * (bethe_averages(instance.messages).free_energy - enumerate(graph, beta).free_energy));
    EXPECT_LT(error, before / 7);  // beta^3, the shortest loop
    before = error;
  }
}

template <class Rule>
std::vector<double> fixed_point(int schedule, double damping) {
  InteractionGraph graph = regular(256 + 10, 3, 0.6, 12);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.1, 0.5}, 12, 0);
  Instance<Rule> instance(graph, 0.9, damping);
  std::vector<std::int32_t> order(266);
  std::iota(order.rbegin(), order.rend(), 0);
  double residual = 1;
  for (int sweep = 0; sweep < 3000 && residual > 1e-14; ++sweep)
    residual = schedule == 0   ? instance.messages.parallel_sweep()
               : schedule == 1 ? instance.messages.sequential_sweep(order)
                               : instance.messages.residual_sweep(266, 1e-14);
  EXPECT_LE(residual, 1e-14);
  return instance.magnetizations();
}

TEST(MessagePassing, SchedulesDampingAndRulesShareTheFixedPoint) {
  const std::vector<double> reference = fixed_point<TanhRule<double>>(0, 0);
  for (const int schedule : {0, 1, 2})
    for (const double damping : {0.0, 0.5}) {
      const std::vector<double> tanh = fixed_point<TanhRule<double>>(schedule, damping);
      const std::vector<double> fields = fixed_point<FieldRule<double>>(schedule, damping);
      for (std::size_t i = 0; i < reference.size(); ++i) {
        EXPECT_NEAR(tanh[i], reference[i], 1e-12);
        EXPECT_NEAR(fields[i], reference[i], 1e-12);
      }
    }
}

// A step that is damped by d moves 1 - d as far; the residual does not follow it down.
TEST(MessagePassing, ResidualIsThatOfTheUndampedStep) {
  const InteractionGraph graph = regular(100, 3, 0.5, 2);
  Instance<TanhRule<double>> plain(graph, 0.7), damped(graph, 0.7, 0.9);
  for (auto* each : {&plain, &damped})
    each->messages.start([](std::int64_t k) { return k % 3 == 0 ? 1.0 : -0.5; });
  EXPECT_EQ(plain.messages.parallel_sweep(), damped.messages.parallel_sweep());
}

// The kernel of equal degrees and the general one are the same arithmetic.
TEST(MessagePassing, UniformKernelIsTheGeneralOne) {
  for (const int degree : {3, 4, 6}) {
    const InteractionGraph graph = regular(200, degree, 0.5, 8);
    Instance<TanhRule<float>> uniform(graph, 0.5, 0.3), general(graph, 0.5, 0.3);
    for (std::int32_t k = 0; k <= 200; ++k) general.graph.first.push_back(k * degree);
    general.graph.uniform_degree = 0;
    for (auto* each : {&uniform, &general})
      each->messages.start([](std::int64_t k) { return std::sin(static_cast<double>(k)); });
    for (int sweep = 0; sweep < 5; ++sweep)
      EXPECT_EQ(uniform.messages.parallel_sweep(), general.messages.parallel_sweep());
    const auto a = uniform.messages.messages(), b = general.messages.messages();
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
  }
}

template <class Rule>
double bytes_an_edge(const InteractionGraph& graph) {
  Instance<Rule> instance(graph, 0.5);
  instance.graph.interaction = {};
  instance.messages.parallel_sweep();
  return instance.messages.bytes() / static_cast<double>(graph.interactions());
}

// With fields, in both precisions; couplings of one size take a byte, others all their digits.
TEST(MessagePassing, PairMessagesFitInto64BytesAnEdge) {
  InteractionGraph graph = regular(3000, 3, 0.5, 8);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0.3, 0.5}, 8, 0);
  EXPECT_LE(bytes_an_edge<TanhRule<float>>(graph), 34);
  EXPECT_LE(bytes_an_edge<TanhRule<double>>(graph), 51);
  EXPECT_LE(bytes_an_edge<FieldRule<double>>(graph), 51);
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 1, 0}, 8, 0);
  EXPECT_LE(bytes_an_edge<TanhRule<float>>(graph), 64);
  EXPECT_LE(bytes_an_edge<TanhRule<double>>(graph), 64);
}

// Couplings of one size and couplings by their values are the same arithmetic.
TEST(MessagePassing, SignsOfCouplingsAreTheirValues) {
  const InteractionGraph graph = regular(200, 3, 0.5, 8);
  InteractionGraph other = graph;
  other.sites += 2;  // an edge of its own whose coupling has another size
  other.members.insert(other.members.end(), {200, 201});
  other.coupling.push_back(0.5);
  Instance<TanhRule<double>> signs(graph, 0.5), values(other, 0.5);
  for (auto* each : {&signs, &values})
    each->messages.start([](std::int64_t k) { return std::sin(static_cast<double>(k)); });
  for (int sweep = 0; sweep < 5; ++sweep) {
    signs.messages.parallel_sweep();
    values.messages.parallel_sweep();
  }
  for (std::size_t k = 0; k < signs.messages.messages().size(); ++k)
    ASSERT_EQ(signs.messages.messages()[k], values.messages.messages()[k]);
  for (std::int64_t k = 0; k < signs.graph.slots(); ++k)
    EXPECT_EQ(
        signs.messages.coupling(k),
        0.5 * graph.coupling[static_cast<std::size_t>(signs.graph.interaction[static_cast<std::size_t>(k)])]);
}

TEST(Decimation, TakesTheMostBiasedFreeSpins) {
  const Stream stream(1, 0, StreamId::decimation);
  const std::vector<double> fields{0.5, -3, 2, 0.1, -2.5};
  const std::vector<std::int8_t> fixed{0, 1, 0, 0, 0};
  const std::vector<FixedSpin> chosen = most_biased(fields, fixed, 2, 1e-6, stream, 0);
  ASSERT_EQ(chosen.size(), 2U);
  EXPECT_EQ(chosen[0].site, 4);
  EXPECT_EQ(chosen[0].spin, -1);
  EXPECT_EQ(chosen[1].site, 2);
  EXPECT_EQ(chosen[1].spin, 1);
  EXPECT_EQ(most_biased(fields, fixed, 9, 1, stream, 0).size(), 2U);  // 0.5 and 0.1 are no bias here
  const std::vector<FixedSpin> drawn = most_biased(fields, fixed, 9, 10, stream, 0);
  ASSERT_EQ(drawn.size(), 1U);
  EXPECT_NE(drawn.front().site, 1);
}

}  // namespace
}  // namespace weiss
