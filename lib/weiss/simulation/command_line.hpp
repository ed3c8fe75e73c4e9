// The command line that all programs of the suite share: one deck, flags, and --section.key=value overrides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weiss {

struct CommandLine {
  std::string deck;
  std::vector<std::string> overrides;  // "section.key=value" in the order given
  bool help = false;
  bool version = false;
  bool validate = false;
  bool plan = false;
  bool status = false;
  bool fresh = false;
  bool quiet = false;
  bool json = false;
  std::optional<std::int64_t> branch_seed;
  std::string output;  // empty: not given
  std::string text;    // the whole line, for provenance
};

// Throws Error(bad_usage) that names the wrong word and the nearest right one.
CommandLine parse_command_line(const std::string& program, int argc, const char* const* argv);

// The part of --help about flags, exit codes and resuming.
std::string command_line_help(const std::string& program, const std::string& description);

}  // namespace weiss
