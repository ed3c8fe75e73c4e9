// The isoenergetic cluster move against its definition: what it must leave alone, that it is reversible, and
// that both word types do the same.
#include "weiss/montecarlo/isoenergetic_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "weiss/lattice/graph_builders.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {
namespace {

InteractionGraph square(std::int64_t extent) {
  return lattice_graph(
      Lattice::regular(LatticeKind::square, {extent, extent}, {Boundary::periodic, Boundary::periodic}));
}

double energy(const InteractionGraph& graph, const std::vector<std::uint8_t>& spins, unsigned lane) {
  double sum = 0;
  const auto spin = [&](std::int32_t i) {
    return (spins[static_cast<std::size_t>(i)] >> lane & 1U) != 0 ? 1 : -1;
  };
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    int product = 1;
    for (const std::int32_t member : graph.members_of(e)) product *= spin(member);
    sum -= graph.coupling[static_cast<std::size_t>(e)] * product;
  }
  for (std::size_t i = 0; i < graph.field.size(); ++i)
    sum -= graph.field[i] * spin(static_cast<std::int32_t>(i));
  return sum;
}

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(stream.bits(0, i)));
  return bytes;
}

TEST(IsoenergeticCluster, KeepsTheSumOfEnergiesAndTheOverlapOfEverySite) {
  InteractionGraph fields = square(6);
  for (std::size_t e = 0; e < fields.coupling.size(); ++e) fields.coupling[e] = (e % 3 == 0 ? -1.25 : 0.75);
  for (std::int64_t i = 0; i < fields.sites; ++i) fields.field.push_back(i % 5 == 0 ? 0.5 : -0.25);
  const InteractionGraph triples = random_graph(30, 3, 40, Stream(5, 0, StreamId::random_graph));
  for (const InteractionGraph& graph : {fields, triples}) {
    IsoenergeticCluster cluster(graph);
    const auto sites = static_cast<std::size_t>(graph.sites);
    std::int64_t moved = 0;
    for (std::uint64_t trial = 0; trial < 20; ++trial) {
      std::vector<std::uint8_t> a = random_bytes(sites, 2 * trial), b = random_bytes(sites, 2 * trial + 1);
      const std::vector<std::uint8_t> old_a = a, old_b = b;
      std::vector<std::int64_t> starts;
      for (std::int64_t lane = 0; lane < 8; ++lane)
        starts.push_back((static_cast<std::int64_t>(trial) * 7 + lane * 3) % graph.sites);
      const std::vector<std::int64_t> sizes = cluster.move(a, b, starts);
      for (std::size_t i = 0; i < sites; ++i) EXPECT_EQ(a[i] ^ b[i], old_a[i] ^ old_b[i]);
      for (unsigned lane = 0; lane < 8; ++lane) {
        EXPECT_EQ(energy(graph, a, lane) + energy(graph, b, lane),
                  energy(graph, old_a, lane) + energy(graph, old_b, lane));
        std::int64_t changed = 0;
        for (std::size_t i = 0; i < sites; ++i) changed += (a[i] ^ old_a[i]) >> lane & 1;
        EXPECT_EQ(changed, sizes[lane]);
        EXPECT_GT(changed, 0);
        moved += changed;
      }
    }
    EXPECT_LT(moved, 20 * 8 * graph.sites);
  }
}

// The cluster is the connected set of differing sites around the first one from the start on, found the slow
// way.
TEST(IsoenergeticCluster, IsTheConnectedSetOfDifferingSites) {
  const InteractionGraph graph = square(5);
  IsoenergeticCluster cluster(graph);
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    std::vector<std::uint8_t> a = random_bytes(25, 100 + trial), b = random_bytes(25, 200 + trial);
    const std::vector<std::uint8_t> old_a = a, old_b = b;
    std::vector<std::int64_t> starts(8, static_cast<std::int64_t>(trial) % 25);
    starts[3] = -1;
    const std::vector<std::int64_t> sizes = cluster.move(a, b, starts);
    EXPECT_EQ(sizes[3], 0);
    for (unsigned lane = 0; lane < 8; ++lane) {
      if (lane == 3) continue;
      const auto differs = [&](std::size_t i) { return ((old_a[i] ^ old_b[i]) >> lane & 1) != 0; };
      std::vector<int> label(25, -1);
      std::size_t seed = trial % 25;
      while (!differs(seed)) seed = (seed + 1) % 25;
      label[seed] = 1;
      for (bool grows = true; grows;) {
        grows = false;
        for (std::int64_t e = 0; e < graph.interactions(); ++e) {
          const auto i = static_cast<std::size_t>(graph.members_of(e)[0]),
                     j = static_cast<std::size_t>(graph.members_of(e)[1]);
          if (!differs(i) || !differs(j) || label[i] == label[j]) continue;
          label[i] = label[j] = 1;
          grows = true;
        }
      }
      for (std::size_t i = 0; i < 25; ++i)
        EXPECT_EQ((a[i] ^ old_a[i]) >> lane & 1, label[i] == 1 ? 1 : 0) << trial << " " << lane << " " << i;
    }
  }
}

