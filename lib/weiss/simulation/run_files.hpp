// The files of a run, held by rank 0: <stem>.h5 (results) and <stem>.checkpoint.h5 (states) with its previous
// generation. Both are replaced as a whole, so every moment has a good one on disk. Any stored state of a
// task is a valid start, whichever file is newer: a state is a pure function of its step count.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/simulation/task_run.hpp"
#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/lock.hpp"

namespace weiss {

struct RunNames {
  explicit RunNames(std::string stem);
  std::string stem, results, checkpoint, previous, progress;
};

// What the files on disk hold of one task.
struct StoredTask {
  std::optional<std::int64_t> state_steps;  // a state is in the checkpoint
  bool state_complete = false;
  std::optional<std::int64_t> result_steps;  // finished results are in the results file; the largest number
                                             // where the model ended the task
};

// Facts about this session that go into the root attributes.
struct Session {
  std::string command;
  int ranks = 1;
  std::string grid;    // ranks of each group, such as 2+2
  std::string mpi;     // version of the MPI library
  std::string parent;  // of a branch: the stem it came from
};

class RunFiles {
 public:
  enum class Access { read, write };  // the files of a branch's parent are only read

  // Reads what is there, under the lock; damaged files are renamed to .damaged when others make up for them.
  // Notices (a damaged generation, a renamed file) go to `notice`.
  RunFiles(RunNames names, const Deck& deck, Session session, std::function<void(const std::string&)> notice,
           Access access);

  const RunNames& names() const { return names_; }
  void set_grid(std::string grid) { session_.grid = std::move(grid); }
  // One entry a task of the deck.
  const std::vector<StoredTask>& stored() const { return stored_; }
  // Lines that say which changes against the stored run are refused; empty when it may go on.
  std::vector<std::string> refused_changes() const;
  // The stored state of a task, message by message as TaskRun::load asks for it.
  ByteSource state_source(const std::string& task_id) const;

  // A save: states and reports in any order between begin and commit; tasks not given keep what is stored.
  void begin_save();
  ByteSink state_sink();  // one task's state; the sink knows its end from the header
  void add_report(const TaskReport& report);
  void commit_save(bool finished);

  // Reads only: status of each task for --status.
  struct Status {
    std::string status = "pending";
    std::int64_t steps = 0;
    bool ended_early = false;
  };
  static std::vector<Status> read_status(const RunNames& names, const Deck& deck);

 private:
  class StateWriter;
  void open_states();
  void open_results();
  void read_stored();
  // Renames a damaged file; says so.
  std::string put_aside(const std::string& path) const;
  void write_root_attributes(Node root, bool finished) const;
  void write_report(const Node& tasks, const TaskReport& report) const;
  static void write_parameters(Node task, const Parameters& values);
  static void write_result(Node node, const Result& result);
  void write_pending(const Node& tasks) const;
  void keep_what_was_stored();

  RunNames names_;
  const Deck* deck_;
  Session session_;
  std::function<void(const std::string&)> notice_;
  Access access_;
  std::map<std::string, const Task*> task_of_;
  std::vector<StoredTask> stored_;
  std::unique_ptr<VerifiedFile> old_results_, old_states_;
  std::unique_ptr<AtomicFile> new_results_, new_states_;
  std::string started_;
  std::int64_t restarts_ = 0;
};

// Renames the files of an earlier run to .old.
void set_aside(const RunNames& names);

}  // namespace weiss
