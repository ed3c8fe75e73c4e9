// Lattices from files of hoppings against the built-in ones and against inversion of H(k) at every k.
#include "weiss/dmft/tight_binding.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/two_band.hpp"

namespace weiss {
namespace {

const std::string path = std::filesystem::temp_directory_path() / "weiss_hoppings_test.txt";

TightBinding model_of(const std::string& lines) {
  std::ofstream(path) << lines;
  const TightBinding model = read_tight_binding(path);
  std::filesystem::remove(path);
  return model;
}

std::string fault_of(const std::string& lines) {
  try {
    model_of(lines);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

const std::string square = "1 0 0 0 0 -1\n0 1 0 0 0 -1\n";
// Two orbitals, the second of which is narrow, raised and mixed with the first along diagonals with signs of
// d_xy: sum_k of H_01 and the local G_01 vanish.
const std::string mixed = square +
                          "1 0 0 1 1 0.3\n0 1 0 1 1 0.3 # of the other sign\n0 0 0 1 1 0.2\n"
                          "1 1 0 0 1 0.4\n-1 -1 0 0 1 0.4\n1 -1 0 0 1 -0.4\n-1 1 0 0 1 -0.4\n";

TEST(TightBinding, IsTheLatticeThatItSpells) {
  const struct {
    std::string lines;
    Band band;
    std::int64_t mesh;
  } cases[] = {
      {"1 0 0 0 0 -1.5\n", Band::on_mesh(BandKind::chain, 1.5, 0, 64), 64},
      {square + "1 1 0 0 0 -0.25\n1 -1 0 0 0 -0.25\n", Band::on_mesh(BandKind::square, 1, 0.25, 16), 16},
      {square + "0 0 1 0 0 -1\n", Band::on_mesh(BandKind::cubic, 1, 0, 8), 8},
      {"0 0 0 0 1 -1\n1 0 0 0 1 -1\n0 1 0 0 1 -1\n", Band::on_mesh(BandKind::honeycomb, 1, 0, 16), 16}};
  for (const auto& each : cases) {
    const TightBinding model = model_of(each.lines);
    const Band band = band_of_cells(model, each.mesh);
    EXPECT_EQ(band.symmetric(), each.band.symmetric()) << each.lines;
    EXPECT_NEAR(band.variance(), each.band.variance(), 1e-12);
    EXPECT_NEAR(band.lowest(), each.band.lowest(), 1e-12);
    for (const Complex z : {Complex(0, 0.3), Complex(-0.7, 0.2), Complex(2, 1)})
      EXPECT_LT(std::abs(band.hilbert(z) - each.band.hilbert(z)), 1e-12) << each.lines;
  }
}

// sum_k (diag(z) - H(k))^-1 over a whole mesh.
Eigen::Matrix2cd inverted(const TightBinding& model, int mesh, double splitting,
                          const std::array<Complex, 2>& z) {
  Eigen::Matrix2cd sum = Eigen::Matrix2cd::Zero();
  for (int x = 0; x < mesh; ++x)
    for (int y = 0; y < mesh; ++y) {
      Eigen::Matrix2cd h = Eigen::Matrix2cd::Zero();
      h.diagonal() << z[0] - splitting / 2, z[1] + splitting / 2;
      for (const TightBinding::Term& term : model.terms)
        h(static_cast<Eigen::Index>(term.from), static_cast<Eigen::Index>(term.to)) -=
            term.amplitude *
            std::polar(1.0,
                       2 * std::numbers::pi * (term.cell[0] * (x + 0.5) + term.cell[1] * (y + 0.5)) / mesh);
      sum += h.inverse() / (mesh * mesh);
    }
  return sum;
}

TEST(TightBinding, TwoBandsAreInvertedAtEveryWaveVector) {
  const std::string lopsided = mixed + "2 1 0 0 1 0.3\n0 1 0 1 0 0.1\n";
  for (const std::string& lines : {mixed, lopsided})
    for (const double splitting : {0.0, 0.5}) {
      const TightBinding model = model_of(lines);
      const TwoBand band(model, 12, splitting);
      const std::array<Complex, 2> z{Complex(0.3, 0.4), Complex(-0.2, 0.7)};
      const Eigen::Matrix2cd exact = inverted(model, 12, splitting, z);
      const auto green = band.green(z);
      EXPECT_LT(std::abs(green[0] - exact(0, 0)), 1e-13);
      EXPECT_LT(std::abs(green[1] - exact(1, 1)), 1e-13);
      const Complex offdiagonal = -exact.inverse()(0, 1);
      EXPECT_LT(std::abs(band.offdiagonal_hybridisation(z) - offdiagonal), 1e-13);
      if (lines == mixed)
        EXPECT_LT(std::abs(offdiagonal), 1e-13);
      else
        EXPECT_GT(std::abs(offdiagonal), 1e-3);
      EXPECT_EQ(band.level()[1], 0.2 - splitting / 2);
      EXPECT_FALSE(band.symmetric());
      EXPECT_FALSE(band.equivalent());
    }
}

TEST(TightBinding, UnmixedOrbitalsAreTwoBands) {
  const TwoBand file(model_of(square + "1 0 0 1 1 -0.5\n0 1 0 1 1 -0.5\n"), 16, 0.3);
  const TwoBand bands(Band::on_mesh(BandKind::square, 1, 0, 16), Band::on_mesh(BandKind::square, 0.5, 0, 16),
                      0.3);
  const std::array<Complex, 2> z{Complex(0.3, 0.4), Complex(-0.2, 0.7)};
  for (std::size_t a = 0; a < 2; ++a) {
    EXPECT_LT(std::abs(file.green(z)[a] - bands.green(z)[a]), 1e-13);
    EXPECT_NEAR(file.level()[a], bands.level()[a], 1e-14);
  }
  EXPECT_NEAR(file.highest(), bands.highest(), 1e-12);
  EXPECT_NEAR(file.lowest(), bands.lowest(), 1e-12);
}

TEST(TightBinding, SymmetriesAreFound) {
  EXPECT_TRUE(model_of(square).bipartite());
  EXPECT_TRUE(model_of(square).equivalent_orbitals());
  EXPECT_FALSE(model_of(square + "1 1 0 0 0 0.1\n").bipartite());
  EXPECT_FALSE(model_of(square + "0 0 0 0 0 0.1\n").bipartite());
  const std::string twice = square + "1 0 0 1 1 -1\n0 1 0 1 1 -1\n";
  EXPECT_TRUE(model_of(twice).bipartite());
  EXPECT_TRUE(model_of(twice).equivalent_orbitals());
  EXPECT_FALSE(model_of(twice + "1 1 0 1 1 0.1\n").equivalent_orbitals());
  EXPECT_FALSE(model_of(mixed).equivalent_orbitals());
  // Mixing between nearest neighbours changes its sign with them; that on a site cannot.
  EXPECT_TRUE(model_of(twice + "1 0 0 0 1 0.2\n").bipartite());
  EXPECT_FALSE(model_of(twice + "1 0 0 0 1 0.2\n0 0 0 0 1 0.2\n").bipartite());
  const TwoBand band(model_of(twice), 8, 0);
  EXPECT_TRUE(band.symmetric());
  EXPECT_TRUE(band.equivalent());
  EXPECT_FALSE(TwoBand(model_of(twice), 8, 0.1).equivalent());
}

TEST(TightBinding, FaultsNameTheLineAndTheRemedy) {
  EXPECT_NE(fault_of("# nothing\n1 0 0 0 -1\n").find("weiss_hoppings_test.txt:2: needs six numbers"),
            std::string::npos);
  EXPECT_NE(fault_of(square + "1 0 0 0 2 1\n").find(":3: orbitals are 0 and 1"), std::string::npos);
  EXPECT_NE(fault_of(square + "1 0 0 0 0 1\n").find(":3: is given already in line 1"), std::string::npos);
  EXPECT_NE(fault_of(square + "-1 0 0 0 0 1\n").find(":3: differs from its partner in line 1"),
            std::string::npos);
  EXPECT_NE(fault_of("1 0 0 0 0 -1 extra\n").find(":1: needs six numbers"), std::string::npos);
  EXPECT_NE(fault_of("0 0 0 0 0 1\n").find("nothing hops between cells"), std::string::npos);
  EXPECT_THROW(read_tight_binding("no/such/file"), Error);
  // Both partners, equal.
  EXPECT_EQ(model_of(square + "-1 0 0 0 0 -1\n").terms.size(), 4U);
}

}  // namespace
}  // namespace weiss
