// The impurity of an s-wave superconductor solved exactly with a few bath sites that pair
// (nambu_impurity.hpp, pairing_bath.hpp): wholly up to five sites at finite temperature, else by Lanczos.
// With particle-hole symmetry the bath is that of the antiferromagnet of the opposite U, turned: sites (e, V)
// fitted to the sum of the normal and anomalous hybridisation are sites (0, V) with pairing -e.
#pragma once

#include "weiss/dmft/diagonalisation.hpp"
#include "weiss/dmft/nambu_impurity.hpp"

namespace weiss {

struct NambuDiagonalisationResult {
  ImpuritySolution solution;
  PairingBathFit fit;
  double level = 0;  // of the impurity, less mu
  NambuSolution impurity;
  bool converged = true;  // fit and Lanczos

  NambuMatrix self_energy(Complex z) const { return impurity.self_energy(level, fit.bath, z); }
};

// field.hybridisation: normal and anomalous. last: a bath to start the fit from, an empty one at first.
NambuDiagonalisationResult solve_superconductor_by_diagonalisation(const DiscreteLehmann& basis,
                                                                   const WeissField& field,
                                                                   const DiagonalisationSettings& settings,
                                                                   const PairingBath& last);

}  // namespace weiss
