// Functions of an s-wave superconductor in Nambu's spinor (c_up, c+_down), at one argument z. Equal spins and
// a real gauge: 22 is -normal(-z), and anomalous(z) = anomalous(-z) is real on the imaginary axis.
#pragma once

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

struct NambuMatrix {
  Complex normal, anomalous, hole;  // 11, 12 = 21, 22

  NambuMatrix inverse() const {
    const Complex determinant = normal * hole - anomalous * anomalous;
    return {hole / determinant, -anomalous / determinant, normal / determinant};
  }
  // The element of the vector (1, 1)/sqrt 2. Of a Green function or self-energy, whose spectral matrix is
  // positive, it is as causal as 11, though 12 alone is not (A. Reymbaut, D. Bergeron, A.-M. S. Tremblay,
  // Phys. Rev. B 92, 060509 (2015)).
  Complex diagonal_element() const { return (normal + hole) / 2.0 + anomalous; }
  NambuMatrix operator-(const NambuMatrix& other) const {
    return {normal - other.normal, anomalous - other.anomalous, hole - other.hole};
  }
};

// At i w, where -normal(-i w) = -conj normal(i w).
inline NambuMatrix nambu_at_imaginary(Complex normal, Complex anomalous) {
  return {normal, anomalous, -std::conj(normal)};
}

// From elements of (1, 1)/sqrt 2 at z = w + i b and at -w + i b: 12, and the mean of 11 and 22.
inline Complex anomalous_from(Complex diagonal, Complex mirrored) {
  return (diagonal + std::conj(mirrored)) / 2.0;
}
inline Complex mean_normal_from(Complex diagonal, Complex mirrored) {
  return (diagonal - std::conj(mirrored)) / 2.0;
}

// z + number tau_3 + pair tau_1
inline NambuMatrix nambu_free_inverse(Complex z, double number, double pair = 0) {
  return {z + number, pair, z - number};
}

}  // namespace weiss
