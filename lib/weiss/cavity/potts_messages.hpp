// Belief propagation for the Potts model on one instance,
//   H = -sum_(ij) J_ij delta(s_i, s_j) - sum_i h_i delta(s_i, 0),   s = 0 ... q - 1,
// at a temperature, or at beta -> infinity for antiferromagnets: the uniform measure on proper colourings
// (R. Mulet, A. Pagnani, M. Weigt, R. Zecchina, Phys. Rev. Lett. 89, 268701 (2002); L. Zdeborova, F.
// Krzakala, Phys. Rev. E 76, 031131 (2007)). Site i sends to its neighbour j the distribution c of its colour
// without j:
//   c_{i->j}(s) ~ e^{beta h_i delta(s, 0)} prod_{k != j} u_k(s),   u_k(s) = 1 + (e^{beta J_ik} - 1)
//   c_{k->i}(s)
// divided by e^{beta J} where J > 0, so that nothing overflows: one product and one sum a colour, O(q).
// Schedules and residual as in message_passing.hpp; the damped message is (1 - damping) c_new + damping c.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "weiss/cavity/factor_graph.hpp"

namespace weiss {

constexpr int most_potts_states = 16;

// u(s) = constant + slope c(s), with e^{max(beta J, 0)} taken out.
struct PottsBond {
  double constant, slope;
  double operator()(double c) const { return constant + slope * c; }
};

class PottsMessages {
 public:
  // graph must outlive this and still have its interaction numbers here; pairs only. beta may be infinite
  // where all couplings are negative and there is no field. Every message is uniform at first.
  // Error(bad_deck) where weights would underflow.
  PottsMessages(const FactorGraph& graph, const InteractionGraph& model, int states, double beta,
                double damping);

  // f(slot, colour) >= 0, not all 0, becomes the message of a slot, normalised.
  template <class F>
  void start(F&& f) {
    for (std::size_t k = 0; k < coupling_.size(); ++k) {
      double sum = 0;
      for (std::size_t s = 0; s < states(); ++s)
        sum += cavity_[k * states() + s] = f(static_cast<std::int64_t>(k), s);
      for (std::size_t s = 0; s < states(); ++s) cavity_[k * states() + s] /= sum;
    }
  }

  double parallel_sweep();
  double sequential_sweep(std::span<const std::int32_t> order);
  // `updates` of a site, fewer where the residual falls to the tolerance.
  double residual_sweep(std::int64_t updates, double tolerance);

  // The site has this colour from its next update on.
  void fix(std::int64_t site, int colour) { colour_[index(site)] = static_cast<std::int8_t>(colour); }
  int colour(std::int64_t site) const { return colour_[index(site)]; }  // -1: free

  // P(s_i = s) into out. The logarithm of its weight Z_i; -infinity, and uniform, where no colour is left.
  double marginal(std::int64_t site, std::span<double> out) const;

  const FactorGraph& graph() const { return *graph_; }
  std::size_t states() const { return states_; }
  double beta() const { return beta_; }
  std::span<const double> message(std::int64_t slot) const {
    return std::span(cavity_).subspan(index(slot) * states_, states_);
  }
  // What comes along a slot: the message of its partner.
  std::span<const double> arriving(std::int64_t slot) const { return message(graph_->partner[index(slot)]); }
  PottsBond bond(std::int64_t slot) const {
    const double w = weight_[index(slot)];
    return std::signbit(w) ? PottsBond{1, -(1 + w)} : PottsBond{w, 1 - w};
  }
  double coupling(std::int64_t slot) const { return coupling_[index(slot)]; }  // J
  double field(std::int64_t site) const { return field_.empty() ? 0 : field_[index(site)]; }

  std::span<double> messages() { return cavity_; }
  std::span<const double> messages() const { return cavity_; }
  std::span<std::int8_t> colours() { return colour_; }
  double bytes() const;

 private:
  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  void check_weights() const;
  // Weights of the colours by the site's own field.
  void own_weights(std::int64_t site, double* out) const;
  // New messages of one site into proposal_; the largest change. States: q, or 0 where not known in advance.
  template <int States>
  double propose(std::int64_t site);
  void accept(std::int64_t site, std::vector<double>& to) const;
  template <class F>
  double with_states(F&& f);

  const FactorGraph* graph_;
  std::size_t states_;
  double beta_, damping_;
  std::vector<double> cavity_, next_;     // q a slot
  std::vector<double> weight_;            // e^{-beta |J|} with the sign of J, by slot
  std::vector<double> coupling_, field_;  // J by slot; h by site, empty: none
  std::vector<std::int8_t> colour_;       // of fixed sites; -1: free
  std::vector<double> in_, proposal_;     // of one site
};

}  // namespace weiss
