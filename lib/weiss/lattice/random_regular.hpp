// Random regular graphs by pairing and switching, and the two-colouring of a regular graph.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/rng/stream.hpp"

namespace weiss {

// degree neighbours of each site in turn, ascending.
std::vector<std::int64_t> random_regular_neighbours(std::int64_t n, int degree, const Stream& stream);

// 0 or 1 a site such that bonds join different ones; empty when there is none.
std::vector<std::int8_t> two_colouring(std::int64_t n, int degree,
                                       const std::vector<std::int64_t>& neighbours);

}  // namespace weiss
