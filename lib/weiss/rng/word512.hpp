// A word of 512 semantic bits on the registers of one instruction set. Bit b is bit b % 64 of element b / 64.
//
// Include only from a source file that is compiled for one target and defines first
//   WEISS_SIMD_NAMESPACE   simd_portable, simd_aes128, simd_vaes256 or simd_avx512
//   WEISS_PIECE_BYTES      8, 16, 32 or 64: bytes of one native register
// Everything here lives in that namespace, so that no merged inline function runs on the wrong CPU.
#pragma once

#include <cstdint>

#if WEISS_PIECE_BYTES > 8
#include <immintrin.h>
#endif

#define WEISS_INLINE inline __attribute__((always_inline))

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int pieces = 64 / WEISS_PIECE_BYTES;

#if WEISS_PIECE_BYTES == 8
using Piece = std::uint64_t;
#else
typedef std::uint64_t Piece __attribute__((vector_size(WEISS_PIECE_BYTES)));
#endif

struct Word512 {
  Piece piece[pieces];
};

WEISS_INLINE Word512 load(const std::uint64_t* from) {
  Word512 word;
  __builtin_memcpy(&word, from, 64);
  return word;
}

WEISS_INLINE void store(const Word512& word, std::uint64_t* to) { __builtin_memcpy(to, &word, 64); }

WEISS_INLINE Word512 zeros() {
  Word512 word;
  for (Piece& piece : word.piece) piece = Piece{};
  return word;
}

template <class Op>
WEISS_INLINE Word512 each(const Word512& a, const Word512& b, const Word512& c, Op op) {
  Word512 out;
  for (int i = 0; i < pieces; ++i) out.piece[i] = op(a.piece[i], b.piece[i], c.piece[i]);
  return out;
}

WEISS_INLINE Word512 operator~(const Word512& a) {
  Word512 out;
  for (int i = 0; i < pieces; ++i) out.piece[i] = ~a.piece[i];
  return out;
}

WEISS_INLINE Word512 operator&(const Word512& a, const Word512& b) {
  Word512 out;
  for (int i = 0; i < pieces; ++i) out.piece[i] = a.piece[i] & b.piece[i];
  return out;
}

WEISS_INLINE Word512 operator|(const Word512& a, const Word512& b) {
  Word512 out;
  for (int i = 0; i < pieces; ++i) out.piece[i] = a.piece[i] | b.piece[i];
  return out;
}

WEISS_INLINE Word512 operator^(const Word512& a, const Word512& b) {
  Word512 out;
  for (int i = 0; i < pieces; ++i) out.piece[i] = a.piece[i] ^ b.piece[i];
  return out;
}

WEISS_INLINE Word512 ones() { return ~zeros(); }

// Functions of three bits: one instruction each with AVX-512. The table's bit 4a + 2b + c is f(a, b, c).
#if WEISS_PIECE_BYTES == 64
template <int table>
WEISS_INLINE Word512 ternary(const Word512& a, const Word512& b, const Word512& c) {
  return {{(Piece)_mm512_ternarylogic_epi64((__m512i)a.piece[0], (__m512i)b.piece[0], (__m512i)c.piece[0],
                                            table)}};
}
WEISS_INLINE Word512 choose(const Word512& a, const Word512& b, const Word512& c) {
  return ternary<0xca>(a, b, c);
}
WEISS_INLINE Word512 sum3(const Word512& a, const Word512& b, const Word512& c) {
  return ternary<0x96>(a, b, c);
}
WEISS_INLINE Word512 majority(const Word512& a, const Word512& b, const Word512& c) {
  return ternary<0xe8>(a, b, c);
}
WEISS_INLINE Word512 less_step(const Word512& t, const Word512& r, const Word512& less) {
  return ternary<0xb2>(t, r, less);
}
WEISS_INLINE Word512 equal_step(const Word512& t, const Word512& r, const Word512& equal) {
  return ternary<0x82>(t, r, equal);
}
WEISS_INLINE Word512 or_and(const Word512& a, const Word512& b, const Word512& c) {
  return ternary<0xf8>(a, b, c);
}
#else
// a ? b : c
WEISS_INLINE Word512 choose(const Word512& a, const Word512& b, const Word512& c) {
  return each(a, b, c, [](Piece x, Piece y, Piece z) { return z ^ (x & (y ^ z)); });
}
WEISS_INLINE Word512 sum3(const Word512& a, const Word512& b, const Word512& c) { return a ^ b ^ c; }
WEISS_INLINE Word512 majority(const Word512& a, const Word512& b, const Word512& c) {
  return each(a, b, c, [](Piece x, Piece y, Piece z) { return (x & y) | (z & (x | y)); });
}
// One bit of the comparison u < t, from the lowest bit up: t ? ~u | less : ~u & less.
WEISS_INLINE Word512 less_step(const Word512& t, const Word512& u, const Word512& less) {
  return each(t, u, less, [](Piece x, Piece y, Piece z) { return (x & z) | (~y & (x | z)); });
}
// equal and bit t = bit u
WEISS_INLINE Word512 equal_step(const Word512& t, const Word512& u, const Word512& equal) {
  return each(t, u, equal, [](Piece x, Piece y, Piece z) { return ~(x ^ y) & z; });
}
// a | (b & c)
WEISS_INLINE Word512 or_and(const Word512& a, const Word512& b, const Word512& c) { return a | (b & c); }
#endif

WEISS_INLINE bool any(const Word512& a) {
#if WEISS_PIECE_BYTES == 64
  return _mm512_test_epi64_mask((__m512i)a.piece[0], (__m512i)a.piece[0]) != 0;
#else
  Piece all = a.piece[0];
  for (int i = 1; i < pieces; ++i) all |= a.piece[i];
#if WEISS_PIECE_BYTES == 8
  return all != 0;
#else
  std::uint64_t bits = 0;
  for (int i = 0; i < WEISS_PIECE_BYTES / 8; ++i) bits |= all[i];
  return bits != 0;
#endif
#endif
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
