// Ghost faces of a box on a periodic process grid of up to three directions: fixed-size messages to and from
// the two neighbours along each cut direction, nonblocking. What is in a message is the caller's business.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "weiss/parallel/communicator.hpp"

namespace weiss {

class BoxHalo {
 public:
  // Rank (gx, gy, gz) of the grid is gx + grid[0] * (gy + grid[1] * gz); ranks beyond the grid take no part
  // and make no BoxHalo. face_bytes: size of a message along each direction, below 2^31.
  BoxHalo(const Communicator& communicator, std::array<int, 3> grid, std::array<std::size_t, 3> face_bytes);
  BoxHalo(const BoxHalo&) = delete;
  BoxHalo& operator=(const BoxHalo&) = delete;
  ~BoxHalo();

  // More than one rank along the direction.
  bool cut(int axis) const { return grid_[index(axis)] > 1; }

  // side 0: the neighbour below (towards smaller positions), side 1: above. 64-byte aligned.
  std::byte* outgoing(int axis, int side) { return buffer(axis, side); }
  const std::byte* incoming(int axis, int side) { return buffer(axis, 2 + side); }

  // start sends both outgoing faces, which must not change before finish; finish waits for both incoming
  // ones.
  void start(int axis);
  void finish(int axis);

 private:
  static std::size_t index(int axis) { return static_cast<std::size_t>(axis); }
  std::byte* buffer(int axis, int number);
  int neighbour(int axis, int step) const;

  const Communicator* communicator_;
  std::array<int, 3> grid_;
  std::array<std::size_t, 3> bytes_;
  std::array<std::byte*, 3> buffers_{};
  std::array<std::vector<MPI_Request>, 3> requests_;
};

}  // namespace weiss
