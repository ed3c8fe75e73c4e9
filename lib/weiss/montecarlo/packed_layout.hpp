// Brick layout of one periodic lattice. A square lattice is cut into 32 x 16 bricks, a cubic one into 8 x 8 x
// 8; a word holds the same position of all 512 bricks: bit b is brick b = bx + 32 by, or bx + 8 by + 64 bz,
// and site x = bx * positions[0] + px. Neighbours inside a brick are whole words; brick faces need one lane
// shift. Ranks own boxes of positions; cuts along x fall on multiples of 16, so that a group of words is
// never split.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"

namespace weiss {

using Position = std::array<std::int64_t, 3>;

struct PackedLayout {
  // True for periodic square (64 | Lx, 32 | Ly) and cubic (16 | L) lattices.
  static bool fits(LatticeKind kind, std::span<const std::int64_t> extents,
                   std::span<const Boundary> boundary);

  explicit PackedLayout(std::span<const std::int64_t> extents);

  std::int64_t sites() const { return extents[0] * extents[1] * extents[2]; }

  int dimension;
  Position extents;  // 1 beyond the dimension
  Position bricks;
  Position positions;  // extents / bricks
};

// A process grid, x fastest, 1 beyond the dimension.
using ProcessGrid = std::array<int, 3>;

int ranks(const ProcessGrid& grid);

// True when every rank of the grid owns at least one word and cuts fall on words and groups.
bool legal(const PackedLayout& layout, const ProcessGrid& grid);

// The grid with the smallest largest box, then the smallest faces, then cuts along the slowest direction; on
// the largest number of ranks that is at most max_ranks and has a legal grid.
ProcessGrid choose_packed_grid(const PackedLayout& layout, int max_ranks);

// The box of positions of a rank of the grid.
struct PositionBox {
  Position origin{};
  Position size{};
};
PositionBox packed_box(const PackedLayout& layout, const ProcessGrid& grid, int rank);

}  // namespace weiss