// From every state of two replicas and every start: P(x -> y) = P(y -> x), so that with E^a + E^b kept any
// exp(-beta (E^a + E^b)) is stationary.
TEST(IsoenergeticCluster, IsReversible) {
  const InteractionGraph graph = random_graph(5, 2, 6, Stream(9, 0, StreamId::random_graph));
  IsoenergeticCluster cluster(graph);
  std::map<std::pair<unsigned, unsigned>, int> ways;
  for (unsigned state = 0; state < 1024; ++state)
    for (std::int64_t start = 0; start < 5; ++start) {
      std::vector<std::uint8_t> a(5), b(5);
      for (unsigned i = 0; i < 5; ++i) {
        a[i] = state >> i & 1U;
        b[i] = state >> (5 + i) & 1U;
      }
      std::vector<std::int64_t> starts(8, -1);
      starts[0] = start;
      cluster.move(a, b, starts);
      unsigned next = 0;
      for (unsigned i = 0; i < 5; ++i)
        next |= static_cast<unsigned>(a[i]) << i | static_cast<unsigned>(b[i]) << (5 + i);
      ++ways[{state, next}];
    }
  for (const auto& [pair, count] : ways) EXPECT_EQ(count, (ways[{pair.second, pair.first}]));
  EXPECT_GT(ways.size(), 1024U);
}

TEST(IsoenergeticCluster, WordsOfBothSizesMoveTheSame) {
  const InteractionGraph graph = square(6);
  IsoenergeticCluster cluster(graph);
  std::vector<SampleWord> a(36), b(36);
  std::vector<std::vector<std::uint8_t>> bytes_a, bytes_b;
  std::vector<std::int64_t> starts(512);
  for (std::size_t lane = 0; lane < 512; ++lane) starts[lane] = static_cast<std::int64_t>(lane * 5 % 36);
  for (std::uint64_t group = 0; group < 64; ++group) {
    bytes_a.push_back(random_bytes(36, 1000 + group));
    bytes_b.push_back(random_bytes(36, 2000 + group));
    for (std::size_t i = 0; i < 36; ++i) {
      a[i].element[group / 8] |= std::uint64_t{bytes_a.back()[i]} << (8 * (group % 8));
      b[i].element[group / 8] |= std::uint64_t{bytes_b.back()[i]} << (8 * (group % 8));
    }
  }
  const std::vector<std::int64_t> sizes = cluster.move(std::span(a), std::span(b), starts);
  for (std::size_t group = 0; group < 64; ++group) {
    const std::vector<std::int64_t> own =
        cluster.move(bytes_a[group], bytes_b[group], std::span(starts).subspan(8 * group, 8));
    for (std::size_t lane = 0; lane < 8; ++lane) EXPECT_EQ(own[lane], sizes[8 * group + lane]);
    for (std::size_t i = 0; i < 36; ++i) {
      EXPECT_EQ(a[i].element[group / 8] >> (8 * (group % 8)) & 0xff, bytes_a[group][i]);
      EXPECT_EQ(b[i].element[group / 8] >> (8 * (group % 8)) & 0xff, bytes_b[group][i]);
    }
  }
}

TEST(IsoenergeticCluster, TurnsWholeConfigurations) {
  std::vector<std::uint8_t> bytes{0x0f, 0xff};
  turn_lanes(bytes, 0x81);
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0x8e, 0x7e}));
}

}  // namespace
}  // namespace weiss
