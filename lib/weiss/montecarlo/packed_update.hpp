// Heat bath of one colour for one instruction set, 512 sites at a time. The uniform 64-bit number u of a site
// (word w, lane b) at step t is exact by construction:
//   bits 63..56   private: bit b of planes 0..7 of word w
//   bits 55..47   bit b of planes 8..16 of the group's first word, for the first word of the group that the
//   private
//                 bits leave undecided in lane b; bits of its own for the others
//   bits 46..0    bits of its own
// Bits of its own are draw 2 * 128 + b of word w. A site with local field h != 0 aligns with it unless
// u < threshold(|h|); with h = 0 it is the old spin XOR bit 63. No random bit is used by two sites, so the
// acceptance is exact to 2^-64.
// Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int planes = packed_private_planes + packed_shared_planes;
inline constexpr int group_words = packed_group_positions / 2;

// Threshold bits of every plane, spread over a register: mask[c] belongs to |sum| = 2 (c + 1).
struct ThresholdMasks {
  alignas(64) std::uint64_t mask[3][planes][piece_elements];
  explicit ThresholdMasks(const PackedHalfSweep& half) {
    for (int c = 0; c < 3; ++c)
      for (int p = 0; p < planes; ++p)
        for (std::uint64_t& element : mask[c][p]) element = 0 - (half.threshold[c] >> (63 - p) & 1);
  }
  WEISS_INLINE Piece at(int c, int p) const { return load(mask[c][p]); }
};

// The local field from the neighbours' spins, by full adders.
template <int dimension>
struct LocalField;

template <>
struct LocalField<2> {
  static constexpr int classes = 2;
  Piece zero, positive, odd;
  WEISS_INLINE LocalField(const std::uint64_t* w, const std::int64_t* stride) {
    const Piece a = load(w - 8), b = load(w + 8), c = load(w - stride[1]), d = load(w + stride[1]);
    const Piece sum = sum3(a, b, c), carry = majority(a, b, c);
    odd = sum ^ d;
    zero = ~(sum ^ d) & (carry ^ sum);
    positive = carry & (sum | d);
  }
  WEISS_INLINE Piece of_class(Piece two, Piece four, Piece) const { return choose(odd, two, four); }
};

template <>
struct LocalField<3> {
  static constexpr int classes = 3;
  Piece zero, positive, odd, near;
  WEISS_INLINE LocalField(const std::uint64_t* w, const std::int64_t* stride) {
    const Piece a = load(w - 8), b = load(w + 8), c = load(w - stride[1]);
    const Piece d = load(w + stride[1]), e = load(w - stride[2]), f = load(w + stride[2]);
    const Piece sum1 = sum3(a, b, c), carry1 = majority(a, b, c);
    const Piece sum2 = sum3(d, e, f), carry2 = majority(d, e, f);
    const Piece carry = sum1 & sum2;
    const Piece two = sum3(carry1, carry2, carry);
    odd = sum1 ^ sum2;
    positive = majority(carry1, carry2, carry);
    zero = odd & two & ~positive;
    near = two ^ positive;
  }
  WEISS_INLINE Piece of_class(Piece two, Piece four, Piece six) const {
    return choose(odd, four, choose(near, two, six));
  }
};

// A group's words after the vector pass, for the sites that need bits of their own.
struct Group {
  alignas(64) std::uint64_t undecided[group_words][8];
  alignas(64) std::uint64_t shared[packed_shared_planes][8];
  alignas(64) std::uint64_t tied[8];  // lanes where the shared bits equal those of some threshold
  alignas(64) std::uint64_t rare[8];  // lanes with a site that needs bits of its own
  std::uint64_t* words;
  std::uint64_t index;
  int count;
};

inline std::uint64_t own_bits(const PlaneSource& source, std::uint64_t index, int lane) {
  const Block128 block = source.block(index, static_cast<std::uint64_t>(packed_fresh_block + lane / 2));
  return lane % 2 == 0 ? block.low : block.high;
}

// One site: the threshold of its class, the low 56 bits of u, the decision.
inline void decide(const PackedHalfSweep& half, const PlaneSource& source, const Group& group, int i,
                   int lane, bool use_shared) {
  std::uint64_t* word = group.words + 16 * i;
  const int element = lane / 64, bit = lane % 64;
  const auto spin = [&](std::int64_t offset) { return static_cast<int>(word[offset + element] >> bit & 1); };
  int sum = 0;
  for (int axis = 0; axis < half.box.dimension; ++axis)
    sum += 2 * (spin(half.box.stride[axis]) + spin(-half.box.stride[axis])) - 2;
  const std::uint64_t threshold = half.threshold[(sum < 0 ? -sum : sum) / 2 - 1];
  std::uint64_t u = own_bits(source, group.index + 2 * static_cast<std::uint64_t>(i), lane) &
                    ((1ULL << (64 - packed_private_planes)) - 1);
  if (use_shared)
    for (int p = 0; p < packed_shared_planes; ++p) {
      const int position = 63 - packed_private_planes - p;
      u = (u & ~(1ULL << position)) | (group.shared[p][element] >> bit & 1) << position;
    }
  const bool fires = u < (threshold & ((1ULL << (64 - packed_private_planes)) - 1));
  const bool up = (sum > 0) != (half.antiferromagnetic != fires);
  word[element] = (word[element] & ~(1ULL << bit)) | static_cast<std::uint64_t>(up) << bit;
  ++*half.fresh_decisions;
}

