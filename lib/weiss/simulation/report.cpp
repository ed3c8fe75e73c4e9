#include "weiss/simulation/report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "weiss/base/build_info.hpp"
#include "weiss/base/cpu.hpp"
#include "weiss/base/number.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/progress.hpp"
#include "weiss/simulation/schedule.hpp"
#include "weiss/storage/provenance.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_rows = 60;

std::string bytes_text(double bytes) {
  const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit < 4) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.4g} {}", bytes, units[unit]);
}

struct PlannedTask {
  TaskPlan plan;
  std::int64_t steps = 0;
  int ranks = 1;
  double seconds = 0;
};

PlannedTask planned(const ModelType& type, const Task& task, int group_size) {
  PlannedTask result;
  result.ranks = std::clamp(type.usable_ranks(task.parameters, group_size), 1, group_size);
  result.plan = type.plan(task.parameters, result.ranks);
  result.steps = total_steps_of(type, task.parameters);
  result.seconds = result.plan.seconds(result.steps) / result.ranks;
  return result;
}

}  // namespace

std::string with_error(double value, double error) {
  if (!std::isfinite(value)) return "-";
  if (!(error > 0) || !std::isfinite(error)) return fmt::format("{:.6g}", value);
  int decimals = 1 - static_cast<int>(std::floor(std::log10(error)));
  if (decimals <= 0) return fmt::format("{:.0f}({:.0f})", value, error);
  decimals = std::min(decimals, 15);
  double digits = std::round(error * std::pow(10, decimals));
  if (digits >= 100 && decimals > 1) {
    --decimals;
    digits = 10;
  }
  return fmt::format("{:.{}f}({:.0f})", value, decimals, digits);
}

namespace {

// A result over one axis as a column of the task's rows.
void add_column(RunRow& row, const Result& result) {
  const Axis& axis = result.info.axes.front();
  if (row.rows.empty()) {
    row.rows.push_back({axis.name});
    for (const double value : axis.values) row.rows.push_back({shortest(value)});
  }
  if (row.rows.front().front() != axis.name || row.rows.size() != axis.values.size() + 1) return;
  row.rows.front().push_back(result.name);
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    row.rows[i + 1].push_back(with_error(result.mean[i], result.error[i]));
}

std::string rows_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += fmt::format("  {:>{}}", row[i], widths[i]);
    text += "\n";
  }
  return text;
}

}  // namespace

RunRow row_of(const TaskReport& report) {
  RunRow row{report.task_id, report.complete, true, report.steps, report.updates_per_ns, {}, {}};
  for (const Result& result : report.results) {
    row.enough = row.enough && result.enough;
    if (!result.info.headline) continue;
    if (result.info.dims.empty())
      row.headlines.push_back(result.name + " " + with_error(result.mean[0], result.error[0]));
    else if (result.info.dims.size() == 1 && result.info.axes.size() == 1)
      add_column(row, result);
  }
  return row;
}

std::string table(const std::map<std::size_t, RunRow>& rows) {
  if (rows.empty()) return "";
  std::size_t id_width = 4;
  std::vector<std::size_t> widths;
  for (const auto& [task, row] : rows) {
    id_width = std::max(id_width, row.id.size());
    widths.resize(std::max(widths.size(), row.headlines.size()));
    for (std::size_t i = 0; i < row.headlines.size(); ++i)
      widths[i] = std::max(widths[i], row.headlines[i].size());
  }
  std::string text;
  std::size_t printed_rows = 0;
  bool flagged = false;
  for (const auto& [task, row] : rows) {
    flagged = flagged || !row.enough;
    if (++printed_rows > most_rows) continue;
    text += fmt::format("{:<{}}", row.id, id_width);
    for (std::size_t i = 0; i < row.headlines.size(); ++i)
      text += fmt::format("  {:<{}}", row.headlines[i], widths[i]);
    text += fmt::format("  {}{}{}\n", rate_text(row.updates_per_ns), row.complete ? "" : "  (unfinished)",
                        row.enough ? "" : "  *");
    text += rows_text(row.rows);
  }
  if (rows.size() > most_rows)
    text += fmt::format("... and {} more tasks, all in the file\n", rows.size() - most_rows);
  if (flagged)
    text +=
        "* fewer than 50 autocorrelation times of samples: raise run.sweeps and run the same line again, or, "
        "where tasks end by themselves, what they average over, with another --output\n";
  return text;
}

