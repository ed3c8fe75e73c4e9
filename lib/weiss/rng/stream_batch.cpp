#include "weiss/rng/stream_batch.hpp"

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars_aes128.hpp"

namespace weiss {

void stream_bits(const Stream& stream, std::uint64_t step, std::span<const std::int64_t> indices,
                 std::span<std::uint64_t> out) {
  static const bool has_aes = simd_target() != SimdTarget::portable;
  if (has_aes) {
    ars_low_aes128(counter(step, 0, 0).high, indices.data(), indices.size(), stream.key(), out.data());
    return;
  }
  for (std::size_t i = 0; i < indices.size(); ++i)
    out[i] = ars_portable(counter(step, static_cast<std::uint64_t>(indices[i]), 0), stream.key()).low;
}

}  // namespace weiss
