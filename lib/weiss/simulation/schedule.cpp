#include "weiss/simulation/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace weiss {

std::vector<std::vector<std::size_t>> chains(const Deck& deck) {
  std::vector<int> next(deck.tasks.size(), -1);
  for (std::size_t i = 0; i < deck.tasks.size(); ++i)
    if (const int previous = deck.tasks[i].chain_previous; previous >= 0)
      next[static_cast<std::size_t>(previous)] = static_cast<int>(i);
  std::vector<std::vector<std::size_t>> units;
  for (std::size_t i = 0; i < deck.tasks.size(); ++i) {
    if (deck.tasks[i].chain_previous >= 0) continue;
    units.emplace_back();
    for (int task = static_cast<int>(i); task >= 0; task = next[static_cast<std::size_t>(task)])
      units.back().push_back(static_cast<std::size_t>(task));
  }
  return units;
}

std::deque<Assignment> remaining_work(const Deck& deck, const std::vector<StoredTask>& stored,
                                      const std::vector<std::int64_t>& total_steps,
                                      const std::vector<double>& cost) {
  struct Costed {
    Assignment assignment;
    double cost;
  };
  std::vector<Costed> work;
  for (const std::vector<std::size_t>& unit : chains(deck)) {
    const auto unfinished = std::find_if(unit.begin(), unit.end(), [&](std::size_t task) {
      return stored[task].result_steps.value_or(-1) < total_steps[task];
    });
    if (unfinished == unit.end()) continue;
    auto start = unfinished;
    while (start != unit.begin() && !stored[*start].state_steps) --start;
    const Assignment assignment{{start, unit.end()}, stored[*start].state_steps.has_value()};
    double total = 0;
    for (const std::size_t task : assignment.tasks) total += cost[task];
    work.push_back({assignment, total});
  }
  std::stable_sort(work.begin(), work.end(),
                   [](const Costed& a, const Costed& b) { return a.cost > b.cost; });
  std::deque<Assignment> pool;
  for (Costed& each : work) pool.push_back(std::move(each.assignment));
  return pool;
}

Groups make_groups(int ranks, std::int64_t units, std::int64_t ranks_per_task, int usable) {
  Groups groups;
  const auto at_least_one = std::max<std::int64_t>(units, 1);
  std::vector<int> sizes;
  if (ranks_per_task > 0) {
    const int size = static_cast<int>(std::min<std::int64_t>(ranks_per_task, ranks));
    sizes.assign(static_cast<std::size_t>(std::min<std::int64_t>(ranks / size, at_least_one)), size);
  } else {
    const int count = static_cast<int>(std::min<std::int64_t>(ranks, at_least_one));
    for (int group = 0; group < count; ++group)
      sizes.push_back(std::min(ranks / count + (group < ranks % count ? 1 : 0), std::max(usable, 1)));
  }
  groups.count = static_cast<int>(sizes.size());
  groups.largest = *std::max_element(sizes.begin(), sizes.end());
  for (int group = 0; group < groups.count; ++group)
    groups.group_of_rank.insert(groups.group_of_rank.end(),
                                static_cast<std::size_t>(sizes[static_cast<std::size_t>(group)]), group);
  groups.idle = ranks - static_cast<int>(groups.group_of_rank.size());
  groups.group_of_rank.resize(static_cast<std::size_t>(ranks), groups.count);
  return groups;
}

}  // namespace weiss
