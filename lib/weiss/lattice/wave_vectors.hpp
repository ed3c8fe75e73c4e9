// The smallest wave vectors of a lattice and their phases, rounded from 50 digits: the same bits on every
// CPU.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"

namespace weiss {

// Cosine and sine of 2 pi j / n for j = 0 .. n - 1.
struct PhaseTable {
  explicit PhaseTable(std::int64_t n);
  std::vector<double> cosine, sine;
};

// 2 sin(k/2) at k = 2 pi / extent.
double lattice_momentum(std::int64_t extent);

// Periodic directions of the largest extent: those of the smallest wave vector. Empty where there is none.
std::vector<std::size_t> longest_periodic_directions(const Lattice& lattice);

// |sum_j f_j exp(2 pi i j / n)|^2 of sums over slices; phases: of as many slices.
double squared_modulus(std::span<const std::int64_t> slices, const PhaseTable& phases);

}  // namespace weiss
