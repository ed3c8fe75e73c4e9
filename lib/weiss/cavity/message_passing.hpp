// Belief propagation (J. Pearl (1982); H. A. Bethe, Proc. R. Soc. A 150, 552 (1935)) and its limit of zero
// temperature on one instance:
//   every site sends x' = (1 - damping) x_new + damping x to each of its interactions
// in the arithmetic of a rule (message_rules.hpp), by one of three schedules:
//   parallel    all messages from the old ones
//   sequential  site after site in a given order, each from the newest messages
//   residual    always the site whose messages would change most (G. Elidan, I. McGraw, D. Koller, UAI
//   (2006))
// The residual of a sweep is the largest |x_new - x|, so not made small by damping: that of the damped change
// divided by 1 - damping. Fields are in units of T (sum-product) or J (max-product).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/factor_graph.hpp"
#include "weiss/cavity/message_rules.hpp"

namespace weiss {

// What fields and couplings are before they become messages, all in units of T, or of J for max-product.
struct ScaledModel {
  double scale = 1;      // beta; 1 for max-product
  double strongest = 0;  // largest scaled |J_e|
  double ceiling = 0;    // of fields: joins do not feel what is beyond
};

template <class Rule>
class MessagePassing {
 public:
  using Value = typename Rule::Value;

  // graph must outlive this and still have its interaction numbers here; every message is 0 at first.
  MessagePassing(const FactorGraph& graph, const InteractionGraph& model, const ScaledModel& scaled,
                 double damping);

  // Each message becomes that of the cavity field x(slot).
  template <class F>
  void start(F&& x) {
    for (std::size_t k = 0; k < cavity_.size(); ++k)
      cavity_[k] = Rule::of_field(x(static_cast<std::int64_t>(k)));
  }

  double parallel_sweep();
  double sequential_sweep(std::span<const std::int32_t> order);
  // `updates` of a site, fewer where the residual falls to the tolerance.
  double residual_sweep(std::int64_t updates, double tolerance);

  // The external fields, scaled, by new site number; empty: none.
  void set_fields(std::span<const double> fields);
  // Of one site; there must be fields.
  void set_field(std::int64_t site, double field) { field_[index(site)] = Rule::of_field(field); }

  double cavity_field(std::int64_t slot) const { return Rule::field_of(cavity_[index(slot)]); }
  // As the next sweep would use it.
  double cavity_bias(std::int64_t slot) const { return Rule::field_of(incoming(slot)); }
  double coupling(std::int64_t slot) const {
    if (!sign_.empty()) return sign_[index(slot)] * common_size_;
    return exact_coupling_.empty() ? Rule::field_of(coupling_[index(slot)]) : exact_coupling_[index(slot)];
  }
  double field(std::int64_t site) const { return field_.empty() ? 0.0 : Rule::field_of(field_[index(site)]); }
  double local_field(std::int64_t site) const;

  const FactorGraph& graph() const { return *graph_; }
  const ScaledModel& scaled() const { return scaled_; }
  std::span<Value> messages() { return cavity_; }
  std::span<Value> fields() { return field_; }
  // Bytes of messages, couplings and graph.
  double bytes() const;

 private:
  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  // What joins the cavity fields of an interaction: common_ with a sign where couplings have one size.
  template <bool OneSize>
  Value coupling_message(std::size_t slot) const {
    return OneSize ? static_cast<Value>(sign_[slot]) * common_ : coupling_[slot];
  }
  Value incoming(std::int64_t slot) const {
    Value message =
        sign_.empty() ? coupling_message<false>(index(slot)) : coupling_message<true>(index(slot));
    for (const std::int32_t other : graph_->partners_of(slot))
      message = Rule::join(message, cavity_[index(other)]);
    return message;
  }
  // New messages of one site into workspace_; the largest change.
  Value propose(std::int64_t site);
  void accept(std::int64_t site);
  void set_couplings(const InteractionGraph& model);
  template <int Degree, int Partners>
  Value uniform_sweep();
  template <int Degree, int Partners, bool OneSize>
  Value uniform_block(std::int64_t first_site);
  Value general_sweep(std::int64_t first_site);

  const FactorGraph* graph_;
  ScaledModel scaled_;
  Value damping_, ceiling_;
  std::vector<Value> cavity_, next_, field_;
  // Couplings: of one size, such as +-J, by their signs, a byte a slot; others by their values.
  std::vector<std::int8_t> sign_;
  double common_size_ = 0;  // scaled
  Value common_ = 0;
  std::vector<Value> coupling_;
  std::vector<double> exact_coupling_;  // where single precision would lose digits of energies
  std::vector<Value> in_, proposal_;    // of one site
};

extern template class MessagePassing<TanhRule<float>>;
extern template class MessagePassing<TanhRule<double>>;
extern template class MessagePassing<FieldRule<float>>;
extern template class MessagePassing<FieldRule<double>>;
extern template class MessagePassing<MinimumRule<float>>;
extern template class MessagePassing<MinimumRule<double>>;

}  // namespace weiss
