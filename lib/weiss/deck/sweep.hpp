// The values of one [sweep] line, or of a key that takes a list of numbers: numbers and words,
// linspace(a,b,n), logspace(a,b,n), range(a,b,step).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weiss/deck/schema.hpp"

namespace weiss {

inline constexpr std::size_t most_tasks = 1'000'000;

struct SweepValues {
  std::vector<std::string> values;  // each as it would stand in a deck
  std::string problem;              // empty when all is well
};

// A comma list of values and calls.
SweepValues expand_list(std::string_view text);
SweepValues expand_sweep(const Key& key, std::string_view text);

}  // namespace weiss
