#include "weiss/cavity/p_spin_transitions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "weiss/cavity/replica_steps.hpp"
#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

double square(double x) { return x * x; }

double log_cosh(double y) {
  const double size = std::fabs(y);
  return size + std::log1p(std::exp(-2 * size)) - std::numbers::ln2;
}

double sech(double y) { return 1 / std::cosh(y); }

double spacing_of(double lambda) { return std::min(0.1, 0.28 / std::sqrt(lambda)); }

// At m = 1 the weight cosh y is a shift: q = E tanh(lambda + sqrt(lambda) z).
double overlap_at_one(double lambda) {
  const double width = std::sqrt(lambda);
  return gaussian_average([&](double z) { return std::tanh(lambda + width * z); }, spacing_of(lambda));
}

double temperature_of(int p, double lambda, double q) {
  return std::sqrt(MeanFieldGlass{p, 0, 0}.xi_prime(q) / lambda);
}

double complexity_at_one(int p, double lambda) {
  const double width = std::sqrt(lambda), q = overlap_at_one(lambda);
  const double log_two_cosh = gaussian_average(
      [&](double z) { return log_cosh(lambda + width * z) + std::numbers::ln2; }, spacing_of(lambda));
  return std::numbers::ln2 + lambda / 2 + lambda * q * (p - 1) / (2 * p) - log_two_cosh;
}

// lambda of the largest temperature at m = 1: d ln T^2/d ln lambda = (p-1) (lambda/q) dq/dlambda - 1 = 0.
double dynamic_lambda(int p) {
  const auto slope = [p](double lambda) {
    const double width = std::sqrt(lambda);
    const double growth = gaussian_average(
        [&](double z) {
          const double y = lambda + width * z;
          return square(sech(y)) * (1 - std::tanh(y));
        },
        spacing_of(lambda));
    return (p - 1) * lambda * growth - overlap_at_one(lambda);
  };
  return root_between(slope, 0.1, 4.0 * p + 10, 1e-13);
}

// Averages of the one-step solution with weight cosh^m y.
struct OneStep {
  double m, q, sech_4;
};

OneStep one_step_averages(double lambda, double m) {
  const double width = std::sqrt(lambda), spacing = spacing_of(lambda), reach = 9 + m * width;
  const double scale = m * m * lambda / 2;  // keeps the weights in range
  const auto average = [&](const std::function<double(double)>& f) {
    return gaussian_average(
        [&](double z) { return std::exp(m * log_cosh(width * z) - scale) * f(width * z); }, spacing, reach);
  };
  const double norm = average([](double) { return 1; });
  return {m, average([](double y) { return square(std::tanh(y)); }) / norm,
          average([](double y) { return square(square(sech(y))); }) / norm};
}

// The derivative by m of the one-step free energy, times m^2; 0 at the stationary m.
double slope_by_m(int p, double lambda, double m) {
  const double width = std::sqrt(lambda), spacing = spacing_of(lambda), reach = 9 + m * width;
  const double scale = m * m * lambda / 2;
  const auto weight = [&](double z) { return std::exp(m * log_cosh(width * z) - scale); };
  const double norm = gaussian_average(weight, spacing, reach);
  const double mean =
      gaussian_average([&](double z) { return weight(z) * log_cosh(width * z); }, spacing, reach) / norm;
  const double q = one_step_averages(lambda, m).q;
  return -(std::log(norm) + scale) + m * mean - m * m * lambda * q * (p - 1) / (2 * p);
}

OneStep one_step_solution(int p, double lambda) {
  const double random_energy = std::sqrt(2 * p * std::numbers::ln2 / lambda);  // m at large p
  const double m = root_between([&](double each) { return slope_by_m(p, lambda, each); }, random_energy / 5,
                                std::min(1.0, 5 * random_energy), 1e-13);
  return one_step_averages(lambda, m);
}

double static_lambda(int p) {
  return root_between([p](double lambda) { return complexity_at_one(p, lambda); }, dynamic_lambda(p),
                      4.0 * p + 10, 1e-13);
}

double replica_symmetric_overlap(double temperature, double field) {
  const auto excess = [&](double q) {
    const double width = std::sqrt(q) / temperature;
    return gaussian_average([&](double z) { return square(std::tanh(field / temperature + width * z)); },
                            spacing_of(std::max(square(width), 1e-6))) -
           q;
  };
  return root_between(excess, 0.0, 1.0, 1e-15);
}

// T^2 - E sech^4: negative where replica symmetry is unstable.
double replicon(double temperature, double field, double q) {
  const double width = std::sqrt(q) / temperature;
  return square(temperature) -
         gaussian_average([&](double z) { return square(square(sech(field / temperature + width * z))); },
                          spacing_of(std::max(square(width), 1e-6)));
}

}  // namespace

TransitionPoint dynamic_transition(int p) {
  const double lambda = dynamic_lambda(p), q = overlap_at_one(lambda);
  return {temperature_of(p, lambda, q), q, 1};
}

TransitionPoint static_transition(int p) {
  const double lambda = static_lambda(p), q = overlap_at_one(lambda);
  return {temperature_of(p, lambda, q), q, 1};
}

TransitionPoint gardner_transition(int p) {
  const auto stability = [p](double lambda) {
    const OneStep at = one_step_solution(p, lambda);
    return 1 - lambda * (p - 1) / at.q * at.sech_4;
  };
  // Below T_K lambda grows as T falls.
  double low = static_lambda(p) * 1.0001, high = low;
  do high *= 1.5;
  while (stability(high) > 0);
  const double lambda = root_between(stability, low, high, 1e-11);
  const OneStep at = one_step_solution(p, lambda);
  return {temperature_of(p, lambda, at.q), at.q, at.m};
}

TransitionPoint one_step_state(int p, double temperature) {
  const TransitionPoint fixed = static_transition(p);
  if (temperature >= fixed.temperature) return fixed;
  const auto excess = [&](double lambda) {
    return temperature_of(p, lambda, one_step_solution(p, lambda).q) - temperature;
  };
  double low = static_lambda(p) * (1 + 1e-9), high = low;
  if (excess(low) <= 0) return fixed;
  do high *= 1.5;
  while (excess(high) > 0);
  const OneStep at = one_step_solution(p, root_between(excess, low, high, 1e-11));
  return {temperature, at.q, at.m};
}

double paramagnetic_complexity(int p, double temperature) {
  const double first = dynamic_lambda(p);
  double last = first;
  while (temperature_of(p, last, overlap_at_one(last)) > temperature) last *= 1.5;
  const double lambda =
      root_between([&](double each) { return temperature_of(p, each, overlap_at_one(each)) - temperature; },
                   first, last, 1e-13);
  return complexity_at_one(p, lambda);
}

InstabilityPoint almeida_thouless_field(double temperature) {
  const auto stability = [&](double field) {
    return replicon(temperature, field, replica_symmetric_overlap(temperature, field));
  };
  double low = 0.1 * std::pow(1 - temperature, 1.5), high = 2 * low;
  while (stability(high) < 0) high *= 2;
  const double field = root_between(stability, low, high, 1e-14);
  return {field, replica_symmetric_overlap(temperature, field)};
}

double almeida_thouless_temperature(double field) {
  const auto stability = [&](double temperature) {
    return replicon(temperature, field, replica_symmetric_overlap(temperature, field));
  };
  double low = 0.5;
  while (stability(low) > 0) low /= 2;
  return root_between(stability, low, 1.0, 1e-14);
}

}  // namespace weiss
