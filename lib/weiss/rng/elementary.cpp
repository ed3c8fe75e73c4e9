#include "weiss/rng/elementary.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace weiss {

namespace {

// ln 2 in two parts; the product of the first with an integer below 2^20 is exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double log2_e = 0x1.71547652b82fep+0;

double power_of_two(int exponent) {  // -1022 <= exponent <= 1023
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

constexpr int exp_degree = 13;
constexpr std::array<double, exp_degree + 1> inverse_factorials = [] {
  std::array<double, exp_degree + 1> all{1};
  double factorial = 1;
  for (int k = 1; k <= exp_degree; ++k) {
    factorial *= k;
    all[static_cast<std::size_t>(k)] = 1 / factorial;
  }
  return all;
}();

constexpr int log_terms = 12;

}  // namespace

double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.7827128933840) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  // x = n ln 2 + r, |r| <= ln(2)/2
  const double n = std::floor(x * log2_e + 0.5);
  const double r = (x - n * ln2_high) - n * ln2_low;
  double sum = inverse_factorials[exp_degree];
  for (int k = exp_degree - 1; k >= 0; --k) sum = sum * r + inverse_factorials[static_cast<std::size_t>(k)];
  // Two factors, so that the ends of the range neither overflow nor underflow early.
  const int exponent = static_cast<int>(n), half = exponent / 2;
  return sum * power_of_two(half) * power_of_two(exponent - half);
}

double portable_log(double x) {
  if (!(x > 0) || x == std::numeric_limits<double>::infinity())
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : (x > 0 ? x : std::numeric_limits<double>::quiet_NaN());
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent -= 54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++exponent;
  }
  // log m = 2 artanh s, s = (m - 1)/(m + 1)
  const double s = (m - 1) / (m + 1), z = s * s;
  double sum = 1.0 / (2 * log_terms + 1);
  for (int k = log_terms - 1; k >= 1; --k) sum = sum * z + 1.0 / (2 * k + 1);
  const double tail = 2 * s * z * sum + exponent * ln2_low;
  return exponent * ln2_high + (2 * s + tail);
}

double normal_deviate(const Stream& stream, std::uint64_t step, std::uint64_t index, std::uint32_t draw) {
  for (std::uint32_t next = 64 * draw;; next += 2) {
    const Block128 both = stream.block(step, index, next / 2);
    const double x = static_cast<double>(both.low >> 11) * 0x1p-52 - 1;
    const double y = static_cast<double>(both.high >> 11) * 0x1p-52 - 1;
    const double square = x * x + y * y;
    if (square < 1 && square > 0) return x * std::sqrt(-2 * portable_log(square) / square);
  }
}

}  // namespace weiss
