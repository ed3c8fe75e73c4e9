// The numbers 0 ... count - 1 in an order drawn from random (R. A. Fisher, F. Yates (1938)).
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "weiss/rng/stream.hpp"

namespace weiss {

inline std::vector<std::int32_t> shuffled_order(std::int64_t count, const RandomSource& random) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k, k)]);
  return order;
}

}  // namespace weiss
