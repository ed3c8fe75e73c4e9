// Replica symmetry breaking in k steps of fully connected Ising models
//
//     H = -sum J s_1 .. s_p - h sum s,   [J^2] = p!/(2 N^(p-1)),   [H(s) H(s')] = N xi(q),  xi(q) = q^p/2,
//
// p = 2 being the Sherrington-Kirkpatrick model (G. Parisi, J. Phys. A 13, 1101 (1980); D. J. Gross, M.
// Mezard, Nucl. Phys. B 240, 431 (1984); A. Crisanti, T. Rizzo, Phys. Rev. E 65, 046137 (2002)). With the
// overlap function q(x) a staircase of heights q_0 <= .. <= q_k and mu = x/T equal to mu_i between q_(i-1)
// and q_i, 0 below q_0 and 1/T above q_k,
//
//     -f = phi(0, h) - 1/2 int_0^1 q xi''(q) mu(q) dq,   phi(1, y) = T ln 2 cosh(y/T),
//     phi_(i-1)(y) = (1/mu_i) ln E exp(mu_i phi_i(y + s_i z)),   s_i^2 = xi'(q_i) - xi'(q_(i-1)),
//
// which solves Parisi's equation exactly for that staircase. The free energy is the largest over all q and mu
// (F. Guerra, Commun. Math. Phys. 233, 1 (2003)); the derivatives are
//
//     d(-f)/dq_i  = (mu_i - mu_(i+1)) xi''(q_i)/2 (E m_i^2 - q_i),     m_i = phi_i',
//     d(-f)/dmu_i = E [<phi_i> - phi_(i-1)]/mu_i - 1/2 int q xi'' dq.
//
// In these variables T = 0 is no limit: phi(1, y) = |y|, q_k = 1.
//
// Averages over z are sums over a uniform grid of y, which converge exponentially in the spacing; steps too
// narrow for it use five points with the first moments of the Gaussian. The library's exp is used: same bits
// on one type of CPU only. Units: energies and fields in J, k_B = 1.
#pragma once

#include <cstddef>
#include <vector>

namespace weiss {

struct MeanFieldGlass {
  int spins_per_interaction = 2;  // p
  double temperature = 0;         // 0 is allowed
  double field = 0;

  double xi(double q) const;
  double xi_prime(double q) const;
  double xi_second(double q) const;
  // int_0^q q xi''
  double theta(double q) const { return q * xi_prime(q) - xi(q); }
};

// Staircase: q of k + 1 heights, mu of k values; at T = 0 the last q is 1.
struct ReplicaSteps {
  std::vector<double> q, mu;
};

struct ReplicaGrid {
  double spacing = 0.04;  // largest spacing of y
  double refinement = 1;  // all spacings are divided by it
};

struct ReplicaFreeEnergy {
  double free_energy = 0;                 // f
  double magnetization = 0;               // E m_0
  double susceptibility = 0;              // of one state, (1 - E m_k^2)/T, at T = 0 its limit
  std::vector<double> overlaps;           // E m_i^2, equal to q_i where f is stationary
  std::vector<double> slope_q, slope_mu;  // d(-f)/dq_i, d(-f)/dmu_i
};

// Throws std::invalid_argument where q or mu are out of order.
ReplicaFreeEnergy replica_free_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps,
                                      const ReplicaGrid& grid = {});

// dm/dh = int_0^1 mu dq
double replica_susceptibility(const ReplicaSteps& steps, const ReplicaFreeEnergy& at);

// -df/dT: (e - f)/T, at T = 0 the limit -xi''(1) chi^2/4 with the susceptibility chi of one state.
double replica_entropy(const MeanFieldGlass& glass, const ReplicaSteps& steps, const ReplicaFreeEnergy& at);

// Energy from the overlaps, -int mu xi' dq - h m; at T = 0 with the limit of its last piece.
double replica_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps, const ReplicaFreeEnergy& at);

// d(beta f)/d beta at fixed q and x, by differences of f; the energy where f is stationary. T > 0.
double energy_from_free_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps,
                               const ReplicaGrid& grid = {});

}  // namespace weiss
