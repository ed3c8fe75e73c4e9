#include "inspect/inspect.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/core.h>

#include "weiss/base/build_info.hpp"
#include "weiss/base/error.hpp"
#include "weiss/storage/atomic_file.hpp"

namespace weiss {

namespace {

constexpr const char* usage =
    "weiss-inspect: look into, compare, merge and export result files\n\n"
    "  weiss-inspect FILE                 summary: provenance, tasks, observables\n"
    "  weiss-inspect FILE /path           one group or dataset\n"
    "  weiss-inspect compare A B          bitwise comparison of parameters, results, Green functions and\n"
    "                                     state hashes; exit code 0 equal, 1 different\n"
    "  weiss-inspect merge OUT A B ...    union of the tasks of several files\n"
    "  weiss-inspect csv FILE             every observable of every task as CSV on stdout, a line a value\n"
    "  weiss-inspect alps FILE FOLDER     one file a task in the ALPS layout\n"
    "  weiss-inspect verify FILE          check the checksum\n"
    "  weiss-inspect --help | --version\n\n"
    "exit codes: 0 done or equal, 1 different, 2 bad command line, 4 bad or damaged file, 6 input/output "
    "failure\n";

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ExitCode::bad_usage, what + "; see weiss-inspect --help");
}

void need(const std::vector<std::string>& words, std::size_t least, std::size_t most, const char* form) {
  if (words.size() < least || words.size() > most) refuse(std::string("usage: weiss-inspect ") + form);
}

int execute(const std::vector<std::string>& words) {
  if (words.empty()) refuse("no file given");
  const std::string& verb = words.front();
  if (verb == "--help" || verb == "-h") {
    fmt::print("{}", usage);
  } else if (verb == "--version") {
    fmt::print("weiss-inspect {} ({}), HDF5 {}\n", build_info().version, build_info().git, hdf5_version());
  } else if (verb == "compare") {
    need(words, 3, 3, "compare A B");
    const std::vector<std::string> found = differences(words[1], words[2]);
    for (const std::string& each : found) fmt::print("{}\n", each);
    if (!found.empty()) return 1;
    fmt::print("equal\n");
  } else if (verb == "merge") {
    need(words, 3, 10000, "merge OUT A B ...");
    merge(words[1], {words.begin() + 2, words.end()});
  } else if (verb == "csv") {
    need(words, 2, 2, "csv FILE");
    fmt::print("{}", csv(words[1]));
  } else if (verb == "alps") {
    need(words, 3, 3, "alps FILE FOLDER");
    for (const std::string& each : export_alps(words[1], words[2])) fmt::print("{}\n", each);
  } else if (verb == "verify") {
    need(words, 2, 2, "verify FILE");
    const VerifiedFile file(words[1]);
    fmt::print("{}: intact\n", file.path());
  } else if (verb.starts_with("-")) {
    refuse("unknown flag " + verb);
  } else {
    need(words, 1, 2, "FILE [/path]");
    fmt::print("{}", words.size() == 1 ? summary(verb) : contents(verb, words[1]));
  }
  return 0;
}

}  // namespace

int inspect(int argc, char** argv) {
  try {
    return execute({argv + 1, argv + argc});
  } catch (const Error& error) {
    fmt::print(stderr, "weiss-inspect: {}\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "weiss-inspect: {}\n", error.what());
    return static_cast<int>(ExitCode::io_failure);
  } catch (const std::exception& error) {
    fmt::print(stderr, "weiss-inspect: internal error: {}\n", error.what());
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace weiss
