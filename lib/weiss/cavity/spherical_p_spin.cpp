#include "weiss/cavity/spherical_p_spin.hpp"

#include <cmath>
#include <numbers>

#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

// At the stationary point, with a = (1-q)/(1-(1-m)q):
// (2/p)(a ln a + 1 - a... ) is solved in a, which does not depend on T.
//   q-equation:  (p beta^2/2) q^(p-2) = 1/((1-q)(1-(1-m)q))
//   m-equation:  (beta^2/2) q^p = ln(1/a)/m^2 - q/(m (1-(1-m)q)),  m q/(1-(1-m)q) = 1 - a
// Divided by each other: 2.. (1-a)^2/(p a) = -ln a - (1 - a).
double ratio_of_statics(int p) {
  return root_between([p](double a) { return (1 - a) * (1 - a) / (p * a) + std::log(a) + 1 - a; }, 1e-6 / p,
                      0.95, 1e-15);
}

double squared_static_temperature(int p, double q) { return p * std::pow(q, p - 2) * (1 - q) / 2; }

}  // namespace

SphericalTransitions spherical_transitions(int p) {
  SphericalTransitions result{};
  const double a = ratio_of_statics(p);  // 1 - q at m = 1
  result.static_overlap = 1 - a;
  result.static_temperature = std::sqrt(squared_static_temperature(p, 1 - a));
  result.dynamic_overlap = static_cast<double>(p - 2) / (p - 1);
  result.dynamic_temperature = std::sqrt(squared_static_temperature(p, result.dynamic_overlap));
  result.threshold_energy = -std::sqrt(2.0 * (p - 1) / p);
  double low = 2 * result.threshold_energy;
  result.ground_state_energy =
      root_between([p](double e) { return spherical_complexity(p, e); }, low, result.threshold_energy, 1e-15);
  return result;
}

double spherical_complexity(int p, double energy) {
  const double threshold_squared = 2.0 * (p - 1) / p;
  const double below = std::fmax(0.0, energy * energy - threshold_squared);
  const double z = (-energy - std::sqrt(below)) / (p - 1), zz = z * z;
  return ((2.0 - p) / p - std::log(p * zz / 2) + (p - 1) * zz / 2 - 2 / (p * p * zz)) / 2;
}

SphericalState spherical_state(int p, double temperature) {
  const double beta = 1 / temperature;
  const SphericalTransitions at = spherical_transitions(p);
  SphericalState state{0, 1, 0, 0, 0};
  const double constant = (1 + std::log(2 * std::numbers::pi)) / 2;
  if (temperature < at.static_temperature) {
    const double a = 1 - at.static_overlap;
    // a (p beta^2/2) q^(p-2) (1-(1-m)q)^2 = 1 with 1-(1-m)q = (1-q)/a
    state.overlap = root_between(
        [&](double q) { return p * beta * beta / 2 * std::pow(q, p - 2) * (1 - q) * (1 - q) / a - 1; },
        static_cast<double>(p - 2) / p, 1.0, 1e-16);
    const double whole = (1 - state.overlap) / a;
    state.parameter = 1 - (1 - whole) / state.overlap;
  }
  const double q = state.overlap, m = state.parameter, power = std::pow(q, p);
  const double minus_beta_f = constant + beta * beta / 4 * (1 - (1 - m) * power) +
                              (std::log1p(-(1 - m) * q) / m + (m - 1) / m * std::log1p(-q)) / 2;
  state.free_energy = -temperature * minus_beta_f;
  state.energy = -beta / 2 * (1 - (1 - m) * power);
  state.entropy = (state.energy - state.free_energy) * beta;
  return state;
}

}  // namespace weiss
