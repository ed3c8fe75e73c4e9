// What a program prints besides progress: --plan, --status, --version and the table at the end of a run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/run_files.hpp"

namespace weiss {

// One line of the table at the end.
struct RunRow {
  std::string id;
  bool complete = false;
  bool enough = true;
  std::int64_t steps = 0;
  double updates_per_ns = 0;
  std::vector<std::string> headlines;  // "energy -1.4195(3)"
  // Headlines with an axis: a column each, the axis first; rows[0] are the names.
  std::vector<std::vector<std::string>> rows;
};

RunRow row_of(const TaskReport& report);
std::string table(const std::map<std::size_t, RunRow>& rows);

// value(error) with two digits of the error: -1.41950(31); "value" alone when the error is 0.
std::string with_error(double value, double error);

std::string plan_text(const ModelType& type, const Deck& deck, int ranks, bool json);
std::string status_text(const ModelType& type, const Deck& deck, const RunNames& names, bool json);
std::string version_text(const ModelType& type, bool json);

}  // namespace weiss
