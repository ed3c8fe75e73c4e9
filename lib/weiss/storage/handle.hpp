// An HDF5 identifier that closes itself, and errors of the library as weiss::Error.
#pragma once

#include <string>
#include <utility>

#include <hdf5.h>

#include "weiss/base/error.hpp"

namespace weiss {

class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
      close_ = other.close_;
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }

  hid_t id() const { return id_; }
  void reset() { (void)close(); }
  // False when the library fails, such as on a full disk.
  bool close() {
    const hid_t id = std::exchange(id_, -1);
    return id < 0 || close_(id) >= 0;
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// How a failed write is mended.
inline constexpr const char* mend_writing =
    "; free space or choose another --output; earlier files are untouched and the same command resumes";

// The identifier, or an Error that says what failed at which path.
inline Handle checked(hid_t id, Handle::Close close, ExitCode code, const std::string& what) {
  if (id < 0) throw Error(code, what + (code == ExitCode::io_failure ? mend_writing : ""));
  return {id, close};
}

inline void check(herr_t status, ExitCode code, const std::string& what) {
  if (status < 0) throw Error(code, what + (code == ExitCode::io_failure ? mend_writing : ""));
}

// Before any other call of the library: it prints no error stacks of its own, and does not clean up at exit,
// where it crashes over a file that a full disk kept from closing.
void prepare_hdf5();

}  // namespace weiss
