// One periodic square or cubic +-J lattice in the brick layout of packed_layout.hpp, whole on one rank: a
// configuration is one word a position, x fastest, lane b being brick b, and behind them ghost words, which
// hold the neighbours across brick faces in the reader's lanes.
//
// A word's colour is the parity of its position. Eight words of one colour, consecutive in the order of
// words, form a group, which shares random bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "weiss/montecarlo/packed_glass_kernel.hpp"
#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/montecarlo/packed_layout.hpp"
#include "weiss/montecarlo/sample_words.hpp"

namespace weiss {

class PackedGlassTopology {
 public:
  explicit PackedGlassTopology(const PackedLayout& layout);

  const PackedLayout& layout() const { return layout_; }
  int degree() const { return 2 * layout_.dimension; }
  std::int64_t sites() const { return layout_.sites(); }
  std::int64_t bonds() const { return sites() * layout_.dimension; }
  std::int64_t words() const { return sites() / sample_lanes; }  // that hold spins
  std::int64_t storage() const { return storage_; }              // of a configuration, ghosts included

  // Word and lane of a site, x fastest.
  std::pair<std::size_t, int> place(std::int64_t site) const;

  // One word a bond end in the order of updates, set where J = +1. positive[dimension * site + d] is the bond
  // of the site with its next one along direction d.
  SampleWords couplings(std::span<const std::uint8_t> positive) const;

  // For the kernels: the words of a colour, everything that depends on the topology.
  SampleSweep sweep(int colour) const;
  PackedGlassBonds bond_ends(int colour) const;
  // The words that hold spins, for counts without neighbours.
  PackedBox box(const SampleWord* words) const;
  // Sets the ghosts of one colour.
  void refresh(std::span<SampleWord> configuration, int colour, const PackedKernel& kernel) const;

 private:
  struct Colour {
    std::vector<std::int32_t> links;
    std::vector<SampleGroup> groups;
    SampleWords group_sites;
    SampleRun run{};
  };

  std::int64_t word(const Position& position) const {
    return position[0] + layout_.positions[0] * (position[1] + layout_.positions[1] * position[2]);
  }
  // The word at a position, a ghost where one coordinate is out of range.
  std::int64_t word_or_ghost(const Position& position) const;
  Position neighbour(Position position, int end) const;  // ends: +x, +y, (+z,) -x, -y(, -z)
  std::vector<Position> positions_of(int colour) const;
  void make_colour(int colour, std::int64_t first_place);

  PackedLayout layout_;
  std::array<std::array<std::int64_t, 2>, 3> ghosts_{};  // first word, by axis and side
  std::int64_t storage_ = 0;
  std::array<Colour, 2> colours_;
};

}  // namespace weiss
