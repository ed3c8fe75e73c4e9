// ARS-7 on the AES instructions; call only where supported(SimdTarget::aes128).
#pragma once

#include "weiss/rng/ars.hpp"

namespace weiss {

Block128 ars_aes128(Block128 counter, const ArsKey& key);

}  // namespace weiss
