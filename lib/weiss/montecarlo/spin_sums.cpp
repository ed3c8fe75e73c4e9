#include "weiss/montecarlo/spin_sums.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace weiss {

namespace {

// All sums travel as one message.
void add_over_ranks(const Communicator& communicator, SpinSums& part) {
  std::vector<std::int64_t> values{part.magnetization, part.staggered};
  const auto for_each_list = [&](auto&& f) {
    f(part.bond_sum);
    for (std::vector<std::int64_t>& slices : part.slice_magnetization) f(slices);
    for (std::vector<std::int64_t>& slices : part.slice_staggered) f(slices);
  };
  std::size_t size = values.size();
  for_each_list([&](std::vector<std::int64_t>& list) { size += list.size(); });
  values.reserve(size);
  for_each_list(
      [&](std::vector<std::int64_t>& list) { values.insert(values.end(), list.begin(), list.end()); });
  communicator.sum(std::span(values));
  part.magnetization = values[0];
  part.staggered = values[1];
  auto from = values.begin() + 2;
  for_each_list([&](std::vector<std::int64_t>& list) {
    std::copy_n(from, list.size(), list.begin());
    from += std::ssize(list);
  });
}

}  // namespace

SpinSums sum_over_ranks(const Communicator& communicator, SpinSums part) {
  if (communicator.size() > 1) add_over_ranks(communicator, part);
  if (part.bonds_seen_twice)
    for (std::int64_t& sum : part.bond_sum) sum /= 2;
  part.bonds_seen_twice = false;
  return part;
}

}  // namespace weiss
