// What the bit-packed heat bath asks of one instruction set: plain structures and function pointers, no
// inline code, so that sources compiled for one target can include it.
//
// A word holds 512 sites of one position inside 512 bricks. A rank owns a box of positions, stored x fastest
// with one layer of ghost words all round. A word's colour is the parity of its position.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars.hpp"

namespace weiss {

inline constexpr int packed_private_planes = 8;    // the top bits of u, one plane a word
inline constexpr int packed_shared_planes = 9;     // the next bits, one plane a group of words
inline constexpr int packed_group_positions = 16;  // a group: the words of one colour in 16 positions along x
inline constexpr int packed_fresh_block = 128;     // first block of the bits drawn for single sites

struct PackedBox {
  std::uint64_t* words;       // the word at position (0, 0, 0) of this rank's box
  std::int64_t size[3];       // positions of the box
  std::int64_t stride[3];     // in elements of 64 bits
  std::int64_t origin[3];     // global position of the box
  std::int64_t positions[3];  // of the whole lattice
  int dimension;              // 2 or 3
};

struct PackedHalfSweep {
  PackedBox box;
  const void* tables;          // made by PackedKernel::prepare
  std::uint64_t threshold[3];  // for |sum of neighbour spins| = 2, 4, 6
  bool antiferromagnetic;
  std::uint64_t step;
  int colour;
  std::int64_t first[2], last[2];  // the rows to update: y and z in [first, last)
  std::int64_t* fresh_decisions;   // counts the sites that were decided by bits of their own
};

// How a ghost word follows from the word on the opposite face, by the brick's neighbour.
enum class LaneShift { none, x_next, x_previous, y_next, y_previous, z_next, z_previous };

// Copies the words of one colour of a face. Word (i, j) of a side is at words + i * inner + j * outer; a
// compact side keeps only that colour, k-th of a row at words + k * inner + j * outer.
struct PackedFace {
  std::uint64_t* to;
  const std::uint64_t* from;
  std::int64_t to_inner, to_outer, from_inner, from_outer;
  bool to_compact, from_compact;
  std::int64_t inner, outer;  // extents of the face
  int parity;                 // row j holds the colour at i = (parity + j) mod 2, + 2, ...
  LaneShift shift;
  int dimension;
};

// Sums of one rank; slice arrays have positions * bricks entries along each direction, split by colour: entry
// (2 * position + colour) * bricks + brick counts up spins.
struct PackedCounts {
  std::int64_t unequal[3];  // unequal neighbours along +x, +y, +z
  std::int64_t up[2];       // up spins of each colour
  std::int64_t* slices[3];  // null: not wanted
};

struct PackedKernel {
  std::size_t tables_bytes;
  void (*prepare)(const ArsKey& key, void* tables);
  void (*update)(const PackedHalfSweep& half_sweep);
  void (*copy_face)(const PackedFace& face);
  void (*count)(const PackedBox& box, PackedCounts& counts);
  // Parts of it: up spins of a colour, and by slices along an axis as in PackedCounts.
  std::int64_t (*count_up)(const PackedBox& box, int colour);
  void (*count_slices)(const PackedBox& box, int axis, std::int64_t* slices);
};

const PackedKernel& packed_kernel(SimdTarget target);

}  // namespace weiss
