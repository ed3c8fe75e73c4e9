// Isoenergetic cluster moves of two configurations a, b of one realisation at one temperature (J. Houdayer,
// Eur. Phys. J. B 22, 479 (2001); Z. Zhu, A. J. Ochoa, H. G. Katzgraber, Phys. Rev. Lett. 115, 077201
// (2015)): the connected set of sites with s^a = -s^b around a random one is turned in both. Every site keeps
// s^a s^b, and every interaction its part of E^a + E^b, whatever its order and with fields, so the move is
// always accepted. Connected: members of one interaction.
//
// Many pairs at once: a lane is a pair, a word (std::uint8_t: 8 lanes, SampleWord: 512) holds the spins of
// one site in all lanes. The set grows in all lanes together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/montecarlo/sample_words.hpp"

namespace weiss {

class IsoenergeticCluster {
 public:
  explicit IsoenergeticCluster(const InteractionGraph& graph);

  std::int64_t sites() const { return static_cast<std::int64_t>(first_.size()) - 1; }

  // One move a lane: the first differing site at or after starts[lane], cyclically, is the random one; a lane
  // without such a site, or with a start below 0, stays as it is. Returns the size of each lane's
  // cluster.
  std::vector<std::int64_t> move(std::span<std::uint8_t> a, std::span<std::uint8_t> b,
                                 std::span<const std::int64_t> starts) {
    return move_words(a, b, starts);
  }
  std::vector<std::int64_t> move(std::span<SampleWord> a, std::span<SampleWord> b,
                                 std::span<const std::int64_t> starts) {
    return move_words(a, b, starts);
  }

 private:
  template <class Word>
  std::vector<std::int64_t> move_words(std::span<Word> a, std::span<Word> b,
                                       std::span<const std::int64_t> starts);
  // The sites of `differ` that are connected to those of `cluster`, which holds a seed a lane and grows.
  template <class Word>
  void grow(const std::vector<Word>& differ, std::vector<Word>& cluster);

  std::vector<std::int64_t> first_;  // neighbours of site i: neighbour_[first_[i]] ... [first_[i + 1] - 1]
  std::vector<std::int32_t> neighbour_;
  std::vector<std::int32_t> queue_;
  std::vector<std::uint8_t> queued_;
};

// Turns the configuration of every lane of the mask as a whole.
void turn_lanes(std::span<std::uint8_t> configurations, std::uint8_t lanes);
void turn_lanes(std::span<SampleWord> configurations, const SampleWord& lanes);

}  // namespace weiss
