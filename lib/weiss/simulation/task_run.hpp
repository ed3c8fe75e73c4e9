// One task at work on a group of ranks: its model, its measurements and how far it is. A task has
// run.thermalization + run.sweeps steps t = 0, 1, ...; after step t of the second part every
// run.measure_every-th is measured. All of it is a function of the deck alone: interruptions, ranks and time
// change nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/model.hpp"

namespace weiss {

using ByteSink = std::function<void(std::span<const std::byte>)>;
using ByteSource = std::function<std::vector<std::byte>()>;

// The first message of a streamed state; the chunks of its bit fields follow in order.
struct StateHeader {
  std::string task_id;
  std::int64_t steps = 0;
  bool complete = false;
  double wall_seconds = 0;
  std::vector<std::byte> record;
  std::vector<std::string> bit_names;
  std::vector<std::int64_t> bit_sites;

  std::vector<std::byte> pack() const;
  static StateHeader unpack(std::span<const std::byte> bytes);
};

inline constexpr std::int64_t state_chunk_bytes = std::int64_t{1} << 20;

// Everything the results file holds of one task.
struct TaskReport {
  std::string task_id;
  bool complete = false;
  bool ended_early = false;  // complete before the last step
  std::int64_t steps = 0;
  double wall_seconds = 0;
  double updates_per_ns = 0;
  std::string kernel;
  std::vector<std::int64_t> grid;
  std::string state_hash;
  std::vector<Result> results;
  std::vector<GreenFunction> green_functions;

  std::vector<std::byte> pack() const;
  static TaskReport unpack(std::span<const std::byte> bytes);
};

class TaskRun {
 public:
  // Collective over the group; ranks beyond what the model can use only follow.
  TaskRun(const ModelType& type, const Task& task, std::size_t index, const Communicator& group);

  std::size_t index() const { return index_; }
  const Task& task() const { return *task_; }
  std::int64_t steps() const { return steps_; }
  std::int64_t total_steps() const { return total_steps_; }
  bool complete() const { return complete_; }
  double wall_seconds() const { return wall_seconds_; }
  // Bytes of distributed state on all ranks together.
  std::int64_t state_bytes() const;

  // Collective: the configuration of the chain's previous task becomes the start of this one.
  void start_from(TaskRun& previous);
  // Collective: up to `count` further steps.
  void run(std::int64_t count);

  // Collective: the state goes to `sink` on the group's root, header first, then chunks.
  void save(const ByteSink& sink);
  // Collective: the root takes the state from `source` in the same order. With only_configuration the
  // measurements and the step count stay at their start (a branch).
  void load(const ByteSource& source, bool only_configuration = false);
  // Collective; meaningful on the group's root.
  TaskReport report();

 private:
  bool takes_part() const { return model_ != nullptr; }
  std::string state_hash();
  void load_bits(const std::vector<BitField>& fields, const StateHeader& header, const ByteSource& source);
  void for_each_chunk(const BitField& field,
                      const std::function<void(std::int64_t, std::vector<std::uint8_t>&)>& f);

  const Task* task_;
  std::size_t index_;
  const Communicator* group_;
  Communicator communicator_;  // the ranks that take part
  std::unique_ptr<AnyModel> model_;
  Measurements measurements_;
  std::int64_t steps_ = 0;
  std::int64_t thermalization_ = 0;
  std::int64_t total_steps_ = 0;
  std::int64_t measure_every_ = 1;
  bool complete_ = false;
  double wall_seconds_ = 0;         // over all sessions
  std::int64_t session_steps_ = 0;  // of this session, for the rate
  double session_seconds_ = 0;
};

}  // namespace weiss
