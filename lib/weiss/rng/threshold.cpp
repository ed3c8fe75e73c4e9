#include "weiss/rng/threshold.hpp"

#include <limits>

#include <boost/multiprecision/cpp_bin_float.hpp>

namespace weiss {

namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

const Real two_to_64 = boost::multiprecision::ldexp(Real(1), 64);

std::uint64_t floored(const Real& scaled) {
  if (scaled >= two_to_64) return std::numeric_limits<std::uint64_t>::max();
  if (scaled <= 0) return 0;
  return static_cast<std::uint64_t>(scaled);
}

}  // namespace

std::uint64_t heat_bath_threshold(double beta, double local_field) {
  const Real exponent = 2 * Real(beta) * abs(Real(local_field));
  return floored(two_to_64 / (1 + exp(exponent)));
}

std::uint64_t boltzmann_threshold(double beta, double energy_change) {
  return floored(two_to_64 * exp(-Real(beta) * Real(energy_change)));
}

std::uint64_t bond_threshold(double beta, double coupling) {
  return floored(-two_to_64 * expm1(-2 * Real(beta) * abs(Real(coupling))));
}

}  // namespace weiss
