// A set of independent segment-picture chains, shared out over ranks: the same bits on any number of them.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/dmft/segment_results.hpp"
#include "weiss/dmft/segment_stream.hpp"
#include "weiss/parallel/communicator.hpp"

namespace weiss {

struct SegmentPlan {
  std::uint64_t seed = 1;
  std::uint64_t task_key = 0;
  std::uint32_t iteration = 0;         // of a self-consistency loop: each draws other random numbers
  std::uint32_t streams = 64;          // chains
  std::int64_t updates = 1000000;      // measured, of each chain
  std::int64_t blocks = 1;             // of a chain; they divide updates. More than one where chains are few
  std::int64_t most_warm_up = 200000;  // updates of each chain, at most; see warm_up_to_equilibrium
};

// Collective. configurations: one a chain, to start from (none: of the lowest energy without hops), the same
// on each rank; becomes where the chains end. The results are the same on each rank, and their Green
// functions collective: the communicator must outlive them. Error(bad_deck) for a plan that does not fit.
SegmentResults run_streams(const SegmentProblem& problem, const SegmentSettings& settings,
                           const SegmentPlan& plan, const Communicator& communicator,
                           std::vector<SegmentConfiguration>& configurations);

// Configurations of chains of so many flavours as one row of integers, and back; Error(bad_file) where the
// row is damaged.
std::vector<std::int64_t> pack(std::span<const SegmentConfiguration> configurations);
std::vector<SegmentConfiguration> unpack_configurations(std::span<const std::int64_t> row,
                                                        std::size_t flavours);

}  // namespace weiss
