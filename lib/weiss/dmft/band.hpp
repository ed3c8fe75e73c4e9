// One band of non-interacting electrons as DMFT sees it: its density of states rho(e) and
//   D(z) = int rho(e)/(z - e) de   (the Hilbert transform; A. Georges et al., Rev. Mod. Phys. 68, 13 (1996)),
// with energies e(k) = -t sum over neighbours of cos(k r) (t > 0, k_B = hbar = 1):
//   bethe        semicircle of half bandwidth 2t (infinite coordination, hopping t/sqrt(z)), closed form
//   hypercubic   exp(-e^2/(2 t^2))/(sqrt(2 pi) t) (infinite dimension, hopping t/sqrt(2 d)), closed form
//   square, cubic, triangular, chain   e(k) on a mesh of wave vectors, t' along diagonals of the square
//   honeycomb    +-|f(k)|, two sites a cell, of which the local function sees both bands alike
//   table        rho on given energies, linear in between
//   levels       any e(k), as tight_binding.hpp makes them
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

enum class BandKind { bethe, hypercubic, chain, square, cubic, triangular, honeycomb, table, levels };

// Phases k r_i of a wave vector along the primitive vectors (brillouin_zone.hpp).
using WaveVector = std::array<double, 3>;

// Of every site of a unit cell: one band, or two.
struct BandEnergies {
  std::array<double, 2> value{};
  std::size_t count = 1;
};

class Band {
 public:
  static Band bethe(double hopping);
  static Band hypercubic(double hopping);
  // mesh: wave vectors a direction. Sums over them are exact to exp(-mesh |Im z|/velocity).
  static Band on_mesh(BandKind kind, double hopping, double diagonal_hopping, std::int64_t mesh);
  // Ascending energies and densities >= 0, normalised here.
  static Band table(std::span<const double> energies, std::span<const double> densities);
  // e(k) of any lattice at wave vectors of equal weight.
  static Band of_levels(std::vector<double> energies, bool symmetric);

  // e(k) of a band on a mesh, any k.
  BandEnergies energies(const WaveVector& phase) const;
  bool has_wave_vectors() const { return !levels_.empty(); }
  BandKind kind() const { return kind_; }

  Complex hilbert(Complex z) const;
  // int rho(e) e^2/(z - e) and the like follow from D: int rho e/(z - e) = z D(z) - 1.

  double mean() const { return mean_; }          // int rho e
  double variance() const { return variance_; }  // int rho (e - mean)^2: the total weight of Delta
  double lowest() const { return lowest_; }      // where rho becomes negligible
  double highest() const { return highest_; }
  bool symmetric() const { return symmetric_; }  // rho(-e) = rho(e) and bipartite: antiferromagnetism

 private:
  struct Level {
    double energy, weight;
  };
  explicit Band(BandKind kind) : kind_(kind) {}
  void set_levels(std::vector<double> energies);
  void find_moments();

  BandKind kind_;
  double hopping_ = 0, diagonal_hopping_ = 0;
  std::vector<Level> levels_;                 // of a mesh
  std::vector<double> energies_, densities_;  // of a table
  double mean_ = 0, variance_ = 0, lowest_ = 0, highest_ = 0;
  bool symmetric_ = false;
};

// The Green function of an electron with this wave vector in a lattice whose sublattices see z_A and z_B (one
// argument without order): the part that is diagonal in k, mean over the sites of a cell,
//   G(k) = ((z_A + z_B)/2 + e)/(z_A z_B - e^2), which is 1/(z - e) for z_A = z_B.
Complex green_at(const BandEnergies& energies, Complex z_a, Complex z_b);

// The local Green function of sublattice A of a bipartite lattice whose sublattices see z_A and z_B,
//   G_A = z_B D(s)/s, s = sqrt(z_A z_B)   (rho symmetric).
Complex staggered_green(const Band& band, Complex z_a, Complex z_b);

}  // namespace weiss
