// One live job an output: an advisory lock on <stem>.lock, which the system drops with its holder.
#pragma once

#include <string>

namespace weiss {

class OutputLock {
 public:
  // Waits for a holder to go (ranks outlive a killed mpirun by about a second); Error(io_failure) names who
  // holds it.
  explicit OutputLock(const std::string& stem, double wait_seconds = 10.0);
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;
  ~OutputLock();

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace weiss
