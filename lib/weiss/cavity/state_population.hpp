// One step of replica symmetry breaking at T > 0 for Ising models with interactions of p spins (p = 2: pairs)
// on sparse random graphs: a population of populations. A member belongs to one spin without one of its
// interactions and holds its reduced cavity field x = beta (h + u_1 + ...) in many states (M. Mezard, G.
// Parisi, Eur. Phys. J. B 20, 217 (2001); conventions of interaction_population.hpp).
//
// A new member draws its k interactions and the p - 1 members at each of them once, and then states of all of
// these: tanh Y_b = prod_j tanh x_j, tanh y_b = tanh(beta J_b) tanh Y_b. Each draw is a candidate
// x = beta h + sum_b y_b with weight z^m, z = cosh x / prod_b cosh y_b. Candidates are resampled in
// proportion to their weights, systematically (J. Carpenter, P. Clifford, P. Fearnhead, IEE Proc. Radar 146,
// 2 (1999)). Where the effective number of candidates, (sum w)^2 / sum w^2, falls short of a fourth of the
// states, more are drawn, up to most_batches times the states.
//
// A whole spin has d interactions, z of all of them and z_b of all but b. With < > over neighbourhoods and
// << >> over states,
//   -beta m phi = m ln 2 + (c/p) m <ln cosh(beta J)>
//                 + <ln <<z^m>> - (1 - 1/p) sum_b (ln <<z^m>> - ln <<z_b^m>>)>,
// for z/z_b is the partition sum of edge b, and that of its interaction is z/z_b cosh(beta J_b).
// exp(-N beta m phi) = sum over states of exp(-N beta m f), so that phi(m) is largest where the complexity is
// 0: f_state = d(m phi)/dm and Sigma = beta m (f_state - phi). f_state and the energy, d(beta phi)/d beta at
// fixed m, are measured as derivatives at fixed members, for which phi is stationary. Overlaps with the
// weights z^m: q0 = <<<tanh X>>^2> of two states, q1 = <<<tanh^2 X>>> of one with itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/cavity/interaction_population.hpp"

namespace weiss {

struct StateEnsemble {
  InteractionEnsemble interactions;  // neither planted nor perturbed
  double breaking_point = 0.5;       // m, 0 < m <= 1
  // Half of the states mirror the other half: the solution with q0 = 0, at field 0.
  bool symmetric = false;
};

struct StateAverages {
  double free_energy = 0;        // phi(m)
  double state_free_energy = 0;  // d(m phi)/dm
  double energy = 0;
  double complexity = 0;
  double inner_overlap = 0, outer_overlap = 0;  // q1, q0
};

// Of the last generation.
struct Reweighting {
  double effective = 0;  // mean effective number of candidates a state
  double short_of = 0;   // part of the members whose candidates stayed too few
};

class StatePopulation {
 public:
  static constexpr std::size_t chunk = 256;
  static constexpr std::size_t first_batches = 2, most_batches = 16;  // candidates a state
  // The largest number that degrees.site holds times p - 1 stays within.
  static constexpr std::size_t most_inputs = 256;

  // states: a multiple of 256; key: of the random numbers.
  StatePopulation(StateEnsemble ensemble, std::size_t members, std::size_t states, std::uint64_t seed,
                  std::uint64_t key);

  // Fields of one coupling; states of every member point up with a probability of its own.
  void start(double beta);
  Reweighting sweep(std::uint64_t step, double beta);
  StateAverages measure(std::uint64_t step, double beta) const;

  std::size_t members() const { return members_; }
  std::size_t states() const { return states_; }
  std::span<std::uint8_t> bytes();

 private:
  struct Neighbourhood;
  struct Spin;
  struct Sums;
  Neighbourhood draw_neighbourhood(std::uint64_t step, std::size_t member, bool whole) const;
  void draw_states(std::uint64_t step, std::size_t block, double beta, const Neighbourhood& around,
                   Spin& spin) const;
  void resample(std::size_t member, std::span<const float> candidates, std::span<const float> weights,
                double offset);
  void measure_spin(std::uint64_t step, std::size_t member, double beta, Sums& sums) const;

  StateEnsemble ensemble_;
  std::size_t members_, states_;
  Stream stream_, candidates_;
  SimdTarget target_;
  std::vector<std::uint64_t> excess_thresholds_, site_thresholds_;
  std::uint64_t positive_threshold_;
  std::vector<float> now_, next_;  // fields of all states of a member, of the next
};

}  // namespace weiss
