// Random planes of 512 bits on any instruction set: plane p of (step, index) is the blocks 4p .. 4p + 3 of
// the stream, block j in elements 2 j and 2 j + 1 (low half first). Every target gives the same bits.
#pragma once

#include <cstdint>
#include <span>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// Fills planes first_plane, first_plane + 1, ... of eight elements each; out.size() is a multiple of 8, the
// last plane below 64. target must be supported.
void random_planes(SimdTarget target, const Stream& stream, std::uint64_t step, std::uint64_t index,
                   int first_plane, std::span<std::uint64_t> out);

}  // namespace weiss
