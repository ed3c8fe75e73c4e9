#include "weiss/montecarlo/sample_reference.hpp"

#include <cstdlib>

#include "weiss/lattice/colouring.hpp"
#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace {

struct Bond {
  std::size_t other, number;
};

struct Twin {
  std::span<SampleWord> configuration;
  std::span<const SampleWord> couplings;
  std::vector<std::vector<Bond>> bonds;  // of each site
  const SampleThresholds& thresholds;
  const Stream& stream;
  std::uint64_t step, first_index;

  std::uint64_t draw(std::int64_t site, int number) const {
    return stream.bits(step, first_index + static_cast<std::uint64_t>(site),
                       static_cast<std::uint32_t>(number));
  }

  // Planes first ... last - 1 of a lane, from bit 63 - first of u down.
  std::uint64_t plane_bits(std::int64_t site, int first, int last, int lane) const {
    std::uint64_t u = 0;
    for (int p = first; p < last; ++p) u |= (draw(site, 8 * p + lane / 64) >> (lane % 64) & 1) << (63 - p);
    return u;
  }

  int field(std::int64_t site, int lane) const {
    int sum = 0;
    for (const Bond& bond : bonds[static_cast<std::size_t>(site)])
      sum += lane_bit(configuration[bond.other], lane) == lane_bit(couplings[bond.number], lane) ? 1 : -1;
    return sum;
  }

  std::uint64_t threshold(int sum) const {
    return thresholds[static_cast<std::size_t>((std::abs(sum) - 1) / 2)];
  }

  void decide(std::int64_t site, int lane, int sum, std::uint64_t u) const {
    SampleWord& word = configuration[static_cast<std::size_t>(site)];
    const bool up = sum == 0 ? lane_bit(word, lane) != (u >> 63 == 1) : (sum > 0) != (u < threshold(sum));
    set_lane_bit(word, lane, up);
  }

  // taken: an earlier site of the group used the lane's shared bits.
  void update_independent(std::int64_t site, std::int64_t group, int lane, bool& taken) const {
    constexpr int last = packed_private_planes + packed_shared_planes;
    const int sum = field(site, lane);
    std::uint64_t u = plane_bits(site, 0, packed_private_planes, lane);
    if (sum != 0 && u >> 56 == threshold(sum) >> 56) {
      const std::uint64_t own = draw(site, 2 * packed_fresh_block + lane) & (~0ULL >> 8);
      u |= taken ? own
                 : plane_bits(group, packed_private_planes, last, lane) | (own & ((1ULL << (64 - last)) - 1));
      taken = true;
    }
    decide(site, lane, sum, u);
  }
};

std::vector<std::vector<Bond>> bonds_of_sites(const Lattice& lattice) {
  std::vector<std::vector<Bond>> bonds(static_cast<std::size_t>(lattice.sites()));
  std::size_t number = 0;
  for (std::int64_t site = 0; site < lattice.sites(); ++site)
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
      bonds[static_cast<std::size_t>(site)].push_back({static_cast<std::size_t>(other), number});
      bonds[static_cast<std::size_t>(other)].push_back({static_cast<std::size_t>(site), number++});
    });
  return bonds;
}

}  // namespace

void sample_reference_sweep(std::span<SampleWord> configuration, std::span<const SampleWord> couplings,
                            const Lattice& lattice, const SampleTopology& topology,
                            const SampleThresholds& thresholds, const Stream& stream,
                            SampleRandomness randomness, std::int64_t step, std::uint64_t first_index) {
  const Twin twin{configuration, couplings, bonds_of_sites(lattice),
                  thresholds,    stream,    static_cast<std::uint64_t>(step),
                  first_index};
  const Colouring colours = colouring(lattice);
  for (int colour = 0; colour < colours.colours; ++colour)
    for (const SampleGroup& group : topology.groups()) {
      const std::int64_t leader = topology.site_at(group.first);
      if (colours.colour[static_cast<std::size_t>(leader)] != colour) continue;
      for (int lane = 0; lane < sample_lanes; ++lane) {
        bool taken = false;
        for (int i = 0; i < group.count; ++i) {
          const std::int64_t site = topology.site_at(group.first + i);
          if (randomness == SampleRandomness::independent)
            twin.update_independent(site, leader, lane, taken);
          else
            twin.decide(site, lane, twin.field(site, lane), twin.draw(leader, i));
        }
      }
    }
}

}  // namespace weiss
