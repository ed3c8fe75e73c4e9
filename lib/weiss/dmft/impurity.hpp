// The quantum impurity that DMFT solves again and again, one orbital and two spins:
//   G0_s(i w)^-1 = i w + mu - level - Delta_s(i w),   H_int = U (n_up - 1/2)(n_dn - 1/2),
// so that half filling of a symmetric bath is at mu = level; Sigma = G0^-1 - G^-1 has no part U/2 there.
// Functions are given at the Matsubara nodes of a discrete Lehmann basis. Energies in the deck's unit.
#pragma once

#include <array>
#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

inline constexpr std::size_t up = 0, down = 1;
// Of a superconductor, whose spins are equal: <<c_up; c+_up>> and <<c_up; c_down>>, real on the imaginary
// axis.
inline constexpr std::size_t normal_part = 0, anomalous_part = 1;

// At every node.
using NodeValues = std::vector<Complex>;
// Of up and down, or normal and anomalous.
using LocalFunctions = std::array<NodeValues, 2>;

struct WeissField {
  double interaction = 0;
  double chemical_potential = 0;
  double level = 0;
  LocalFunctions hybridisation;
};

struct Estimate {
  double value = 0, error = 0;
};

// What every solver returns; errors are those of one standard deviation, 0 where nothing is random.
struct ImpuritySolution {
  LocalFunctions self_energy, green;
  std::array<double, 2> constant{};  // what the self-energy tends to at high frequency
  std::array<Estimate, 2> density;   // <n_s>
  Estimate double_occupancy;         // <n_up n_dn>
  Estimate pair_amplitude;           // <c_dn c_up>
};

// G0_s at frequency w.
inline Complex weiss_green(const WeissField& field, std::size_t spin, std::size_t node, double frequency) {
  return 1.0 / (Complex(field.chemical_potential - field.level, frequency) - field.hybridisation[spin][node]);
}

}  // namespace weiss
