#include "weiss/dmft/matsubara_transform.hpp"

#include <cmath>
#include <numbers>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// e^{i pi k/L}, k = 0..2L-1: every phase w_n tau_j of a uniform mesh is one of these.
class PhaseTable {
 public:
  explicit PhaseTable(std::size_t intervals) : phases_(2 * intervals) {
    for (std::size_t k = 0; k < phases_.size(); ++k) {
      const double angle = std::numbers::pi * static_cast<double>(k) / static_cast<double>(intervals);
      phases_[k] = {std::cos(angle), std::sin(angle)};
    }
  }
  std::size_t size() const { return phases_.size(); }
  const Complex& operator[](std::size_t k) const { return phases_[k]; }

 private:
  std::vector<Complex> phases_;
};

// Poles at centre, centre +- step, with weights that solve the three moment equations.
Poles three_poles(const Moments& m, double centre, double step) {
  const double first = m.m2 - centre * m.m1;
  const double second = m.m3 - 2 * centre * m.m2 + centre * centre * m.m1;
  const double sum = second / (step * step), difference = first / step;
  return {{centre - step, centre, centre + step},
          {0.5 * (sum - difference), m.m1 - sum, 0.5 * (sum + difference)}};
}

}  // namespace

double logistic_kernel(double tau, double w, double beta) {
  if (w >= 0) return std::exp(-tau * w) / (1 + std::exp(-beta * w));
  return std::exp((beta - tau) * w) / (1 + std::exp(beta * w));
}

Complex pole_sum(const Poles& poles, Complex z) {
  Complex sum = 0;
  for (std::size_t l = 0; l < poles.energies.size(); ++l) sum += poles.weights[l] / (z - poles.energies[l]);
  return sum;
}

double pole_sum_in_time(const Poles& poles, double tau, double beta) {
  double sum = 0;
  for (std::size_t l = 0; l < poles.energies.size(); ++l) {
    sum -= poles.weights[l] * logistic_kernel(tau, poles.energies[l], beta);
  }
  return sum;
}

Moments moments_of(const Poles& poles) {
  Moments m{0, 0, 0};
  for (std::size_t l = 0; l < poles.energies.size(); ++l) {
    const double e = poles.energies[l], weight = poles.weights[l];
    m.m1 += weight;
    m.m2 += weight * e;
    m.m3 += weight * e * e;
  }
  return m;
}

Poles poles_with_moments(const Moments& m) {
  if (m.m1 != 0) {
    const double mean = m.m2 / m.m1, variance = m.m3 / m.m1 - mean * mean;
    if (variance > 1e-12 * mean * mean) {
      const double width = std::sqrt(variance);
      return {{mean - width, mean + width}, {0.5 * m.m1, 0.5 * m.m1}};
    }
    if (variance >= 0) return {{mean}, {m.m1}};
    return three_poles(m, mean, std::sqrt(-variance));
  }
  if (m.m2 == 0 && m.m3 == 0) return {};
  return three_poles(m, 0, m.m2 != 0 && m.m3 != 0 ? std::abs(m.m3 / m.m2) : 1.0);
}

std::vector<double> to_imaginary_time(std::span<const Complex> g, const Moments& moments, double beta,
                                      std::size_t intervals) {
  if (intervals == 0) throw Error(ExitCode::internal, "to_imaginary_time: a mesh of no interval");
  const Poles model = poles_with_moments(moments);
  std::vector<Complex> rest(g.begin(), g.end());
  for (std::size_t n = 0; n < rest.size(); ++n) {
    rest[n] -= pole_sum(model, {0, fermionic_frequency(static_cast<std::int64_t>(n), beta)});
  }
  const PhaseTable phases(intervals);
  std::vector<double> result(intervals + 1);
  // w_n (beta - tau) = (2n + 1) pi - w_n tau, so that one pair of sums serves tau and beta - tau.
  for (std::size_t j = 0; j <= intervals / 2; ++j) {
    double even = 0, odd = 0;
    std::size_t k = j;
    for (const Complex& r : rest) {
      even += r.real() * phases[k].real();
      odd += r.imag() * phases[k].imag();
      k += 2 * j;
      if (k >= phases.size()) k -= phases.size();
    }
    const double tau = beta * static_cast<double>(j) / static_cast<double>(intervals);
    const double far = beta * static_cast<double>(intervals - j) / static_cast<double>(intervals);
    result[j] = pole_sum_in_time(model, tau, beta) + 2 / beta * (odd + even);
    result[intervals - j] = pole_sum_in_time(model, far, beta) + 2 / beta * (odd - even);
  }
  return result;
}

std::vector<Complex> to_matsubara(std::span<const double> g_tau, double beta, std::size_t frequencies,
                                  const Moments& moments) {
  if (g_tau.size() < 2) throw Error(ExitCode::internal, "to_matsubara: a mesh of no interval");
  const std::size_t intervals = g_tau.size() - 1;
  const Poles model = poles_with_moments(moments);
  const double step = beta / static_cast<double>(intervals);
  std::vector<double> rest(intervals);
  for (std::size_t j = 0; j < intervals; ++j) {
    rest[j] = g_tau[j] - pole_sum_in_time(model, step * static_cast<double>(j), beta);
  }
  // Both ends are one point of an antiperiodic function: with noise, their mean.
  rest[0] = 0.5 * (rest[0] - (g_tau[intervals] - pole_sum_in_time(model, beta, beta)));

  const PhaseTable phases(intervals);
  std::vector<Complex> result(frequencies);
  for (std::size_t n = 0; n < frequencies; ++n) {
    const double w = fermionic_frequency(static_cast<std::int64_t>(n), beta);
    Complex sum = 0;
    const std::size_t stride = (2 * n + 1) % phases.size();
    std::size_t k = 0;
    for (const double r : rest) {
      sum += r * phases[k];
      k += stride;
      if (k >= phases.size()) k -= phases.size();
    }
    // What the transform of the interpolating cubic spline is to the discrete sum over its nodes.
    const double x = 0.5 * w * step, ratio = std::sin(x) / x, cosine = std::cos(x);
    const double attenuation = ratio * ratio * ratio * ratio * 3 / (1 + 2 * cosine * cosine);
    result[n] = pole_sum(model, {0, w}) + step * attenuation * sum;
  }
  return result;
}

}  // namespace weiss
