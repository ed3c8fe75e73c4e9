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
  void reset() {
    if (id_ >= 0) close_(id_);
    id_ = -1;
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// The identifier, or an Error that says what failed at which path.
inline Handle checked(hid_t id, Handle::Close close, ExitCode code, const std::string& what) {
  if (id < 0) throw Error(code, what);
  return {id, close};
}

inline void check(herr_t status, ExitCode code, const std::string& what) {
  if (status < 0) throw Error(code, what);
}

// HDF5 prints its own error stacks unless told not to.
void silence_hdf5();

}  // namespace weiss
