// Communicators, partitions and local lattices on any number of ranks, each against the plain definition.
#include <gtest/gtest.h>

#include "weiss/parallel/communicator.hpp"
#include "weiss/parallel/local_lattice.hpp"
#include "weiss/parallel/partition.hpp"

namespace weiss {
namespace {

std::vector<Lattice> lattices() {
  const auto regular = [](LatticeKind kind, const std::vector<std::int64_t>& extents) {
    return Lattice::regular(kind, extents, std::vector<Boundary>(extents.size(), Boundary::periodic));
  };
  std::vector<Lattice> all;
  all.push_back(regular(LatticeKind::chain, {17}));
  all.push_back(regular(LatticeKind::square, {12, 7}));
  all.push_back(regular(LatticeKind::cubic, {2, 5, 8}));
  all.push_back(regular(LatticeKind::triangular, {9, 6}));
  all.push_back(regular(LatticeKind::kagome, {4, 8}));
  all.push_back(regular(LatticeKind::fcc, {3, 4, 5}));
  all.push_back(Lattice::random_regular(50, 3, Stream(1, 2, StreamId::random_graph)));
  return all;
}

TEST(Communicator, ReductionsAndExchanges) {
  const Communicator world = Communicator::world();
  const std::int64_t n = world.size(), me = world.rank();
  EXPECT_EQ(world.sum(me + 1), n * (n + 1) / 2);
  EXPECT_EQ(world.maximum(me), n - 1);
  EXPECT_EQ(world.minimum(-me), -(n - 1));
  EXPECT_EQ(world.broadcast(std::string(static_cast<std::size_t>(me), 'x') + "!"), "!");

  // Rank r gives r values r; all ranks have them in rank order.
  const std::vector<std::int64_t> mine(static_cast<std::size_t>(me), me);
  std::vector<std::int64_t> expected;
  for (std::int64_t r = 0; r < n; ++r) expected.insert(expected.end(), static_cast<std::size_t>(r), r);
  EXPECT_EQ(world.all_gather_varying(std::span<const std::int64_t>(mine)), expected);

  // Rank a sends b + 1 values 10 a + b to rank b.
  std::vector<std::vector<std::int64_t>> outgoing;
  for (std::int64_t b = 0; b < n; ++b) outgoing.emplace_back(static_cast<std::size_t>(b + 1), 10 * me + b);
  const auto incoming = world.all_to_all_varying(outgoing);
  for (std::int64_t a = 0; a < n; ++a)
    EXPECT_EQ(incoming[static_cast<std::size_t>(a)],
              std::vector<std::int64_t>(static_cast<std::size_t>(me + 1), 10 * a + me));

  std::vector<std::uint8_t> bits(2, 0);
  bits[0] = static_cast<std::uint8_t>(1U << me);
  world.bit_or(bits, 0);
  if (me == 0) {
    EXPECT_EQ(bits[0], (1U << n) - 1);
  }

  const Communicator half = world.split(static_cast<int>(me % 2), static_cast<int>(me));
  EXPECT_EQ(half.size(), me % 2 == 0 ? (n + 1) / 2 : n / 2);
}

TEST(Partition, EverySiteHasOneOwner) {
  for (const Lattice& lattice : lattices())
    for (int ranks = 1; ranks <= 9; ++ranks) {
      const Partition partition(lattice, ranks);
      EXPECT_LE(partition.ranks_used(), ranks);
      std::vector<int> owners(static_cast<std::size_t>(lattice.sites()), -1);
      for (int rank = 0; rank < ranks; ++rank) {
        std::int64_t previous = -1;
        for (const std::int64_t site : partition.owned(rank)) {
          EXPECT_GT(site, previous);
          previous = site;
          EXPECT_EQ(owners[static_cast<std::size_t>(site)], -1);
          owners[static_cast<std::size_t>(site)] = rank;
        }
      }
      for (std::int64_t site = 0; site < lattice.sites(); ++site)
        EXPECT_EQ(owners[static_cast<std::size_t>(site)], partition.owner(site));
    }
}

TEST(LocalLattice, NeighboursAndHalosAreThoseOfTheLattice) {
  const Communicator world = Communicator::world();
  for (const Lattice& lattice : lattices()) {
    const Partition partition(lattice, world.size());
    const Colouring colours = colouring(lattice);
    LocalLattice local(world, lattice, partition, colours);
    EXPECT_EQ(world.sum(local.owned()), lattice.sites());
    // Every rank knows the value of its own sites; the exchange brings the ghosts'.
    std::vector<std::int64_t> values(static_cast<std::size_t>(local.total()), -1);
    for (std::int64_t i = 0; i < local.owned(); ++i) {
      const std::int64_t site = local.global()[static_cast<std::size_t>(i)];
      EXPECT_EQ(partition.owner(site), world.rank());
      EXPECT_EQ(local.local(site), i);
      values[static_cast<std::size_t>(i)] = 7 * site + 1;
    }
    local.exchange_all(std::span<std::int64_t>(values));
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], 7 * local.global()[i] + 1);

    // Bonds seen from their forward site, counted over all ranks, are the lattice's.
    std::int64_t ends = 0, bonds = 0;
    for (std::int64_t i = 0; i < local.owned(); ++i) ends += std::ssize(local.neighbours(i));
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      lattice.for_each_forward_bond(site, [&](std::int64_t, int, std::int64_t) { ++bonds; });
    EXPECT_EQ(world.sum(ends), 2 * bonds);

    // Interior sites have no ghost neighbours, and the colours' ranges cover all own sites.
    std::int64_t covered = 0;
    for (int colour = 0; colour < local.colours(); ++colour) {
      const LocalLattice::Range interior = local.interior(colour), boundary = local.boundary(colour);
      covered += interior.last - interior.first + boundary.last - boundary.first;
      for (std::int64_t i = interior.first; i < interior.last; ++i)
        for (const LocalLattice::End end : local.neighbours(i)) EXPECT_LT(end.site, local.owned());
    }
    EXPECT_EQ(covered, local.owned());
  }
}

}  // namespace
}  // namespace weiss
