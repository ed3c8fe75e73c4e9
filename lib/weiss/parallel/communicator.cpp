#include "weiss/parallel/communicator.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// MPI counts are int: longer messages go in pieces.
constexpr std::size_t piece_bytes = std::size_t{1} << 30;

void require(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error(ExitCode::internal,
              std::string(what) + ": " + std::string(text, static_cast<std::size_t>(length)));
}

std::int64_t reduce(std::int64_t value, MPI_Op operation, MPI_Comm communicator) {
  std::int64_t result = 0;
  require(MPI_Allreduce(&value, &result, 1, MPI_INT64_T, operation, communicator), "MPI_Allreduce");
  return result;
}

// Calls f(offset, size) for pieces that an int can count.
template <class F>
void for_each_piece(std::size_t size, F&& f) {
  for (std::size_t offset = 0; offset < size; offset += piece_bytes)
    f(offset, std::min(piece_bytes, size - offset));
}

int as_count(std::size_t bytes) {
  if (bytes > piece_bytes) throw Error(ExitCode::internal, "a gathered message is longer than 1 GiB");
  return static_cast<int>(bytes);
}

std::vector<int> offsets_of(const std::vector<int>& counts) {
  std::vector<int> offsets(counts.size());
  std::exclusive_scan(counts.begin(), counts.end(), offsets.begin(), 0);
  return offsets;
}

}  // namespace

Communicator::Communicator(std::shared_ptr<MPI_Comm> handle) : handle_(std::move(handle)) {
  MPI_Comm_set_errhandler(*handle_, MPI_ERRORS_RETURN);
  MPI_Comm_rank(*handle_, &rank_);
  MPI_Comm_size(*handle_, &size_);
}

Communicator Communicator::world() { return Communicator(std::make_shared<MPI_Comm>(MPI_COMM_WORLD)); }

Communicator Communicator::split(int color, int key) const {
  MPI_Comm part = MPI_COMM_NULL;
  require(MPI_Comm_split(handle(), color, key, &part), "MPI_Comm_split");
  return Communicator(std::shared_ptr<MPI_Comm>(new MPI_Comm(part), [](MPI_Comm* communicator) {
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (finalized == 0) MPI_Comm_free(communicator);
    delete communicator;
  }));
}

void Communicator::barrier() const { require(MPI_Barrier(handle()), "MPI_Barrier"); }

std::string Communicator::broadcast(std::string text, int root) const {
  const auto size = broadcast(static_cast<std::uint64_t>(text.size()), root);
  text.resize(size);
  broadcast_bytes(text.data(), text.size(), root);
  return text;
}

void Communicator::sum(std::span<std::int64_t> values) const {
  if (size_ == 1) return;
  constexpr std::size_t piece = piece_bytes / sizeof(std::int64_t);
  for (std::size_t offset = 0; offset < values.size(); offset += piece)
    require(MPI_Allreduce(MPI_IN_PLACE, values.data() + offset,
                          static_cast<int>(std::min(piece, values.size() - offset)), MPI_INT64_T, MPI_SUM,
                          handle()),
            "MPI_Allreduce");
}

std::int64_t Communicator::sum(std::int64_t value) const { return reduce(value, MPI_SUM, handle()); }
std::int64_t Communicator::maximum(std::int64_t value) const { return reduce(value, MPI_MAX, handle()); }
std::int64_t Communicator::minimum(std::int64_t value) const { return reduce(value, MPI_MIN, handle()); }

void Communicator::bit_or(std::span<std::uint8_t> bytes, int root) const {
  if (size_ == 1) return;
  for_each_piece(bytes.size(), [&](std::size_t offset, std::size_t size) {
    std::uint8_t* data = bytes.data() + offset;
    require(MPI_Reduce(rank_ == root ? MPI_IN_PLACE : data, rank_ == root ? data : nullptr,
                       static_cast<int>(size), MPI_UINT8_T, MPI_BOR, root, handle()),
            "MPI_Reduce");
  });
}

