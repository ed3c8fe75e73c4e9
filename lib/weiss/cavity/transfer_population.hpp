// The largest eigenvalue of the transfer operator of a particle on the Bethe lattice by population dynamics:
// it is 1 at the localisation transition (R. Abou-Chacra, P. W. Anderson, D. J. Thouless, J. Phys. C 6, 1734
// (1973); K. S. Tikhonov, A. D. Mirlin, Phys. Rev. B 99, 214202 (2019)).
//
// A small imaginary part d of self-energies moves along paths, d' = t^2 G^2 (d_1 + ... + d_K), G real. Its
// distribution has a tail d^-(1+s), kept from one generation to the next where the operator of kernel
//   K (t^2/x^2)^s p(E - x - t^2/y),   x = 1/G, p the density of e + t^2 (G_2 + ... + G_K),
// has the eigenvalue 1. lambda(s) = lambda(1 - s) is smallest at s = 1/2: states are localised where
// lambda = lambda(1/2) < 1. It is also the growth of K^n <|G_0n|> with the distance n.
//
// At s = 1/2 the operator is similar to K t |x y|^(-1/2) p(E - x - t^2/y). Its eigenfunction is a population
// of x ("paths") beside one of all members: a path from y with c = E - t^2/y - t^2 (G_2 + ... + G_K) draws x
// from |x|^(-1/2) in [c - W/2, c + W/2] and weighs w = K t |y|^(-1/2) times the mean of |x|^(-1/2) there,
// which is bounded: y -> 0 makes x large. The mean of w is lambda; paths are drawn anew in proportion to w
// (systematic resampling). Single members of the tail decide nothing, and no ln^-2 of the population's
// size spoils the root, as it does where d itself is followed.
//
// A member is a pure function of seed, generation and its number, made by + - * / sqrt on doubles only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/cavity/resolvent_population.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

class TransferPopulation {
 public:
  static constexpr std::size_t chunk = 256;

  // The broadening of the ensemble is not used: Green functions are real. members: a multiple of 256.
  TransferPopulation(const ResolventEnsemble& ensemble, std::size_t members, std::uint64_t seed,
                     std::uint64_t key);

  void start();
  // The next generation at disorder width W > 0; lambda from its weights.
  double sweep(std::uint64_t step, double disorder_width);

  std::size_t members() const { return members_; }
  std::span<std::uint8_t> bytes();

 private:
  void resample(double offset);

  ResolventEnsemble ensemble_;
  std::size_t members_;
  Stream stream_;
  SimdTarget target_;
  std::vector<double> now_, next_;  // G = 1/x of all members, then x of the paths
  std::vector<double> weights_;
};

}  // namespace weiss
