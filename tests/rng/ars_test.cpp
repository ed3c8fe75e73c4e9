#include "weiss/rng/ars.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <Random123/ars.h>
#include <gtest/gtest.h>

#include "weiss/rng/ars_aes128.hpp"
#include "weiss/rng/stream.hpp"
#include "weiss/rng/vector_ars.hpp"

namespace weiss {
namespace {

// Four 32-bit words, lowest first, as Random123 prints them.
Block128 block(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return {a | static_cast<std::uint64_t>(b) << 32, c | static_cast<std::uint64_t>(d) << 32};
}

// The known answers of Random123 for ARS4x32 with 10 rounds.
TEST(Ars, KnownAnswersOfTenRounds) {
  struct Known {
    Block128 counter, key, answer;
  };
  const std::uint32_t f = 0xffffffff;
  const Known known[] = {
      {block(0, 0, 0, 0), block(0, 0, 0, 0), block(0x8d73ee19, 0x506401ef, 0x13c2dbe4, 0x0cbe9c0d)},
      {block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344),
       block(0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89),
       block(0xa516e7d6, 0x8357ad74, 0x5b59b3ec, 0x8763fff3)},
      {block(f, f, f, f), block(f, f, 0, 0), block(0xbb3743b1, 0x9f635551, 0xecbc87fc, 0xa19478a9)}};
  for (const Known& k : known) {
    EXPECT_EQ(ars_portable(k.counter, ArsSchedule<10>(k.key)), k.answer);
    if (supported(SimdTarget::aes128)) {
      EXPECT_EQ(ars_aes128(k.counter, ArsSchedule<10>(k.key)), k.answer);
    }
  }
}

#if defined(R123_USE_AES_NI) && R123_USE_AES_NI
TEST(Ars, SevenRoundsAgreeWithRandom123) {
  const Stream source(1, 2, StreamId::initial_state);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Block128 counter = source.block(0, i, 0), key = source.block(0, i, 1);
    r123array4x32 c, k;
    std::memcpy(&c, &counter, 16);
    std::memcpy(&k, &key, 16);
    const r123array4x32 answer = ars4x32_R(7, c, k);
    Block128 expected;
    std::memcpy(static_cast<void*>(&expected), &answer, 16);
    EXPECT_EQ(ars(counter, ArsKey(key)), expected);
    EXPECT_EQ(ars_portable(counter, ArsKey(key)), expected);
  }
}
#endif

TEST(VectorArs, EveryTargetGivesTheStreamsBits) {
  const Stream stream(5, 6, StreamId::heat_bath);
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512}) {
    if (!supported(target)) continue;
    for (const std::uint64_t step : {0ULL, 1ULL, 77777ULL, (1ULL << 48) - 1})
      for (const std::uint64_t index : {0ULL, 1ULL, 123456789ULL, ~0ULL}) {
        std::vector<std::uint64_t> planes(64 * 8);
        random_planes(target, stream, step, index, 0, planes);
        for (std::uint32_t draw = 0; draw < planes.size(); ++draw)
          ASSERT_EQ(planes[draw], stream.bits(step, index, draw)) << name(target) << " draw " << draw;
        std::vector<std::uint64_t> some(3 * 8);
        random_planes(target, stream, step, index, 11, some);
        EXPECT_TRUE(std::equal(some.begin(), some.end(), planes.begin() + 88));
      }
  }
}

}  // namespace
}  // namespace weiss
