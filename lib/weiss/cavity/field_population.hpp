// Replica-symmetric population dynamics of Ising models on sparse random graphs: the distribution of cavity
// messages u as a population of them (M. Mezard, G. Parisi, Eur. Phys. J. B 20, 217 (2001)).
//
// H = -sum_(ij) J_ij s_i s_j - h sum_i s_i. Every member of the next generation is
//   tanh(beta u') = tanh(beta J) tanh(beta x), x = h + u_1 + ... + u_k,
// with u_i random members of the present one, k an excess degree of the graph and J a coupling. T = 0:
// u' = (|x + J| - |x - J|)/2. Energies per site of the Bethe approximation, lc(y) = T ln cosh(y/T):
//   -f = T ln 2 + (c/2) <lc(J)> + <lc(X)> - (c/2) <lc(x + u) - lc(x)> - (c/2) <lc(u)>, X a site's whole
//   field, e = -(c/2) <J (t + m m')/(1 + t m m')> - h <tanh X/T>, t = tanh J/T, m = tanh x/T.
// f is stationary at the fixed point, so that e and d(beta f)/d beta agree there only.
//
// Perturbations travel along: w' = sum_i (du'/du_i)^n w_i, n = 1 or 2. The logarithm of their growth a
// generation is 0 where a state without magnetisation begins to magnetise (n = 1), or where replica symmetry
// becomes unstable (n = 2: the spin-glass susceptibility, the de Almeida-Thouless line).
// n = 1: without magnetisation messages u and -u are equally likely and <w | u> is even, so that its equation
// is closed when the sign of J is averaged at given |J|: w' = <sign J> |du'/du| sum_i w_i. No sign is left
// in it whose fluctuations, which grow like n = 2, would drown the mean in a spin glass.
//
// Each member is a pure function of seed, generation and its number; a population is single precision, and
// its arithmetic is + - * / sqrt only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/cavity/degree_law.hpp"
#include "weiss/cavity/population_words.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

enum class FieldKernel {
  tanh,   // members are tanh(beta u): rational updates, for beta u up to about 5
  field,  // members are u: any temperature, and zero
};
std::string_view name(FieldKernel kernel);

enum class Perturbation { none, linear, square, both };

// Logarithms of the growth of the mean perturbations in a generation; 0 of those that do not travel.
struct PerturbationGrowth {
  double linear = 0, square = 0;
};

struct FieldEnsemble {
  DegreeLaw degrees;
  CouplingDistribution couplings;
  double field = 0;
  // Every new message gets a random sign: the solution without magnetisation, for h = 0 only.
  bool symmetrised = false;
  Perturbation perturbation = Perturbation::none;
  FieldKernel kernel = FieldKernel::field;
};

// Bounds |u| where couplings are bounded; beyond it lie 6e-7 of gaussian couplings.
double message_reach(const CouplingDistribution& couplings);

// Bounds |X| of a site, but for a few in ten thousand of random degrees or gaussian couplings.
double local_field_reach(const FieldEnsemble& ensemble);

inline constexpr double zero_temperature_beta = 1e30;  // stands for infinity

struct FieldAverages {
  double free_energy = 0, energy = 0;  // per site; at T = 0 the energy is the free energy
  double magnetisation = 0;            // <tanh X/T>; sign X at T = 0
  double overlap = 0;                  // <tanh^2 X/T>
};

class FieldPopulation {
 public:
  static constexpr std::size_t chunk = 256;  // members that share a block of random numbers
  enum class Start { zero, random, magnetised };

  // key: of the random numbers, for each population its own. members: a multiple of 256 up to 2^31.
  FieldPopulation(FieldEnsemble ensemble, std::size_t members, std::uint64_t seed, std::uint64_t key);

  void start(Start start, double beta);
  // The next generation.
  PerturbationGrowth sweep(std::uint64_t step, double beta);
  // Of +-J, from the next generation on.
  void set_ferromagnetic_fraction(double fraction);
  // field_counts, where given: the fields X of sites are counted in as many equal parts of
  // [-local_field_reach, local_field_reach]; outer ones at the ends.
  FieldAverages measure(std::uint64_t step, double beta, std::span<std::int64_t> field_counts = {}) const;
  // How many messages lie in each of `bins` equal parts of [-reach, reach]; outer ones count at the ends.
  std::vector<std::int64_t> histogram(std::size_t bins, double beta) const;

  std::size_t members() const { return members_; }
  // Everything that a restart needs.
  std::span<std::uint8_t> bytes();
  std::size_t state_bytes() const { return now_.size() * sizeof(float); }

 private:
  struct Block;
  template <class Kernel, std::size_t kinds>
  void sweep_with(std::uint64_t step, float beta);
  template <class Kernel>
  void sweep_kernel(std::uint64_t step, float beta);
  template <class Kernel>
  void pass_on(Block& block, std::size_t chunk_index, const PopulationWords::Array& signs, float beta);
  std::span<float> part(std::vector<float>& all, std::size_t kind, std::size_t chunk_index) const;
  double normalise(std::size_t kind);
  void combine_chunk(std::span<const float> fields, const Stream& stream, std::uint64_t step,
                     std::size_t chunk_index, int use, Block& block) const;
  std::vector<float> fields(double beta) const;

  FieldEnsemble ensemble_;
  std::size_t members_;
  Stream update_, start_, measurement_;
  SimdTarget target_;
  std::vector<std::uint64_t> excess_thresholds_, site_thresholds_;
  std::uint64_t positive_threshold_;
  std::size_t kinds_;              // of perturbations
  std::vector<float> now_, next_;  // messages, then perturbations, linear before square
};

}  // namespace weiss
