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

void ars_low_aes128(std::uint64_t high, const std::int64_t* indices, std::size_t count, const ArsKey& key,
                    std::uint64_t* out) {
  constexpr std::size_t in_flight = 8;
  __m128i round_key[ars_rounds + 1];
  for (std::size_t round = 0; round <= ars_rounds; ++round)
    round_key[round] = _mm_load_si128(reinterpret_cast<const __m128i*>(&key.round_keys[round]));
  std::size_t i = 0;
  for (; i + in_flight <= count; i += in_flight) {
    __m128i state[in_flight];
    for (std::size_t j = 0; j < in_flight; ++j)
      state[j] = _mm_xor_si128(_mm_set_epi64x(static_cast<long long>(high), indices[i + j]), round_key[0]);
    for (std::size_t round = 1; round < ars_rounds; ++round)
      for (__m128i& each : state) each = _mm_aesenc_si128(each, round_key[round]);
    for (std::size_t j = 0; j < in_flight; ++j)
      out[i + j] = static_cast<std::uint64_t>(
          _mm_cvtsi128_si64(_mm_aesenclast_si128(state[j], round_key[ars_rounds])));
  }
  for (; i < count; ++i) out[i] = ars_aes128({static_cast<std::uint64_t>(indices[i]), high}, key).low;
}

}  // namespace weiss
#else
namespace weiss {

template <int rounds>
Block128 ars_aes128(Block128 counter, const ArsSchedule<rounds>& key) {
  return ars_portable(counter, key);
}

template Block128 ars_aes128(Block128, const ArsSchedule<ars_rounds>&);
template Block128 ars_aes128(Block128, const ArsSchedule<10>&);

void ars_low_aes128(std::uint64_t high, const std::int64_t* indices, std::size_t count, const ArsKey& key,
                    std::uint64_t* out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = ars_portable({static_cast<std::uint64_t>(indices[i]), high}, key).low;
}

}  // namespace weiss
#endif