void Communicator::send_bytes(std::span<const std::byte> bytes, int to, int tag) const {
  const auto size = static_cast<std::uint64_t>(bytes.size());
  require(MPI_Send(&size, 1, MPI_UINT64_T, to, tag, handle()), "MPI_Send");
  for_each_piece(bytes.size(), [&](std::size_t offset, std::size_t length) {
    require(MPI_Send(bytes.data() + offset, static_cast<int>(length), MPI_BYTE, to, tag, handle()),
            "MPI_Send");
  });
}

std::vector<std::byte> Communicator::receive_bytes(int from, int tag) const {
  std::uint64_t size = 0;
  require(MPI_Recv(&size, 1, MPI_UINT64_T, from, tag, handle(), MPI_STATUS_IGNORE), "MPI_Recv");
  std::vector<std::byte> bytes(size);
  for_each_piece(bytes.size(), [&](std::size_t offset, std::size_t length) {
    require(MPI_Recv(bytes.data() + offset, static_cast<int>(length), MPI_BYTE, from, tag, handle(),
                     MPI_STATUS_IGNORE),
            "MPI_Recv");
  });
  return bytes;
}

void Communicator::copy_bytes(void* to, const void* from, std::size_t size) { std::memcpy(to, from, size); }

void Communicator::broadcast_bytes(void* data, std::size_t size, int root) const {
  if (size_ == 1) return;
  for_each_piece(size, [&](std::size_t offset, std::size_t length) {
    require(
        MPI_Bcast(static_cast<std::byte*>(data) + offset, static_cast<int>(length), MPI_BYTE, root, handle()),
        "MPI_Bcast");
  });
}

void Communicator::gather_bytes(const void* value, std::size_t size, void* all, int root) const {
  require(MPI_Gather(value, as_count(size), MPI_BYTE, all, as_count(size), MPI_BYTE, root, handle()),
          "MPI_Gather");
}

std::vector<std::byte> Communicator::all_gather_bytes(const void* data, std::size_t size) const {
  const int mine = as_count(size);
  std::vector<int> counts(static_cast<std::size_t>(size_));
  require(MPI_Allgather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, handle()), "MPI_Allgather");
  const std::vector<int> offsets = offsets_of(counts);
  std::size_t total = 0;
  for (const int count : counts) total += static_cast<std::size_t>(count);
  (void)as_count(total);
  std::vector<std::byte> all(total);
  require(MPI_Allgatherv(data, mine, MPI_BYTE, all.data(), counts.data(), offsets.data(), MPI_BYTE, handle()),
          "MPI_Allgatherv");
  return all;
}

std::vector<std::vector<std::byte>> Communicator::all_to_all_bytes(
    const std::vector<std::vector<std::byte>>& outgoing) const {
  std::vector<int> send_counts, receive_counts(static_cast<std::size_t>(size_));
  std::vector<std::byte> send;
  for (const auto& each : outgoing) {
    send_counts.push_back(as_count(each.size()));
    send.insert(send.end(), each.begin(), each.end());
  }
  (void)as_count(send.size());
  require(MPI_Alltoall(send_counts.data(), 1, MPI_INT, receive_counts.data(), 1, MPI_INT, handle()),
          "MPI_Alltoall");
  const std::vector<int> send_offsets = offsets_of(send_counts);
  const std::vector<int> receive_offsets = offsets_of(receive_counts);
  std::size_t total = 0;
  for (const int count : receive_counts) total += static_cast<std::size_t>(count);
  (void)as_count(total);
  std::vector<std::byte> received(total);
  require(MPI_Alltoallv(send.data(), send_counts.data(), send_offsets.data(), MPI_BYTE, received.data(),
                        receive_counts.data(), receive_offsets.data(), MPI_BYTE, handle()),
          "MPI_Alltoallv");
  std::vector<std::vector<std::byte>> incoming;
  for (std::size_t i = 0; i < receive_counts.size(); ++i) {
    const auto first = received.begin() + receive_offsets[i];
    incoming.emplace_back(first, first + receive_counts[i]);
  }
  return incoming;
}

std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string full(text, static_cast<std::size_t>(length));
  return full.substr(0, full.find(','));
}

}  // namespace weiss
