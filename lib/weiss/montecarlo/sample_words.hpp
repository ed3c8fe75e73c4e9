// 512 disorder realisations side by side: a word is one site (1 is up) or one bond (1 is J = +1) of all of
// them, lane l of block b being realisation 512 b + l. A configuration is one word a site in site order,
// couplings are one word a bond: bond e is the running number of Lattice::for_each_forward_bond over the
// sites in order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/rng/stream.hpp"

namespace weiss {

inline constexpr int sample_lanes = 512;

// Lane l is bit l % 64 of element l / 64.
struct alignas(64) SampleWord {
  std::uint64_t element[8] = {};
  friend bool operator==(const SampleWord&, const SampleWord&) = default;
};
using SampleWords = std::vector<SampleWord>;
inline constexpr SampleWord all_up{{~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL}};

inline bool lane_bit(const SampleWord& word, int lane) {
  return (word.element[lane / 64] >> (lane % 64) & 1) != 0;
}
inline void set_lane_bit(SampleWord& word, int lane, bool value) {
  std::uint64_t& element = word.element[lane / 64];
  element = (element & ~(1ULL << (lane % 64))) | static_cast<std::uint64_t>(value) << (lane % 64);
}

// Fair bits: word i is plane 0 of (step 0, index first_index + i) of the stream (vector_ars.hpp).
void fill_randomly(std::span<SampleWord> words, const Stream& stream, std::uint64_t first_index);

}  // namespace weiss
