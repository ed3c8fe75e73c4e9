#include "weiss/lattice/lattice.hpp"

#include <algorithm>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/lattice/random_regular.hpp"

namespace weiss {

namespace {

struct KindFacts {
  LatticeKind kind;
  std::string_view name;
  int dimension, sites_per_cell, directions, refinement;
};

constexpr std::array kinds{
    KindFacts{LatticeKind::chain, "chain", 1, 1, 1, 1},
    KindFacts{LatticeKind::square, "square", 2, 1, 2, 1},
    KindFacts{LatticeKind::cubic, "cubic", 3, 1, 3, 1},
    KindFacts{LatticeKind::hypercubic, "hypercubic", 4, 1, 4, 1},
    KindFacts{LatticeKind::triangular, "triangular", 2, 1, 3, 1},
    KindFacts{LatticeKind::honeycomb, "honeycomb", 2, 2, 3, 3},
    KindFacts{LatticeKind::kagome, "kagome", 2, 3, 3, 2},
    KindFacts{LatticeKind::bcc, "bcc", 3, 2, 4, 2},
    KindFacts{LatticeKind::fcc, "fcc", 3, 4, 6, 2},
    KindFacts{LatticeKind::random_regular, "random_regular", 0, 1, 1, 1},
    KindFacts{LatticeKind::complete, "complete", 0, 1, 1, 1},
};

const KindFacts& facts(LatticeKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

using Offset = std::array<int, 3>;  // in units of 1/refinement of a cell

// Basis offsets along the lattice directions, in units of 1/refinement.
Offset basis_offset(LatticeKind kind, int basis) {
  static constexpr std::array<Offset, 2> honeycomb{{{0, 0, 0}, {1, 1, 0}}};
  static constexpr std::array<Offset, 3> kagome{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}};
  static constexpr std::array<Offset, 2> bcc{{{0, 0, 0}, {1, 1, 1}}};
  static constexpr std::array<Offset, 4> fcc{{{0, 0, 0}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}}};
  const auto b = static_cast<std::size_t>(basis);
  switch (kind) {
    case LatticeKind::honeycomb:
      return honeycomb[b];
    case LatticeKind::kagome:
      return kagome[b];
    case LatticeKind::bcc:
      return bcc[b];
    case LatticeKind::fcc:
      return fcc[b];
    default:
      return {};
  }
}

int floor_half(int value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

}  // namespace

std::string_view name(LatticeKind kind) { return facts(kind).name; }
int dimension(LatticeKind kind) { return facts(kind).dimension; }
int sites_per_cell(LatticeKind kind) { return facts(kind).sites_per_cell; }
int directions(LatticeKind kind) { return facts(kind).directions; }

std::optional<LatticeKind> lattice_kind(std::string_view name) {
  for (const KindFacts& each : kinds)
    if (each.name == name) return each.kind;
  return std::nullopt;
}

void Lattice::add_step(int from, int to, std::array<int, 4> move, int direction) {
  steps_[static_cast<std::size_t>(from)].push_back({move, to, direction, true});
  for (int& each : move) each = -each;
  steps_[static_cast<std::size_t>(to)].push_back({move, from, direction, false});
}

void Lattice::build_steps() {
  steps_.resize(static_cast<std::size_t>(sites_per_cell()));
  // Half-cell vectors between sites of the centred cubic lattices; parity tells which basis site is met.
  const auto add_centred = [&](const std::vector<Offset>& vectors) {
    for (int basis = 0; basis < sites_per_cell(); ++basis)
      for (std::size_t v = 0; v < vectors.size(); ++v) {
        Offset to = basis_offset(kind_, basis);
        for (std::size_t d = 0; d < 3; ++d) to[d] += vectors[v][d];
        const std::array<int, 4> move{floor_half(to[0]), floor_half(to[1]), floor_half(to[2]), 0};
        for (std::size_t d = 0; d < 3; ++d) to[d] -= 2 * move[d];
        for (int other = 0; other < sites_per_cell(); ++other)
          if (basis_offset(kind_, other) == to) add_step(basis, other, move, static_cast<int>(v));
      }
  };
  switch (kind_) {
    case LatticeKind::chain:
    case LatticeKind::square:
    case LatticeKind::cubic:
    case LatticeKind::hypercubic:
      for (int d = 0; d < dimension(); ++d) {
        std::array<int, 4> move{};
        move[static_cast<std::size_t>(d)] = 1;
        add_step(0, 0, move, d);
      }
      break;
    case LatticeKind::triangular:
      add_step(0, 0, {1, 0, 0, 0}, 0);
      add_step(0, 0, {0, 1, 0, 0}, 1);
      add_step(0, 0, {1, 1, 0, 0}, 2);
      break;
    case LatticeKind::honeycomb:
      add_step(0, 1, {0, 0, 0, 0}, 0);
      add_step(0, 1, {-1, 0, 0, 0}, 1);
      add_step(0, 1, {0, -1, 0, 0}, 2);
      break;
    case LatticeKind::kagome:
      add_step(0, 1, {0, 0, 0, 0}, 0);
      add_step(1, 0, {1, 0, 0, 0}, 0);
      add_step(0, 2, {0, 0, 0, 0}, 1);
      add_step(2, 0, {0, 1, 0, 0}, 1);
      add_step(1, 2, {0, 0, 0, 0}, 2);
      add_step(1, 2, {1, -1, 0, 0}, 2);
      break;
    case LatticeKind::bcc:
      add_centred({{1, 1, 1}, {-1, 1, 1}, {1, -1, 1}, {1, 1, -1}});
      break;
    case LatticeKind::fcc:
      add_centred({{1, 1, 0}, {1, -1, 0}, {1, 0, 1}, {1, 0, -1}, {0, 1, 1}, {0, 1, -1}});
      break;
    case LatticeKind::random_regular:
    case LatticeKind::complete:
      break;
  }
  for (const auto& steps : steps_)
    forward_steps_ = std::max<std::int64_t>(
        forward_steps_,
        std::count_if(steps.begin(), steps.end(), [](const Step& step) { return step.forward; }));
}

// Bonds of one kind of step: the cells from which it stays inside.
std::int64_t Lattice::count_bonds() const {
  std::int64_t bonds = 0;
  for (const auto& steps : steps_)
    for (const Step& step : steps) {
      if (!step.forward) continue;
      std::int64_t cells = 1;
      for (std::size_t d = 0; d < extents_.size(); ++d)
        cells *= boundary_[d] == Boundary::periodic
                     ? extents_[d]
                     : std::max<std::int64_t>(extents_[d] - std::abs(step.move[d]), 0);
      bonds += cells;
    }
  return bonds;
}

Lattice Lattice::regular(LatticeKind kind, std::vector<std::int64_t> extents,
                         std::vector<Boundary> boundary) {
  const auto dimensions = static_cast<std::size_t>(weiss::dimension(kind));
  if (dimensions == 0 || extents.size() != dimensions || boundary.size() != dimensions)
    throw Error(ExitCode::bad_deck, "lattice.extents: " + std::string(weiss::name(kind)) + " needs " +
                                        std::to_string(dimensions) + " extents and boundaries");
  std::int64_t cells = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    if (extents[d] < 1) throw Error(ExitCode::bad_deck, "lattice.L: extents must be >= 1");
    if (extents[d] == 1 && boundary[d] == Boundary::periodic)
      throw Error(ExitCode::bad_deck,
                  "lattice.L: a periodic extent of 1 would bond a site to itself; use at least 2, or "
                  "lattice.boundary = free");
    cells *= extents[d];
  }
  Lattice lattice(kind, cells * weiss::sites_per_cell(kind));
  lattice.extents_ = std::move(extents);
  lattice.boundary_ = std::move(boundary);
  lattice.refinement_ = facts(kind).refinement;
  lattice.build_steps();
  lattice.bonds_ = lattice.count_bonds();
  const bool cubic_like = kind == LatticeKind::chain || kind == LatticeKind::square ||
                          kind == LatticeKind::cubic || kind == LatticeKind::hypercubic;
  bool even = true;
  for (std::size_t d = 0; d < dimensions; ++d)
    even = even && (lattice.boundary_[d] == Boundary::free || lattice.extents_[d] % 2 == 0);
  lattice.bipartite_ = kind == LatticeKind::honeycomb || kind == LatticeKind::bcc || (cubic_like && even);
  return lattice;
}

