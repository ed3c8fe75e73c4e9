// Transitions of fully connected Ising models, as zeros of functions of one variable.
//
// p >= 3, no field, one step with q_0 = 0 (E. Gardner, Nucl. Phys. B 257, 747 (1985)). With lambda =
// xi'(q)/T^2 and averages <..> over y = sqrt(lambda) z with weight cosh^m y:
//     q = <tanh^2 y>,   1/m ln E cosh^m y ... stationary in m,   T = sqrt(xi'(q)/lambda);
//   T_d (dynamic): the largest T with q > 0 at m = 1; T_K (static): there the complexity
//     Sigma = ln 2 + lambda/2 + lambda q (p-1)/(2p) - E ln 2 cosh(lambda + sqrt(lambda) z)   vanishes;
//   T_G (Gardner): (xi''(q)/T^2) <sech^4 y> = 1 on the one-step solution.
// p = 2: the line of J. R. L. de Almeida, D. J. Thouless, J. Phys. A 11, 983 (1978), in a field h,
//     q = E tanh^2 y,   T^2 = E sech^4 y,   y = (h + sqrt(q) z)/T.
#pragma once

namespace weiss {

struct TransitionPoint {
  double temperature, overlap, parameter;  // parameter: m
};

TransitionPoint dynamic_transition(int p);
TransitionPoint static_transition(int p);
TransitionPoint gardner_transition(int p);
// The one-step solution at 0 < T <= T_K.
TransitionPoint one_step_state(int p, double temperature);
// Sigma at m = 1 and temperature T_K <= T <= T_d.
double paramagnetic_complexity(int p, double temperature);

struct InstabilityPoint {
  double field, overlap;
};
// Of the Sherrington-Kirkpatrick model, 0 < T < 1.
InstabilityPoint almeida_thouless_field(double temperature);
// T_AT in a field h > 0.
double almeida_thouless_temperature(double field);

}  // namespace weiss