std::string plan_text(const ModelType& type, const Deck& deck, int ranks, bool json) {
  const std::size_t units = chains(deck).size();
  int usable = 1;
  for (const Task& task : deck.tasks) usable = std::max(usable, type.usable_ranks(task.parameters, ranks));
  const Groups groups = make_groups(ranks, static_cast<std::int64_t>(units),
                                    deck.tasks.front().parameters.integer("run.ranks_per_task"), usable);
  double seconds = 0;
  double longest = 0;
  double largest = 0;
  std::string text;
  nlohmann::json tasks = nlohmann::json::array();
  for (const Task& task : deck.tasks) {
    const PlannedTask each = planned(type, task, groups.largest);
    seconds += each.seconds;
    longest = std::max(longest, each.seconds);
    largest = std::max(largest, each.plan.bytes);
    const std::int64_t expected = each.plan.expected_steps;
    text +=
        fmt::format("{}: {}{} steps, {}, {}, {} rank{}, about {}\n", task.id, each.steps,
                    expected > 0 && expected < each.steps ? fmt::format(" at most, about {}", expected) : "",
                    each.plan.kernel, bytes_text(each.plan.bytes), each.ranks, each.ranks == 1 ? "" : "s",
                    clock_text(each.seconds));
    tasks.push_back({{"id", task.id},
                     {"steps", each.steps},
                     {"kernel", each.plan.kernel},
                     {"bytes", each.plan.bytes},
                     {"ranks", each.ranks},
                     {"seconds", each.seconds}});
  }
  const double total = std::max(seconds / groups.count, longest);
  if (json)
    return nlohmann::json{{"tasks", tasks},
                          {"groups", groups.count},
                          {"ranks", ranks},
                          {"idle_ranks", groups.idle},
                          {"seconds", total}}
               .dump(2) +
           "\n";
  return text +
         fmt::format("{} tasks on {} ranks in {} groups ({} idle), largest state {}, about {} in all\n",
                     deck.tasks.size(), ranks, groups.count, groups.idle, bytes_text(largest),
                     clock_text(total));
}

std::string status_text(const ModelType& type, const Deck& deck, const RunNames& names, bool json) {
  const std::vector<RunFiles::Status> all = RunFiles::read_status(names, deck);
  std::string text;
  nlohmann::json tasks = nlohmann::json::array();
  std::size_t done = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::int64_t total = total_steps_of(type, deck.tasks[i].parameters);
    const bool finished = all[i].status == "done" && (all[i].ended_early || all[i].steps >= total);
    const std::string status = finished ? "done" : all[i].status == "done" ? "to extend" : all[i].status;
    done += finished ? 1 : 0;
    text += fmt::format("{}: {}, {} of {} steps\n", deck.tasks[i].id, status, all[i].steps, total);
    tasks.push_back(
        {{"id", deck.tasks[i].id}, {"status", status}, {"steps", all[i].steps}, {"total", total}});
  }
  if (json) return nlohmann::json{{"file", names.results}, {"done", done}, {"tasks", tasks}}.dump(2) + "\n";
  return text + fmt::format("{} of {} tasks done; results: {}\n", done, all.size(), names.results);
}

std::string version_text(const ModelType& type, bool json) {
  const BuildInfo& build = build_info();
  if (json)
    return nlohmann::json{{"program", type.program},    {"version", build.version},   {"git", build.git},
                          {"compiler", build.compiler}, {"flags", build.flags},       {"mpi", mpi_version()},
                          {"hdf5", hdf5_version()},     {"simd", name(simd_target())}}
               .dump(2) +
           "\n";
  return fmt::format("{} {} ({})\ncompiler {}, flags {}\n{}, HDF5 {}, vector kernels {}\n", type.program,
                     build.version, build.git, build.compiler, build.flags, mpi_version(), hdf5_version(),
                     name(simd_target()));
}

}  // namespace weiss
