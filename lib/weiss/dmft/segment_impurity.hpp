// The segment-picture solver behind the interface of impurity.hpp: one orbital, Weiss field in, self-energy,
// densities and double occupancy out, with error bars.
//
// The self-energy is measured as F / G, whose error grows with frequency, and known exactly at high
// frequency; a discrete Lehmann representation with these two moments, fitted to the measured values within
// their errors, joins the two. Directions that the noise hides are left out, so that nothing is fitted to
// noise. A phonon couples to the density's deviation from half filling, g (n - 1)(b+ + b): moments then are
//   s_0 = U <n_-s> - U/2 - (2 g^2/w) <n - 1>,
//   s_1 = <(U dn_-s + phi)^2> + g^2 coth(w beta/2),   phi = -int B(tau) dn(tau) dtau, B = -K'',
// with averages over configurations from the measured susceptibilities.
#pragma once

#include <vector>

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"
#include "weiss/dmft/segment_solver.hpp"

namespace weiss {

struct SegmentSolution {
  ImpuritySolution solution;
  SegmentResults results;  // per flavour: up, down; of two orbitals hund_interaction's order; energies with U
                           // n_up n_down, so that Sigma contains U/2
  // chi^2 of each spin's (or orbital's) fit over the number of its real data; the data are correlated, about
  // 1 is good.
  std::array<double, 2> misfit{};
  // What had to be cut off positive values of Delta(tau), relative to the largest |Delta|: noise of an
  // earlier iteration.
  double clipped = 0;
  // Of each spin (or orbital); false: too few segments for data, the self-energy is that of its moments.
  std::array<bool, 2> informed{true, true};
  double self_energy_shift = 0;  // self-energies of results less this are those of the solution
};

// symmetric: at half filling of a particle-hole symmetric bath; then <n> = 1/2 and Re Sigma = 0 are exact,
// and Delta(tau) is made even about beta/2. Equal baths of both spins: their self-energies are averaged.
// Collective; see run_streams for configurations. What is positive of Delta(tau) is cut off, as noise of an
// earlier iteration makes it; Error(bad_deck) when it reaches half of the largest modulus: not a bath.
SegmentSolution solve_by_segments(const WeissField& field, const DiscreteLehmann& basis, bool symmetric,
                                  const SegmentSettings& settings, const SegmentPlan& plan,
                                  const Communicator& communicator,
                                  std::vector<SegmentConfiguration>& configurations,
                                  const Phonon& phonon = {});

// Delta(tau) of both spins (or orbitals) at the times of a SegmentProblem, positive values cut off; clipped:
// the largest of them relative to the largest modulus, Error(bad_deck) from a half on; symmetric: made even
// about beta/2.
std::array<std::vector<double>, 2> hybridisation_tables(const DiscreteLehmann& basis,
                                                        const LocalFunctions& hybridisation, bool symmetric,
                                                        double& clipped);

// Whether segments were met often enough in each of flavours `from` to `to` - 1 for errors of F/G to mean
// anything.
bool enough_segments(const SegmentResults& results, std::size_t from, std::size_t to);

// The self-energy less its constant on the basis, from its mean over flavours `from` to `to` - 1; symmetric:
// without a real part. chi_squared is that of a datum.
LehmannFit fit_self_energy(const SegmentResults& results, const DiscreteLehmann& basis, std::size_t from,
                           std::size_t to, double constant, double first_moment, bool symmetric);
// Self-energy, Green function and misfit of a spin or orbital from that fit and solution.constant.
void set_functions(const WeissField& field, const DiscreteLehmann& basis, const LehmannFit& fit,
                   bool symmetric, std::size_t component, SegmentSolution& result);

}  // namespace weiss
