// ARS-7: the counter-based generator of the suite, seven rounds of AES with a Weyl key schedule.
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11. A block of 128 random
// bits is a pure function of (counter, key); CPUs without AES instructions compute the same bits by table.
#pragma once

#include <array>
#include <cstdint>

namespace weiss {

struct Block128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Block128&, const Block128&) = default;
};

inline constexpr int ars_rounds = 7;

// The round keys: key + round * (0xBB67AE8584CAA73B, 0x9E3779B97F4A7C15) per 64-bit half (high, low).
template <int rounds>
struct ArsSchedule {
  explicit ArsSchedule(Block128 key);
  alignas(16) std::array<Block128, rounds + 1> round_keys;
};
using ArsKey = ArsSchedule<ars_rounds>;

// One block, on the AES instructions where the CPU has them.
Block128 ars(Block128 counter, const ArsKey& key);

// The same bits by table (FIPS 197), on any CPU: the twin of every vector version. Compiled for 7 rounds, and
// for 10, which the published known answers have.
template <int rounds>
Block128 ars_portable(Block128 counter, const ArsSchedule<rounds>& key);

}  // namespace weiss
