// ARS (7 or 10 rounds) on the AES instructions; call only where supported(SimdTarget::aes128).
#pragma once

#include <cstddef>
#include <cstdint>

#include "weiss/rng/ars.hpp"

namespace weiss {

template <int rounds>
Block128 ars_aes128(Block128 counter, const ArsSchedule<rounds>& key);

// out[i] = low half of the block of counter (indices[i], high), several blocks in flight.
void ars_low_aes128(std::uint64_t high, const std::int64_t* indices, std::size_t count, const ArsKey& key,
                    std::uint64_t* out);

}  // namespace weiss
