// H = -sum_<ij> J s_i s_j - h sum_i s_i at inverse temperature beta. J is one value a bond direction of the
// lattice; on the complete graph every pair has J/N.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace weiss {

struct IsingInteractions {
  double beta = 0;               // 1/J
  std::vector<double> coupling;  // J, one a direction
  double field = 0;              // h
  bool complete_graph = false;
};

// What the bit kernels ask for: no field, and one nonzero finite coupling in all directions.
inline bool is_uniform(const IsingInteractions& interactions) {
  const std::vector<double>& coupling = interactions.coupling;
  return interactions.field == 0 && !interactions.complete_graph && !coupling.empty() && coupling[0] != 0 &&
         std::isfinite(coupling[0]) &&
         std::all_of(coupling.begin(), coupling.end(), [&](double j) { return j == coupling[0]; });
}

}  // namespace weiss
