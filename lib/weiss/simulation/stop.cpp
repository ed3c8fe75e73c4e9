#include "weiss/simulation/stop.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "weiss/base/number.hpp"

namespace weiss {

namespace {

volatile std::sig_atomic_t caught_signal = 0;

extern "C" void note_signal(int number) { caught_signal = number; }

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

constexpr const char* stop_file = "STOP";

constexpr double infinite = std::numeric_limits<double>::infinity();

// A scheduler kills at its end time; leave it this long beyond the time that saving takes.
constexpr double scheduler_margin = 5.0;

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGUSR1, SIGTERM, SIGINT}) sigaction(number, &action, nullptr);
}

std::string stop_signal() {
  switch (caught_signal) {
    case SIGUSR1:
      return "SIGUSR1";
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    default:
      return "";
  }
}

StopConditions::StopConditions(double time_limit)
    : start_(steady_seconds()),
      time_limit_(time_limit > 0 ? time_limit : infinite),
      scheduler_end_(infinite) {
  if (const char* end = std::getenv("SLURM_JOB_END_TIME"))
    if (const auto seconds = parse_real(end); seconds && *seconds > 0) scheduler_end_ = *seconds;
}

double StopConditions::elapsed() const { return steady_seconds() - start_; }

double StopConditions::remaining() const {
  return std::min(time_limit_ - elapsed(), scheduler_end_ - scheduler_margin - unix_seconds());
}

std::string StopConditions::reason(double save_seconds) const {
  if (std::string signal = stop_signal(); !signal.empty()) return signal;
  if (std::filesystem::exists(stop_file)) return std::string("the file ") + stop_file;
  const double reserve = 3 * save_seconds;
  if (elapsed() + reserve >= time_limit_) return "run.time_limit";
  if (unix_seconds() + reserve + scheduler_margin >= scheduler_end_) return "SLURM_JOB_END_TIME";
  return "";
}

void StopConditions::honoured() const {
  std::error_code ignored;
  std::filesystem::remove(stop_file, ignored);
}

}  // namespace weiss
