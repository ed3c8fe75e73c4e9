// Lattices and graphs as immutable values. Regular lattices take no memory: neighbours are computed on the
// fly.
//
//   site = cell * sites_per_cell + basis, cell = x + Lx (y + Ly (z + Lz w)), x fastest
//
// Bond directions (one coupling each):
//   chain, square, cubic, hypercubic  the axes
//   triangular   a1, a2, a1 + a2 (a1 and a2 at 120 degrees)
//   honeycomb    the three bonds of a site
//   kagome       the three line directions a1, a2, a2 - a1
//   bcc          the four body diagonals (+++), (-++), (+-+), (++-); conventional cubic cell, 2 sites
//   fcc          the six face diagonals (++0), (+-0), (+0+), (+0-), (0++), (0+-); conventional cubic cell, 4
//   sites graphs       one
// A periodic extent of 2 gives double bonds; a periodic extent of 1 is refused.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "weiss/rng/stream.hpp"

namespace weiss {

enum class LatticeKind {
  chain,
  square,
  cubic,
  hypercubic,  // 4-dimensional
  triangular,
  honeycomb,
  kagome,
  bcc,
  fcc,
  random_regular,
  complete,
};
enum class Boundary : std::uint8_t { periodic, free };

std::string_view name(LatticeKind kind);
std::optional<LatticeKind> lattice_kind(std::string_view name);
int dimension(LatticeKind kind);       // 0 for graphs
int sites_per_cell(LatticeKind kind);  // 1 for graphs
int directions(LatticeKind kind);

using Cell = std::array<std::int64_t, 4>;

class Lattice {
 public:
  // One extent (unit cells) and one boundary a dimension. Error(bad_deck) for an illegal extent.
  static Lattice regular(LatticeKind kind, std::vector<std::int64_t> extents, std::vector<Boundary> boundary);
  // A simple graph of n sites with `degree` bonds each: random pairing of bond ends, then random switchings
  // until no loop and no double bond is left. A function of the stream alone; connected for degree >= 3 with
  // probability 1 - O(n^(2 - degree)). Error(bad_deck) when no such graph exists.
  static Lattice random_regular(std::int64_t n, int degree, const Stream& stream);
  static Lattice complete(std::int64_t n);

  LatticeKind kind() const { return kind_; }
  int dimension() const { return static_cast<int>(extents_.size()); }
  std::span<const std::int64_t> extents() const { return extents_; }
  std::span<const Boundary> boundary() const { return boundary_; }
  std::int64_t sites() const { return sites_; }
  std::int64_t bonds() const { return bonds_; }
  int sites_per_cell() const { return weiss::sites_per_cell(kind_); }
  int directions() const { return weiss::directions(kind_); }
  int max_degree(int direction) const;  // most bond ends of that direction at a site

  // f(neighbour, direction), once a bond end, in a fixed order. Not for the complete graph.
  template <class F>
  void for_each_neighbour(std::int64_t site, F&& f) const {
    if (graph_) {
      for (std::int64_t end = graph_->first[static_cast<std::size_t>(site)];
           end < graph_->first[static_cast<std::size_t>(site) + 1]; ++end)
        f(graph_->neighbour[static_cast<std::size_t>(end)], 0);
      return;
    }
    const Cell here = cell(site);
    for (const Step& step : steps_[static_cast<std::size_t>(site % sites_per_cell())])
      if (const auto there = stepped(here, step)) f(*there, step.direction);
  }

  // f(neighbour, direction, bond_index): every bond once over all sites; bond_index < bond_slots(), unique.
  template <class F>
  void for_each_forward_bond(std::int64_t site, F&& f) const {
    if (kind_ == LatticeKind::complete) {
      for (std::int64_t other = site + 1; other < sites_; ++other)
        f(other, 0, site * sites_ - site * (site + 1) / 2 + (other - site - 1));
      return;
    }
    if (graph_) {
      for (std::int64_t end = graph_->first[static_cast<std::size_t>(site)];
           end < graph_->first[static_cast<std::size_t>(site) + 1]; ++end)
        if (graph_->neighbour[static_cast<std::size_t>(end)] > site)
          f(graph_->neighbour[static_cast<std::size_t>(end)], 0, end);
      return;
    }
    const Cell here = cell(site);
    std::int64_t slot = 0;
    for (const Step& step : steps_[static_cast<std::size_t>(site % sites_per_cell())]) {
      if (!step.forward) continue;
      if (const auto there = stepped(here, step)) f(*there, step.direction, site * forward_steps_ + slot);
      ++slot;
    }
  }
  std::int64_t bond_slots() const;

  bool bipartite() const { return bipartite_; }
  int sublattice(std::int64_t site) const;  // 0 or 1; only where bipartite

  // Fourier phases along lattice direction d are exp(2 pi i slice / slices): cells along d, refined where the
  // basis has offsets (2 a cell for kagome, bcc and fcc, 3 for honeycomb).
  std::int64_t slices(int d) const { return extents_[static_cast<std::size_t>(d)] * refinement_; }
  std::int64_t slice(std::int64_t site, int d) const;

  Cell cell(std::int64_t site) const {
    Cell coordinates{};
    std::int64_t rest = site / sites_per_cell();
    for (std::size_t d = 0; d < extents_.size(); ++d) {
      coordinates[d] = rest % extents_[d];
      rest /= extents_[d];
    }
    return coordinates;
  }
  std::int64_t site(const Cell& cell, int basis) const {
    std::int64_t index = 0;
    for (std::size_t d = extents_.size(); d-- > 0;) index = index * extents_[d] + cell[d];
    return index * sites_per_cell() + basis;
  }

 private:
  // From a basis site to a neighbour: cells to move, basis there.
  struct Step {
    std::array<int, 4> move{};
    int basis = 0;
    int direction = 0;
    bool forward = true;
  };
  struct Graph {
    std::vector<std::int64_t> first;      // sites + 1
    std::vector<std::int64_t> neighbour;  // ascending at each site
    std::vector<std::int8_t> sublattice;  // empty unless bipartite
  };

  Lattice(LatticeKind kind, std::int64_t sites) : kind_(kind), sites_(sites) {}
  void build_steps();
  void add_step(int from, int to, std::array<int, 4> move, int direction);
  std::optional<std::int64_t> stepped(const Cell& here, const Step& step) const {
    Cell there = here;
    for (std::size_t d = 0; d < extents_.size(); ++d) {
      there[d] += step.move[d];
      if (there[d] >= 0 && there[d] < extents_[d]) continue;
      if (boundary_[d] == Boundary::free) return std::nullopt;
      there[d] += there[d] < 0 ? extents_[d] : -extents_[d];
    }
    return site(there, step.basis);
  }
  std::int64_t count_bonds() const;

  LatticeKind kind_;
  std::int64_t sites_ = 0;
  std::int64_t bonds_ = 0;
  std::vector<std::int64_t> extents_;
  std::vector<Boundary> boundary_;
  std::vector<std::vector<Step>> steps_;  // per basis site
  std::int64_t forward_steps_ = 0;        // most forward bonds of a basis site
  std::int64_t refinement_ = 1;
  bool bipartite_ = false;
  std::shared_ptr<const Graph> graph_;
};

}  // namespace weiss
