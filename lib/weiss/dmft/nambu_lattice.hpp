// The lattice half of a DMFT iteration in an s-wave superconductor (A. Georges et al., Rev. Mod. Phys. 68, 13
// (1996), section VIII), in Nambu's spinor:
//   G(z) = int rho(e) [z + (mu - e) tau_3 - Sigma(z)]^-1,   Delta = z + (mu - level) tau_3 - Sigma - G^-1,
// level the mean of the band. With x = z + mu - Sigma_11, y = -z + mu + Sigma_22, S = Sigma_12 the
// determinant has the zeros e_1, e_2 = (x + y)/2 +- r, r^2 = (x - y)^2/4 - S^2, and with the band's Hilbert
// transform D
//   G_11 = [(e_1 - y) D(e_1) - (e_2 - y) D(e_2)]/(2 r),   G_12 = S [D(e_1) - D(e_2)]/(2 r).
#pragma once

#include <span>

#include "weiss/dmft/band.hpp"
#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/nambu_matrix.hpp"

namespace weiss {

// z off the real axis.
NambuMatrix nambu_lattice_green(const Band& band, double chemical_potential, Complex z,
                                const NambuMatrix& self_energy);

// At i w, from and to normal and anomalous functions.
LocalFunctions nambu_lattice_green(const Band& band, double chemical_potential,
                                   const LocalFunctions& self_energy, std::span<const double> frequencies);
LocalFunctions nambu_hybridisation(const Band& band, double chemical_potential,
                                   const LocalFunctions& self_energy, const LocalFunctions& green,
                                   std::span<const double> frequencies);

}  // namespace weiss
