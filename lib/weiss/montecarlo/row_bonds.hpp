// Active bonds of one step on a RowField, as bits, for cluster updates: one coupling, no field.
//
// A bond of direction d (x, y, z) from site i to its neighbour ahead is active when J s s' > 0 and its
// uniform 64-bit number u is below the threshold of 1 - exp(-2 beta |J|). The upper 16 bits of u, from the
// highest, are bit i % 512 of the planes 0 .. 15 of the stream at index d G + i / 512, G = ceil(N / 512); the
// lower 48 are the upper 48 of draw (3 G + d N + i), needed only in a tie. So a bond is a function of the
// configuration, the stream and the step alone.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/row_field.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

inline constexpr int bond_planes = 16;

class RowBonds {
 public:
  // For uniform interactions (ising_interactions.hpp).
  RowBonds(const IsingInteractions& interactions, const RowField& field, const Stream& stream,
           SimdTarget target);

  void draw_all(const RowField& field, std::uint64_t step);
  // The bonds of direction d of all own words in the group of 512 sites that holds an own word.
  void draw_group(const RowField& field, std::uint64_t step, int direction, std::int64_t word);

  // Own words; bit i of a word is the bond from its site i.
  const std::vector<std::uint64_t>& active(int direction) const {
    return active_[static_cast<std::size_t>(direction)];
  }
  std::vector<std::uint64_t>& active(int direction) { return active_[static_cast<std::size_t>(direction)]; }
  // First draw index that no bond uses.
  std::uint64_t free_index() const { return static_cast<std::uint64_t>(3 * groups_ + 3 * sites_); }

 private:
  void bernoulli(std::uint64_t step, int direction, std::int64_t group, std::uint64_t* out) const;

  std::uint64_t threshold_;
  bool antiferromagnetic_;
  Stream stream_;
  SimdTarget target_;
  std::int64_t sites_, groups_, first_word_;  // of the lattice; first own word
  std::vector<std::uint64_t> active_[3];
};

}  // namespace weiss
