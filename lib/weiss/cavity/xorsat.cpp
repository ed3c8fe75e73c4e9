#include "weiss/cavity/xorsat.hpp"

#include <cmath>
#include <numbers>

namespace weiss {

namespace {

// f changes sign between low and high.
template <class F>
double root_between(F&& f, double low, double high) {
  const bool positive = f(low) > 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    ((f(middle) > 0) == positive ? low : high) = middle;
  }
  return (low + high) / 2;
}

double power(double x, std::int64_t n) { return std::pow(x, static_cast<double>(n)); }

// The alpha at which phi solves the equation.
double alpha_of(std::int64_t p, double phi) {
  return -std::log1p(-phi) / (static_cast<double>(p) * power(phi, p - 1));
}

double complexity(std::int64_t p, double alpha, double phi) {
  const auto spins = static_cast<double>(p);
  return std::numbers::ln2 * (phi - spins * alpha * power(phi, p - 1) + (spins - 1) * alpha * power(phi, p));
}

}  // namespace

XorsatThresholds xorsat_thresholds(std::int64_t p) {
  XorsatThresholds thresholds;
  // d alpha / d phi = 0.
  const auto slope = [&](double phi) {
    return phi / (1 - phi) + static_cast<double>(p - 1) * std::log1p(-phi);
  };
  thresholds.frozen = root_between(slope, 1e-3, 1 - 1e-15);
  thresholds.dynamic = alpha_of(p, thresholds.frozen);
  const double phi =
      root_between([&](double x) { return complexity(p, alpha_of(p, x), x); }, thresholds.frozen, 1 - 1e-15);
  thresholds.satisfiability = alpha_of(p, phi);
  return thresholds;
}

XorsatPoint xorsat_point(std::int64_t p, double alpha) {
  const XorsatThresholds thresholds = xorsat_thresholds(p);
  XorsatPoint point;
  point.entropy = (1 - alpha) * std::numbers::ln2;
  if (alpha < thresholds.dynamic) return point;
  point.frozen =
      root_between([&](double phi) { return alpha_of(p, phi) - alpha; }, thresholds.frozen, 1 - 1e-15);
  point.complexity = complexity(p, alpha, point.frozen);
  return point;
}

namespace {

double polynomial(const std::vector<double>& coefficients, double x) {
  double value = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) value = value * x + coefficients[i];
  return value;
}

}  // namespace

XorsatPoint xorsat_point(std::int64_t p, const DegreeLaw& degrees) {
  constexpr int most_iterations = 10000000;
  XorsatPoint point;
  point.entropy = (1 - degrees.mean / static_cast<double>(p)) * std::numbers::ln2;
  double phi = 1, last = 2;
  for (int i = 0; i < most_iterations && last - phi > 1e-16; ++i) {
    last = phi;
    phi = 1 - polynomial(degrees.excess, 1 - power(phi, p - 1));
  }
  if (phi < 1e-6) return point;
  const double psi = power(phi, p - 1);
  const double variables =
      1 - polynomial(degrees.site, 1 - psi) - psi * degrees.mean * polynomial(degrees.excess, 1 - psi);
  point.frozen = phi;
  point.complexity = std::numbers::ln2 * (variables - degrees.mean / static_cast<double>(p) * power(phi, p));
  return point;
}

}  // namespace weiss
