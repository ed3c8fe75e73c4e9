#include "weiss/rng/ars.hpp"

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars_aes128.hpp"

namespace weiss {

namespace {

constexpr std::uint8_t times_two(std::uint8_t value) {
  return static_cast<std::uint8_t>((value << 1) ^ ((value & 0x80) != 0 ? 0x1b : 0));
}

constexpr std::uint8_t rotate_left(std::uint8_t value, int shift) {
  return static_cast<std::uint8_t>((value << shift) | (value >> (8 - shift)));
}

// The AES S-box (FIPS 197, section 5.1.1): multiplicative inverse in GF(2^8), then the affine map. The walk
// runs over all nonzero p together with q = 1/p, multiplying by 3 and by 1/3.
constexpr std::array<std::uint8_t, 256> make_s_box() {
  std::array<std::uint8_t, 256> box{};
  std::uint8_t p = 1;
  std::uint8_t q = 1;
  do {
    p = static_cast<std::uint8_t>(p ^ times_two(p));
    q = static_cast<std::uint8_t>(q ^ (q << 1));
    q = static_cast<std::uint8_t>(q ^ (q << 2));
    q = static_cast<std::uint8_t>(q ^ (q << 4));
    if ((q & 0x80) != 0) q = static_cast<std::uint8_t>(q ^ 0x09);
    box[p] = static_cast<std::uint8_t>(q ^ rotate_left(q, 1) ^ rotate_left(q, 2) ^ rotate_left(q, 3) ^
                                       rotate_left(q, 4) ^ 0x63);
  } while (p != 1);
  box[0] = 0x63;
  return box;
}

// SubBytes and MixColumns of one byte of a column, of each row, as a 32-bit word, byte 0 lowest.
using MixTables = std::array<std::array<std::uint32_t, 256>, 4>;
constexpr MixTables make_mix_tables(const std::array<std::uint8_t, 256>& s_box) {
  MixTables tables{};
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t s = s_box[i];
    const std::uint32_t s2 = times_two(s_box[i]);
    const std::uint32_t first = s2 | s << 8 | s << 16 | (s2 ^ s) << 24;
    tables[0][i] = first;
    for (std::size_t row = 1; row < 4; ++row) tables[row][i] = first << (8 * row) | first >> (32 - 8 * row);
  }
  return tables;
}

constexpr std::array<std::uint8_t, 256> s_box = make_s_box();
constexpr MixTables mix_tables = make_mix_tables(s_box);

// Four columns of a state in registers; ShiftRows moves to row r of column c the byte r of column c + r.
struct Columns {
  std::uint32_t c0, c1, c2, c3;
};

Columns columns(Block128 block) {
  return {static_cast<std::uint32_t>(block.low), static_cast<std::uint32_t>(block.low >> 32),
          static_cast<std::uint32_t>(block.high), static_cast<std::uint32_t>(block.high >> 32)};
}

Columns exclusive_or(const Columns& a, const Columns& b) {
  return {a.c0 ^ b.c0, a.c1 ^ b.c1, a.c2 ^ b.c2, a.c3 ^ b.c3};
}

std::uint32_t mixed_column(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return mix_tables[0][a & 0xff] ^ mix_tables[1][b >> 8 & 0xff] ^ mix_tables[2][c >> 16 & 0xff] ^
         mix_tables[3][d >> 24];
}

// Without MixColumns, as the last round is.
std::uint32_t last_column(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return std::uint32_t{s_box[a & 0xff]} | std::uint32_t{s_box[b >> 8 & 0xff]} << 8 |
         std::uint32_t{s_box[c >> 16 & 0xff]} << 16 | std::uint32_t{s_box[d >> 24]} << 24;
}

}  // namespace

template <int rounds>
ArsSchedule<rounds>::ArsSchedule(Block128 key) : round_keys{} {
  for (Block128& round_key : round_keys) {
    round_key = key;
    key.low += 0x9E3779B97F4A7C15ULL;
    key.high += 0xBB67AE8584CAA73BULL;
  }
}

template <int rounds>
Block128 ars_portable(Block128 counter, const ArsSchedule<rounds>& key) {
  Columns s = exclusive_or(columns(counter), columns(key.round_keys[0]));
  for (std::size_t round = 1; round < rounds; ++round)
    s = exclusive_or({mixed_column(s.c0, s.c1, s.c2, s.c3), mixed_column(s.c1, s.c2, s.c3, s.c0),
                      mixed_column(s.c2, s.c3, s.c0, s.c1), mixed_column(s.c3, s.c0, s.c1, s.c2)},
                     columns(key.round_keys[round]));
  s = exclusive_or({last_column(s.c0, s.c1, s.c2, s.c3), last_column(s.c1, s.c2, s.c3, s.c0),
                    last_column(s.c2, s.c3, s.c0, s.c1), last_column(s.c3, s.c0, s.c1, s.c2)},
                   columns(key.round_keys[rounds]));
  return {s.c0 | std::uint64_t{s.c1} << 32, s.c2 | std::uint64_t{s.c3} << 32};
}

template struct ArsSchedule<ars_rounds>;
template struct ArsSchedule<10>;
template Block128 ars_portable(Block128, const ArsSchedule<ars_rounds>&);
template Block128 ars_portable(Block128, const ArsSchedule<10>&);

Block128 ars(Block128 counter, const ArsKey& key) {
  static const bool has_aes = simd_target() != SimdTarget::portable;
  return has_aes ? ars_aes128(counter, key) : ars_portable(counter, key);
}

}  // namespace weiss
