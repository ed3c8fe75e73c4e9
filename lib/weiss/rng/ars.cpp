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

// SubBytes and MixColumns of one byte of a column as a 32-bit word, byte 0 lowest.
constexpr std::array<std::uint32_t, 256> make_mix_table(const std::array<std::uint8_t, 256>& s_box) {
  std::array<std::uint32_t, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t s = s_box[i];
    const std::uint32_t s2 = times_two(s_box[i]);
    table[i] = s2 | s << 8 | s << 16 | (s2 ^ s) << 24;
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> s_box = make_s_box();
constexpr std::array<std::uint32_t, 256> mix_table = make_mix_table(s_box);

using Columns = std::array<std::uint32_t, 4>;

Columns columns(Block128 block) {
  return {static_cast<std::uint32_t>(block.low), static_cast<std::uint32_t>(block.low >> 32),
          static_cast<std::uint32_t>(block.high), static_cast<std::uint32_t>(block.high >> 32)};
}

Block128 block(const Columns& c) {
  return {c[0] | static_cast<std::uint64_t>(c[1]) << 32, c[2] | static_cast<std::uint64_t>(c[3]) << 32};
}

// The byte that ShiftRows moves to row `row` of column `column`.
std::uint8_t shifted_byte(const Columns& c, std::size_t column, std::size_t row) {
  return static_cast<std::uint8_t>(c[(column + row) % 4] >> (8 * row));
}

std::uint32_t rotate_left32(std::uint32_t value, std::size_t shift) {
  return shift == 0 ? value : value << shift | value >> (32 - shift);
}

Block128 exclusive_or(Block128 a, Block128 b) { return {a.low ^ b.low, a.high ^ b.high}; }

Block128 aes_round(Block128 state, Block128 key, bool last) {
  const Columns in = columns(state);
  Columns out{};
  for (std::size_t column = 0; column < 4; ++column)
    for (std::size_t row = 0; row < 4; ++row) {
      const std::uint8_t byte = shifted_byte(in, column, row);
      out[column] ^= last ? static_cast<std::uint32_t>(s_box[byte]) << (8 * row)
                          : rotate_left32(mix_table[byte], 8 * row);
    }
  return exclusive_or(block(out), key);
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
  Block128 state = exclusive_or(counter, key.round_keys[0]);
  for (std::size_t round = 1; round <= rounds; ++round)
    state = aes_round(state, key.round_keys[round], round == rounds);
  return state;
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
