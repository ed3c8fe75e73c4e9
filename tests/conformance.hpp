// What every model must keep, tested without a line of the model's own: the same bits on any number of ranks,
// an exact restart at every step, checks that pass, and a unit and a formula on every result.
#pragma once

#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/run_keys.hpp"
#include "weiss/simulation/task_run.hpp"

namespace weiss::conformance {

template <class Model>
Deck deck_of(const std::string& text) {
  Schema schema;
  Model::declare(schema);
  declare_run_keys(schema);
  return parse_deck(schema, text, "deck.ini", {}, &Model::validate);
}

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

inline void expect_same_report(const TaskReport& a, const TaskReport& b, const std::string& where) {
  EXPECT_EQ(a.state_hash, b.state_hash) << where;
  EXPECT_EQ(a.steps, b.steps) << where;
  ASSERT_EQ(a.results.size(), b.results.size()) << where;
  for (std::size_t i = 0; i < a.results.size(); ++i) {
    const Result& x = a.results[i];
    const Result& y = b.results[i];
    EXPECT_EQ(x.name, y.name) << where;
    EXPECT_EQ(x.count, y.count) << where << ": " << x.name;
    EXPECT_TRUE(same_bits(x.mean, y.mean) && same_bits(x.error, y.error) && same_bits(x.tau_int, y.tau_int) &&
                same_bits(x.bins, y.bins))
        << where << ": " << x.name << " differs";
  }
  ASSERT_EQ(a.green_functions.size(), b.green_functions.size()) << where;
  for (std::size_t i = 0; i < a.green_functions.size(); ++i) {
    ASSERT_EQ(a.green_functions[i].blocks.size(), b.green_functions[i].blocks.size()) << where;
    for (std::size_t k = 0; k < a.green_functions[i].blocks.size(); ++k)
      EXPECT_EQ(a.green_functions[i].blocks[k].values, b.green_functions[i].blocks[k].values)
          << where << ": " << a.green_functions[i].name << " differs";
  }
}

// The whole task on the given ranks; the report is meaningful on their root.
template <class Model>
TaskReport run_whole(const Task& task, const Communicator& communicator) {
  TaskRun run(model_type<Model>(), task, 0, communicator);
  run.run(run.total_steps());
  return run.report();
}

// State as messages in memory.
struct Messages {
  std::deque<std::vector<std::byte>> queue;
  ByteSink sink() {
    return [this](std::span<const std::byte> bytes) { queue.emplace_back(bytes.begin(), bytes.end()); };
  }
  ByteSource source() {
    return [this] {
      std::vector<std::byte> first = std::move(queue.front());
      queue.pop_front();
      return first;
    };
  }
};

// All ranks together against one rank alone.
template <class Model>
void check_rank_invariance(const std::string& text) {
  const Deck deck = deck_of<Model>(text);
  const Communicator world = Communicator::world();
  const Communicator alone = world.split(world.rank(), 0);
  for (const Task& task : deck.tasks) {
    const TaskReport together = run_whole<Model>(task, world);
    if (world.rank() != 0) continue;
    expect_same_report(run_whole<Model>(task, alone), together,
                       task.id + " on " + std::to_string(world.size()) + " ranks");
  }
}

// Stopped and reloaded after every `stride` steps, against a run without interruption.
template <class Model>
void check_restart(const std::string& text, std::int64_t stride) {
  const Deck deck = deck_of<Model>(text);
  const Communicator world = Communicator::world();
  const ModelType type = model_type<Model>();
  for (const Task& task : deck.tasks) {
    const TaskReport whole = run_whole<Model>(task, world);
    auto run = std::make_unique<TaskRun>(type, task, 0, world);
    while (!run->complete()) {
      run->run(stride);
      Messages messages;
      run->save(messages.sink());
      run = std::make_unique<TaskRun>(type, task, 0, world);
      run->load(messages.source());
    }
    const TaskReport pieces = run->report();
    if (world.rank() == 0)
      expect_same_report(whole, pieces, task.id + " in pieces of " + std::to_string(stride));
  }
}

// Every result has a long name, a unit and a formula; errors are finite and not negative; the model's own
// check passes after the run.
template <class Model>
void check_results(const std::string& text) {
  const Deck deck = deck_of<Model>(text);
  const Communicator world = Communicator::world();
  for (const Task& task : deck.tasks) {
    const TaskReport report = run_whole<Model>(task, world);
    if (world.rank() != 0) continue;
    EXPECT_FALSE(report.results.empty());
    EXPECT_FALSE(report.kernel.empty());
    for (const Result& result : report.results) {
      EXPECT_FALSE(result.info.long_name.empty()) << result.name;
      EXPECT_FALSE(result.info.unit.empty()) << result.name;
      EXPECT_FALSE(result.info.formula.empty()) << result.name;
      for (const double error : result.error) EXPECT_GE(error, 0) << result.name;
    }
  }
}

}  // namespace weiss::conformance
