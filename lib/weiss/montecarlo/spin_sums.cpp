#include "weiss/montecarlo/spin_sums.hpp"

#include <span>

namespace weiss {

namespace {

void add_over_ranks(const Communicator& communicator, SpinSums& part) {
  std::vector<std::int64_t*> places;
  const auto list = [&](std::vector<std::int64_t>& values) {
    for (std::int64_t& value : values) places.push_back(&value);
  };
  list(part.bond_sum);
  places.push_back(&part.magnetization);
  places.push_back(&part.staggered);
  for (auto& slices : part.slice_magnetization) list(slices);
  for (auto& slices : part.slice_staggered) list(slices);
  std::vector<std::int64_t> values;
  for (const std::int64_t* place : places) values.push_back(*place);
  communicator.sum(std::span(values));
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = values[i];
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
