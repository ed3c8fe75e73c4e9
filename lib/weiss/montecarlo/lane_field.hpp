// Many Ising configurations of one realisation, eight to a byte: configuration 8 o + c is bit c of the bytes
// of octet o, one byte a site, 1 is up. Configurations are temperatures and replicas; each is stored on one
// rank.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/lane_kernel.hpp"

namespace weiss {

class LaneField {
 public:
  // All spins down.
  LaneField(std::int64_t sites, std::int64_t octets);

  std::int64_t sites() const { return sites_; }
  std::int64_t octets() const { return octets_; }
  std::int64_t configurations() const { return 8 * octets_; }

  bool up(std::int64_t configuration, std::int64_t site) const {
    return (bytes_[index(configuration / 8, site)] >> (configuration % 8) & 1) != 0;
  }
  void set(std::int64_t configuration, std::int64_t site, bool up) {
    std::uint8_t& byte = bytes_[index(configuration / 8, site)];
    const unsigned bit = 1U << (configuration % 8);
    byte = static_cast<std::uint8_t>(up ? byte | bit : byte & ~bit);
  }

  // The bytes of an octet in site order.
  std::span<std::uint8_t> octet(std::int64_t octet) {
    return {&bytes_[index(octet, 0)], static_cast<std::size_t>(sites_)};
  }
  std::span<const std::uint8_t> octet(std::int64_t octet) const {
    return {&bytes_[index(octet, 0)], static_cast<std::size_t>(sites_)};
  }

  // Configuration i becomes a copy of what parents[i] was; one parent a configuration.
  void select(std::span<const std::int32_t> parents);

  // As kernels see it.
  LaneSpins spins() { return {bytes_.data(), stride_, octets_, sites_, quads_.data()}; }

 private:
  std::size_t index(std::int64_t octet, std::int64_t site) const {
    return static_cast<std::size_t>(octet * stride_ + site);
  }

  std::int64_t sites_, octets_, stride_;
  std::vector<std::uint8_t> bytes_;
  std::vector<LaneLine> quads_;  // the kernels' own
};

}  // namespace weiss
