// Lattices: degrees, bonds, symmetry, colourings and slices of every kind, extents 1 and 2, free boundaries.
#include "weiss/lattice/lattice.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/lattice/colouring.hpp"

namespace weiss {
namespace {

constexpr Boundary periodic = Boundary::periodic;
constexpr Boundary open = Boundary::free;

struct Shape {
  LatticeKind kind;
  int degree;
  int bonds_per_cell;
};

const std::vector<Shape> shapes{
    {LatticeKind::chain, 2, 1},      {LatticeKind::square, 4, 2},     {LatticeKind::cubic, 6, 3},
    {LatticeKind::hypercubic, 8, 4}, {LatticeKind::triangular, 6, 3}, {LatticeKind::honeycomb, 3, 3},
    {LatticeKind::kagome, 4, 6},     {LatticeKind::bcc, 8, 8},        {LatticeKind::fcc, 12, 24}};

Lattice make(LatticeKind kind, std::int64_t extent, Boundary boundary) {
  const auto d = static_cast<std::size_t>(dimension(kind));
  return Lattice::regular(kind, std::vector<std::int64_t>(d, extent), std::vector<Boundary>(d, boundary));
}

std::vector<Lattice> all_lattices() {
  std::vector<Lattice> all;
  for (const Shape& shape : shapes)
    for (const std::int64_t extent : {2, 3, 4, 5})
      for (const Boundary boundary : {periodic, open}) all.push_back(make(shape.kind, extent, boundary));
  all.push_back(Lattice::regular(LatticeKind::square, {4, 7}, {periodic, open}));
  all.push_back(Lattice::regular(LatticeKind::kagome, {1, 3}, {open, periodic}));
  all.push_back(Lattice::regular(LatticeKind::fcc, {2, 1, 3}, {periodic, open, open}));
  const Stream stream(1, 0, StreamId::random_graph);
  all.push_back(Lattice::random_regular(30, 3, stream));
  all.push_back(Lattice::random_regular(12, 7, stream));
  return all;
}

TEST(Lattice, DegreesAndBondCounts) {
  for (const Shape& shape : shapes)
    for (const std::int64_t extent : {2, 3, 4}) {
      const Lattice lattice = make(shape.kind, extent, periodic);
      const std::int64_t cells = lattice.sites() / lattice.sites_per_cell();
      EXPECT_EQ(lattice.bonds(), cells * shape.bonds_per_cell) << name(shape.kind);
      for (std::int64_t site = 0; site < lattice.sites(); ++site) {
        int degree = 0;
        lattice.for_each_neighbour(site, [&](std::int64_t other, int direction) {
          ++degree;
          EXPECT_NE(other, site);
          EXPECT_LT(direction, lattice.directions());
        });
        EXPECT_EQ(degree, shape.degree) << name(shape.kind) << " extent " << extent;
      }
    }
}

TEST(Lattice, BondsAreSeenFromBothEndsAndOnceForward) {
  for (const Lattice& lattice : all_lattices()) {
    std::map<std::array<std::int64_t, 3>, int> ends;
    std::map<std::array<std::int64_t, 3>, int> forward;
    std::set<std::int64_t> indices;
    std::vector<std::vector<int>> degree(static_cast<std::size_t>(lattice.directions()),
                                         std::vector<int>(static_cast<std::size_t>(lattice.sites())));
    for (std::int64_t site = 0; site < lattice.sites(); ++site) {
      lattice.for_each_neighbour(site, [&](std::int64_t other, int direction) {
        ++ends[{site, other, direction}];
        ++degree[static_cast<std::size_t>(direction)][static_cast<std::size_t>(site)];
      });
      lattice.for_each_forward_bond(site, [&](std::int64_t other, int direction, std::int64_t index) {
        ++forward[{std::min(site, other), std::max(site, other), direction}];
        EXPECT_TRUE(indices.insert(index).second);
        EXPECT_GE(index, 0);
        EXPECT_LT(index, lattice.bond_slots());
      });
    }
    EXPECT_EQ(static_cast<std::int64_t>(indices.size()), lattice.bonds()) << name(lattice.kind());
    for (const auto& [end, count] : ends) {
      EXPECT_EQ(count, (ends[{end[1], end[0], end[2]}])) << name(lattice.kind());
      EXPECT_EQ(count, (forward[{std::min(end[0], end[1]), std::max(end[0], end[1]), end[2]}]))
          << name(lattice.kind());
    }
    for (int d = 0; d < lattice.directions(); ++d)
      for (const int each : degree[static_cast<std::size_t>(d)]) EXPECT_LE(each, lattice.max_degree(d));
  }
}

TEST(Lattice, CoordinatesAndSlicesAreConsistent) {
  for (const Lattice& lattice : all_lattices()) {
    if (lattice.dimension() == 0) continue;
    for (std::int64_t site = 0; site < lattice.sites(); ++site) {
      EXPECT_EQ(lattice.site(lattice.cell(site), static_cast<int>(site % lattice.sites_per_cell())), site);
      for (int d = 0; d < lattice.dimension(); ++d) {
        EXPECT_GE(lattice.slice(site, d), 0);
        EXPECT_LT(lattice.slice(site, d), lattice.slices(d));
      }
    }
  }
}

// Two-colourability by search, against the lattice's own word.
bool search_two_colouring(const Lattice& lattice) {
  std::vector<int> colour(static_cast<std::size_t>(lattice.sites()), -1);
  for (std::int64_t start = 0; start < lattice.sites(); ++start) {
    if (colour[static_cast<std::size_t>(start)] >= 0) continue;
    colour[static_cast<std::size_t>(start)] = 0;
    std::vector<std::int64_t> queue{start};
    while (!queue.empty()) {
      const std::int64_t site = queue.back();
      queue.pop_back();
      bool good = true;
      lattice.for_each_neighbour(site, [&](std::int64_t other, int) {
        int& there = colour[static_cast<std::size_t>(other)];
        if (there == colour[static_cast<std::size_t>(site)]) good = false;
        if (there >= 0) return;
        there = 1 - colour[static_cast<std::size_t>(site)];
        queue.push_back(other);
      });
      if (!good) return false;
    }
  }
  return true;
}

TEST(Lattice, BipartiteMeansTwoColourableAndColouringsAreProper) {
  for (const Lattice& lattice : all_lattices()) {
    if (lattice.bipartite()) {
      EXPECT_TRUE(search_two_colouring(lattice)) << name(lattice.kind());
    }
    const Colouring colours = colouring(lattice);
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      lattice.for_each_neighbour(site, [&](std::int64_t other, int) {
        EXPECT_NE(colours.colour[static_cast<std::size_t>(site)],
                  colours.colour[static_cast<std::size_t>(other)]);
        if (lattice.bipartite()) {
          EXPECT_NE(lattice.sublattice(site), lattice.sublattice(other));
        }
      });
  }
  EXPECT_TRUE(make(LatticeKind::square, 4, periodic).bipartite());
  EXPECT_FALSE(make(LatticeKind::square, 5, periodic).bipartite());
  EXPECT_TRUE(make(LatticeKind::square, 5, open).bipartite());
  EXPECT_TRUE(make(LatticeKind::bcc, 3, periodic).bipartite());
  EXPECT_FALSE(make(LatticeKind::fcc, 4, periodic).bipartite());
}

TEST(Lattice, IllegalShapesAreRefused) {
  EXPECT_THROW(make(LatticeKind::square, 1, periodic), Error);
  EXPECT_THROW(make(LatticeKind::square, 0, open), Error);
  EXPECT_THROW(Lattice::regular(LatticeKind::cubic, {4, 4}, {periodic, periodic}), Error);
  const Stream stream(1, 0, StreamId::random_graph);
  EXPECT_THROW(Lattice::random_regular(5, 3, stream), Error);
  EXPECT_THROW(Lattice::random_regular(4, 4, stream), Error);
  EXPECT_NO_THROW(make(LatticeKind::square, 1, open));
}

TEST(Lattice, RandomRegularGraphsAreSimpleAndKeyedByTheStream) {
  const auto edges = [](const Lattice& lattice) {
    std::vector<std::int64_t> all;
    for (std::int64_t site = 0; site < lattice.sites(); ++site) {
      std::set<std::int64_t> neighbours;
      lattice.for_each_neighbour(site, [&](std::int64_t other, int) {
        EXPECT_NE(other, site);
        EXPECT_TRUE(neighbours.insert(other).second);
        all.push_back(other);
      });
    }
    return all;
  };
  for (const int degree : {1, 2, 3, 6, 9, 19}) {
    const Lattice a = Lattice::random_regular(20, degree, Stream(7, 0, StreamId::random_graph));
    const Lattice b = Lattice::random_regular(20, degree, Stream(7, 0, StreamId::random_graph));
    EXPECT_EQ(static_cast<int>(edges(a).size()), 20 * degree);
    EXPECT_EQ(edges(a), edges(b));
  }
  EXPECT_NE(edges(Lattice::random_regular(50, 3, Stream(7, 0, StreamId::random_graph))),
            edges(Lattice::random_regular(50, 3, Stream(7, 1, StreamId::random_graph))));
}

TEST(Lattice, CompleteGraphListsEveryPairOnce) {
  const Lattice lattice = Lattice::complete(7);
  std::set<std::int64_t> indices;
  for (std::int64_t site = 0; site < 7; ++site)
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t index) {
      EXPECT_GT(other, site);
      EXPECT_TRUE(indices.insert(index).second);
      EXPECT_LT(index, lattice.bond_slots());
    });
  EXPECT_EQ(static_cast<std::int64_t>(indices.size()), lattice.bonds());
}

}  // namespace
}  // namespace weiss
