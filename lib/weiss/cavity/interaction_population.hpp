// Replica-symmetric population dynamics of Ising models with interactions of p spins on sparse random
// hypergraphs, T > 0: H = -sum_a J_a prod_{i in a} s_i - h sum_i s_i, every spin in d interactions.
//
// Members are the reduced messages y = beta u of an interaction to a spin (reduced_fields.hpp):
//   tanh y' = tanh(beta J) prod_{j < p} tanh x_j, x_j = beta h + y_1 + ... + y_k,
// k an excess degree. With X = beta h + sum of all y_b of a spin, lc = ln cosh, and in e tanh Y = prod_j
// tanh x_j over all p spins of an interaction,
//   -beta f = ln 2 + (c/p) <lc(beta J)>
//             + <lc(X) - sum_b lc(y_b) - (1 - 1/p) sum_b (lc(X) - lc(X - y_b) - lc(y_b))>,
//   e = -(c/p) <J tanh(beta J + Y)> - h <tanh X>.
// For p = 2 these are the equations of field_population.hpp.
//
// Planted: the gauge in which a configuration of the paramagnet at temperature T points up, J = +-|J| with
// probability (1 +- tanh(beta |J|))/2. Begun magnetised this is reconstruction (M. Mezard, A. Montanari, J.
// Stat. Phys. 124, 1317 (2006)): one step of replica symmetry breaking at m = 1, where the paramagnet is the
// replica-symmetric solution. f is then the free energy of a state, <tanh X> = <tanh^2 X> its overlap, and
// beta (f - f_paramagnet) the complexity.
//
// Perturbations travel along, w' = sum_j (dy'/dx_j)^2 sum w: their growth is 1 where replica symmetry becomes
// unstable.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/cavity/degree_law.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct InteractionEnsemble {
  DegreeLaw degrees;
  int spins = 3;  // p >= 2
  CouplingDistribution couplings;
  double field = 0;
  bool planted = false;    // field 0
  bool perturbed = false;  // carries perturbations
};

struct InteractionAverages {
  double free_energy = 0, energy = 0;  // per spin
  double above_paramagnet = 0;         // beta (f - f_paramagnet) at field 0, without its cancellations
  double magnetisation = 0, overlap = 0;
};

// -T (ln 2 + (c/p) <ln cosh(J/T)>), the free energy of the paramagnet.
double paramagnet_free_energy(const InteractionEnsemble& ensemble, double beta);

class InteractionPopulation {
 public:
  static constexpr std::size_t chunk = 256;
  enum class Start { random, magnetised };

  // members: a multiple of 256 up to 2^31; key: of the random numbers, for each population its own.
  InteractionPopulation(InteractionEnsemble ensemble, std::size_t members, std::uint64_t seed,
                        std::uint64_t key);

  void start(Start start, double beta);
  // The next generation; the logarithm of the growth of perturbations, 0 without them.
  double sweep(std::uint64_t step, double beta);
  // Planted: the next generation at the temperature that makes `mean` the expected <tanh y>, which is
  // returned as beta; it stays below the largest.
  double sweep_at_mean(std::uint64_t step, double mean, double largest_beta);
  InteractionAverages measure(std::uint64_t step, double beta) const;

  std::size_t members() const { return members_; }
  std::span<std::uint8_t> bytes();

 private:
  struct Block;
  void gather_spin(std::uint64_t step, std::size_t number, int use, Block& block) const;
  double measure_interactions(std::uint64_t step, std::size_t number, double beta) const;
  void gather_all(std::uint64_t step);
  void answer(std::uint64_t step, double beta);
  double renormalise();

  InteractionEnsemble ensemble_;
  std::size_t members_;
  Stream stream_;
  SimdTarget target_;
  std::vector<std::uint64_t> excess_thresholds_, site_thresholds_;
  std::uint64_t positive_threshold_;
  float field_ = 0;                // beta h
  std::vector<float> now_, next_;  // messages, then perturbations
};

}  // namespace weiss
