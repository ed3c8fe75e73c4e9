// Ground states and low excited states of clusters of up to 12 sites by Lanczos, and the local Green
// functions of chosen sites from each of them, with Boltzmann weights (M. Capone, L. de' Medici, A. Georges,
// Phys. Rev. B 76, 245116 (2007)):
//   G_i(z) = sum_n p_n [<n|c_i 1/(z - H + E_n) c+_i|n> + <n|c+_i 1/(z + H - E_n) c_i|n>].
// At beta = infinity the states within 1e-8 max(1, |E_0|) of the lowest share the weight. Deterministic:
// start vectors come from weiss/rng and all sums are in a fixed order. Units of the Hamiltonian, k_B = 1.
#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "weiss/dmft/fermion_cluster.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

// i w and 10 i w: with w the lowest Matsubara frequency, G is then settled at all of them.
std::vector<Complex> imaginary_probes(double w);
// w + i broadening at steps of half the broadening, for spectra between two frequencies.
std::vector<Complex> real_axis_probes(double lowest, double highest, double broadening);

struct LanczosSettings {
  double beta = std::numeric_limits<double>::infinity();
  std::vector<int> sites = {0};            // those whose Green function is wanted; may be empty
  bool spin_correlation = false;           // of the same sites
  bool charge_correlation = false;         // of the same sites
  std::vector<std::pair<int, int>> pairs;  // i, j whose off-diagonal Green function is wanted

  // Sectors. At finite beta all are visited. At beta = infinity either all, or those met on a descent: from
  // `guess` (default: half filling) to the lowest of the eight neighbours until none is lower, then all
  // sectors as low that touch one found (a lower one beyond a barrier is missed).
  bool every_sector = false;
  Sector guess{-1, -1};
  // The caller's word that H maps onto itself under c -> c+ (with signs and a permutation of the sites that
  // leaves `sites` in place). Halves the descent, and the Green function of the half-filled sector. Densities
  // other than 1/2 of the sites betray a wrong word: Error(internal).
  bool particle_hole_symmetric = false;

  int dense_dimension = 300;  // sectors up to it are diagonalised as matrices
  double tolerance = 1e-11;   // of a state's residual, in units of max(1, |E|)
  int most_steps = 500;       // of the recurrence for a state
  // States are sought until their Boltzmann factor is below the cutoff (infinite beta: until they are not
  // degenerate with the lowest), at most so many a sector.
  double boltzmann_cutoff = 1e-9;
  int most_states = 40;

  // Resolvents end when G at every probe changes by less than green_tolerance (relative) in ten steps.
  std::vector<Complex> probes = imaginary_probes(0.03);
  double green_tolerance = 1e-11;
  int most_green_steps = 400;
};

struct LowState {
  Sector sector;
  int copies = 1;                      // 2: the state of the sector with spins exchanged is meant as well
  double energy = 0, probability = 0;  // probability of all copies
  double residual = 0;                 // |H x - E x|
};

struct LanczosSolution {
  double ground_energy = 0;
  double energy = 0;              // <H>, with -mu N in it
  double interaction_energy = 0;  // of the (n - 1/2)(n - 1/2) form
  double free_energy = 0;         // -T ln Z of the states held: too high by at most T ln(1 + neglected)
  double entropy = 0;             // of the states held; ln of their number at beta = infinity
  std::vector<LowState> states;
  DensityAverages densities{1};
  // Of each of the settings' sites: by spin, and <S_z(tau) S_z(0)> and <n(tau) n(0)> if asked for.
  std::vector<std::array<SpectralPoles, 2>> green_function;
  std::vector<BosonicPoles> spin_correlation, charge_correlation;
  // Of each of the settings' pairs: -<T c_i c+_j>, from the sum and the difference of c_i and c_j.
  std::vector<std::array<SpectralPoles, 2>> pair_green_function;

  // Bound on the probability of all states left out at finite beta: their number times the Boltzmann factor
  // of the highest energy that was passed in their sector, over Z. 0 at beta = infinity.
  double neglected = 0;
  double green_change = 0;  // largest last change of a resolvent at the probes, relative
  // All residuals within tolerance, all resolvents settled, no sector with more than most_states states that
  // matter, `neglected` at most 1e-3.
  bool converged = false;
};

LanczosSolution lanczos_solution(const FermionCluster& cluster, const LanczosSettings& settings);

}  // namespace weiss
