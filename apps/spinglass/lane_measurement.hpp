// What pairs of configurations of one realisation measure on the lane kernel: overlaps of sites and
// interactions, and the Fourier component of the overlap at the smallest wave vector.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "weiss/lattice/wave_vectors.hpp"
#include "weiss/montecarlo/lane_overlap.hpp"

#include "spinglass/parameters.hpp"

namespace weiss {

using LanePair = std::pair<LanePlane, LanePlane>;

struct LanePairValues {
  double overlap = 0;       // sum_i s_i^a s_i^b
  double link_overlap = 0;  // sum_e prod s^a s^b
  // |sum_i s_i^a s_i^b exp(i k x)|^2, k = 2 pi / L, mean over the longest periodic directions
  double overlap_at_kmin = 0;
};

class LaneMeasurement {
 public:
  explicit LaneMeasurement(const Parameters& parameters);

  // Of up to eight pairs.
  std::array<LanePairValues, 8> of_pairs(const InteractionGraph& graph,
                                         std::span<const LanePair> pairs) const;

 private:
  bool complete_graph_;
  std::vector<LaneSlices> slices_;  // of the longest periodic directions
  std::vector<PhaseTable> phases_;
};

}  // namespace weiss
