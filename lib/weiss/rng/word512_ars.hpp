// ARS-7 on words of 512 bits: plane p of index w at step t is the four blocks counter(t, w, 4p + j), block j
// in bits 128 j .. 128 j + 127. Same rules of inclusion as word512.hpp.
//
// The first round is shared: block numbers below 256 differ in byte 8 of the state only, SubBytes acts byte
// by byte and the rest of a round is linear, so round(counter(t, w, n)) = round(counter(t, w, 0)) ^ d(n) with
// d a function of the key and n alone.
#pragma once

#include "weiss/rng/ars.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int plane_limit = 64;  // block numbers below 256

#if WEISS_AES

#if WEISS_PIECE_BYTES == 64
WEISS_INLINE Piece aes_round(Piece a, Piece key) {
  return (Piece)_mm512_aesenc_epi128((__m512i)a, (__m512i)key);
}
WEISS_INLINE Piece aes_last(Piece a, Piece key) {
  return (Piece)_mm512_aesenclast_epi128((__m512i)a, (__m512i)key);
}
WEISS_INLINE Piece spread(Block128 b) {
  return Piece{b.low, b.high, b.low, b.high, b.low, b.high, b.low, b.high};
}
WEISS_INLINE Piece spread(const std::uint64_t* block) {
  return (Piece)_mm512_maskz_broadcast_i32x4(0xffff,
                                             _mm_loadu_si128(reinterpret_cast<const __m128i*>(block)));
}
#elif WEISS_PIECE_BYTES == 32
WEISS_INLINE Piece aes_round(Piece a, Piece key) {
  return (Piece)_mm256_aesenc_epi128((__m256i)a, (__m256i)key);
}
WEISS_INLINE Piece aes_last(Piece a, Piece key) {
  return (Piece)_mm256_aesenclast_epi128((__m256i)a, (__m256i)key);
}
WEISS_INLINE Piece spread(Block128 b) { return Piece{b.low, b.high, b.low, b.high}; }
WEISS_INLINE Piece spread(const std::uint64_t* block) {
  return (Piece)_mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block)));
}
#else
WEISS_INLINE Piece aes_round(Piece a, Piece key) { return (Piece)_mm_aesenc_si128((__m128i)a, (__m128i)key); }
WEISS_INLINE Piece aes_last(Piece a, Piece key) {
  return (Piece)_mm_aesenclast_si128((__m128i)a, (__m128i)key);
}
WEISS_INLINE Piece spread(Block128 b) { return Piece{b.low, b.high}; }
WEISS_INLINE Piece spread(const std::uint64_t* block) { return load(block); }
#endif

// Plain memory that a key needs once: the round keys and the first-round differences of every plane. The key
// must outlive it.
struct ArsTables {
  const ArsKey* key;
  Block128 round_keys[ars_rounds + 1];
  alignas(64) std::uint64_t difference[plane_limit][8];
};

inline void prepare(const ArsKey& key, ArsTables& tables) {
  tables.key = &key;
  __builtin_memcpy(static_cast<void*>(tables.round_keys), static_cast<const void*>(&key),
                   sizeof(tables.round_keys));
  const Piece key0 = spread(tables.round_keys[0]);
  const Piece origin = aes_round(key0, Piece{});
  for (int block = 0; block < 4 * plane_limit; ++block) {
    const Piece state = spread(Block128{0, static_cast<std::uint64_t>(block)}) ^ key0;
    const Piece difference = aes_round(state, Piece{}) ^ origin;
    __builtin_memcpy(&tables.difference[block / 4][2 * (block % 4)], &difference, 16);
  }
}

// The first rounds of eight indices.
struct FirstRounds {
  alignas(64) std::uint64_t state[16];
};

// The planes of one step.
class PlaneSource {
 public:
  WEISS_INLINE PlaneSource(const ArsTables& tables, std::uint64_t step)
      : tables_(&tables), step_(step << 16) {
    for (int r = 0; r <= ars_rounds; ++r) key_[r] = spread(tables.round_keys[r]);
  }
  WEISS_INLINE void set_index(std::uint64_t index) {
    first_round_ = aes_round(spread(Block128{index, step_}) ^ key_[0], key_[1]);
  }
  // Many indices at once: index i is base + offsets[2 i], and offsets[2 i + 1] is 0.
  WEISS_INLINE void start(const std::uint64_t* offsets, std::uint64_t base, FirstRounds& rounds) const {
    const Piece origin = spread(Block128{base, step_});
    for (int i = 0; i < 16; i += piece_elements)
      store(aes_round((load(offsets + i) + origin) ^ key_[0], key_[1]), rounds.state + i);
  }
  WEISS_INLINE void set_index(const FirstRounds& rounds, int i) {
    first_round_ = spread(rounds.state + 2 * i);
  }
  // Piece k of plane p.
  WEISS_INLINE Piece plane(int p, int k) const {
    Piece state = load(tables_->difference[p] + k * piece_elements) ^ first_round_;
    for (int r = 2; r < ars_rounds; ++r) state = aes_round(state, key_[r]);
    return aes_last(state, key_[ars_rounds]);
  }
  // One block of any number.
  Block128 block(std::uint64_t index, std::uint64_t number) const {
    return ars({index, step_ | number}, *tables_->key);
  }

 private:
  const ArsTables* tables_;
  std::uint64_t step_;
  Piece key_[ars_rounds + 1];
  Piece first_round_;
};

#else

struct alignas(64) ArsTables {
  const ArsKey* key;
};

inline void prepare(const ArsKey& key, ArsTables& tables) { tables.key = &key; }

struct FirstRounds {
  std::uint64_t index[8];
};

class PlaneSource {
 public:
  PlaneSource(const ArsTables& tables, std::uint64_t step) : key_(tables.key), step_(step << 16) {}
  void set_index(std::uint64_t index) { index_ = index; }
  void start(const std::uint64_t* offsets, std::uint64_t base, FirstRounds& rounds) const {
    for (int i = 0; i < 8; ++i) rounds.index[i] = base + offsets[2 * i];
  }
  void set_index(const FirstRounds& rounds, int i) { index_ = rounds.index[i]; }
  Piece plane(int p, int k) const {
    const Block128 result = block(index_, static_cast<std::uint64_t>(4 * p + k));
    return Piece{result.low, result.high};
  }
  Block128 block(std::uint64_t index, std::uint64_t number) const {
    return ars_portable({index, step_ | number}, *key_);
  }

 private:
  const ArsKey* key_;
  std::uint64_t step_;
  std::uint64_t index_ = 0;
};

#endif

}  // namespace weiss::WEISS_SIMD_NAMESPACE
