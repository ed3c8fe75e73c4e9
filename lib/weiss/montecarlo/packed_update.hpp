// Heat bath of one colour for one instruction set, 512 sites at a time. The uniform 64-bit number u of a site
// (word w, lane b) at step t is exact by construction: packed_comparison.hpp says which bits it is made of.
// A site with local field h != 0 aligns with it unless u < threshold(|h|); with h = 0 it is the old spin XOR
// bit 63.
// Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_comparison.hpp"
#include "weiss/montecarlo/packed_neighbours.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

struct Group : OpenLanes {
  std::uint64_t* words;
  std::uint64_t index;
  int count;
};

WEISS_INLINE NeighbourSum<4> neighbour_sum(const std::uint64_t* w, const std::int64_t* stride,
                                           const NeighbourSum<4>*) {
  return NeighbourSum<4>({load(w - 8), load(w + 8), load(w - stride[1]), load(w + stride[1])});
}
WEISS_INLINE NeighbourSum<6> neighbour_sum(const std::uint64_t* w, const std::int64_t* stride,
                                           const NeighbourSum<6>*) {
  return NeighbourSum<6>({load(w - 8), load(w + 8), load(w - stride[1]), load(w + stride[1]),
                          load(w - stride[2]), load(w + stride[2])});
}

// One site: the threshold of its class, the decision.
inline void decide(const PackedHalfSweep& half, const PlaneSource& source, const Group& group, int i,
                   int lane, bool use_shared) {
  std::uint64_t* word = group.words + 16 * i;
  const int element = lane / 64, bit = lane % 64;
  const auto spin = [&](std::int64_t offset) { return static_cast<int>(word[offset + element] >> bit & 1); };
  int sum = 0;
  for (int axis = 0; axis < half.box.dimension; ++axis)
    sum += 2 * (spin(half.box.stride[axis]) + spin(-half.box.stride[axis])) - 2;
  const bool fires = open_site_fires(source, group, group.index + 2 * static_cast<std::uint64_t>(i), lane,
                                     use_shared, half.threshold[(sum < 0 ? -sum : sum) / 2 - 1]);
  const bool up = (sum > 0) != (half.antiferromagnetic != fires);
  word[element] = (word[element] & ~(1ULL << bit)) | static_cast<std::uint64_t>(up) << bit;
  ++*half.fresh_decisions;
}

// Piece k of every word of a group; true when a site needs bits of its own.
template <class Field>
WEISS_INLINE bool update_pieces(const PackedHalfSweep& half, const ThresholdMasks<Field::classes>& masks,
                                PlaneSource& source, Piece sign, Group& group, int k) {
  source.set_index(group.index);
  const SharedComparison<Field::classes> shared(masks, source, group, k);
  Piece seen = zeros(), repeated = zeros();
  for (int i = 0; i < group.count; ++i) {
    std::uint64_t* word = group.words + 16 * i + k * piece_elements;
    source.set_index(group.index + 2 * static_cast<std::uint64_t>(i));
    const Field field = neighbour_sum(word, half.box.stride, static_cast<const Field*>(nullptr));
    const PrivateComparison<0, Field> compared(field, masks, shared, source, k);
    store(compared.equal, group.undecided[i] + k * piece_elements);
    repeated = or_and(repeated, seen, compared.equal);
    seen = seen | compared.equal;
    const Piece base = choose(field.zero, load(word), field.positive ^ sign);
    store(base ^ choose(field.zero, compared.top, compared.less), word);
  }
  const Piece rare = or_and(repeated, seen, shared.tied);
  store(rare, group.rare + k * piece_elements);
  return any(rare);
}

template <class Field>
inline void update_rows(const PackedHalfSweep& half) {
  const PackedBox& box = half.box;
  const ThresholdMasks<Field::classes> masks(half.threshold);
  PlaneSource source(*static_cast<const ArsTables*>(half.tables), half.step);
  const Piece sign = half.antiferromagnetic ? ones() : zeros();
  RareGroups<Group> rare_groups;
  const auto decide_site = [&half, &source](const Group& group, int i, int lane, bool use_shared) {
    decide(half, source, group, i, lane, use_shared);
  };
  for (std::int64_t z = half.first[1]; z < half.last[1]; ++z)
    for (std::int64_t y = half.first[0]; y < half.last[0]; ++y) {
      const std::int64_t row_y = box.origin[1] + y, row_z = box.origin[2] + z;
      const std::int64_t parity = (half.colour + row_y + row_z) & 1;
      for (std::int64_t x = 0; x < box.size[0]; x += packed_group_positions) {
        const std::int64_t positions =
            box.size[0] - x < packed_group_positions ? box.size[0] - x : packed_group_positions;
        Group& group = rare_groups.next();
        group.words = box.words + 8 * (x + parity) + y * box.stride[1] + z * box.stride[2];
        group.index = static_cast<std::uint64_t>(box.origin[0] + x + parity +
                                                 box.positions[0] * (row_y + box.positions[1] * row_z));
        group.count = static_cast<int>(positions / 2);
        bool rare = false;
        for (int k = 0; k < pieces; ++k) rare |= update_pieces<Field>(half, masks, source, sign, group, k);
        rare_groups.keep(rare, decide_site);
      }
    }
  rare_groups.decide_all(decide_site);
}

inline void update(const PackedHalfSweep& half) {
  if (half.box.dimension == 2) return update_rows<NeighbourSum<4>>(half);
  update_rows<NeighbourSum<6>>(half);
}

inline void prepare_tables(const ArsKey& key, void* tables) {
  prepare(key, *static_cast<ArsTables*>(tables));
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
