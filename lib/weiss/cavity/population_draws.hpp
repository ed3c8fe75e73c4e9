// What the populations of cavity messages share: degrees, couplings and random partners of 256 members at
// once.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/float_functions.hpp"
#include "weiss/cavity/population_words.hpp"
#include "weiss/lattice/disorder.hpp"

namespace weiss {

// Numbers of the word arrays of a chunk.
enum PopulationArray : std::size_t { coupling_words, degree_words, first_slot };

// Degrees of the members of a chunk, and the largest.
struct ChunkDegrees {
  std::array<std::uint32_t, PopulationWords::chunk> of;
  std::size_t most;
};

inline ChunkDegrees draw_degrees(const std::vector<std::uint64_t>& thresholds,
                                 const PopulationWords::Array& words) {
  ChunkDegrees degrees{{}, 0};
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::uint32_t d = 0;
    while (words[i] >= thresholds[d]) ++d;
    degrees.of[i] = d;
    degrees.most = std::max<std::size_t>(degrees.most, d);
  }
  return degrees;
}

// How many members of a chunk have a degree above the one that ends at `threshold`. Members of a population
// are alike: the first ones of a chunk may be those.
inline std::size_t members_beyond(std::uint64_t threshold, const PopulationWords::Array& words) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < words.size(); ++i) count += words[i] >= threshold ? 1 : 0;
  return count;
}

// The member that a word points at.
inline std::size_t partner(std::uint32_t word, std::size_t members) {
  return static_cast<std::size_t>((static_cast<std::uint64_t>(word) * members) >> 32);
}

// A word as a number in the middle of one of 2^32 equal parts of (-1/2, 1/2).
inline double centred(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32 - 0.5; }

using ChunkFloats = std::array<float, PopulationWords::chunk>;

// For the first `count` members of a chunk.
inline void gather(std::span<const float> from, const PopulationWords::Array& words, ChunkFloats& to,
                   std::size_t count = PopulationWords::chunk) {
  for (std::size_t i = 0; i < count; ++i) to[i] = from[partner(words[i], from.size())];
}

// Zeros where a member has no message in this slot.
inline void drop_absent(const ChunkDegrees& degrees, std::size_t slot, ChunkFloats& values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = degrees.of[i] > slot ? values[i] : 0.0f;
}

// Couplings; positive_threshold: 2^32 times the probability of a positive bimodal one.
inline void draw_couplings(const CouplingDistribution& couplings, std::uint64_t positive_threshold,
                           const PopulationWords::Array& words, ChunkFloats& J) {
  const auto width = static_cast<float>(couplings.width), mean = static_cast<float>(couplings.mean);
  if (couplings.kind == CouplingDistribution::Kind::bimodal) {
    for (std::size_t i = 0; i < J.size(); ++i) J[i] = words[i] < positive_threshold ? width : -width;
    return;
  }
  constexpr float most = 1.0f - 0x1p-24f;
  for (std::size_t i = 0; i < J.size(); ++i) {
    const float x = static_cast<float>(static_cast<std::int32_t>(words[i])) * 0x1p-31f;
    J[i] = mean + width * normal_quantile(std::clamp(x, -most, most));
  }
}

}  // namespace weiss
