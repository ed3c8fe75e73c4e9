// Cluster updates on rows against plain twins with the same coins, bit for bit, on any number of ranks and
// every instruction set.
#include <bit>
#include <ctime>
#include <numeric>

#include <gtest/gtest.h>

#include "weiss/montecarlo/field_bits.hpp"
#include "weiss/montecarlo/row_swendsen_wang.hpp"
#include "weiss/montecarlo/row_wolff.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {
namespace {

using Extents = std::vector<std::int64_t>;

constexpr Boundary periodic = Boundary::periodic;

// Site by site, from the definition of the coins in the header.
struct Twin {
  Lattice lattice;
  Stream bonds, flips;
  std::uint64_t threshold;
  int sign;

  bool coin(std::uint64_t step, int direction, std::int64_t site) const {
    const std::int64_t n = lattice.sites();
    const std::int64_t groups = (n + 511) / 512;
    std::uint64_t u = 0;
    for (int plane = 0; plane < bond_planes; ++plane) {
      const auto bit = static_cast<std::uint32_t>(site % 512);
      // A plane is eight draws of 64 bits.
      const std::uint64_t word = bonds.bits(step, static_cast<std::uint64_t>(direction * groups + site / 512),
                                            static_cast<std::uint32_t>(plane) * 8 + bit / 64);
      u |= (word >> (bit % 64) & 1) << (63 - plane);
    }
    u |= bonds.bits(step, static_cast<std::uint64_t>(3 * groups + direction * n + site)) >> bond_planes;
    return u < threshold;
  }

  // Smallest site of each site's cluster.
  std::vector<std::int64_t> labels(const std::vector<int>& spins, std::uint64_t step) const {
    std::vector<std::int64_t> label(spins.size());
    std::iota(label.begin(), label.end(), 0);
    for (bool changed = true; changed;) {
      changed = false;
      for (std::int64_t site = 0; site < lattice.sites(); ++site)
        lattice.for_each_forward_bond(site, [&](std::int64_t other, int direction, std::int64_t) {
          std::int64_t& a = label[static_cast<std::size_t>(site)];
          std::int64_t& b = label[static_cast<std::size_t>(other)];
          if (a == b ||
              sign * spins[static_cast<std::size_t>(site)] * spins[static_cast<std::size_t>(other)] < 0 ||
              !coin(step, direction, site))
            return;
          a = b = std::min(a, b);
          changed = true;
        });
    }
    return label;
  }

  ClusterSums swendsen_wang(std::vector<int>& spins, std::uint64_t step) const {
    const std::vector<std::int64_t> label = labels(spins, step);
    ClusterSizes sizes;
    std::vector<std::int64_t> size(spins.size());
    std::vector<std::uint64_t> coin(spins.size());
    for (std::size_t i = 0; i < spins.size(); ++i) {
      ++size[static_cast<std::size_t>(label[i])];
      coin[static_cast<std::size_t>(label[i])] ^=
          flips.bits(step, i / 512, static_cast<std::uint32_t>(i % 512 / 64)) >> (i % 64) & 1;
    }
    for (std::size_t i = 0; i < spins.size(); ++i)
      if (coin[static_cast<std::size_t>(label[i])] != 0) spins[i] *= -1;
    for (const std::int64_t each : size)
      if (each > 0) sizes.add_cluster(each);
    return sizes.total();
  }

