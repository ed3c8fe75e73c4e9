// Elementary functions of floats by + - * / and shifts of bits, in a form that compilers turn into vector
// code for any instruction set, and that gives the same bits on all of them. Relative errors below 3e-7
// unless said otherwise.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace weiss {

// exp(x) for x <= 0; what is below exp(-87) is exp(-87) = 1.6e-38.
inline float exp_of_negative(float x) {
  x = x < -87.0f ? -87.0f : x;
  const float shifted = x * 1.44269504f + 12582912.0f;  // 1.5 * 2^23 rounds to an integer
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float tail =
      0.5f + r * (0.166666667f + r * (0.0416666667f + r * (8.33333333e-3f + r * 1.38888889e-3f)));
  const float power = 1.0f + (r + r * r * tail);
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(power) +
                              ((std::bit_cast<std::int32_t>(shifted) - 0x4b400000) << 23));
}

// atanh(s) for |s| <= 1/3.
inline float atanh_of_small(float s) {
  const float q = s * s;
  return s +
         s * q *
             (0.333333333f +
              q * (0.2f + q * (0.142857143f + q * (0.111111111f + q * (0.0909090909f + q * 0.0769230769f)))));
}

// ln(1 + a) for 0 <= a <= 1.
inline float log_of_one_plus(float a) { return 2.0f * atanh_of_small(a / (2.0f + a)); }

// ln x for normal x > 0; absolute error below 3e-7 max(1, |ln x|).
inline float log_of_positive(float x) {
  const std::int32_t bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;  // the rest in [sqrt(1/2), sqrt(2))
  const float rest = std::bit_cast<float>(bits - (exponent << 23));
  return static_cast<float>(exponent) * 0.693147181f + 2.0f * atanh_of_small((rest - 1.0f) / (rest + 1.0f));
}

inline float tanh_of(float y) {
  const float e = exp_of_negative(-2.0f * std::fabs(y));
  return std::copysign((1.0f - e) / (1.0f + e), y);
}

// The standard normal deviate below which a fraction (1 + x)/2 lies, |x| < 1, to 1e-6: M. Giles, in GPU
// Computing Gems, volume 2 (2011), chapter 10.
inline float normal_quantile(float x) {
  const float w = -log_of_positive((1.0f - x) * (1.0f + x));
  const float a = w - 2.5f;
  float inner = 2.81022636e-08f;
  for (const float c : {3.43273939e-07f, -3.5233877e-06f, -4.39150654e-06f, 0.00021858087f, -0.00125372503f,
                        -0.00417768164f, 0.246640727f, 1.50140941f})
    inner = c + inner * a;
  const float b = std::sqrt(w < 5.0f ? 5.0f : w) - 3.0f;
  float outer = -0.000200214257f;
  for (const float c : {0.000100950558f, 0.00134934322f, -0.00367342844f, 0.00573950773f, -0.0076224613f,
                        0.00943887047f, 1.00167406f, 2.83297682f})
    outer = c + outer * b;
  return 1.41421356f * x * (w < 5.0f ? inner : outer);
}

}  // namespace weiss
