// The distribution of cavity Green functions of a particle on the Bethe lattice by population dynamics (R.
// Abou-Chacra, P. W. Anderson, D. J. Thouless, J. Phys. C 6, 1734 (1973)).
//
// H = sum_i e_i |i><i| - t sum_(ij) (|i><j| + |j><i|), e_i uniform in [-W/2, W/2], every site with z = K + 1
// neighbours. Every member of the next generation is
//   G' = 1/(E + i eta - e - t^2 (G_1 + ... + G_K))
// with G_k random members of the present one; the Green function of a site has z of them. Energies are in the
// unit of t, E, eta and W alike.
//
// What averages hold of a site: with q = eta - t^2 Im sum G and c = E - t^2 Re sum G, Im G and |G|^2 are
// functions of c - e and q, whose means over e are closed forms; so only c and q are sampled:
//   <-Im G>_e = q <|G|^2>_e = [atan((c + W/2)/q) - atan((c - W/2)/q)]/W,  <ln |G|^2>_e = -<ln((c-e)^2 +
//   q^2)>.
//
// A member is a pure function of seed, generation and its number, made by + - * / on doubles only; averages
// use atan and log of libm.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct ResolventEnsemble {
  std::size_t neighbours = 3;  // z of every site
  double disorder_width = 0;   // W
  double hopping = 1;          // t
  double energy = 0;           // E
  double broadening = 1e-6;    // eta > 0
};

// Without disorder, at any z + i eta: the cavity Green function, the root of K t^2 G^2 - z G + 1 = 0 with
// Im G < 0, and that of a site, 1/(z - (K + 1) t^2 G), whose imaginary part is the density of H. Kesten
// (Trans. Am. Math. Soc. 92, 336 (1959)).
std::complex<double> clean_cavity_resolvent(const ResolventEnsemble& ensemble);
std::complex<double> clean_site_resolvent(const ResolventEnsemble& ensemble);

struct ResolventAverages {
  double density = 0;      // <-Im G>/pi of a site
  double log_density = 0;  // <ln(-Im G/pi)>
  double square = 0;       // <|G|^2>
  double log_cavity = 0;   // <ln |t G|> of a cavity Green function
};

class ResolventPopulation {
 public:
  static constexpr std::size_t chunk = 256;  // members that share a block of random numbers

  // key: of the random numbers, for each population its own. members: a multiple of 256 up to 2^31.
  ResolventPopulation(const ResolventEnsemble& ensemble, std::size_t members, std::uint64_t seed,
                      std::uint64_t key);

  // All members alike, Im G <= 0; at first as without disorder. From 0, generation n is that of the roots of
  // trees of n levels.
  void start(std::complex<double> member);
  void sweep(std::uint64_t step);
  ResolventAverages measure(std::uint64_t step) const;

  std::size_t members() const { return now_.size() / 2; }
  std::complex<double> member(std::size_t i) const { return {now_[2 * i], -now_[2 * i + 1]}; }
  // Everything that a restart needs.
  std::span<std::uint8_t> bytes();

 private:
  ResolventEnsemble ensemble_;
  Stream stream_;
  SimdTarget target_;
  std::vector<double> now_, next_;  // Re G, -Im G of each member
};

}  // namespace weiss
