// Heat bath of a group of words of 512 spins for one instruction set; no two spins of a group interact. The
// uniform 64-bit number u of a spin (word w, lane b) at step t is exact by construction:
//   bits 63..56   private: bit b of planes 0..7 of word w
//   bits 55..47   bit b of planes 8..16 of the group's first word, for the first word of the group that the
//   private
//                 bits leave undecided in lane b; bits of its own for the others
//   bits 46..0    bits of its own
// Bits of its own are draw 2 * 128 + b of word w. A spin with local field h != 0 aligns with it unless
// u < threshold(|h|); with h = 0 it is the old spin XOR bit 63. No random bit is used by two spins, so the
// acceptance is exact to 2^-64. Rules of inclusion as weiss/rng/word512.hpp.
//
// A Geometry says where the words of a group are and what their neighbours are:
//   degree                                     4 or 6 neighbours of +-1 each
//   Place                                      of a group
//   std::uint64_t* word(place, i)              the i-th word
//   std::uint64_t index(place, i)              its random index
//   LocalField<degree> field(place, i, k)      of piece k of the i-th word
//   int sum(place, i, element, bit)            the local field of one spin
//   const std::uint64_t* threshold; bool against; std::int64_t* fresh_decisions; against: spins avoid the
//   field
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int planes = packed_private_planes + packed_shared_planes;
inline constexpr int group_words = packed_group_positions / 2;

// Threshold bits of every plane, spread over a register: mask[c] belongs to |sum| = 2 (c + 1).
struct ThresholdMasks {
  alignas(64) std::uint64_t mask[3][planes][piece_elements];
  explicit ThresholdMasks(const std::uint64_t* threshold) {
    for (int c = 0; c < 3; ++c)
      for (int p = 0; p < planes; ++p)
        for (std::uint64_t& element : mask[c][p]) element = 0 - (threshold[c] >> (63 - p) & 1);
  }
  WEISS_INLINE Piece at(int c, int p) const { return load(mask[c][p]); }
};

// The local field from the neighbours' spins (times the signs of their couplings), by full adders.
template <int degree>
struct LocalField;

template <>
struct LocalField<4> {
  static constexpr int classes = 2;
  Piece zero, positive, odd;
  WEISS_INLINE LocalField(Piece a, Piece b, Piece c, Piece d) {
    const Piece sum = sum3(a, b, c), carry = majority(a, b, c);
    odd = sum ^ d;
    zero = ~(sum ^ d) & (carry ^ sum);
    positive = carry & (sum | d);
  }
  WEISS_INLINE Piece of_class(Piece two, Piece four, Piece) const { return choose(odd, two, four); }
};

