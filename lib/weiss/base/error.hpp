// The one error type, and the exit codes that every program of the suite promises.
#pragma once

#include <stdexcept>
#include <string>

namespace weiss {

enum class ExitCode : int {
  done = 0,
  bad_usage = 2,   // bad command line
  bad_deck = 3,    // bad deck, or a refused change on resume; no file is created
  bad_file = 4,    // bad or damaged file
  stopped = 5,     // stopped early, resumable
  io_failure = 6,  // input/output failure, or a second live job on the same output
  internal = 7,    // a defect of the program
};

// Says what is wrong and how to mend it, and carries the exit code that the program ends with.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace weiss
