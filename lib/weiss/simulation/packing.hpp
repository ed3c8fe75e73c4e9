// Values to bytes and back: how states and results travel between ranks and into a checkpoint's record.
// Little-endian, lengths as 64-bit counts; what was packed first is unpacked first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "weiss/base/error.hpp"

namespace weiss {

class Packer {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { append(&value, sizeof value); }
  void put(const std::string& text) {
    put(static_cast<std::uint64_t>(text.size()));
    append(text.data(), text.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint64_t>(values.size()));
    append(values.data(), values.size() * sizeof(T));
  }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  void append(const void* data, std::size_t size) {
    if (size == 0) return;
    const std::size_t old = bytes_.size();
    bytes_.resize(old + size);
    std::memcpy(bytes_.data() + old, data, size);
  }
  std::vector<std::byte> bytes_;
};

// Throws Error(bad_file) when the bytes end early.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void get(T& value) { take(&value, sizeof value); }
  // Any other byte than 0 and 1 is no bool, and must never become one.
  void get(bool& value) {
    const auto byte = get<std::uint8_t>();
    if (byte > 1)
      throw Error(ExitCode::bad_file, "a packed record holds " + std::to_string(byte) +
                                          " where only 0 and 1 have a meaning; it was altered");
    value = byte == 1;
  }
  void get(std::string& text) {
    text.resize(length(1));
    take(text.data(), text.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void get(std::vector<T>& values) {
    values.resize(length(sizeof(T)));
    take(values.data(), values.size() * sizeof(T));
  }
  template <class T>
  T get() {
    T value{};
    get(value);
    return value;
  }
  bool at_end() const { return position_ == bytes_.size(); }

 private:
  std::size_t length(std::size_t item_size) {
    const auto items = get<std::uint64_t>();
    if (items > (bytes_.size() - position_) / item_size)
      throw Error(ExitCode::bad_file, "a packed record ends early; it was cut or altered");
    return items;
  }
  void take(void* data, std::size_t size) {
    if (size > bytes_.size() - position_)
      throw Error(ExitCode::bad_file, "a packed record ends early; it was cut or altered");
    if (size != 0) std::memcpy(data, bytes_.data() + position_, size);
    position_ += size;
  }
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace weiss
