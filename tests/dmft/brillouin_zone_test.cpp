// Paths and energies of wave vectors: values at points of high symmetry, lengths, sums over the zone.
#include "weiss/dmft/brillouin_zone.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include <gtest/gtest.h>

namespace weiss {
namespace {

using std::numbers::pi;
using std::numbers::sqrt3;

TEST(BrillouinZone, EnergiesAtPointsOfHighSymmetry) {
  const struct {
    BandKind kind;
    std::map<std::string, double> energy;  // of the upper band, t = 1
    double length;                         // of the path
  } cases[] = {
      {BandKind::chain, {{"Gamma", -2}, {"X", 2}}, pi},
      {BandKind::square, {{"Gamma", -4}, {"X", 0}, {"M", 4}}, (2 + std::numbers::sqrt2) * pi},
      {BandKind::cubic, {{"Gamma", -6}, {"X", -2}, {"M", 2}, {"R", 6}}, (3 + sqrt3) * pi},
      {BandKind::triangular, {{"Gamma", -6}, {"K", 3}, {"M", 2}}, 4 * pi / 3 + 2 * pi / 3 + 2 * pi / sqrt3},
      {BandKind::honeycomb,
       {{"Gamma", 3}, {"K", 0}, {"M", 1}},
       (4 * pi / 3 + 2 * pi / 3) / sqrt3 + 2 * pi / 3}};
  for (const auto& each : cases) {
    const Band band = Band::on_mesh(each.kind, 1, 0, 8);
    const ZonePath path = zone_path(each.kind, 97);
    ASSERT_EQ(path.points.size(), 97U);
    EXPECT_NEAR(path.distance.back(), each.length, 1e-12);
    for (std::size_t corner = 0; corner < path.corners.size(); ++corner) {
      const auto at = std::ranges::find_if(
          path.distance, [&](double d) { return std::fabs(d - path.corners[corner]) < 1e-12; });
      ASSERT_NE(at, path.distance.end());
      const CartesianVector& k = path.points[static_cast<std::size_t>(at - path.distance.begin())];
      EXPECT_NEAR(band.energies(phases_of(each.kind, k)).value[0], each.energy.at(path.corner_names[corner]),
                  1e-12);
    }
    for (std::size_t i = 0; i + 1 < path.points.size(); ++i) {
      const CartesianVector &a = path.points[i], &b = path.points[i + 1];
      EXPECT_NEAR(std::hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]), path.distance[i + 1] - path.distance[i],
                  1e-12);
    }
  }
}

// The energy does not change under the lattice's rotation by 60 degrees.
TEST(BrillouinZone, HexagonalLatticesHaveTheirSymmetry) {
  for (const BandKind kind : {BandKind::triangular, BandKind::honeycomb}) {
    const Band band = Band::on_mesh(kind, 1, 0, 8);
    for (const CartesianVector& k : {CartesianVector{0.3, 0.7}, CartesianVector{-1.1, 0.2}}) {
      const CartesianVector turned{k[0] / 2 - sqrt3 / 2 * k[1], sqrt3 / 2 * k[0] + k[1] / 2};
      EXPECT_NEAR(band.energies(phases_of(kind, k)).value[0], band.energies(phases_of(kind, turned)).value[0],
                  1e-12);
    }
  }
}

TEST(BrillouinZone, DiagonalHopping) {
  const Band band = Band::on_mesh(BandKind::square, 1, -0.3, 8);
  EXPECT_NEAR(band.energies({pi, pi}).value[0], 4 + 1.2, 1e-12);
  EXPECT_NEAR(band.energies({pi, 0}).value[0], -1.2, 1e-12);
}

// The mean of G(k) over the zone is the local Green function, with and without order.
TEST(BrillouinZone, SumsOverTheZoneAreLocal) {
  const Complex a{0.4, 0.5}, b{-0.9, 0.6};
  constexpr int mesh = 16;
  for (const BandKind kind :
       {BandKind::chain, BandKind::square, BandKind::cubic, BandKind::triangular, BandKind::honeycomb}) {
    const Band band = Band::on_mesh(kind, 1, kind == BandKind::square ? 0.2 : 0, mesh);
    const Band bipartite = Band::on_mesh(kind, 1, 0, mesh);
    Complex uniform = 0, staggered = 0;
    const int second = kind == BandKind::chain ? 1 : mesh, third = kind == BandKind::cubic ? mesh : 1;
    const auto phase = [](int j) { return 2 * pi * (j + 0.5) / mesh; };
    for (int x = 0; x < mesh; ++x)
      for (int y = 0; y < second; ++y)
        for (int z = 0; z < third; ++z) {
          const WaveVector k{phase(x), phase(y), phase(z)};
          const double share = 1.0 / (mesh * second * third);
          uniform += share * green_at(band.energies(k), a, a);
          if (bipartite.symmetric()) staggered += share * green_at(bipartite.energies(k), a, b);
        }
    EXPECT_LT(std::abs(uniform - band.hilbert(a)), 1e-12);
    if (bipartite.symmetric()) {
      EXPECT_LT(
          std::abs(staggered - (staggered_green(bipartite, a, b) + staggered_green(bipartite, b, a)) / 2.0),
          1e-12);
    }
  }
}

}  // namespace
}  // namespace weiss
