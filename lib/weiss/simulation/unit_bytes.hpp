// The state of a task's units as one string of bits for saving: pieces of memory in the order of the units,
// all of the same size; a rank holds consecutive ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace weiss {

class UnitBytes {
 public:
  // own: this rank's pieces; first: the number of the first of them; total: pieces of all ranks.
  void set(std::vector<std::span<std::uint8_t>> own, std::size_t piece_bytes, std::size_t first,
           std::size_t total) {
    own_ = std::move(own);
    piece_bytes_ = static_cast<std::int64_t>(piece_bytes);
    first_ = static_cast<std::int64_t>(first);
    total_ = static_cast<std::int64_t>(total);
  }

  std::int64_t sites() const { return 8 * piece_bytes_ * total_; }
  void fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const {
    for_each_common(first / 8, bytes.size(), [&](std::uint8_t& own, std::size_t there) {
      bytes[there] = static_cast<std::uint8_t>(bytes[there] | own);
    });
  }
  void load_bits(std::int64_t first, std::span<const std::uint8_t> bytes) {
    for_each_common(first / 8, bytes.size(),
                    [&](std::uint8_t& own, std::size_t there) { own = bytes[there]; });
  }
  void finish_load() {}

 private:
  // f(own byte, its place among the `size` bytes from `first` on).
  template <class F>
  void for_each_common(std::int64_t first, std::size_t size, F&& f) const {
    for (std::size_t piece = 0; piece < own_.size(); ++piece) {
      const std::int64_t start = (first_ + static_cast<std::int64_t>(piece)) * piece_bytes_;
      const std::int64_t from = std::max(first, start);
      const std::int64_t to = std::min(first + static_cast<std::int64_t>(size), start + piece_bytes_);
      for (std::int64_t byte = from; byte < to; ++byte)
        f(own_[piece][static_cast<std::size_t>(byte - start)], static_cast<std::size_t>(byte - first));
    }
  }

  std::vector<std::span<std::uint8_t>> own_;
  std::int64_t piece_bytes_ = 0, first_ = 0, total_ = 0;
};

}  // namespace weiss
