// portable_exp on a register of doubles: the same operations in the same order, so the same bits. Same rules
// of inclusion as word512.hpp.
#pragma once

#include "weiss/rng/elementary_constants.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

typedef double Doubles __attribute__((vector_size(WEISS_PIECE_BYTES)));

WEISS_INLINE Doubles load_doubles(const double* from) {
  Doubles values;
  __builtin_memcpy(&values, from, WEISS_PIECE_BYTES);
  return values;
}

WEISS_INLINE void store_doubles(const Doubles& values, double* to) {
  __builtin_memcpy(to, &values, WEISS_PIECE_BYTES);
}

WEISS_INLINE Doubles all_equal(double value) { return Doubles{} + value; }

// portable_exp of each x <= 0; x must not be NaN.
WEISS_INLINE Doubles exp_of_nonpositive(Doubles x) {
  using namespace elementary;
  constexpr const double* c = exp_coefficient;
  const Doubles shifted = x * inverse_ln2 + rounding;
  const Doubles k = shifted - rounding;
  const Doubles r = (x - k * ln2_high) - k * ln2_low;
  const Doubles square = r * r;
  const Doubles even = c[0] + square * (c[2] + square * (c[4] + square * (c[6] + square * c[8])));
  const Doubles odd = c[1] + square * (c[3] + square * (c[5] + square * (c[7] + square * c[9])));
  const Doubles power = 1.0 + (r + square * (even + r * odd));
  const Piece scaled = (Piece)power + ((Piece)shifted << 52);
  return (Doubles)(scaled & (Piece)(x >= exp_lowest));
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
