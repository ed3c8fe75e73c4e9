// A word of 512 semantic bits on the registers of one instruction set: a kernel handles it as `pieces` native
// registers one after another, and what it does to one it does to all. Bit b is bit b % 64 of element b / 64.
//
// Include only from a source file that is compiled for one target and defines first
//   WEISS_SIMD_NAMESPACE   simd_portable, simd_aes128, simd_vaes256 or simd_avx512
//   WEISS_PIECE_BYTES      16, 32 or 64: bytes of one native register
//   WEISS_AES              1 when the target has AES instructions, 0 when not
// Everything here lives in that namespace, so that no merged inline function runs on the wrong CPU.
#pragma once

#include <cstdint>

#if WEISS_AES
#include <immintrin.h>
#endif

#define WEISS_INLINE inline __attribute__((always_inline))

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int pieces = 64 / WEISS_PIECE_BYTES;
inline constexpr int piece_elements = WEISS_PIECE_BYTES / 8;

typedef std::uint64_t Piece __attribute__((vector_size(WEISS_PIECE_BYTES)));

WEISS_INLINE Piece load(const std::uint64_t* from) {
  Piece piece;
  __builtin_memcpy(&piece, from, WEISS_PIECE_BYTES);
  return piece;
}

WEISS_INLINE void store(const Piece& piece, std::uint64_t* to) {
  __builtin_memcpy(to, &piece, WEISS_PIECE_BYTES);
}

WEISS_INLINE Piece zeros() { return Piece{}; }
WEISS_INLINE Piece ones() { return ~Piece{}; }

// Functions of three bits.
#if WEISS_PIECE_BYTES == 64
// One instruction each: bit 4a + 2b + c of the table is f(a, b, c).
template <int table>
WEISS_INLINE Piece ternary(Piece a, Piece b, Piece c) {
  return (Piece)_mm512_ternarylogic_epi64((__m512i)a, (__m512i)b, (__m512i)c, table);
}
// a ? b : c
WEISS_INLINE Piece choose(Piece a, Piece b, Piece c) { return ternary<0xca>(a, b, c); }
WEISS_INLINE Piece sum3(Piece a, Piece b, Piece c) { return ternary<0x96>(a, b, c); }
WEISS_INLINE Piece majority(Piece a, Piece b, Piece c) { return ternary<0xe8>(a, b, c); }
// One bit of the comparison u < t, from the lowest bit up: t ? ~u | less : ~u & less.
WEISS_INLINE Piece less_step(Piece t, Piece u, Piece less) { return ternary<0xb2>(t, u, less); }
// equal and bit t = bit u
WEISS_INLINE Piece equal_step(Piece t, Piece u, Piece equal) { return ternary<0x82>(t, u, equal); }
// a | (b & c)
WEISS_INLINE Piece or_and(Piece a, Piece b, Piece c) { return ternary<0xf8>(a, b, c); }
// a ? b : ~c
WEISS_INLINE Piece choose_not(Piece a, Piece b, Piece c) { return ternary<0xc5>(a, b, c); }
// a & ~b & ~c
WEISS_INLINE Piece and_neither(Piece a, Piece b, Piece c) { return ternary<0x10>(a, b, c); }
#else
WEISS_INLINE Piece choose(Piece a, Piece b, Piece c) { return c ^ (a & (b ^ c)); }
WEISS_INLINE Piece sum3(Piece a, Piece b, Piece c) { return a ^ b ^ c; }
WEISS_INLINE Piece majority(Piece a, Piece b, Piece c) { return (a & b) | (c & (a ^ b)); }
WEISS_INLINE Piece less_step(Piece t, Piece u, Piece less) { return choose(t ^ u, t, less); }
WEISS_INLINE Piece equal_step(Piece t, Piece u, Piece equal) { return ~(t ^ u) & equal; }
WEISS_INLINE Piece or_and(Piece a, Piece b, Piece c) { return a | (b & c); }
WEISS_INLINE Piece choose_not(Piece a, Piece b, Piece c) { return choose(a, b, ~c); }
WEISS_INLINE Piece and_neither(Piece a, Piece b, Piece c) { return a & ~(b | c); }
#endif

WEISS_INLINE bool any(Piece a) {
#if WEISS_PIECE_BYTES == 64
  return _mm512_test_epi64_mask((__m512i)a, (__m512i)a) != 0;
#else
  std::uint64_t bits = 0;
  for (int i = 0; i < piece_elements; ++i) bits |= a[i];
  return bits != 0;
#endif
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
