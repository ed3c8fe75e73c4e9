// Heat bath of one colour of one lattice in bricks, 512 sites at a time: the words of one colour in 16
// positions along x are a group of heat_bath_words.hpp, their random index is the position. Rules of
// inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/heat_bath_words.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

template <int dimension>
struct PackedGeometry {
  static constexpr int degree = 2 * dimension;
  struct Place {
    std::uint64_t* words;
    std::uint64_t index;
  };

  std::int64_t stride[3];
  const std::uint64_t* threshold;
  bool against;
  std::int64_t* fresh_decisions;

  WEISS_INLINE std::uint64_t* word(const Place& place, int i) const { return place.words + 16 * i; }
  WEISS_INLINE std::uint64_t index(const Place& place, int i) const {
    return place.index + 2 * static_cast<std::uint64_t>(i);
  }
  WEISS_INLINE LocalField<degree> field(const Place& place, int i, int k) const {
    const std::uint64_t* w = place.words + 16 * i + k * piece_elements;
    if constexpr (dimension == 2)
      return {load(w - 8), load(w + 8), load(w - stride[1]), load(w + stride[1])};
    else
      return {load(w - 8),         load(w + 8),         load(w - stride[1]),
              load(w + stride[1]), load(w - stride[2]), load(w + stride[2])};
  }
  int sum(const Place& place, int i, int element, int bit) const {
    const std::uint64_t* w = place.words + 16 * i + element;
    const auto up = [&](std::int64_t offset) { return static_cast<int>(w[offset] >> bit & 1); };
    int total = 0;
    for (int axis = 0; axis < dimension; ++axis) total += 2 * (up(stride[axis]) + up(-stride[axis])) - 2;
    return total;
  }
};

template <int dimension>
inline void update_rows(const PackedHalfSweep& half) {
  const PackedBox& box = half.box;
  const PackedGeometry<dimension> geometry{{box.stride[0], box.stride[1], box.stride[2]},
                                           half.threshold,
                                           half.antiferromagnetic,
                                           half.fresh_decisions};
  const ThresholdMasks masks(half.threshold);
  PlaneSource source(*static_cast<const ArsTables*>(half.tables), half.step);
  const Piece sign = half.antiferromagnetic ? ones() : zeros();
  RareGroups<PackedGeometry<dimension>> rare_groups;
  for (std::int64_t z = half.first[1]; z < half.last[1]; ++z)
    for (std::int64_t y = half.first[0]; y < half.last[0]; ++y) {
      const std::int64_t row_y = box.origin[1] + y, row_z = box.origin[2] + z;
      const std::int64_t parity = (half.colour + row_y + row_z) & 1;
      for (std::int64_t x = 0; x < box.size[0]; x += packed_group_positions) {
        const std::int64_t positions =
            box.size[0] - x < packed_group_positions ? box.size[0] - x : packed_group_positions;
        const std::int64_t index =
            box.origin[0] + x + parity + box.positions[0] * (row_y + box.positions[1] * row_z);
        update_group(geometry, masks, source, sign, rare_groups,
                     {box.words + 8 * (x + parity) + y * box.stride[1] + z * box.stride[2],
                      static_cast<std::uint64_t>(index)},
                     static_cast<int>(positions / 2));
      }
    }
  rare_groups.decide_all(geometry, source);
}

inline void update(const PackedHalfSweep& half) {
  if (half.box.dimension == 2) return update_rows<2>(half);
  update_rows<3>(half);
}

inline void prepare_tables(const ArsKey& key, void* tables) {
  prepare(key, *static_cast<ArsTables*>(tables));
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
