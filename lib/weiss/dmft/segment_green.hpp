// Green functions G_a and F_a = (Sigma G)_a of the blocks of segment-picture chains, from the moments that
// each block has in 1024 intervals of [0, beta] (segment_measure.hpp): exact where they are linear in an
// interval, with an error of fourth order in its width. Blocks are shared out over ranks, each of which
// transforms its own; what is asked for is collective, and has a row for each block of all ranks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/dmft/matsubara.hpp"
#include "weiss/parallel/communicator.hpp"

namespace weiss {

class SegmentGreen {
 public:
  enum class Kind { green, interaction_green };

  // moments: of this rank's blocks, flavours x hybridization_intervals x 4 each. communicator: of the ranks
  // that have the others, in the order of blocks; it must outlive this. Without one all blocks are here.
  SegmentGreen(double beta, std::size_t flavours, std::vector<std::vector<double>> moments,
               const Communicator* communicator);

  using Rows = std::vector<std::vector<double>>;
  // int_0^beta G exp(i w_n tau): real parts, then imaginary parts.
  Rows matsubara(std::size_t a, Kind kind, std::span<const std::int64_t> frequencies) const;
  // sqrt(2 l + 1) int_0^beta P_l(2 tau/beta - 1) G, l = 0 .. count - 1.
  Rows legendre(std::size_t a, std::size_t count) const;
  // Means over `points` equal intervals of [0, beta]; points divides hybridization_intervals.
  Rows in_time(std::size_t a, std::size_t points) const;

 private:
  // Of moments 0 and 1 with exp(i w_n tau) at the middle of the intervals.
  struct Transform {
    Complex zeroth, first;
  };
  Transform transform(std::size_t block, std::size_t a, Kind kind, std::int64_t n) const;
  void transform_all();
  // Rows of all ranks, of so many numbers, from those of this one.
  Rows gathered(const Rows& own, std::size_t length) const;

  double beta_;
  std::size_t flavours_;
  std::vector<std::vector<double>> moments_;
  const Communicator* communicator_;
  std::vector<Transform> transforms_;  // blocks x flavours x kinds x hybridization_intervals/2
};

}  // namespace weiss
