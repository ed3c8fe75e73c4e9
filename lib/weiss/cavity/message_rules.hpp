// The arithmetic of messages of Ising spins in three forms. Site i sends to interaction e its cavity field x,
// interaction e answers to site i with its cavity bias u:
//   x_{i->e} = beta h_i + sum_{f at i, f != e} u_{f->i},   tanh u_{e->i} = tanh(beta J_e) prod_{j != i} tanh
//   x_{j->e}
// (M. Mezard, A. Montanari, Information, Physics, and Computation, Oxford (2009), chapter 14).
//   TanhRule     messages are tanh x: rational arithmetic, fast, but 1 - tanh x runs out of digits
//   FieldRule    messages are x: for strong fields; exp and log of libm
//   MinimumRule  max-product, that is beta -> infinity: fields in units of J, u = sign min(|J|, |x_j|)
// `join` is the associative product of an interaction, `exclusive` the sum over all but one of a site.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace weiss {

// atanh(tanh a tanh b) = ln(cosh(a + b) / cosh(a - b)) / 2, without overflow.
template <class T>
T joined_fields(T a, T b) {
  const T smaller = std::copysign(std::min(std::fabs(a), std::fabs(b)), a * b);
  const T sum = std::fabs(a + b), difference = std::fabs(a - b);
  return smaller + T(0.5) * (std::log1p(std::exp(-2 * sum)) - std::log1p(std::exp(-2 * difference)));
}

template <class T>
T joined_minimum(T a, T b) {
  return std::copysign(std::min(std::fabs(a), std::fabs(b)), a * b);
}

template <class T>
struct TanhRule {
  using Value = T;
  static constexpr bool zero_temperature = false;
  static T of_field(double x) { return static_cast<T>(std::tanh(x)); }
  static double field_of(T message) { return std::atanh(static_cast<double>(message)); }
  static T join(T a, T b) { return a * b; }

  // out[d * stride] from in[d * stride] and the site's own field; `count` sites side by side.
  template <std::size_t Block>
  static void exclusive(const T* in, const T* field, T* out, std::size_t degree, T /*ceiling*/) {
    T plus[Block], minus[Block];
    for (std::size_t s = 0; s < Block; ++s) {
      plus[s] = 1 + field[s];
      minus[s] = 1 - field[s];
    }
    for (std::size_t d = 0; d < degree; ++d)
      for (std::size_t s = 0; s < Block; ++s) {
        plus[s] *= 1 + in[d * Block + s];
        minus[s] *= 1 - in[d * Block + s];
      }
    for (std::size_t d = 0; d < degree; ++d)
      for (std::size_t s = 0; s < Block; ++s) {
        const T up = plus[s] * (1 - in[d * Block + s]), down = minus[s] * (1 + in[d * Block + s]);
        out[d * Block + s] = (up - down) / (up + down);
      }
  }
};

// Sums of fields, cut at +-ceiling, beyond which nothing that an interaction sends depends on them.
template <class T>
struct SumRule {
  using Value = T;
  static T of_field(double x) { return static_cast<T>(x); }
  static double field_of(T message) { return static_cast<double>(message); }

  template <std::size_t Block>
  static void exclusive(const T* in, const T* field, T* out, std::size_t degree, T ceiling) {
    // From both sides: a difference of the total would feed a message's own rounding back into it.
    T sum[Block];
    for (std::size_t s = 0; s < Block; ++s) sum[s] = field[s];
    for (std::size_t d = 0; d < degree; ++d)
      for (std::size_t s = 0; s < Block; ++s) {
        out[d * Block + s] = sum[s];
        sum[s] += in[d * Block + s];
      }
    for (std::size_t s = 0; s < Block; ++s) sum[s] = 0;
    for (std::size_t d = degree; d-- > 0;)
      for (std::size_t s = 0; s < Block; ++s) {
        out[d * Block + s] = std::clamp(out[d * Block + s] + sum[s], -ceiling, ceiling);
        sum[s] += in[d * Block + s];
      }
  }
};

template <class T>
struct FieldRule : SumRule<T> {
  static constexpr bool zero_temperature = false;
  static T join(T a, T b) { return joined_fields(a, b); }
};

template <class T>
struct MinimumRule : SumRule<T> {
  static constexpr bool zero_temperature = true;
  static T join(T a, T b) { return joined_minimum(a, b); }
};

}  // namespace weiss
