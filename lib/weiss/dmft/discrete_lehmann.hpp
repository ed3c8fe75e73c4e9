// The discrete Lehmann representation, made on the fly (J. Kaye, K. Chen, O. Parcollet, Phys. Rev. B 105,
// 235115 (2022)): every Green function with spectrum inside [-omega_max, omega_max] is, to a stated accuracy,
// a sum over a few real poles that depend on beta omega_max and the accuracy only,
//   G(tau) = -<T c(tau) c+> = -sum_l g_l K(tau, w_l),  K(tau, w) = e^{-tau w}/(1 + e^{-beta w}),  g_l real;
//   fermions G(i w_n) = sum_l g_l/(i w_n - w_l);   bosons G(i v_m) = sum_l g_l tanh(beta w_l/2)/(i v_m -
//   w_l).
// Poles, times and frequencies are pivots: rows of K on composite Chebyshev meshes, taken largest remainder
// first. The coefficients describe G on the imaginary axis; they are no spectrum, and may have either sign.
// Energies in any unit, times in its inverse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

enum class Statistics { fermion, boson };

// A time between 0 and beta by its distances from both ends, each exact: K needs e^{-tau w} for w > 0 and
// e^{(beta - tau) w} for w < 0, and beta - tau would lose digits close to beta.
struct ImaginaryTime {
  double from_start, from_end;
  static ImaginaryTime after_start(double distance, double beta) { return {distance, beta - distance}; }
  static ImaginaryTime before_end(double distance, double beta) { return {beta - distance, distance}; }
};

double logistic_kernel(const ImaginaryTime& time, double w, double beta);

// Coefficients that fit data on a mesh of any kind.
struct LehmannFit {
  std::vector<double> coefficients;
  double chi_squared = 0;  // sum of weight_i^2 |deviation_i|^2
  // How many combinations of coefficients the data and moments fix; the others, up to the rank, are set to
  // zero.
  std::size_t directions = 0;
};

class DiscreteLehmann {
 public:
  // The accuracy is that of |G(tau)| per unit of integrated |spectrum| (tested: within 3 times of it from
  // values at times(), 10 from values at frequencies()), between 1e-13 and 0.1; beta omega_max is at most
  // 1e8.
  DiscreteLehmann(double beta, double omega_max, double accuracy,
                  Statistics statistics = Statistics::fermion);

  double beta() const { return beta_; }
  double omega_max() const { return omega_max_; }
  double accuracy() const { return accuracy_; }
  std::size_t rank() const { return energies_.size(); }

  const std::vector<double>& energies() const { return energies_; }   // ascending, rank() of them
  const std::vector<ImaginaryTime>& times() const { return times_; }  // ascending, rank() of them
  const std::vector<std::int64_t>& frequencies() const {
    return frequencies_;
  }  // ascending, n >= 0, half as many

  // Coefficients from values at times(), and at frequencies() (where G(-i w) = conj G(i w)).
  std::vector<double> from_times(std::span<const double> values) const;
  std::vector<double> from_frequencies(std::span<const Complex> values) const;

  // Least squares on any mesh: sum_i weight_i^2 |G_i - fit_i|^2, weights 1 when empty (else one over the
  // error bar). Known moments m1, m2, ... are met exactly. Directions that raise the deviation, relative to
  // the best determined one, by less than `cutoff` are left out: for noisy data, noise over signal.
  LehmannFit fit_times(std::span<const ImaginaryTime> times, std::span<const double> values,
                       std::span<const double> weights, double cutoff,
                       std::span<const double> moments = {}) const;
  LehmannFit fit_frequencies(std::span<const std::int64_t> frequencies, std::span<const Complex> values,
                             std::span<const double> weights, double cutoff,
                             std::span<const double> moments = {}) const;

  double in_time(std::span<const double> coefficients, const ImaginaryTime& time) const;
  double in_time(std::span<const double> coefficients, double tau) const;
  // At tau = beta j/intervals, j = 0 .. intervals.
  std::vector<double> on_grid(std::span<const double> coefficients, std::size_t intervals) const;
  Complex on_matsubara(std::span<const double> coefficients, std::int64_t n) const;
  // m_k of G(i w) = m1/(i w) + m2/(i w)^2 + ...
  double moment(std::span<const double> coefficients, int k) const;

 private:
  struct Factors;
  void choose_energies_and_times();
  void choose_frequencies();
  LehmannFit fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& data, std::span<const double> moments,
                 double cutoff) const;
  Complex kernel_on_matsubara(std::int64_t n, double w) const;
  double frequency_scale(std::int64_t n) const;
  double moment_of_pole(double w, int k) const;

  double beta_, omega_max_, accuracy_;
  Statistics statistics_;
  std::vector<double> energies_;
  std::vector<ImaginaryTime> times_;
  std::vector<std::int64_t> frequencies_;
  std::shared_ptr<const Factors> factors_;
};

}  // namespace weiss
