// The heat bath of 512 samples against its plain twin, its gauge invariance, and its counts.
#include "weiss/montecarlo/sample_heat_bath.hpp"

#include <gtest/gtest.h>

#include "weiss/lattice/graph_builders.hpp"
#include "weiss/montecarlo/sample_reference.hpp"

namespace weiss {
namespace {

constexpr SimdTarget targets[] = {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256,
                                  SimdTarget::avx512};

Lattice lattice_of(LatticeKind kind, std::vector<std::int64_t> extents) {
  const std::vector<Boundary> boundary(extents.size(), Boundary::periodic);
  return Lattice::regular(kind, std::move(extents), boundary);
}

std::vector<Lattice> lattices() {
  return {lattice_of(LatticeKind::square, {4, 4}),     lattice_of(LatticeKind::square, {5, 3}),
          lattice_of(LatticeKind::square, {2, 6}),     lattice_of(LatticeKind::cubic, {3, 3, 3}),
          lattice_of(LatticeKind::cubic, {4, 4, 4}),   lattice_of(LatticeKind::cubic, {2, 3, 4}),
          lattice_of(LatticeKind::triangular, {5, 4}), lattice_of(LatticeKind::kagome, {3, 3})};
}

std::vector<SampleWord> random_words(std::int64_t count, std::uint64_t key) {
  const Stream stream(99, key, StreamId::initial_state);
  std::vector<SampleWord> words(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::uint32_t e = 0; e < 8; ++e) words[i].element[e] = stream.bits(0, i, e);
  return words;
}

bool same(const std::vector<SampleWord>& a, const std::vector<SampleWord>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].element != b[i].element) return false;
  return a.size() == b.size();
}

TEST(SampleHeatBath, EqualsItsTwinOnEveryInstructionSet) {
  for (const Lattice& lattice : lattices()) {
    ASSERT_TRUE(SampleTopology::fits(lattice.kind(), lattice.extents(), lattice.boundary()));
    const SampleTopology topology(lattice);
    const Stream stream(5, 7, StreamId::sample_heat_bath);
    const std::vector<SampleWord> couplings = random_words(topology.interactions(), 1);
    for (const double beta : {0.0, 0.4, 1.1})
      for (const bool shared : {false, true}) {
        const auto thresholds = SampleHeatBath::thresholds(beta);
        std::vector<SampleWord> plain = random_words(topology.sites(), 2);
        for (std::int64_t step = 0; step < 3; ++step)
          sample_reference_sweep(plain, topology, couplings, thresholds, stream, step, 1000, shared);
        for (const SimdTarget target : targets) {
          if (!supported(target)) continue;
          SampleHeatBath heat_bath(topology, couplings, stream, target);
          std::vector<SampleWord> words = random_words(topology.sites(), 2);
          for (std::int64_t step = 0; step < 3; ++step)
            heat_bath.sweep(words, thresholds, step, 1000, shared);
          EXPECT_TRUE(same(plain, words))
              << name(lattice.kind()) << " " << name(target) << " " << beta << shared;
        }
      }
  }
}

TEST(SampleHeatBath, RareDecisionsAreReached) {
  // A few in 100000 decisions need bits of their own: the twin's test must have seen them.
  const Lattice lattice = lattice_of(LatticeKind::cubic, {4, 4, 4});
  const SampleTopology topology(lattice);
  const Stream stream(5, 7, StreamId::sample_heat_bath);
  const std::vector<SampleWord> couplings = random_words(topology.interactions(), 1);
  const auto thresholds = SampleHeatBath::thresholds(0.4);
  SampleHeatBath heat_bath(topology, couplings, stream);
  std::vector<SampleWord> plain = random_words(topology.sites(), 3), words = plain;
  for (std::int64_t step = 0; step < 20; ++step) {
    sample_reference_sweep(plain, topology, couplings, thresholds, stream, step, 0, false);
    heat_bath.sweep(words, thresholds, step, 0, false);
  }
  EXPECT_TRUE(same(plain, words));
  EXPECT_GT(heat_bath.fresh_decisions(), 10);
  EXPECT_LT(heat_bath.fresh_decisions(), 20 * 64 * 512 / 1000);
}

