// Draw 0 of many indices of one step at once: the bits of Stream::bits, without a call a site.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/rng/stream.hpp"

namespace weiss {

// out[i] = stream.bits(step, indices[i]); the spans are equally long.
void stream_bits(const Stream& stream, std::uint64_t step, std::span<const std::int64_t> indices,
                 std::span<std::uint64_t> out);

}  // namespace weiss