Lattice Lattice::random_regular(std::int64_t n, int degree, const Stream& stream) {
  Lattice lattice(LatticeKind::random_regular, n);
  auto graph = std::make_shared<Graph>();
  graph->neighbour = random_regular_neighbours(n, degree, stream);
  for (std::int64_t site = 0; site <= n; ++site) graph->first.push_back(site * degree);
  graph->sublattice = two_colouring(n, degree, graph->neighbour);
  lattice.bonds_ = n * degree / 2;
  lattice.bipartite_ = !graph->sublattice.empty();
  lattice.graph_ = std::move(graph);
  return lattice;
}

Lattice Lattice::complete(std::int64_t n) {
  if (n < 2) throw Error(ExitCode::bad_deck, "lattice.N: the complete graph needs at least 2 sites");
  Lattice lattice(LatticeKind::complete, n);
  lattice.bonds_ = n * (n - 1) / 2;
  return lattice;
}

int Lattice::max_degree(int direction) const {
  if (kind_ == LatticeKind::complete) return static_cast<int>(sites_ - 1);
  if (graph_) return static_cast<int>(graph_->first[1]);
  std::int64_t most = 0;
  for (const auto& steps : steps_)
    most = std::max<std::int64_t>(most, std::count_if(steps.begin(), steps.end(), [&](const Step& step) {
                                    return step.direction == direction;
                                  }));
  return static_cast<int>(most);
}

std::int64_t Lattice::bond_slots() const {
  if (kind_ == LatticeKind::complete) return bonds_;
  if (graph_) return static_cast<std::int64_t>(graph_->neighbour.size());
  return sites_ * forward_steps_;
}

int Lattice::sublattice(std::int64_t site) const {
  if (graph_) return graph_->sublattice[static_cast<std::size_t>(site)];
  if (kind_ == LatticeKind::honeycomb || kind_ == LatticeKind::bcc) return static_cast<int>(site % 2);
  const Cell here = cell(site);
  return static_cast<int>((here[0] + here[1] + here[2] + here[3]) % 2);
}

std::int64_t Lattice::slice(std::int64_t site, int d) const {
  const auto direction = static_cast<std::size_t>(d);
  const std::int64_t cells = cell(site)[direction];
  if (refinement_ == 1) return cells;
  return cells * refinement_ + basis_offset(kind_, static_cast<int>(site % sites_per_cell()))[direction];
}

}  // namespace weiss
