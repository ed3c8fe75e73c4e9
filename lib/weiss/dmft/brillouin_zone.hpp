// Wave vectors of lattices with one site a cell, and of the honeycomb: paths between points of high symmetry,
// and plane maps. Cartesian wave vectors are in units of the inverse distance of neighbours; a Band takes
// their phases k r_i along the primitive vectors
//   chain, square, cubic   r_i along the axes
//   triangular             r_1 = (1, 0), r_2 = (-1/2, sqrt 3/2), r_1 + r_2 the third neighbour
//   honeycomb              r_1 = sqrt 3 (1, 0), r_2 = sqrt 3 (1/2, sqrt 3/2)
// Names of points as usual (W. Setyawan, S. Curtarolo, Comput. Mater. Sci. 49, 299 (2010)).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "weiss/dmft/band.hpp"

namespace weiss {

using CartesianVector = std::array<double, 3>;

WaveVector phases_of(BandKind kind, const CartesianVector& k);

struct ZonePath {
  std::vector<CartesianVector> points;
  std::vector<double> distance;  // along the path, of each point
  std::vector<std::string> corner_names;
  std::vector<double> corners;  // their distances along the path
};

// `points` of them, at least one step a leg, every corner among them. Error(internal) for a band without wave
// vectors.
ZonePath zone_path(BandKind kind, std::int64_t points);

// Half the side of the smallest square about 0 that holds the first Brillouin zone, its sides along x and y.
double zone_half_width(BandKind kind);

}  // namespace weiss
