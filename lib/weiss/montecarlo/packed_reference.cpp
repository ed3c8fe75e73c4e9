#include "weiss/montecarlo/packed_reference.hpp"

#include <cstdlib>

#include "weiss/montecarlo/packed_heat_bath.hpp"
#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace {

struct Twin {
  std::span<std::uint8_t> up;
  const PackedLayout& layout;
  std::array<std::uint64_t, 3> thresholds;
  bool antiferromagnetic;
  const Stream& stream;
  std::uint64_t step;

  std::size_t site(const Position& x) const {
    return static_cast<std::size_t>(x[0] + layout.extents[0] * (x[1] + layout.extents[1] * x[2]));
  }

  // The bit of a lane in a random plane of a word.
  std::uint64_t bit(std::uint64_t word, int plane, int lane) const {
    const std::uint32_t draw = static_cast<std::uint32_t>(8 * plane + lane / 64);
    return stream.bits(step, word, draw) >> (lane % 64) & 1;
  }

  int neighbour_sum(const Position& x) const {
    int sum = 0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(layout.dimension); ++axis)
      for (const std::int64_t shift : {layout.extents[axis] - 1, std::int64_t{1}}) {
        Position y = x;
        y[axis] = (y[axis] + shift) % layout.extents[axis];
        sum += up[site(y)] == 1 ? 1 : -1;
      }
    return sum;
  }

  // One lane of one word of the group that starts at word `group`; taken: an earlier word of the group used
  // the lane's shared bits.
  void update(const Position& x, std::uint64_t word, std::uint64_t group, int lane, bool& taken) const {
    std::uint64_t u = 0;
    for (int p = 0; p < packed_private_planes; ++p) u |= bit(word, p, lane) << (63 - p);
    const int sum = neighbour_sum(x);
    if (sum == 0) {
      up[site(x)] ^= static_cast<std::uint8_t>(u >> 63);
      return;
    }
    const std::uint64_t threshold = thresholds[static_cast<std::size_t>(std::abs(sum) / 2 - 1)];
    if (u >> 56 == threshold >> 56) {
      u |= stream.bits(step, word, static_cast<std::uint32_t>(2 * packed_fresh_block + lane)) & (~0ULL >> 8);
      for (int p = 0; !taken && p < packed_shared_planes; ++p) {
        const int position = 55 - p;
        u = (u & ~(1ULL << position)) | bit(group, packed_private_planes + p, lane) << position;
      }
      taken = true;
    }
    up[site(x)] = ((sum > 0) != antiferromagnetic) != (u < threshold);
  }
};

}  // namespace

void packed_reference_sweep(std::span<std::uint8_t> up, const PackedLayout& layout,
                            const IsingInteractions& interactions, const Stream& stream, std::int64_t step) {
  const Twin twin{up,
                  layout,
                  packed_thresholds(interactions),
                  interactions.coupling[0] < 0,
                  stream,
                  static_cast<std::uint64_t>(step)};
  const Position& extent = layout.positions;
  const auto group_row = [&](std::int64_t first, std::int64_t y, std::int64_t z, int lane) {
    const Position brick{lane % layout.bricks[0], lane / layout.bricks[0] % layout.bricks[1],
                         lane / layout.bricks[0] / layout.bricks[1]};
    const std::int64_t begin = first / packed_group_positions * packed_group_positions;
    const std::uint64_t row = static_cast<std::uint64_t>(extent[0] * (y + extent[1] * z));
    bool taken = false;
    for (std::int64_t x = first; x < extent[0] && x < begin + packed_group_positions; x += 2)
      twin.update({brick[0] * extent[0] + x, brick[1] * extent[1] + y, brick[2] * extent[2] + z},
                  row + static_cast<std::uint64_t>(x), row + static_cast<std::uint64_t>(first), lane, taken);
  };
  for (std::int64_t colour = 0; colour < 2; ++colour)
    for (std::int64_t z = 0; z < extent[2]; ++z)
      for (std::int64_t y = 0; y < extent[1]; ++y)
        for (std::int64_t x = (colour + y + z) % 2; x < extent[0]; x += packed_group_positions)
          for (int lane = 0; lane < 512; ++lane) group_row(x, y, z, lane);
}

}  // namespace weiss
