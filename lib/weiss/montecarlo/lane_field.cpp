#include "weiss/montecarlo/lane_field.hpp"

#include <algorithm>

namespace weiss {

// Not a multiple of 4096 for the usual sizes, so that the same site of several octets does not compete for
// one set of the cache.
LaneField::LaneField(std::int64_t sites, std::int64_t octets)
    : sites_(sites),
      octets_(octets),
      stride_((sites + 63) / 64 * 64 + 64),
      bytes_(static_cast<std::size_t>(stride_ * octets)),
      quads_(static_cast<std::size_t>(stride_ / 32 * octets)) {}

void LaneField::select(std::span<const std::int32_t> parents) {
  const std::vector<std::uint8_t> old = bytes_;
  for (std::int64_t octet = 0; octet < octets_; ++octet) {
    std::uint8_t* to = &bytes_[index(octet, 0)];
    std::fill_n(to, sites_, std::uint8_t{0});
    for (unsigned lane = 0; lane < 8; ++lane) {
      const std::int32_t parent = parents[static_cast<std::size_t>(octet) * 8 + lane];
      const std::uint8_t* from = &old[index(parent / 8, 0)];
      const auto bit = static_cast<unsigned>(parent % 8);
      for (std::int64_t site = 0; site < sites_; ++site)
        to[site] = static_cast<std::uint8_t>(to[site] | (from[site] >> bit & 1U) << lane);
    }
  }
}

}  // namespace weiss
