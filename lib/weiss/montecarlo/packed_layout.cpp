#include "weiss/montecarlo/packed_layout.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace {

Position brick_grid(std::size_t dimension) {
  return dimension == 2 ? Position{32, 16, 1} : Position{8, 8, 8};
}

// Cuts fall on multiples of this many positions.
std::int64_t granule(std::size_t axis) { return axis == 0 ? packed_group_positions : 1; }

std::int64_t granules(const PackedLayout& layout, std::size_t axis) {
  return (layout.positions[axis] + granule(axis) - 1) / granule(axis);
}

// First position of part `part` of `parts` along the axis.
std::int64_t cut(const PackedLayout& layout, std::size_t axis, int parts, int part) {
  return std::min(granules(layout, axis) * part / parts * granule(axis), layout.positions[axis]);
}

std::int64_t largest_part(const PackedLayout& layout, std::size_t axis, int parts) {
  std::int64_t largest = 0;
  for (int part = 0; part < parts; ++part)
    largest = std::max(largest, cut(layout, axis, parts, part + 1) - cut(layout, axis, parts, part));
  return largest;
}

using GridCost = std::tuple<std::int64_t, std::int64_t, int, int>;

GridCost cost(const PackedLayout& layout, const ProcessGrid& grid) {
  Position size{};
  for (std::size_t axis = 0; axis < 3; ++axis) size[axis] = largest_part(layout, axis, grid[axis]);
  const std::int64_t volume = size[0] * size[1] * size[2];
  std::int64_t faces = 0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (grid[axis] > 1) faces += volume / size[axis];
  return {volume, faces, grid[0], grid[1]};
}

std::optional<ProcessGrid> best_grid(const PackedLayout& layout, int ranks) {
  std::optional<ProcessGrid> best;
  for (int z = 1; z <= ranks; ++z)
    for (int y = 1; y <= ranks / z; ++y) {
      const ProcessGrid grid{ranks / z / y, y, z};
      if (grid[0] * y * z != ranks || !legal(layout, grid)) continue;
      if (!best || cost(layout, grid) < cost(layout, *best)) best = grid;
    }
  return best;
}

}  // namespace

bool PackedLayout::fits(LatticeKind kind, std::span<const std::int64_t> extents,
                        std::span<const Boundary> boundary) {
  if (kind != LatticeKind::square && kind != LatticeKind::cubic) return false;
  const std::size_t dimension = kind == LatticeKind::square ? 2 : 3;
  if (extents.size() != dimension || boundary.size() != dimension) return false;
  const Position bricks = brick_grid(dimension);
  for (std::size_t axis = 0; axis < dimension; ++axis)
    if (boundary[axis] != Boundary::periodic || extents[axis] < 1 || extents[axis] % (2 * bricks[axis]) != 0)
      return false;
  return true;
}

PackedLayout::PackedLayout(std::span<const std::int64_t> lattice_extents)
    : dimension(static_cast<int>(lattice_extents.size())),
      extents{1, 1, 1},
      bricks(brick_grid(lattice_extents.size())),
      positions{} {
  for (std::size_t axis = 0; axis < lattice_extents.size(); ++axis) extents[axis] = lattice_extents[axis];
  for (std::size_t axis = 0; axis < 3; ++axis) positions[axis] = extents[axis] / bricks[axis];
}

int ranks(const ProcessGrid& grid) { return grid[0] * grid[1] * grid[2]; }

bool legal(const PackedLayout& layout, const ProcessGrid& grid) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (grid[axis] < 1 || grid[axis] > granules(layout, axis)) return false;
  return true;
}

ProcessGrid choose_packed_grid(const PackedLayout& layout, int max_ranks) {
  const std::int64_t most = granules(layout, 0) * granules(layout, 1) * granules(layout, 2);
  for (int count = static_cast<int>(std::min<std::int64_t>(max_ranks, most)); count > 1; --count)
    if (const auto grid = best_grid(layout, count)) return *grid;
  return {1, 1, 1};
}

PositionBox packed_box(const PackedLayout& layout, const ProcessGrid& grid, int rank) {
  PositionBox box;
  if (rank >= ranks(grid)) return box;
  const std::array<int, 3> place{rank % grid[0], rank / grid[0] % grid[1], rank / (grid[0] * grid[1])};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.origin[axis] = cut(layout, axis, grid[axis], place[axis]);
    box.size[axis] = cut(layout, axis, grid[axis], place[axis] + 1) - box.origin[axis];
  }
  return box;
}

}  // namespace weiss
