// Clusters on the rows of a RowField made small before they are searched. A bond that closes a square of four
// is cut, which parts no cluster; then a site that hangs by one bond is folded into the neighbour there, its
// size and its coin with it, over and over: most clusters end as one site. 512 sites at a time, in sweeps
// through the lattice, so that a branch along the sweep folds at once. Plain structures and function
// pointers, as in row_flood.hpp.
#pragma once

#include <cstdint>

namespace weiss {

inline constexpr int fold_sweeps = 4;  // forward and backward in turn
inline constexpr int size_planes = 4;  // a site that stands for 15 others takes no more

// This rank's words; every array has room for a plane and 8 words before and after them, all 0.
struct RowFold {
  std::uint32_t words, words_a_row, words_a_plane;
  int dimension;
  // Active bonds from each site to the next along x, y (dimension 3 only) and to the next plane, without
  // those that leave the word or the range of words, or enter another plane along y.
  std::uint64_t *along_x, *along_y, *ahead;
  const std::uint64_t* held;         // sites with a bond that is missing above
  std::uint64_t* coin;               // sum modulo 2 over the sites that a site stands for, itself included
  std::uint64_t* size[size_planes];  // bit k of their number
  std::uint64_t* alive;              // sites that are not folded
  std::uint64_t* folded[fold_sweeps][4];  // right, left, along y, along z, in this order in each sweep
};

}  // namespace weiss
