// A handle of an MPI communicator, with the few operations that the suite uses. Reductions are of integers
// only: a sum of doubles would depend on the number of ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <mpi.h>

namespace weiss {

class Communicator {
 public:
  static Communicator world();  // MPI must be initialised
  // Collective: ranks of one color form a new communicator, ordered by key.
  Communicator split(int color, int key) const;

  int rank() const { return rank_; }
  int size() const { return size_; }
  MPI_Comm handle() const { return *handle_; }

  void barrier() const;

  template <class T>
  void broadcast(std::span<T> data, int root = 0) const {
    static_assert(std::is_trivially_copyable_v<T>);
    broadcast_bytes(data.data(), data.size_bytes(), root);
  }
  template <class T>
  requires std::is_trivially_copyable_v<T> T broadcast(T value, int root = 0)
  const {
    broadcast_bytes(&value, sizeof value, root);
    return value;
  }
  std::string broadcast(std::string text, int root = 0) const;

  // Sum over ranks, in place, the same on each.
  void sum(std::span<std::int64_t> values) const;
  std::int64_t sum(std::int64_t value) const;
  std::int64_t maximum(std::int64_t value) const;
  std::int64_t minimum(std::int64_t value) const;
  // Bitwise or over ranks; the root's bytes become the result, the others' stay.
  void bit_or(std::span<std::uint8_t> bytes, int root) const;

  // One value a rank, in rank order, on the root; empty elsewhere.
  template <class T>
  std::vector<T> gather(const T& value, int root = 0) const {
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<T> all(rank_ == root ? static_cast<std::size_t>(size_) : 0);
    gather_bytes(&value, sizeof value, all.data(), root);
    return all;
  }
  // Any number of values a rank, concatenated in rank order, on every rank.
  template <class T>
  std::vector<T> all_gather_varying(std::span<const T> values) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::vector<std::byte> bytes = all_gather_bytes(values.data(), values.size_bytes());
    return from_bytes<T>(bytes);
  }
  // outgoing[r] goes to rank r; the result's element r came from rank r.
  template <class T>
  std::vector<std::vector<T>> all_to_all_varying(const std::vector<std::vector<T>>& outgoing) const {
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<std::vector<std::byte>> bytes(outgoing.size());
    for (std::size_t i = 0; i < outgoing.size(); ++i) {
      const auto raw = std::as_bytes(std::span<const T>(outgoing[i]));
      bytes[i].assign(raw.begin(), raw.end());
    }
    std::vector<std::vector<T>> incoming;
    for (const auto& each : all_to_all_bytes(bytes)) incoming.push_back(from_bytes<T>(each));
    return incoming;
  }

  // Messages of any length, in order for one pair of ranks and one tag.
  void send_bytes(std::span<const std::byte> bytes, int to, int tag) const;
  std::vector<std::byte> receive_bytes(int from, int tag) const;

 private:
  explicit Communicator(std::shared_ptr<MPI_Comm> handle);

  template <class T>
  static std::vector<T> from_bytes(const std::vector<std::byte>& bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!bytes.empty()) copy_bytes(values.data(), bytes.data(), bytes.size());
    return values;
  }
  static void copy_bytes(void* to, const void* from, std::size_t size);
  void broadcast_bytes(void* data, std::size_t size, int root) const;
  void gather_bytes(const void* value, std::size_t size, void* all, int root) const;
  std::vector<std::byte> all_gather_bytes(const void* data, std::size_t size) const;
  std::vector<std::vector<std::byte>> all_to_all_bytes(
      const std::vector<std::vector<std::byte>>& outgoing) const;

  std::shared_ptr<MPI_Comm> handle_;
  int rank_ = 0;
  int size_ = 1;
};

// Name and version of the MPI library.
std::string mpi_version();

}  // namespace weiss
