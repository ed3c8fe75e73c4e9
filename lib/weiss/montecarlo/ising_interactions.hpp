// H = -sum_<ij> J s_i s_j - h sum_i s_i at inverse temperature beta. J is one value a bond direction of the
// lattice; on the complete graph every pair has J/N.
#pragma once

#include <vector>

namespace weiss {

struct IsingInteractions {
  double beta = 0;               // 1/J
  std::vector<double> coupling;  // J, one a direction
  double field = 0;              // h
  bool complete_graph = false;
};

}  // namespace weiss
