#include "weiss/rng/elementary.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "weiss/rng/elementary_constants.hpp"

namespace weiss {

using namespace elementary;

// exp(k ln 2 + r) = 2^k exp(r). Every operation has its twin in vector_elementary.hpp.
double portable_exp(double x) {
  if (!(x >= exp_lowest)) return x < exp_lowest ? 0.0 : x;
  if (x > exp_highest) return std::numeric_limits<double>::infinity();
  const double shifted = x * inverse_ln2 + rounding;
  const double k = shifted - rounding;
  const double r = (x - k * ln2_high) - k * ln2_low;
  const double square = r * r;
  const double* c = exp_coefficient;
  const double even = c[0] + square * (c[2] + square * (c[4] + square * (c[6] + square * c[8])));
  const double odd = c[1] + square * (c[3] + square * (c[5] + square * (c[7] + square * c[9])));
  const double power = 1.0 + (r + square * (even + r * odd));
  // The low bits of `shifted` hold k: they go to the exponent.
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(power) +
                               (std::bit_cast<std::uint64_t>(shifted) << 52));
}

// log(2^k (1 + f)) with 1/sqrt 2 <= 1 + f < sqrt 2 and s = f / (2 + f): log(1 + f) = 2 artanh(s)
// = f - (f^2/2 - s (f^2/2 + s^2 P(s^2))), where f is exact and the bracket small.
double portable_log(double x) {
  if (!(x > 0))
    return x == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (x > std::numeric_limits<double>::max()) return x;
  double k = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    k = -54;
  }
  constexpr std::uint64_t root_half = std::bit_cast<std::uint64_t>(0x1.6a09e667f3bcdp-1);
  const std::uint64_t above = std::bit_cast<std::uint64_t>(x) - root_half;
  const auto exponent = static_cast<std::int64_t>(above) >> 52;
  k += static_cast<double>(exponent);
  const double f = std::bit_cast<double>((above & 0xfffffffffffffULL) + root_half) - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double* c = log_coefficient;
  const double even = c[0] + z * z * (c[2] + z * z * (c[4] + z * z * c[6]));
  const double odd = c[1] + z * z * (c[3] + z * z * c[5]);
  const double half_square = 0.5 * f * f;
  const double remainder = z * (even + z * odd);
  return k * ln2_high + (f - (half_square - (s * (half_square + remainder) + k * ln2_low)));
}

double normal_deviate(const Stream& stream, std::uint64_t step, std::uint64_t index, std::uint32_t draw) {
  // Odd multiples of 2^-52: symmetric, and never 0.
  const auto coordinate = [](std::uint64_t bits) {
    return (static_cast<double>(static_cast<std::int64_t>(bits) >> 12) + 0.5) * 0x1p-51;
  };
  // A point of the square falls into the circle with probability pi / 4: 32 blocks do but once in 4e21.
  for (std::uint32_t block = 32 * draw;; ++block) {
    const Block128 bits = stream.block(step, index, block);
    const double u = coordinate(bits.low);
    const double v = coordinate(bits.high);
    const double radius = u * u + v * v;
    if (radius < 1.0) return u * std::sqrt(-2.0 * portable_log(radius) / radius);
  }
}

}  // namespace weiss
