// Uniform 64-bit numbers compared with thresholds, 512 lanes at a time, for heat baths on words of spins. Up
// to eight words that do not neighbour each other form a group. The number u of lane b of a word is
//   bits 63..56   private: bit b of planes 0..7 of the word
//   bits 55..47   bit b of planes 8..16 of the group's first word, for the first word of the group that the
//                 private bits leave undecided in lane b; bits of its own for the others
//   bits 46..0    bits of its own
// Bits of its own are draw 2 * 128 + b of the word. No random bit is used by two sites, so that "u <
// threshold" has its probability to 2^-64. Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int planes = packed_private_planes + packed_shared_planes;
inline constexpr int group_words = packed_group_positions / 2;

// Threshold bits of every plane, spread over a register.
template <int classes>
struct ThresholdMasks {
  alignas(64) std::uint64_t mask[classes][planes][piece_elements];
  explicit ThresholdMasks(const std::uint64_t* threshold) {
    for (int c = 0; c < classes; ++c)
      for (int p = 0; p < planes; ++p)
        for (std::uint64_t& element : mask[c][p]) element = 0 - (threshold[c] >> (63 - p) & 1);
  }
  WEISS_INLINE Piece at(int c, int p) const { return load(mask[c][p]); }
};

// A group's words after the vector pass, for the sites that need bits of their own.
struct OpenLanes {
  alignas(64) std::uint64_t undecided[group_words][8];
  alignas(64) std::uint64_t shared[packed_shared_planes][8];
  alignas(64) std::uint64_t tied[8];  // lanes where the shared bits equal those of some threshold
  alignas(64) std::uint64_t rare[8];  // lanes with a site that needs bits of its own
};

inline std::uint64_t own_bits(const PlaneSource& source, std::uint64_t index, int lane) {
  const Block128 block = source.block(index, static_cast<std::uint64_t>(packed_fresh_block + lane / 2));
  return lane % 2 == 0 ? block.low : block.high;
}

// u < threshold for one site whose private bits equal the threshold's.
inline bool open_site_fires(const PlaneSource& source, const OpenLanes& lanes, std::uint64_t index, int lane,
                            bool use_shared, std::uint64_t threshold) {
  constexpr std::uint64_t low_bits = (1ULL << (64 - packed_private_planes)) - 1;
  std::uint64_t u = own_bits(source, index, lane) & low_bits;
  if (use_shared)
    for (int p = 0; p < packed_shared_planes; ++p) {
      const int position = 63 - packed_private_planes - p;
      u = (u & ~(1ULL << position)) | (lanes.shared[p][lane / 64] >> (lane % 64) & 1) << position;
    }
  return u < (threshold & low_bits);
}

// decide(word in the group, lane, whether the shared bits are its own) for every site that needs own bits.
template <class Decide>
inline void for_each_rare(const OpenLanes& lanes, int count, const Decide& decide) {
  for (int element = 0; element < 8; ++element) {
    if (lanes.rare[element] == 0) continue;
    std::uint64_t seen = 0;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t open = lanes.undecided[i][element];
      const std::uint64_t repeated = open & seen;
      seen |= open;
      for (std::uint64_t rest = repeated | (open & lanes.tied[element]); rest != 0; rest &= rest - 1) {
        const int bit = __builtin_ctzll(rest);
        decide(i, 64 * element + bit, (repeated >> bit & 1) == 0);
      }
    }
  }
}

// Groups with rare sites wait here for the others: a site's neighbours have another colour, so that its
// decision may come late, and the loop over groups has no branch that is hard to predict. Group is derived
// from OpenLanes and has a count of words; decide(group, word, lane, use_shared).
template <class Group>
class RareGroups {
 public:
  WEISS_INLINE Group& next() { return groups_[waiting_]; }
  template <class Decide>
  WEISS_INLINE void keep(bool rare, const Decide& decide) {
    waiting_ += rare ? 1 : 0;
    if (waiting_ == most) decide_all(decide);
  }
  template <class Decide>
  __attribute__((noinline)) void decide_all(const Decide& decide) {
    for (int g = 0; g < waiting_; ++g)
      for_each_rare(groups_[g], groups_[g].count,
                    [&](int i, int lane, bool use_shared) { decide(groups_[g], i, lane, use_shared); });
    waiting_ = 0;
  }

 private:
  static constexpr int most = 8;
  Group groups_[most];
  int waiting_ = 0;
};

// Piece k of a group's shared planes compared with every class's threshold.
template <int classes>
struct SharedComparison {
  Piece less[classes], tied;
  WEISS_INLINE SharedComparison(const ThresholdMasks<classes>& masks, const PlaneSource& source,
                                OpenLanes& lanes, int k) {
    Piece equal[classes];
    for (int c = 0; c < classes; ++c) less[c] = zeros(), equal[c] = ones();
    for (int p = packed_shared_planes - 1; p >= 0; --p) {
      const Piece bits = source.plane(packed_private_planes + p, k);
      store(bits, lanes.shared[p] + k * piece_elements);
      for (int c = 0; c < classes; ++c) {
        const Piece threshold = masks.at(c, packed_private_planes + p);
        less[c] = less_step(threshold, bits, less[c]);
        equal[c] = equal_step(threshold, bits, equal[c]);
      }
    }
    tied = zeros();
    for (int c = 0; c < classes; ++c) tied = tied | equal[c];
    store(tied, lanes.tied + k * piece_elements);
  }
};

// Piece k of one word: less where u < threshold, equal where the private bits cannot tell (never at zero
// field), top the highest private bit. The thresholds have no bit in the first `clear` planes; with `lowest`
// only that of the lowest class has any in the private planes.
template <int clear, class Field, bool lowest = false>
struct PrivateComparison {
  Piece less, equal, top;
  WEISS_INLINE PrivateComparison(const Field& field, const ThresholdMasks<Field::classes>& masks,
                                 const SharedComparison<Field::classes>& shared, const PlaneSource& source,
                                 int k) {
    less = field.of_class(shared.less);
    equal = ones();
    Piece above = zeros();
#pragma GCC unroll 16
    for (int p = packed_private_planes - 1; p >= clear; --p) {
      const Piece selected = selected_bits(field, masks, p);
      top = source.plane(p, k);
      less = less_step(selected, top, less);
      equal = equal_step(selected, top, equal);
    }
#pragma GCC unroll 16
    for (int p = clear - 1; p >= 0; --p) {
      top = source.plane(p, k);
      above = above | top;
    }
    less = less & ~above;
    equal = and_neither(equal, above, field.zero);
  }

 private:
  // Plane p of the threshold of each lane's class.
  WEISS_INLINE static Piece selected_bits(const Field& field, const ThresholdMasks<Field::classes>& masks,
                                          int p) {
    if constexpr (lowest) return field.lowest() & masks.at(0, p);
    Piece threshold[Field::classes];
    for (int c = 0; c < Field::classes; ++c) threshold[c] = masks.at(c, p);
    return field.of_class(threshold);
  }
};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
