// One periodic square or cubic +-J lattice in the brick layout of packed_layout.hpp, whole on one rank: a
// configuration is one word a position, x fastest, lane b being brick b.
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
  std::int64_t words() const { return sites() / sample_lanes; }  // of a configuration

  // Word and lane of a site, x fastest.
  std::pair<std::size_t, int> place(std::int64_t site) const;

  // One word a bond end in the order of updates, so that a sweep reads them one after another; set where J =
  // +1. positive[dimension * site + d] is the bond
  // of the site with its next one along direction d.
  SampleWords couplings(std::span<const std::uint8_t> positive) const;

  // For the kernels: the words of a colour, everything that depends on the topology.
  SampleSweep sweep(int colour) const;
  PackedGlassBonds bond_ends(int colour) const;
  // For counts without neighbours.
  PackedBox box(const SampleWord* words) const;

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
  // The position at the other end of a bond; ends: +x, +y(, +z), -x, -y(, -z).
  struct Neighbour {
    Position position;
    bool crosses;  // a brick face
  };
  Neighbour neighbour(Position position, int end) const;
  std::vector<Position> positions_of(int colour) const;
  void make_colour(int colour, std::int64_t first_place);

  PackedLayout layout_;
  std::array<Colour, 2> colours_;
};

}  // namespace weiss
