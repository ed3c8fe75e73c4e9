#include "weiss/montecarlo/lane_field.hpp"

namespace weiss {

// Not a multiple of 4096 for the usual sizes, so that the same site of several octets does not compete for
// one set of the cache.
LaneField::LaneField(std::int64_t sites, std::int64_t octets)
    : sites_(sites),
      octets_(octets),
      stride_((sites + 63) / 64 * 64 + 64),
      bytes_(static_cast<std::size_t>(stride_ * octets)),
      quads_(static_cast<std::size_t>(stride_ / 32 * octets)) {}

}  // namespace weiss
