// Faces of a box of words, with the lane shift of a face that wraps round the lattice. Bit b of a word is
// brick b = bx + 32 by (square, 32 x 16 bricks) or bx + 8 by + 64 bz (cubic, 8 x 8 x 8). Rules of inclusion
// as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// Fields of `width` bits in every element of 64 bits, each rotated down by `shift`.
template <int width, int shift>
WEISS_INLINE Piece rotated_fields(Piece piece) {
  constexpr std::uint64_t every = ~0ULL / ((width == 64 ? 0 : 1ULL << (width % 64)) - 1);
  constexpr std::uint64_t low = every * ((1ULL << (width - shift)) - 1);
  return (piece >> shift & low) | (piece << (width - shift) & ~low);
}

template <int width, int shift>
WEISS_INLINE void rotate_fields(const std::uint64_t* from, std::uint64_t* to) {
  for (int k = 0; k < pieces; ++k)
    store(rotated_fields<width, shift>(load(from + k * piece_elements)), to + k * piece_elements);
}

// Piece k of the 512 bits rotated by whole bytes: byte i of the result is byte (i + shift) mod 64; shift is
// less than a piece forwards or backwards.
template <int shift>
WEISS_INLINE Piece rotated_bytes(const std::uint64_t* from, int k) {
  const char* source = reinterpret_cast<const char*>(from);
  const int start = (k * WEISS_PIECE_BYTES + shift) % 64;
  Piece piece;
  if (start + WEISS_PIECE_BYTES <= 64) {
    __builtin_memcpy(&piece, source + start, WEISS_PIECE_BYTES);
    return piece;
  }
#if WEISS_PIECE_BYTES == 64
  const __m512i word = (__m512i)load(from);
  return (Piece)_mm512_maskz_alignr_epi32(0xffff, word, word, shift / 4);
#else
  constexpr int head = shift < WEISS_PIECE_BYTES ? WEISS_PIECE_BYTES - shift : 64 - shift;
  char* target = reinterpret_cast<char*>(&piece);
  __builtin_memcpy(target, source + 64 - head, head);
  __builtin_memcpy(target + head, source, WEISS_PIECE_BYTES - head);
  return piece;
#endif
}

template <int shift>
WEISS_INLINE void rotate_bytes(const std::uint64_t* from, std::uint64_t* to) {
  for (int k = 0; k < pieces; ++k) store(rotated_bytes<shift>(from, k), to + k * piece_elements);
}

WEISS_INLINE void copy_word(const std::uint64_t* from, std::uint64_t* to) { __builtin_memcpy(to, from, 64); }

template <void (*copy)(const std::uint64_t*, std::uint64_t*)>
inline void copy_with(const PackedFace& face) {
  for (std::int64_t j = 0; j < face.outer; ++j) {
    const std::int64_t first = (face.parity + j) & 1;
    const std::uint64_t* from =
        face.from + j * face.from_outer + (face.from_compact ? 0 : first * face.from_inner);
    std::uint64_t* to = face.to + j * face.to_outer + (face.to_compact ? 0 : first * face.to_inner);
    const std::int64_t from_step = face.from_compact ? face.from_inner : 2 * face.from_inner;
    const std::int64_t to_step = face.to_compact ? face.to_inner : 2 * face.to_inner;
    for (std::int64_t i = first; i < face.inner; i += 2, from += from_step, to += to_step) copy(from, to);
  }
}

inline void copy_face(const PackedFace& face) {
  const bool square = face.dimension == 2;
  switch (face.shift) {
    case LaneShift::none:
      return copy_with<copy_word>(face);
    case LaneShift::x_next:
      return square ? copy_with<rotate_fields<32, 1>>(face) : copy_with<rotate_fields<8, 1>>(face);
    case LaneShift::x_previous:
      return square ? copy_with<rotate_fields<32, 31>>(face) : copy_with<rotate_fields<8, 7>>(face);
    case LaneShift::y_next:
      return square ? copy_with<rotate_bytes<4>>(face) : copy_with<rotate_fields<64, 8>>(face);
    case LaneShift::y_previous:
      return square ? copy_with<rotate_bytes<60>>(face) : copy_with<rotate_fields<64, 56>>(face);
    case LaneShift::z_next:
      return copy_with<rotate_bytes<8>>(face);
    case LaneShift::z_previous:
      return copy_with<rotate_bytes<56>>(face);
  }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
