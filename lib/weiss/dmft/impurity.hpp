// The quantum impurity that DMFT solves again and again, one orbital and two spins:
//   G0_s(i w)^-1 = i w + mu - level - Delta_s(i w),   H_int = U (n_up - 1/2)(n_dn - 1/2),
// so that half filling of a symmetric bath is at mu = level; Sigma = G0^-1 - G^-1 has no part U/2 there.
// Functions are given at the Matsubara nodes of a discrete Lehmann basis. Energies in the deck's unit.
#pragma once

#include <array>
#include <optional>
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

// Two orbitals with equal spins (orbital_impurity.hpp): the entries of LocalFunctions are then theirs.
struct OrbitalPair {
  double hund = 0;                // J
  std::array<double, 2> level{};  // instead of WeissField::level
  bool equivalent = false;
};

struct WeissField {
  double interaction = 0;
  double chemical_potential = 0;
  double level = 0;
  LocalFunctions hybridisation;
  std::optional<OrbitalPair> orbitals = std::nullopt;
};

struct Estimate {
  double value = 0, error = 0;
};

// Means over the spins of two orbitals; n_a is that of one spin.
struct OrbitalAverages {
  std::array<Estimate, 2> double_occupancy;  // <n_a,up n_a,down>
  Estimate opposite, equal;                  // <n_0,up n_1,down>, <n_0,up n_1,up>
  Estimate density, polarisation;            // <2 n_0 + 2 n_1>, <2 n_0 - 2 n_1>
  Estimate spin_squared;                     // <S_z^2>, S_z = sum_a (n_a,up - n_a,down)/2
  Estimate interaction, product;             // energy of the symmetric form, and of sum U_ab n_a n_b
};

// What every solver returns; errors are those of one standard deviation, 0 where nothing is random.
struct ImpuritySolution {
  LocalFunctions self_energy, green;
  std::array<double, 2> constant{};  // what the self-energy tends to at high frequency
  std::array<Estimate, 2> density;   // <n_s>
  Estimate double_occupancy;         // <n_up n_dn>
  Estimate pair_amplitude;           // <c_dn c_up>
  std::optional<OrbitalAverages> orbitals = std::nullopt;
};

// G0_s at frequency w.
inline Complex weiss_green(const WeissField& field, std::size_t spin, std::size_t node, double frequency) {
  const double level = field.orbitals ? field.orbitals->level[spin] : field.level;
  return 1.0 / (Complex(field.chemical_potential - level, frequency) - field.hybridisation[spin][node]);
}

}  // namespace weiss
