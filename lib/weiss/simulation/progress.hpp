// Progress on rank 0: a bar on a terminal, else one plain line at growing intervals, and
// <stem>.progress.json.
#pragma once

#include <cstdint>
#include <string>

namespace weiss {

struct ProgressState {
  std::int64_t tasks_done = 0, tasks = 0;
  double steps_done = 0, steps = 0;  // over all tasks
  double work_done = 0, work = 0;    // in estimated seconds of a core
  double updates_done = 0;           // elementary ones of this session
  double elapsed = 0;                // seconds of this session
  std::string status = "running";    // running, done, stopped
};

class Progress {
 public:
  Progress(std::string json_path, bool quiet, double work_at_start);
  void update(const ProgressState& state, bool force = false);

 private:
  std::string line(const ProgressState& state) const;
  double seconds_left(const ProgressState& state) const;

  std::string json_path_;
  bool quiet_;
  bool terminal_;
  double work_at_start_;
  double next_line_ = 0;
  double interval_ = 2;
  double next_json_ = 0;
};

std::string clock_text(double seconds);        // 1:02:03
std::string rate_text(double updates_per_ns);  // in updates/ns, or updates/s where that is a small number

}  // namespace weiss
