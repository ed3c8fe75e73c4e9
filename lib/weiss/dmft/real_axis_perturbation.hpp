// Iterated perturbation theory on the real axis, for a lattice and its self-consistent bath: what
// perturbation.hpp does on the Matsubara axis, without any continuation. With a(t) = int A0(e) (1 - n(e))
// e^{-iet}, b(t) the same with the Fermi function n, A0 the spectrum of the Weiss field,
//   Sigma2_s(z) = -i U^2 int_0^inf e^{izt} [a_s a_-s conj(b_-s) + b_s b_-s conj(a_-s)] dt,
// that is Im Sigma2(w) = -pi U^2 int int A0 A0 A0 [f f f + (1 - f)(1 - f)(1 - f)] (A. Georges, G. Kotliar, W.
// Krauth, M. J. Rozenberg, Rev. Mod. Phys. 68, 13 (1996), section VI.B) with its real part; away from half
// filling A and B as in perturbation.hpp (H. Kajueter, G. Kotliar, Phys. Rev. Lett. 77, 131 (1996)). The
// iteration runs on a line above the axis (causal_line.hpp), whose height is no broadening: Sigma there and
// in time are the same information, up to a time of some 10 beta. Tested: Sigma(i w_n) and G(i w_n) are those
// of the Matsubara axis to 1e-6.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "weiss/dmft/causal_line.hpp"
#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/mixing.hpp"

namespace weiss {

struct RealAxisProblem {
  double beta = 1;
  double interaction = 0;
  double chemical_potential = 0;  // as in impurity.hpp
  Phase phase = Phase::paramagnetic;
  bool particle_hole_symmetric = false;     // imposed: an insulator's symmetry is unstable to rounding
  std::array<double, 2> density{0.5, 0.5};  // first guess
  bool insulator = false;                   // first guess: Sigma of the atom
};

struct RealAxisSettings {
  double reach = 1;          // half the width of all spectra, with room: three times that of the band and U
  double resolution = 0.05;  // in energy: structures of a tenth of it, or of the temperature, are resolved
  double tolerance = 1e-9;   // of the hybridisation and the densities
  std::int64_t most_iterations = 1000;
  std::int64_t plain_steps = 10;  // before mixing, which may find unstable solutions
  Mixing mixing{MixingMethod::anderson, 0.5, 6};
};

struct RealAxisSolution {
  bool converged = false;
  std::int64_t iterations = 0;
  double residual = 0;               // largest change in an undamped iteration
  std::array<double, 2> constant{};  // of the self-energies at high frequency
  std::array<double, 2> density{};   // <n_s>
  double double_occupancy = 0;
  std::shared_ptr<const CausalLine> line;
  // f(t) of Sigma_s - constant and of G_s, cut off.
  std::array<std::vector<Complex>, 2> self_energy_in_time, green_in_time;

  // At Im z >= 0; at z = w the axis itself, seen through the cut-off's resolution.
  Complex self_energy(std::size_t spin, Complex z) const;
  Complex green(std::size_t spin, Complex z) const;
  // 1/(1 - d Re Sigma/dw) at w = 0.
  double quasiparticle_weight(std::size_t spin) const;
};

RealAxisSolution real_axis_perturbation(const Band& band, const RealAxisProblem& problem,
                                        const RealAxisSettings& settings);

}  // namespace weiss
