// Eight doubles, one for each configuration of an octet, on the registers of one instruction set; rules of
// inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/lane_kernel.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

typedef double Real __attribute__((vector_size(WEISS_PIECE_BYTES)));

inline constexpr std::uint64_t sign_bit = 1ULL << 63;

// The registers of an octet.
struct Octet {
  Real piece[pieces];
};

WEISS_INLINE Octet octet_of(double x) {
  Octet result;
  for (int k = 0; k < pieces; ++k) result.piece[k] = Real{} + x;
  return result;
}

// Register by register: a copy of the whole structure goes through smaller registers.
WEISS_INLINE Octet load_octet(const double* from) {
  Octet result;
  for (int k = 0; k < pieces; ++k)
    __builtin_memcpy(&result.piece[k], from + k * piece_elements, sizeof(Real));
  return result;
}

WEISS_INLINE void store_octet(const Octet& octet, double* to) {
  for (int k = 0; k < pieces; ++k) __builtin_memcpy(to + k * piece_elements, &octet.piece[k], sizeof(Real));
}

#if WEISS_PIECE_BYTES == 64

// Entry b is 1 in the lanes whose bit in b is set, -1 in the others. A product with it is exact, so that a
// fused multiply-add has the bits of the plain sum.
struct SignTable {
  alignas(64) double of[256][8];
};
constexpr SignTable make_sign_table() {
  SignTable table{};
  for (int byte = 0; byte < 256; ++byte)
    for (int lane = 0; lane < 8; ++lane) table.of[byte][lane] = (byte >> lane & 1) != 0 ? 1 : -1;
  return table;
}
constexpr SignTable sign_table = make_sign_table();

// sum + coupling in the lanes whose bit is set, sum - coupling in the others.
WEISS_INLINE void add_signed(Octet& sum, double coupling, std::uint8_t bits) {
  sum.piece[0] = (Real)_mm512_fmadd_pd(_mm512_set1_pd(coupling), _mm512_load_pd(sign_table.of[bits]),
                                       (__m512d)sum.piece[0]);
}

WEISS_INLINE std::uint8_t signs(const Octet& a) { return _mm512_movepi64_mask((__m512i)a.piece[0]); }
WEISS_INLINE std::uint8_t zeros_of(const Octet& a) {
  return _mm512_cmp_pd_mask((__m512d)a.piece[0], _mm512_setzero_pd(), _CMP_EQ_OQ);
}
// !(|a| > b)
WEISS_INLINE std::uint8_t not_beyond(const Octet& a, const Octet& b) {
  return _mm512_cmp_pd_mask(_mm512_abs_pd((__m512d)a.piece[0]), (__m512d)b.piece[0], _CMP_NGT_UQ);
}

#else

// Entry b has the sign bit of the lanes whose bit in b is clear.
struct SignTable {
  alignas(64) std::uint64_t of[256][8];
};
constexpr SignTable make_sign_table() {
  SignTable table{};
  for (int byte = 0; byte < 256; ++byte)
    for (int lane = 0; lane < 8; ++lane) table.of[byte][lane] = (byte >> lane & 1) != 0 ? 0 : sign_bit;
  return table;
}
constexpr SignTable sign_table = make_sign_table();

WEISS_INLINE void add_signed(Octet& sum, double coupling, std::uint8_t bits) {
  const std::uint64_t* sign = sign_table.of[bits];
  for (int k = 0; k < pieces; ++k)
    sum.piece[k] += (Real)((Piece)(Real{} + coupling) ^ load(sign + k * piece_elements));
}

WEISS_INLINE unsigned piece_signs(Piece a) {
#if WEISS_PIECE_BYTES == 32
  return static_cast<unsigned>(_mm256_movemask_pd((__m256d)a));
#elif WEISS_AES
  return static_cast<unsigned>(_mm_movemask_pd((__m128d)a));
#else
  unsigned result = 0;
  for (int i = 0; i < piece_elements; ++i) result |= static_cast<unsigned>(a[i] >> 63) << i;
  return result;
#endif
}

// One bit a lane from function(piece number), the lanes' sign bits.
WEISS_INLINE std::uint8_t gather_signs(auto function) {
  unsigned result = 0;
  for (int k = 0; k < pieces; ++k) result |= piece_signs(function(k)) << (k * piece_elements);
  return static_cast<std::uint8_t>(result);
}

WEISS_INLINE std::uint8_t signs(const Octet& a) {
  return gather_signs([&](int k) { return (Piece)a.piece[k]; });
}
WEISS_INLINE std::uint8_t zeros_of(const Octet& a) {
  return gather_signs([&](int k) { return (Piece)(a.piece[k] == Real{}); });
}
WEISS_INLINE std::uint8_t not_beyond(const Octet& a, const Octet& b) {
  return gather_signs([&](int k) {
    const Real magnitude = (Real)((Piece)a.piece[k] & (Piece{} + ~sign_bit));
    return ~(Piece)(magnitude > b.piece[k]);
  });
}

#endif

// total - (a + b) in the lanes whose bit is set, total + (a + b) in the others.
WEISS_INLINE void subtract_signed(Octet& total, const Octet& a, const Octet& b, std::uint8_t bits) {
  Octet up = octet_of(0);
  add_signed(up, 1, bits);
  for (int k = 0; k < pieces; ++k) total.piece[k] -= up.piece[k] * (a.piece[k] + b.piece[k]);
}

WEISS_INLINE Octet magnitude(const Octet& a) {
  Octet result;
  for (int k = 0; k < pieces; ++k) result.piece[k] = (Real)((Piece)a.piece[k] & (Piece{} + ~sign_bit));
  return result;
}
WEISS_INLINE Octet difference(const Octet& a, const Octet& b) {
  Octet result;
  for (int k = 0; k < pieces; ++k) result.piece[k] = a.piece[k] - b.piece[k];
  return result;
}
WEISS_INLINE Octet exclusive_or(const Octet& a, const Octet& b) {
  Octet result;
  for (int k = 0; k < pieces; ++k) result.piece[k] = (Real)((Piece)a.piece[k] ^ (Piece)b.piece[k]);
  return result;
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