TEST(SampleHeatBath, GaugeTransformsMapTrajectories) {
  for (const Lattice& lattice : lattices()) {
    const SampleTopology topology(lattice);
    const Stream stream(5, 8, StreamId::sample_heat_bath);
    const std::vector<SampleWord> couplings = random_words(topology.interactions(), 1);
    const std::vector<SampleWord> gauge = random_words(topology.sites(), 4);
    std::vector<SampleWord> words = random_words(topology.sites(), 2), turned = words;
    std::vector<SampleWord> turned_couplings = couplings;
    const auto turn = [](SampleWord& word, const SampleWord& by) {
      for (std::size_t e = 0; e < 8; ++e) word.element[e] ^= by.element[e];
    };
    for (std::size_t i = 0; i < words.size(); ++i) turn(turned[i], gauge[i]);
    for (std::size_t e = 0; e < couplings.size(); ++e) {
      turn(turned_couplings[e], gauge[static_cast<std::size_t>(topology.bonds[e].site)]);
      turn(turned_couplings[e], gauge[static_cast<std::size_t>(topology.bonds[e].other)]);
    }
    SampleHeatBath a(topology, couplings, stream), b(topology, turned_couplings, stream);
    for (std::int64_t step = 0; step < 10; ++step)
      for (const bool shared : {false, true}) {
        a.sweep(words, SampleHeatBath::thresholds(0.8), step, 0, shared);
        b.sweep(turned, SampleHeatBath::thresholds(0.8), step, 0, shared);
      }
    EXPECT_EQ(a.satisfied(words), b.satisfied(turned));
    for (std::size_t i = 0; i < turned.size(); ++i) turn(turned[i], gauge[i]);
    EXPECT_TRUE(same(words, turned)) << name(lattice.kind());
  }
}

TEST(SampleHeatBath, CountsAreThoseOfPlainLoops) {
  for (const Lattice& lattice : lattices())
    for (const SimdTarget target : targets) {
      if (!supported(target)) continue;
      const SampleTopology topology(lattice);
      const std::vector<SampleWord> couplings = random_words(topology.interactions(), 1);
      const std::vector<SampleWord> a = random_words(topology.sites(), 2),
                                    b = random_words(topology.sites(), 3);
      SampleHeatBath heat_bath(topology, couplings, Stream(1, 1, StreamId::sample_heat_bath), target);
      SampleCounts satisfied{}, up{}, unequal{}, links{}, listed{};
      const std::vector<std::int32_t> list{0, 3, 4, 5, 2};
      for (int lane = 0; lane < 512; ++lane) {
        const auto l = static_cast<std::size_t>(lane);
        for (std::size_t i = 0; i < a.size(); ++i) {
          up[l] += a[i].bit(lane) ? 1 : 0;
          unequal[l] += a[i].bit(lane) != b[i].bit(lane) ? 1 : 0;
        }
        for (const std::int32_t i : list)
          listed[l] +=
              a[static_cast<std::size_t>(i)].bit(lane) != b[static_cast<std::size_t>(i)].bit(lane) ? 1 : 0;
        for (std::size_t e = 0; e < couplings.size(); ++e) {
          const auto i = static_cast<std::size_t>(topology.bonds[e].site);
          const auto j = static_cast<std::size_t>(topology.bonds[e].other);
          satisfied[l] += (a[i].bit(lane) == a[j].bit(lane)) == couplings[e].bit(lane) ? 1 : 0;
          links[l] += (a[i].bit(lane) != b[i].bit(lane)) != (a[j].bit(lane) != b[j].bit(lane)) ? 1 : 0;
        }
      }
      EXPECT_EQ(heat_bath.satisfied(a), satisfied);
      EXPECT_EQ(heat_bath.up(a), up);
      EXPECT_EQ(heat_bath.unequal(a, b), unequal);
      EXPECT_EQ(heat_bath.unequal(a, b, list), listed);
      EXPECT_EQ(heat_bath.unequal_links(a, b), links);
    }
}

TEST(SampleHeatBath, ExchangeSwapsTheLanesOfTheMask) {
  const SampleTopology topology(lattice_of(LatticeKind::square, {4, 4}));
  const SampleHeatBath heat_bath(topology, random_words(topology.interactions(), 1),
                                 Stream(1, 1, StreamId::sample_heat_bath));
  std::vector<SampleWord> a = random_words(16, 2), b = random_words(16, 3);
  const std::vector<SampleWord> old_a = a, old_b = b;
  const SampleWord mask = random_words(1, 4).front();
  heat_bath.exchange(a, b, mask);
  for (std::size_t i = 0; i < 16; ++i)
    for (int lane = 0; lane < 512; ++lane) {
      EXPECT_EQ(a[i].bit(lane), (mask.bit(lane) ? old_b : old_a)[i].bit(lane));
      EXPECT_EQ(b[i].bit(lane), (mask.bit(lane) ? old_a : old_b)[i].bit(lane));
    }
}

TEST(SampleTopology, BondsAreThoseOfTheLatticeGraph) {
  for (const Lattice& lattice : lattices()) {
    const SampleTopology topology(lattice);
    const InteractionGraph graph = lattice_graph(lattice);
    ASSERT_EQ(topology.interactions(), graph.interactions());
    for (std::size_t e = 0; e < topology.bonds.size(); ++e) {
      EXPECT_EQ(topology.bonds[e].site, graph.members[2 * e]);
      EXPECT_EQ(topology.bonds[e].other, graph.members[2 * e + 1]);
    }
  }
}

}  // namespace
}  // namespace weiss
