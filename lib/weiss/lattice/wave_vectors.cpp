#include "weiss/lattice/wave_vectors.hpp"

#include <algorithm>

#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace weiss {

namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

Real angle(std::int64_t numerator, std::int64_t denominator) {
  return 2 * boost::math::constants::pi<Real>() * numerator / denominator;
}

}  // namespace

PhaseTable::PhaseTable(std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    // Half of the values mirror the other half: many digits are slow.
    if (2 * j > n) {
      cosine.push_back(cosine[static_cast<std::size_t>(n - j)]);
      sine.push_back(-sine[static_cast<std::size_t>(n - j)]);
      continue;
    }
    cosine.push_back(static_cast<double>(cos(angle(j, n))));
    sine.push_back(static_cast<double>(sin(angle(j, n))));
  }
}

double lattice_momentum(std::int64_t extent) { return static_cast<double>(2 * sin(angle(1, extent) / 2)); }

std::vector<std::size_t> longest_periodic_directions(const Lattice& lattice) {
  std::int64_t longest = 0;
  for (std::size_t d = 0; d < lattice.extents().size(); ++d)
    if (lattice.boundary()[d] == Boundary::periodic) longest = std::max(longest, lattice.extents()[d]);
  std::vector<std::size_t> directions;
  for (std::size_t d = 0; d < lattice.extents().size(); ++d)
    if (lattice.boundary()[d] == Boundary::periodic && lattice.extents()[d] == longest && longest > 1)
      directions.push_back(d);
  return directions;
}

double squared_modulus(std::span<const std::int64_t> slices, const PhaseTable& phases) {
  double real = 0, imaginary = 0;
  for (std::size_t j = 0; j < slices.size(); ++j) {
    real += static_cast<double>(slices[j]) * phases.cosine[j];
    imaginary += static_cast<double>(slices[j]) * phases.sine[j];
  }
  return real * real + imaginary * imaginary;
}

}  // namespace weiss
