#include "weiss/parallel/box_halo.hpp"

#include <limits>
#include <new>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr int first_tag = 4200;  // + 2 * axis + side that the message leaves by
constexpr std::align_val_t cache_line{64};

std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

BoxHalo::BoxHalo(const Communicator& communicator, std::array<int, 3> grid,
                 std::array<std::size_t, 3> face_bytes)
    : communicator_(&communicator), grid_(grid), bytes_(face_bytes) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (grid_[axis] == 1) continue;
    if (bytes_[axis] > static_cast<std::size_t>(std::numeric_limits<int>::max()))
      throw Error(ExitCode::bad_deck,
                  "halo: a face of one rank exceeds 2 GiB; use a process grid of thinner boxes");
    buffers_[axis] = static_cast<std::byte*>(operator new(4 * padded(bytes_[axis]), cache_line));
  }
}

BoxHalo::~BoxHalo() {
  for (std::byte* buffer : buffers_)
    if (buffer != nullptr) operator delete(buffer, cache_line);
}

std::byte* BoxHalo::buffer(int axis, int number) {
  return buffers_[index(axis)] + static_cast<std::size_t>(number) * padded(bytes_[index(axis)]);
}

int BoxHalo::neighbour(int axis, int step) const {
  int stride = 1;
  for (int lower = 0; lower < axis; ++lower) stride *= grid_[index(lower)];
  const int extent = grid_[index(axis)];
  const int place = communicator_->rank() / stride % extent;
  return communicator_->rank() + ((place + step + extent) % extent - place) * stride;
}

void BoxHalo::start(int axis) {
  const int count = static_cast<int>(bytes_[index(axis)]);
  std::vector<MPI_Request>& requests = requests_[index(axis)];
  requests.assign(4, MPI_REQUEST_NULL);
  for (int side = 0; side < 2; ++side) {
    const int other = neighbour(axis, side == 0 ? -1 : 1);
    const int tag = first_tag + 2 * axis;
    // What arrives from below left by the neighbour's upper side.
    MPI_Irecv(buffer(axis, 2 + side), count, MPI_BYTE, other, tag + 1 - side, communicator_->handle(),
              &requests[static_cast<std::size_t>(side)]);
    MPI_Isend(buffer(axis, side), count, MPI_BYTE, other, tag + side, communicator_->handle(),
              &requests[static_cast<std::size_t>(2 + side)]);
  }
}

void BoxHalo::finish(int axis) {
  std::vector<MPI_Request>& requests = requests_[index(axis)];
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  requests.clear();
}

}  // namespace weiss
