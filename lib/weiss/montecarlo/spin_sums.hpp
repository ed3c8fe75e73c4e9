// The integer sums of a configuration from which every observable follows. A rank's part; parts add up
// exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/parallel/communicator.hpp"

namespace weiss {

struct SpinSums {
  std::vector<std::int64_t> bond_sum;  // per direction: sum over bonds of s_i s_j
  bool bonds_seen_twice = false;   // bond_sum counts each bond from both ends; halved when summed over ranks
  std::int64_t magnetization = 0;  // sum of s_i
  std::int64_t staggered = 0;      // sum of s_i times the sign of its sublattice; 0 unless bipartite
  // Per lattice direction, per slice across it: the parts of the two sums; empty unless asked for.
  std::vector<std::vector<std::int64_t>> slice_magnetization, slice_staggered;
};

// The parts of all ranks, added on every rank.
SpinSums sum_over_ranks(const Communicator& communicator, SpinSums part);

}  // namespace weiss
