#include "weiss/rng/ars_aes128.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace weiss {

template <int rounds>
Block128 ars_aes128(Block128 counter, const ArsSchedule<rounds>& key) {
  const auto round_key = [&](std::size_t round) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(&key.round_keys[round]));
  };
  __m128i state = _mm_set_epi64x(static_cast<long long>(counter.high), static_cast<long long>(counter.low));
  state = _mm_xor_si128(state, round_key(0));
  for (std::size_t round = 1; round < rounds; ++round) state = _mm_aesenc_si128(state, round_key(round));
  state = _mm_aesenclast_si128(state, round_key(rounds));
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(state)),
          static_cast<std::uint64_t>(_mm_extract_epi64(state, 1))};
}

template Block128 ars_aes128(Block128, const ArsSchedule<ars_rounds>&);
template Block128 ars_aes128(Block128, const ArsSchedule<10>&);

}  // namespace weiss
#else
namespace weiss {

template <int rounds>
Block128 ars_aes128(Block128 counter, const ArsSchedule<rounds>& key) {
  return ars_portable(counter, key);
}

template Block128 ars_aes128(Block128, const ArsSchedule<ars_rounds>&);
template Block128 ars_aes128(Block128, const ArsSchedule<10>&);

}  // namespace weiss
#endif