  std::int64_t wolff(std::vector<int>& spins, std::uint64_t step) const {
    const std::vector<std::int64_t> label = labels(spins, step);
    const auto n = static_cast<std::uint64_t>(lattice.sites());
    const std::uint64_t seed = RandomSource(bonds, step).below(n, 3 * ((n + 511) / 512) + 3 * n);
    std::int64_t size = 0;
    for (std::size_t i = 0; i < spins.size(); ++i)
      if (label[i] == label[seed]) ++size, spins[i] *= -1;
    return size;
  }
};

// A field and its twin's spins, three quarters of them down.
std::vector<int> start(RowField& field) {
  std::vector<std::uint8_t> bits(static_cast<std::size_t>(field.sites() / 8));
  std::vector<int> spins;
  for (std::int64_t site = 0; site < field.sites(); ++site) {
    const bool up =
        (Stream(1, 1, StreamId::initial_state).bits(0, static_cast<std::uint64_t>(site)) & 3) == 0;
    spins.push_back(up ? 1 : -1);
    if (up) set_bit(bits, site);
  }
  field.load_bits(0, bits);
  field.finish_load();
  return spins;
}

void expect_equal(const RowField& field, const std::vector<int>& spins) {
  std::vector<std::uint8_t> bits(static_cast<std::size_t>(field.sites() / 8));
  field.fill_bits(0, bits);
  field.communicator().bit_or(bits, 0);
  if (field.communicator().rank() != 0) return;
  for (std::int64_t site = 0; site < field.sites(); ++site)
    ASSERT_EQ(bit(bits, site), spins[static_cast<std::size_t>(site)] > 0) << "site " << site;
}

Twin twin_of(const Extents& extents, double temperature, double coupling, const Stream& bonds,
             const Stream& flips) {
  const LatticeKind kind = extents.size() == 2 ? LatticeKind::square : LatticeKind::cubic;
  return {Lattice::regular(kind, extents, std::vector<Boundary>(extents.size(), periodic)), bonds, flips,
          bond_threshold(1 / temperature, coupling), coupling > 0 ? 1 : -1};
}

void compare(const Extents& extents, double temperature, double coupling, SimdTarget target) {
  const Communicator world = Communicator::world();
  const std::size_t d = extents.size();
  const LatticeKind kind = d == 2 ? LatticeKind::square : LatticeKind::cubic;
  ASSERT_TRUE(RowField::fits(kind, extents, std::vector<Boundary>(d, periodic)));
  const IsingInteractions interactions{1 / temperature, std::vector<double>(d, coupling), 0, false};
  const Stream bonds(5, 6, StreamId::cluster_bond);
  const Stream flips(5, 6, StreamId::cluster_flip);
  RowField field(world, extents);
  RowSwendsenWang update(interactions, field, bonds, flips, target);
  const Twin twin = twin_of(extents, temperature, coupling, bonds, flips);
  std::vector<int> spins = start(field);
  for (std::int64_t step = 0; step < 4; ++step) {
    const ClusterSums got = update.step(field, step);
    const ClusterSums expected = twin.swendsen_wang(spins, static_cast<std::uint64_t>(step));
    EXPECT_EQ(got.clusters, expected.clusters);
    EXPECT_EQ(got.largest, expected.largest);
    EXPECT_EQ(got.sum_2, expected.sum_2);
    EXPECT_EQ(got.sum_4, expected.sum_4);
    expect_equal(field, spins);
  }
}

TEST(RowSwendsenWang, EqualsItsTwin) {
  for (const Extents& extents :
       {Extents{64, 2}, Extents{64, 9}, Extents{128, 16}, Extents{64, 4, 3}, Extents{128, 2, 8}})
    for (const double temperature : {0.5, 2.27, 10.0})
      for (const double coupling : {1.0, -1.0}) compare(extents, temperature, coupling, simd_target());
  // Rows and planes longer than a register.
  compare({576, 5}, 2.27, 1, simd_target());
  compare({64, 18, 3}, 4.51, 1, simd_target());
}

TEST(RowSwendsenWang, EveryInstructionSetGivesTheSameBits) {
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512})
    if (supported(target)) {
      compare({64, 24}, 2.27, 1, target);
      compare({64, 9, 4}, 4.51, 1, target);
    }
}

TEST(RowWolff, EqualsItsTwin) {
  const Communicator self = Communicator::world().split(Communicator::world().rank(), 0);
  const Stream stream(7, 8, StreamId::wolff);
  for (const Extents& extents : {Extents{64, 9}, Extents{192, 16}, Extents{64, 4, 3}, Extents{128, 2, 8}})
    for (const double temperature : {0.5, 2.27, 10.0})
      for (const double coupling : {1.0, -1.0}) {
        const IsingInteractions interactions{1 / temperature, std::vector<double>(extents.size(), coupling),
                                             0, false};
        const Twin twin = twin_of(extents, temperature, coupling, stream, stream);
        for (const SimdTarget target :
             {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512}) {
          if (!supported(target)) continue;
          RowField field(self, extents);
          RowWolff update(interactions, field, stream, target);
          std::vector<int> spins = start(field);
          for (std::int64_t step = 0; step < 6; ++step) {
            EXPECT_EQ(update.step(field, step), twin.wolff(spins, static_cast<std::uint64_t>(step)));
            expect_equal(field, spins);
          }
        }
      }
}

// Clusters that may cross ranks are kept behind one another: the price of one must not be that of all before
// it.
TEST(RowClusters, GrowingOneCostsNothingForTheOthers) {
  const Communicator self = Communicator::world().split(Communicator::world().rank(), 0);
  RowField field(self, Extents{64, 64});
  RowBonds bonds({1e-9, {1, 1}, 0, false}, field, Stream(1, 2, StreamId::cluster_bond), simd_target());
  bonds.draw_all(field, 0);
  RowClusters clusters(field, bonds, simd_target());
  std::vector<FloodItem> items(std::size_t{1} << 20);
  const std::clock_t start = std::clock();
  for (std::int64_t word = 0; word < 64; ++word)
    while (clusters.unvisited(word) != 0)
      clusters.grow(word, std::countr_zero(clusters.unvisited(word)), items);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 1.0);
}

}  // namespace
}  // namespace weiss
