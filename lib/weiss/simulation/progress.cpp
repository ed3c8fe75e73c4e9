#include "weiss/simulation/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "weiss/storage/text_file.hpp"

namespace weiss {

namespace {

constexpr int bar_width = 24;
constexpr double json_interval = 2;
constexpr double longest_interval = 600;

}  // namespace

std::string clock_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const auto whole = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string rate_text(double updates_per_ns) {
  return updates_per_ns < 1e-6 ? fmt::format("{:.3g} updates/s", updates_per_ns * 1e9)
                               : fmt::format("{:.3g} updates/ns", updates_per_ns);
}

Progress::Progress(std::string json_path, bool quiet, double work_at_start)
    : json_path_(std::move(json_path)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      work_at_start_(work_at_start) {}

double Progress::seconds_left(const ProgressState& state) const {
  const double rate = (state.work_done - work_at_start_) / std::max(state.elapsed, 1e-9);
  return rate > 0 ? (state.work - state.work_done) / rate : INFINITY;
}

std::string Progress::line(const ProgressState& state) const {
  const double fraction = state.work > 0 ? state.work_done / state.work : 1;
  const double rate = state.updates_done / std::max(state.elapsed, 1e-9) * 1e-9;
  return fmt::format("{:5.1f} %  {}/{} tasks  {}  {} left", 100 * fraction, state.tasks_done, state.tasks,
                     rate_text(rate), clock_text(seconds_left(state)));
}

void Progress::update(const ProgressState& state, bool force) {
  if (force || state.elapsed >= next_json_) {
    next_json_ = state.elapsed + json_interval;
    nlohmann::json json{{"status", state.status}, {"tasks_done", state.tasks_done},
                        {"tasks", state.tasks},   {"steps_done", state.steps_done},
                        {"steps", state.steps},   {"elapsed_seconds", state.elapsed}};
    if (const double left = seconds_left(state); std::isfinite(left)) json["seconds_left"] = left;
    write_text_file(json_path_, json.dump(2) + "\n");
  }
  if (quiet_ || (!force && state.elapsed < next_line_)) return;
  if (terminal_) {
    next_line_ = state.elapsed + 0.2;
    const double fraction = state.work > 0 ? state.work_done / state.work : 1;
    const auto full = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * bar_width);
    fmt::print(stderr, "\r[{}{}] {}\x1b[K{}", std::string(full, '#'), std::string(bar_width - full, ' '),
               line(state), force ? "\n" : "");
  } else {
    next_line_ = state.elapsed + interval_;
    interval_ = std::min(interval_ * 1.5, longest_interval);
    fmt::print(stderr, "{}\n", line(state));
  }
  std::fflush(stderr);
}

}  // namespace weiss
