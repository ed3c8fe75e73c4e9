// The impurity problem of the segment picture: flavours (orbital and spin) with density-density interaction,
//   H_loc = -sum_a mu_a n_a + sum_{a<b} U_ab n_a n_b,
// each in a bath of its own, given by its hybridisation function in imaginary time,
//   Delta_a(i w) = sum_p V_p^2 / (i w - e_p),   Delta_a(tau) = -sum_p V_p^2 exp(-e_p tau) / (1 + exp(-beta
//   e_p)),
// so that Delta < 0 on (0, beta) and antiperiodic. One band, U (n_up - 1/2)(n_down - 1/2) - mu (n_up +
// n_down): mu_a = mu + U/2 for both spins. Energies in any one unit, beta in its inverse.
//
// Optionally the total density n = sum_a n_a interacts with itself over time (P. Werner, A. J. Millis, Phys.
// Rev. Lett. 99, 146404 (2007); 104, 146401 (2010)), as after integrating out H_ph = w b+b + g n (b+ + b):
//   weight exp(1/2 int int n(tau) B(tau - tau') n(tau')),   B = -K'' > 0,  K(0) = K(beta) = 0,
// which is exp(1/2 sum_ij s_i s_j K(tau_i - tau_j)) over all operators (s = 1 for starts, -1 for ends) with
// mu_a + K'(0+) and U_ab - 2 K'(0+) in the place of mu_a and U_ab.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace weiss {

struct SegmentProblem {
  double beta = 1;
  std::vector<double> level;                       // mu_a
  std::vector<double> interaction;                 // U_ab, flavours x flavours, symmetric; the diagonal is 0
  std::vector<std::vector<double>> hybridization;  // Delta_a at tau = beta i / n, i = 0 .. n; 1024 divides n
  std::vector<double> screening = {};              // K at such times; empty: no retarded interaction
  double screening_slope = 0;                      // K'(0+)

  std::size_t flavours() const { return level.size(); }
};

// Error(bad_deck) names what does not fit.
void check(const SegmentProblem& problem);

// Delta(tau) at the n + 1 times of a table.
std::vector<double> tabulate(double beta, const std::function<double(double)>& delta, std::size_t n = 4096);
std::vector<double> bath_hybridization(double beta, std::span<const double> energies,
                                       std::span<const double> couplings, std::size_t n = 4096);
// t^2 G of a semicircular density of states of half-bandwidth D at the Fermi level's energy -mu; t = D/2.
std::vector<double> semicircle_hybridization(double beta, double half_bandwidth, std::size_t n = 4096);

// What a segment from s to e weighs in the bath: an electron is missing there from s to e, so that it is
// Delta(s - e) = -Delta(beta - (e - s)), as a function of e - s in (0, beta). Cubic pieces on
// hybridization_intervals intervals, four coefficients each: values at their ends as given, slopes from
// five-point differences of the table.
std::vector<double> hybridization_cubics(std::span<const double> table);

// K of one phonon, H_ph = w b+b + g n (b+ + b), w > 0:
//   K(tau) = (g/w)^2 [cosh(w beta/2) - cosh(w (beta/2 - tau))]/sinh(w beta/2),   K'(0+) = g^2/w.
struct Phonon {
  double frequency = 0, coupling = 0;  // w, g; none without a coupling
  bool couples() const { return coupling != 0; }
  double slope() const { return couples() ? coupling * coupling / frequency : 0; }
};
std::vector<double> phonon_screening(double beta, const Phonon& phonon, std::size_t n = 4096);
// K as cubics of distance in time, like hybridization_cubics.
std::vector<double> screening_cubics(std::span<const double> table);

// cos and sin of 2 pi i / phase_points, side by side, from libm.
const std::vector<double>& phase_table();

// Repulsion U between the spins of each orbital, U' = U - 2 J between opposite spins of two orbitals, U' - J
// between equal ones. Flavours: orbital 0 up, orbital 0 down, orbital 1 up, ...
std::vector<double> hund_interaction(std::size_t orbitals, double u, double hund);

}  // namespace weiss
