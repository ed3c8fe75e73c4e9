// Which tasks run on which ranks. A unit is a chain of tasks, or one task; groups of ranks take units from a
// common pool, largest first. Every rank computes the same schedule from the same facts; none of it can
// change a result.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/simulation/run_files.hpp"

namespace weiss {

// Tasks that follow each other, in order; a task without chain is alone.
std::vector<std::vector<std::size_t>> chains(const Deck& deck);

struct Assignment {
  std::vector<std::size_t> tasks;  // what is left of the unit, in order
  bool load = false;               // the first task starts from a stored state
};

// What is left to do, given what is stored: per unit from the last stored state before the first unfinished
// task. total_steps: of each task. Sorted by falling cost.
std::deque<Assignment> remaining_work(const Deck& deck, const std::vector<StoredTask>& stored,
                                      const std::vector<std::int64_t>& total_steps,
                                      const std::vector<double>& cost);

struct Groups {
  int count = 1;
  std::vector<int> group_of_rank;  // count means: idle
  int idle = 0;
  int largest = 1;
};

// ranks_per_task = 0 chooses: as many groups as units, the ranks spread evenly, none larger than `usable`.
Groups make_groups(int ranks, std::int64_t units, std::int64_t ranks_per_task, int usable);

}  // namespace weiss
