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
  NambuMatrix operator-(const NambuMatrix& other) const {
    return {normal - other.normal, anomalous - other.anomalous, hole - other.hole};
  }
};

// At i w, where -normal(-i w) = -conj normal(i w).
inline NambuMatrix nambu_at_imaginary(Complex normal, Complex anomalous) {
  return {normal, anomalous, -std::conj(normal)};
}

// z + number tau_3 + pair tau_1
inline NambuMatrix nambu_free_inverse(Complex z, double number, double pair = 0) {
  return {z + number, pair, z - number};
}

}  // namespace weiss
