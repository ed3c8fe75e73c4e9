#include "weiss/montecarlo/sample_reference.hpp"

#include <cstdlib>

#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace {

constexpr int group_words = packed_group_positions / 2;

struct Twin {
  std::span<SampleWord> up;
  const SampleTopology& topology;
  std::span<const SampleWord> couplings;
  const std::array<std::uint64_t, 3>& thresholds;
  const Stream& stream;
  std::uint64_t step, first_index;

  int local_field(const SampleSite& site, int lane) const {
    int sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(topology.degree); ++n) {
      const bool spin = up[static_cast<std::size_t>(site.neighbour[n])].bit(lane);
      sum += spin == couplings[static_cast<std::size_t>(site.bond[n])].bit(lane) ? 1 : -1;
    }
    return sum;
  }

  std::uint64_t index(const SampleSite& site) const {
    return first_index + static_cast<std::uint64_t>(site.site);
  }
  std::uint64_t bit(std::uint64_t at, int plane, int lane) const {
    return stream.bits(step, at, static_cast<std::uint32_t>(8 * plane + lane / 64)) >> (lane % 64) & 1;
  }

  void turn(const SampleSite& site, int lane, int sum, std::uint64_t u) const {
    SampleWord& word = up[static_cast<std::size_t>(site.site)];
    if (sum == 0)
      word.set(lane, word.bit(lane) != (u >> 63 != 0));
    else
      word.set(lane, (sum > 0) != (u < thresholds[static_cast<std::size_t>(std::abs(sum) / 2 - 1)]));
  }

  // taken: an earlier site of the group used the lane's shared bits.
  void update(const SampleSite& site, const SampleSite& leader, int lane, bool& taken) const {
    std::uint64_t u = 0;
    for (int p = 0; p < packed_private_planes; ++p) u |= bit(index(site), p, lane) << (63 - p);
    const int sum = local_field(site, lane);
    if (sum != 0 && u >> 56 == thresholds[static_cast<std::size_t>(std::abs(sum) / 2 - 1)] >> 56) {
      u |= stream.bits(step, index(site), static_cast<std::uint32_t>(2 * packed_fresh_block + lane)) &
           (~0ULL >> 8);
      for (int p = 0; !taken && p < packed_shared_planes; ++p)
        u = (u & ~(1ULL << (55 - p))) | bit(index(leader), packed_private_planes + p, lane) << (55 - p);
      taken = true;
    }
    turn(site, lane, sum, u);
  }
};

}  // namespace

void sample_reference_sweep(std::span<SampleWord> configuration, const SampleTopology& topology,
                            std::span<const SampleWord> couplings,
                            const std::array<std::uint64_t, 3>& thresholds, const Stream& stream,
                            std::int64_t step, std::uint64_t first_index, bool shared) {
  const Twin twin{configuration, topology, couplings, thresholds, stream, static_cast<std::uint64_t>(step),
                  first_index};
  for (int lane = 0; lane < 512; ++lane) {
    std::size_t place = 0;
    for (const std::int32_t end : topology.colour_end) {
      const std::size_t first = place;
      bool taken = false;
      for (; place < static_cast<std::size_t>(end); ++place) {
        const SampleSite& site = (shared ? topology.row_order : topology.order)[place];
        if (shared) {
          twin.turn(site, lane, twin.local_field(site, lane),
                    stream.bits(twin.step, first_index + place / 2, static_cast<std::uint32_t>(place % 2)));
          continue;
        }
        const std::size_t leader = first + (place - first) / group_words * group_words;
        if (place == leader) taken = false;
        twin.update(site, topology.order[leader], lane, taken);
      }
    }
  }
}

}  // namespace weiss
