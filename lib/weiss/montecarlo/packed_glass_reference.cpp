#include "weiss/montecarlo/packed_glass_reference.hpp"

#include <cstdlib>
#include <vector>

#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace {

struct Twin {
  std::span<std::uint8_t> up;
  std::span<const std::uint8_t> positive;
  const PackedLayout& layout;
  const SampleThresholds& thresholds;
  const Stream& stream;
  std::uint64_t step, first_index;

  std::size_t site(const Position& x) const {
    return static_cast<std::size_t>(x[0] + layout.extents[0] * (x[1] + layout.extents[1] * x[2]));
  }

  std::uint64_t word(const Position& position) const {
    return first_index +
           static_cast<std::uint64_t>(position[0] + layout.positions[0] *
                                                        (position[1] + layout.positions[1] * position[2]));
  }

  // The bit of a lane in a random plane of a word.
  std::uint64_t bit(std::uint64_t word, int plane, int lane) const {
    return stream.bits(step, word, static_cast<std::uint32_t>(8 * plane + lane / 64)) >> (lane % 64) & 1;
  }

  // sum_j J_ij s_j
  int field(const Position& x) const {
    const auto dimension = static_cast<std::size_t>(layout.dimension);
    int sum = 0;
    for (std::size_t d = 0; d < dimension; ++d) {
      Position next = x, previous = x;
      next[d] = (x[d] + 1) % layout.extents[d];
      previous[d] = (x[d] + layout.extents[d] - 1) % layout.extents[d];
      sum += up[site(next)] == positive[dimension * site(x) + d] ? 1 : -1;
      sum += up[site(previous)] == positive[dimension * site(previous) + d] ? 1 : -1;
    }
    return sum;
  }

  Position site_of(const Position& position, int lane) const {
    const Position brick{lane % layout.bricks[0], lane / layout.bricks[0] % layout.bricks[1],
                         lane / layout.bricks[0] / layout.bricks[1]};
    Position x{};
    for (std::size_t d = 0; d < 3; ++d) x[d] = brick[d] * layout.positions[d] + position[d];
    return x;
  }

  // taken: an earlier word of the group used the lane's shared bits.
  void update(const Position& position, const Position& leader, int lane, bool& taken) const {
    const Position x = site_of(position, lane);
    std::uint64_t u = 0;
    for (int p = 0; p < packed_private_planes; ++p) u |= bit(word(position), p, lane) << (63 - p);
    const int sum = field(x);
    if (sum == 0) {
      up[site(x)] ^= static_cast<std::uint8_t>(u >> 63);
      return;
    }
    const std::uint64_t threshold = thresholds[static_cast<std::size_t>(std::abs(sum) / 2 - 1)];
    if (u >> 56 == threshold >> 56) {
      const auto draw = static_cast<std::uint32_t>(2 * packed_fresh_block + lane);
      u |= stream.bits(step, word(position), draw) & (~0ULL >> 8);
      for (int p = 0; !taken && p < packed_shared_planes; ++p) {
        const int bit_of_u = 55 - p;
        u = (u & ~(1ULL << bit_of_u)) | bit(word(leader), packed_private_planes + p, lane) << bit_of_u;
      }
      taken = true;
    }
    up[site(x)] = (sum > 0) != (u < threshold);
  }
};

}  // namespace

void packed_glass_reference_sweep(std::span<std::uint8_t> up, std::span<const std::uint8_t> positive,
                                  const PackedLayout& layout, const SampleThresholds& thresholds,
                                  const Stream& stream, std::int64_t step, std::uint64_t first_index) {
  const Twin twin{up, positive, layout, thresholds, stream, static_cast<std::uint64_t>(step), first_index};
  for (std::int64_t colour = 0; colour < 2; ++colour) {
    std::vector<Position> words;
    for (std::int64_t z = 0; z < layout.positions[2]; ++z)
      for (std::int64_t y = 0; y < layout.positions[1]; ++y)
        for (std::int64_t x = 0; x < layout.positions[0]; ++x)
          if ((x + y + z) % 2 == colour) words.push_back({x, y, z});
    for (std::size_t first = 0; first < words.size(); first += sample_group_sites)
      for (int lane = 0; lane < 512; ++lane) {
        bool taken = false;
        for (std::size_t i = first; i < words.size() && i < first + sample_group_sites; ++i)
          twin.update(words[i], words[first], lane, taken);
      }
  }
}

}  // namespace weiss
