#include "weiss/storage/lock.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weiss/base/error.hpp"
#include "weiss/storage/provenance.hpp"

namespace weiss {

namespace {

// The path still names the file that is locked (a former holder may have removed it meanwhile).
bool same_file(int descriptor, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

OutputLock::OutputLock(const std::string& stem, double wait_seconds) : path_(stem + ".lock") {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds);
  for (;;) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0)
      throw Error(ExitCode::io_failure,
                  path_ + ": cannot be created: " + std::strerror(errno) +
                      "; choose an --output in a folder that exists and can be written");
    const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    if (locked && same_file(descriptor_, path_)) break;
    const int error = errno;
    ::close(descriptor_);
    descriptor_ = -1;
    if (!locked && error != EWOULDBLOCK)
      throw Error(ExitCode::io_failure, path_ + ": cannot be locked: " + std::strerror(error) +
                                            "; use a file system with locks for the output");
    if (std::chrono::steady_clock::now() >= deadline) {
      std::ifstream file(path_);
      std::string holder;
      std::getline(file, holder);
      throw Error(ExitCode::io_failure, "another live job (" + holder + ") writes to " + stem +
                                            "; wait for it, stop it, or choose another --output");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const std::string holder =
      "process " + std::to_string(::getpid()) + " on " + host_name() + " since " + time_stamp() + "\n";
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, holder.data(), holder.size(), 0) < 0) {
    // Only the name of the holder is lost; the lock itself stands.
  }
}

OutputLock::~OutputLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace weiss