inline void decide_rare(const PackedHalfSweep& half, const PlaneSource& source, const Group& group) {
  for (int element = 0; element < 8; ++element) {
    if (group.rare[element] == 0) continue;
    std::uint64_t seen = 0;
    for (int i = 0; i < group.count; ++i) {
      const std::uint64_t open = group.undecided[i][element];
      const std::uint64_t repeated = open & seen;
      seen |= open;
      for (std::uint64_t rest = repeated | (open & group.tied[element]); rest != 0; rest &= rest - 1) {
        const int bit = __builtin_ctzll(rest);
        decide(half, source, group, i, 64 * element + bit, (repeated >> bit & 1) == 0);
      }
    }
  }
}

// Groups with rare sites wait here for the others: a site's neighbours have the other colour, so that its
// decision may come late, and the loop over groups has no branch that is hard to predict.
class RareGroups {
 public:
  WEISS_INLINE Group& next() { return groups_[waiting_]; }
  WEISS_INLINE void keep(bool rare, const PackedHalfSweep& half, const PlaneSource& source) {
    waiting_ += rare ? 1 : 0;
    if (waiting_ == most) decide_all(half, source);
  }
  __attribute__((noinline)) void decide_all(const PackedHalfSweep& half, const PlaneSource& source) {
    for (int i = 0; i < waiting_; ++i) decide_rare(half, source, groups_[i]);
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
  Piece less[3], tied;
  WEISS_INLINE SharedComparison(const ThresholdMasks& masks, const PlaneSource& source, Group& group, int k) {
    Piece equal[3];
    for (int c = 0; c < 3; ++c) less[c] = zeros(), equal[c] = c < classes ? ones() : zeros();
    for (int p = packed_shared_planes - 1; p >= 0; --p) {
      const Piece bits = source.plane(packed_private_planes + p, k);
      store(bits, group.shared[p] + k * piece_elements);
      for (int c = 0; c < classes; ++c) {
        const Piece threshold = masks.at(c, packed_private_planes + p);
        less[c] = less_step(threshold, bits, less[c]);
        equal[c] = equal_step(threshold, bits, equal[c]);
      }
    }
    tied = equal[0] | equal[1] | equal[2];
    store(tied, group.tied + k * piece_elements);
  }
};

// Piece k of every word of a group; true when a site needs bits of its own.
template <int dimension>
WEISS_INLINE bool update_pieces(const PackedHalfSweep& half, const ThresholdMasks& masks, PlaneSource& source,
                                Piece sign, Group& group, int k) {
  source.set_index(group.index);
  const SharedComparison<LocalField<dimension>::classes> shared(masks, source, group, k);
  Piece seen = zeros(), repeated = zeros();
  for (int i = 0; i < group.count; ++i) {
    std::uint64_t* word = group.words + 16 * i + k * piece_elements;
    source.set_index(group.index + 2 * static_cast<std::uint64_t>(i));
    const LocalField<dimension> field(word, half.box.stride);
    Piece less = field.of_class(shared.less[0], shared.less[1], shared.less[2]);
    Piece equal = ~field.zero;
    Piece bits = zeros();
#pragma GCC unroll 16
    for (int p = packed_private_planes - 1; p >= 0; --p) {
      const Piece threshold = field.of_class(masks.at(0, p), masks.at(1, p), masks.at(2, p));
      bits = source.plane(p, k);
      less = less_step(threshold, bits, less);
      equal = equal_step(threshold, bits, equal);
    }
    store(equal, group.undecided[i] + k * piece_elements);
    repeated = or_and(repeated, seen, equal);
    seen = seen | equal;
    const Piece base = choose(field.zero, load(word), field.positive ^ sign);
    store(base ^ choose(field.zero, bits, less), word);
  }
  const Piece rare = or_and(repeated, seen, shared.tied);
  store(rare, group.rare + k * piece_elements);
  return any(rare);
}

template <int dimension>
inline void update_rows(const PackedHalfSweep& half) {
  const PackedBox& box = half.box;
  const ThresholdMasks masks(half);
  PlaneSource source(*static_cast<const ArsTables*>(half.tables), half.step);
  const Piece sign = half.antiferromagnetic ? ones() : zeros();
  RareGroups rare_groups;
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
        for (int k = 0; k < pieces; ++k)
          rare |= update_pieces<dimension>(half, masks, source, sign, group, k);
        rare_groups.keep(rare, half, source);
      }
    }
  rare_groups.decide_all(half, source);
}

inline void update(const PackedHalfSweep& half) {
  if (half.box.dimension == 2) return update_rows<2>(half);
  update_rows<3>(half);
}

inline void prepare_tables(const ArsKey& key, void* tables) {
  prepare(key, *static_cast<ArsTables*>(tables));
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
