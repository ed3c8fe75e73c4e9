// ARS (7 or 10 rounds) on the AES instructions; call only where supported(SimdTarget::aes128).
#pragma once

#include "weiss/rng/ars.hpp"

namespace weiss {

template <int rounds>
Block128 ars_aes128(Block128 counter, const ArsSchedule<rounds>& key);

}  // namespace weiss
