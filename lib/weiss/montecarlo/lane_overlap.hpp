// Overlaps of configurations as counts, exact integers: for configurations a and b of one realisation
//   sum_i s_i^a s_i^b = N - 2 (unequal sites),   sum_e prod_{i in e} s_i^a s_i^b = E - 2 (unequal links)
// where a link is unequal when an odd number of its members is. A plane is the spins of one configuration as
// bits, site i at bit i % 64 of word i / 64, zero past the last site; plain words, so ranks can send them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/montecarlo/lane_field.hpp"

namespace weiss {

using LanePlane = std::span<const std::uint64_t>;

inline std::int64_t lane_plane_words(std::int64_t sites) { return (sites + 63) / 64; }

// The planes of every configuration of a field, one after another.
class LanePlanes {
 public:
  explicit LanePlanes(const LaneField& field);
  void read(const LaneField& field);  // the same sizes again

  LanePlane of(std::int64_t configuration) const {
    return LanePlane(bits_).subspan(static_cast<std::size_t>(configuration * words_),
                                    static_cast<std::size_t>(words_));
  }

 private:
  std::int64_t words_;
  std::vector<std::uint64_t> bits_;
};

std::int64_t count_up(LanePlane a);
std::int64_t count_unequal(LanePlane a, LanePlane b);

// Counts by slices of the sites, such as the planes x = 0, 1, ... of a lattice.
class LaneSlices {
 public:
  // slice[i] in [0, slices) is the slice of site i.
  LaneSlices(std::span<const std::int32_t> slice, std::int64_t slices);

  std::int64_t slices() const { return static_cast<std::int64_t>(first_.size()) - 1; }
  void count_up(LanePlane a, std::span<std::int64_t> out) const;
  void count_unequal(LanePlane a, LanePlane b, std::span<std::int64_t> out) const;

 private:
  struct Part {
    std::int32_t word;
    std::uint64_t mask;
  };
  template <class Word>
  void count(Word&& word, std::span<std::int64_t> out) const;

  std::vector<Part> parts_;
  std::vector<std::size_t> first_;  // of the parts of each slice
};

// Unequal links of up to eight pairs of configurations in one pass over the interactions.
std::array<std::int64_t, 8> count_unequal_links(const InteractionGraph& graph,
                                                std::span<const std::pair<LanePlane, LanePlane>> pairs);

}  // namespace weiss
