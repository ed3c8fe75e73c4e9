// The run itself. Groups of ranks work on their tasks for a slice of time; then all meet at a boundary, where
// rank 0 reads the clock and decides: save, stop, hand out work, go on. Nothing else ever waits for another
// group, and nothing that rank 0 decides can change a result.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weiss/simulation/command_line.hpp"
#include "weiss/simulation/progress.hpp"
#include "weiss/simulation/report.hpp"
#include "weiss/simulation/run_files.hpp"
#include "weiss/simulation/schedule.hpp"
#include "weiss/simulation/stop.hpp"
#include "weiss/simulation/task_run.hpp"

namespace weiss {

class Driver {
 public:
  // Collective over `world`; every rank holds the same deck.
  Driver(const ModelType& type, const CommandLine& line, const Deck& deck, const std::string& stem,
         const std::string& parent_stem, const Communicator& world);

  // Runs to the end or to a stop; ExitCode::done or ExitCode::stopped.
  ExitCode run();

 private:
  struct GroupStatus {
    double work_done = 0;  // estimated seconds, of this session
    double updates_done = 0;
    double steps_done = 0;
    double longest_batch = 0;
    std::int64_t tasks_done = 0;
    std::int64_t held = 0;  // finished tasks not saved
    std::int64_t held_bytes = 0;
    std::int32_t leads = 0;
    std::int32_t idle = 0;
    std::int32_t queued = 0;
  };
  struct Decision {
    double slice = 0.05;  // seconds until the next boundary
    std::int32_t save = 0;
    std::int32_t stop = 0;
  };

  std::vector<std::int64_t> read_files();
  void open_files();
  void make_schedule();
  std::int64_t stored_steps(std::size_t task) const;
  bool leads() const { return group_.rank() == 0 && my_group_ < groups_.count; }
  bool writes() const { return world_->rank() == 0; }

  void work(double slice);
  void start_task(std::size_t task, TaskRun* previous);
  void after_batch(std::int64_t steps_before, double seconds);
  Decision boundary();
  Decision decide(const std::vector<GroupStatus>& all);
  void show_progress(const std::vector<GroupStatus>& all, const std::string& status, bool force);
  void hand_out(const std::vector<GroupStatus>& all);
  void load_first_task(int group, const Assignment& assignment);
  void save(bool finished);
  void save_own_group();
  void add_report(const TaskReport& report);
  void receive_group(int leader);
  int leader_of(int group) const;

  const ModelType* type_;
  const CommandLine* line_;
  const Deck* deck_;
  std::string stem_;
  std::string parent_stem_;  // where --branch-seed takes its configurations from
  const Communicator* world_;
  Communicator group_;
  Groups groups_;
  int my_group_ = 0;
  bool keep_state_ = true;
  double checkpoint_interval_ = 300;
  StopConditions stop_;

  // Rank 0 only.
  std::unique_ptr<OutputLock> lock_;
  std::unique_ptr<RunFiles> files_;
  std::unique_ptr<RunFiles> parent_;  // of a branch
  std::unique_ptr<Progress> progress_;
  std::map<std::size_t, RunRow> rows_;  // by task
  std::string stop_reason_;
  double last_save_ = 0;
  double save_seconds_ = 0.05;

  // The same on every rank.
  std::vector<StoredTask> stored_;
  std::vector<char> from_parent_;  // the stored state is a parent's configuration
  std::vector<std::int64_t> total_steps_;
  std::vector<TaskPlan> plans_;
  std::deque<Assignment> pool_;
  double slice_ = 0.02;

  // Of this group.
  std::deque<Assignment> queue_;
  std::unique_ptr<TaskRun> current_;
  std::vector<std::size_t> rest_of_chain_;
  std::vector<std::unique_ptr<TaskRun>> finished_;  // not saved
  std::int64_t held_bytes_ = 0;
  std::int64_t batch_ = 1;
  GroupStatus status_;
};

}  // namespace weiss
