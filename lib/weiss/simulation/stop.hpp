// When to stop early and save: the deck's time limit, the scheduler's end time, a signal or a file named
// STOP, whichever comes first. The clock is rank 0's; the driver broadcasts its decision.
#pragma once

#include <string>

namespace weiss {

// Notes SIGUSR1, SIGTERM and SIGINT instead of dying from them. Idempotent.
void catch_stop_signals();

// The signal that has arrived ("SIGUSR1"), or nothing.
std::string stop_signal();

class StopConditions {
 public:
  // time_limit: seconds from construction, 0 for none. Reads SLURM_JOB_END_TIME (Unix seconds).
  explicit StopConditions(double time_limit);

  double elapsed() const;  // seconds since construction
  // Why the run must stop now, given that saving takes `save_seconds`; empty: it need not.
  std::string reason(double save_seconds) const;
  // After the save: removes the file STOP, which would stop the resumed run too.
  void honoured() const;
  // Seconds until the nearest time limit, infinite without one.
  double remaining() const;

 private:
  double start_;
  double time_limit_;
  double scheduler_end_;  // Unix seconds, infinite without a scheduler
};

}  // namespace weiss
