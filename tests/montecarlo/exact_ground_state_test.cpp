// Ground states by dynamic programming against all 2^N states.
#include "weiss/montecarlo/exact_ground_state.hpp"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

namespace weiss {
namespace {

double energy(const InteractionGraph& graph, const std::vector<std::int8_t>& spins) {
  double sum = 0;
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    int product = 1;
    for (const std::int32_t member : graph.members_of(e)) product *= spins[static_cast<std::size_t>(member)];
    sum -= graph.coupling[static_cast<std::size_t>(e)] * product;
  }
  for (std::size_t i = 0; i < graph.field.size(); ++i) sum -= graph.field[i] * spins[i];
  return sum;
}

double lowest(const InteractionGraph& graph) {
  double best = std::numeric_limits<double>::max();
  std::vector<std::int8_t> spins(static_cast<std::size_t>(graph.sites));
  for (std::uint64_t state = 0; state < std::uint64_t{1} << graph.sites; ++state) {
    for (std::size_t i = 0; i < spins.size(); ++i) spins[i] = (state >> i & 1) != 0 ? 1 : -1;
    best = std::min(best, energy(graph, spins));
  }
  return best;
}

std::vector<InteractionGraph> systems() {
  const Stream stream(3, 0, StreamId::random_graph);
  const std::vector<Boundary> periodic(2, Boundary::periodic), free(2, Boundary::free);
  std::vector<InteractionGraph> all{lattice_graph(Lattice::regular(LatticeKind::square, {4, 4}, periodic)),
                                    lattice_graph(Lattice::regular(LatticeKind::square, {5, 3}, free)),
                                    lattice_graph(Lattice::regular(LatticeKind::cubic, {2, 2, 4},
                                                                   std::vector<Boundary>(3, Boundary::free))),
                                    complete_graph(10, 2),
                                    complete_graph(8, 3),
                                    random_graph(14, 2, 16, stream),
                                    random_graph(12, 4, 10, stream)};
  CouplingDistribution gaussian;
  gaussian.kind = CouplingDistribution::Kind::gaussian;
  FieldDistribution field;
  field.kind = FieldDistribution::Kind::gaussian;
  field.width = 0.5;
  for (std::size_t k = 0; k < all.size(); ++k) {
    draw_couplings(all[k], k % 2 == 0 ? gaussian : CouplingDistribution{}, 1, k);
    if (k % 3 == 1) draw_fields(all[k], field, 1, k);
  }
  return all;
}

TEST(ExactGroundState, IsTheLowestOfAllStates) {
  for (const InteractionGraph& graph : systems()) {
    const GroundState found = exact_ground_state(graph);
    EXPECT_NEAR(found.energy, lowest(graph), 1e-12 * static_cast<double>(graph.sites));
    ASSERT_EQ(found.spins.size(), static_cast<std::size_t>(graph.sites));
    EXPECT_NEAR(energy(graph, found.spins), found.energy, 1e-12 * static_cast<double>(graph.sites));
  }
}

TEST(ExactGroundState, TakesEverySiteOnceAndWideStripsThroughTheirNarrowSide) {
  const InteractionGraph strip =
      lattice_graph(Lattice::regular(LatticeKind::square, {6, 60}, {Boundary::periodic, Boundary::free}));
  const EliminationOrder order(strip);
  std::vector<std::int32_t> sorted = order.sites;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(sorted[i], static_cast<std::int32_t>(i));
  EXPECT_EQ(sorted.size(), 360U);
  EXPECT_LE(order.frontier, 8);
  // A ferromagnet: every bond satisfied.
  EXPECT_EQ(exact_ground_state(strip, order).energy, -static_cast<double>(strip.interactions()));
}

TEST(ExactGroundState, RefusesWhatDoesNotFit) {
  EXPECT_THROW(exact_ground_state(complete_graph(30, 2)), Error);
}

}  // namespace
}  // namespace weiss