template <>
struct LocalField<6> {
  static constexpr int classes = 3;
  Piece zero, positive, odd, near;
  WEISS_INLINE LocalField(Piece a, Piece b, Piece c, Piece d, Piece e, Piece f) {
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

// A group's words after the vector pass, for the spins that need bits of their own.
template <class Geometry>
struct Group {
  alignas(64) std::uint64_t undecided[group_words][8];
  alignas(64) std::uint64_t shared[packed_shared_planes][8];
  alignas(64) std::uint64_t tied[8];  // lanes where the shared bits equal those of some threshold
  alignas(64) std::uint64_t rare[8];  // lanes with a spin that needs bits of its own
  typename Geometry::Place place;
  int count;
};

inline std::uint64_t own_bits(const PlaneSource& source, std::uint64_t index, int lane) {
  const Block128 block = source.block(index, static_cast<std::uint64_t>(packed_fresh_block + lane / 2));
  return lane % 2 == 0 ? block.low : block.high;
}

// One spin: the threshold of its class, the low 56 bits of u, the decision.
template <class Geometry>
inline void decide(const Geometry& geometry, const PlaneSource& source, const Group<Geometry>& group, int i,
                   int lane, bool use_shared) {
  const int element = lane / 64, bit = lane % 64;
  const int sum = geometry.sum(group.place, i, element, bit);
  const std::uint64_t threshold = geometry.threshold[(sum < 0 ? -sum : sum) / 2 - 1];
  std::uint64_t u =
      own_bits(source, geometry.index(group.place, i), lane) & ((1ULL << (64 - packed_private_planes)) - 1);
  if (use_shared)
    for (int p = 0; p < packed_shared_planes; ++p) {
      const int position = 63 - packed_private_planes - p;
      u = (u & ~(1ULL << position)) | (group.shared[p][element] >> bit & 1) << position;
    }
  const bool fires = u < (threshold & ((1ULL << (64 - packed_private_planes)) - 1));
  const bool up = (sum > 0) != (geometry.against != fires);
  std::uint64_t& word = geometry.word(group.place, i)[element];
  word = (word & ~(1ULL << bit)) | static_cast<std::uint64_t>(up) << bit;
  ++*geometry.fresh_decisions;
}

template <class Geometry>
inline void decide_rare(const Geometry& geometry, const PlaneSource& source, const Group<Geometry>& group) {
  for (int element = 0; element < 8; ++element) {
    if (group.rare[element] == 0) continue;
    std::uint64_t seen = 0;
    for (int i = 0; i < group.count; ++i) {
      const std::uint64_t open = group.undecided[i][element];
      const std::uint64_t repeated = open & seen;
      seen |= open;
      for (std::uint64_t rest = repeated | (open & group.tied[element]); rest != 0; rest &= rest - 1) {
        const int bit = __builtin_ctzll(rest);
        decide(geometry, source, group, i, 64 * element + bit, (repeated >> bit & 1) == 0);
      }
    }
  }
}

// Groups with rare spins wait here for others of their colour, whose spins do not interact with theirs, so
// that the loop over groups has no branch that is hard to predict.
template <class Geometry>
class RareGroups {
 public:
  WEISS_INLINE Group<Geometry>& next() { return groups_[waiting_]; }
  WEISS_INLINE void keep(bool rare, const Geometry& geometry, const PlaneSource& source) {
    waiting_ += rare ? 1 : 0;
    if (waiting_ == most) decide_all(geometry, source);
  }
  __attribute__((noinline)) void decide_all(const Geometry& geometry, const PlaneSource& source) {
    for (int i = 0; i < waiting_; ++i) decide_rare(geometry, source, groups_[i]);
    waiting_ = 0;
  }

 private:
  static constexpr int most = 8;
  Group<Geometry> groups_[most];
  int waiting_ = 0;
};

// Piece k of a group's shared planes compared with every class's threshold.
template <class Geometry>
struct SharedComparison {
  static constexpr int classes = LocalField<Geometry::degree>::classes;
  Piece less[3], tied;
  WEISS_INLINE SharedComparison(const ThresholdMasks& masks, const PlaneSource& source,
                                Group<Geometry>& group, int k) {
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

// Piece k of every word of a group; true when a spin needs bits of its own.
template <class Geometry>
WEISS_INLINE bool update_pieces(const Geometry& geometry, const ThresholdMasks& masks, PlaneSource& source,
                                Piece sign, Group<Geometry>& group, typename Geometry::Place place, int count,
                                int k) {
  source.set_index(geometry.index(place, 0));
  const SharedComparison<Geometry> shared(masks, source, group, k);
  Piece seen = zeros(), repeated = zeros();
  for (int i = 0; i < count; ++i) {
    std::uint64_t* word = geometry.word(place, i) + k * piece_elements;
    source.set_index(geometry.index(place, i));
    const LocalField<Geometry::degree> field = geometry.field(place, i, k);
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

template <class Geometry>
WEISS_INLINE void update_group(const Geometry& geometry, const ThresholdMasks& masks, PlaneSource& source,
                               Piece sign, RareGroups<Geometry>& rare_groups, typename Geometry::Place place,
                               int count) {
  Group<Geometry>& group = rare_groups.next();
  group.place = place;
  group.count = count;
  bool rare = false;
  for (int k = 0; k < pieces; ++k)
    rare |= update_pieces(geometry, masks, source, sign, group, place, count, k);
  rare_groups.keep(rare, geometry, source);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
