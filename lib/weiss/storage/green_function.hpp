// Green functions as TRIQS stores them, for its `HDFArchive` to load as a BlockGf (O. Parcollet et al.,
// Comput. Phys. Commun. 196, 398 (2015); meshes that hold beta themselves):
//   <name>/               attribute Format = "BlockGf"; dataset block_names
//   <name>/<block>/       Format = "Gf"; dataset data, double, (points, orbitals, orbitals, 2) with real and
//                         imaginary part last, its attribute __complex__ = "1"
//   <name>/<block>/mesh/  Format = "MeshImFreq" or "MeshImTime"; datasets beta, statistic = "F", and size (of
//                         frequencies) or n_tau (of times)
// Frequencies are i w_n, n = -N .. N - 1, w_n = (2n + 1) pi/beta; times tau_j = j beta/(n_tau - 1), both ends
// included. TRIQS reads texts of a fixed length only, and takes every dataset of a Gf as an argument: nothing
// else may be written there.
#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include "weiss/storage/node.hpp"

namespace weiss {

enum class GreenMesh { imaginary_frequency, imaginary_time };

// Matrix-valued in each block: at every mesh point orbitals x orbitals, row by row. Frequencies: n = 0, 1,
// ... only; the others are G(-i w) = G(i w)^+.
struct GreenFunction {
  struct Block {
    std::string name;
    std::vector<std::complex<double>> values;
  };

  std::string name;
  std::string convention;  // what it is, in a line; attributes long_name and unit of the group
  std::string unit;
  GreenMesh mesh = GreenMesh::imaginary_frequency;
  double beta = 1;
  std::uint64_t orbitals = 1;
  std::vector<Block> blocks;
};

// As a group of `parent`. Error(internal) where the values are no whole number of matrices or blocks differ
// in length.
void write_green_function(const Node& parent, const GreenFunction& green);

}  // namespace weiss
