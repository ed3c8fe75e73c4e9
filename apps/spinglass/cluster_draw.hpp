// The random decisions of an isoenergetic cluster move, the same in every kernel. Where energies are even in
// the spins, replica b is first turned as a whole if more than half of the sites differ, so that clusters are
// small, and afterwards with probability 1/2, so that both signs of the overlap stay as likely.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weiss/rng/stream.hpp"

#include "spinglass/observables.hpp"

namespace weiss {

struct ClusterDraw {
  // stream: of StreamId::isoenergetic_cluster and the realisation.
  ClusterDraw(const Stream& stream, std::int64_t step, std::size_t replica, std::size_t temperature,
              std::int64_t sites) {
    const std::uint64_t index = replica << 32U | temperature;
    start = static_cast<std::int64_t>(RandomSource(stream, static_cast<std::uint64_t>(step))
                                          .below(static_cast<std::uint64_t>(sites), index, 2));
    turn = (stream.bits(static_cast<std::uint64_t>(step), index, 0) & 1U) != 0;
  }
  std::int64_t start;  // where the search for a differing site begins
  bool turn;           // b, afterwards
};

// Pairs (0, 1), (2, 3) ... take turns with (1, 2), (3, 4) ... where there are more than two replicas.
inline std::size_t first_cluster_replica(const GlassShape& shape, std::int64_t round) {
  return shape.replicas > 2 ? static_cast<std::size_t>(round % 2) : 0;
}

}  // namespace weiss
