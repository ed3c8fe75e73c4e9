#include "weiss/cavity/message_passing.hpp"

#include <array>
#include <type_traits>

#include "weiss/cavity/residual_schedule.hpp"

namespace weiss {

namespace {

constexpr std::int64_t block_sites =
    64;  // side by side in a uniform sweep: their messages stay in the first cache

}  // namespace

template <class Rule>
MessagePassing<Rule>::MessagePassing(const FactorGraph& graph, const InteractionGraph& model,
                                     const ScaledModel& scaled, double damping)
    : graph_(&graph),
      scaled_(scaled),
      damping_(static_cast<Value>(damping)),
      ceiling_(static_cast<Value>(scaled.ceiling)),
      cavity_(index(graph.slots())),
      in_(static_cast<std::size_t>(graph.largest_degree)),
      proposal_(in_.size()) {
  set_couplings(model);
}

template <class Rule>
void MessagePassing<Rule>::set_couplings(const InteractionGraph& model) {
  const auto of_slot = [&](std::size_t slot) {
    return scaled_.scale * model.coupling[static_cast<std::size_t>(graph_->interaction[slot])];
  };
  common_size_ = cavity_.empty() ? 0 : std::fabs(of_slot(0));
  common_ = Rule::of_field(common_size_);
  bool one_size = common_size_ > 0;
  for (std::size_t k = 0; k < cavity_.size() && one_size; ++k)
    one_size = std::fabs(of_slot(k)) == common_size_;
  if (one_size) {
    sign_.resize(cavity_.size());
    for (std::size_t k = 0; k < sign_.size(); ++k)
      sign_[k] = static_cast<std::int8_t>(of_slot(k) > 0 ? 1 : -1);
    return;
  }
  constexpr bool single_tanh = std::is_same_v<Rule, TanhRule<float>>;
  coupling_.resize(cavity_.size());
  if (single_tanh) exact_coupling_.resize(cavity_.size());
  for (std::size_t k = 0; k < coupling_.size(); ++k) {
    coupling_[k] = Rule::of_field(of_slot(k));
    if (single_tanh) exact_coupling_[k] = of_slot(k);
  }
}

template <class Rule>
void MessagePassing<Rule>::set_fields(std::span<const double> fields) {
  field_.resize(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) field_[i] = Rule::of_field(fields[i]);
}

template <class Rule>
double MessagePassing<Rule>::local_field(std::int64_t site) const {
  double total = field(site);
  for (std::int64_t k = graph_->first_slot(site); k < graph_->first_slot(site + 1); ++k)
    total += cavity_bias(k);
  return total;
}

template <class Rule>
double MessagePassing<Rule>::bytes() const {
  const auto values = cavity_.size() + next_.size() + coupling_.size() + field_.size();
  const auto numbers =
      graph_->first.size() + graph_->partner.size() + graph_->original.size() + graph_->interaction.size();
  return static_cast<double>(values * sizeof(Value) + numbers * sizeof(std::int32_t) +
                             exact_coupling_.size() * sizeof(double) + sign_.size());
}

template <class Rule>
auto MessagePassing<Rule>::propose(std::int64_t site) -> Value {
  const std::int64_t first = graph_->first_slot(site);
  const auto degree = static_cast<std::size_t>(graph_->first_slot(site + 1) - first);
  for (std::size_t d = 0; d < degree; ++d) in_[d] = incoming(first + static_cast<std::int64_t>(d));
  const Value field = field_.empty() ? Value(0) : field_[index(site)];
  Rule::template exclusive<1>(in_.data(), &field, proposal_.data(), degree, ceiling_);
  Value largest = 0;
  for (std::size_t d = 0; d < degree; ++d)
    largest = std::max(largest, std::fabs(proposal_[d] - cavity_[index(first) + d]));
  return largest;
}

template <class Rule>
void MessagePassing<Rule>::accept(std::int64_t site) {
  const std::size_t first = index(graph_->first_slot(site)), last = index(graph_->first_slot(site + 1));
  for (std::size_t k = first; k < last; ++k)
    cavity_[k] = proposal_[k - first] + damping_ * (cavity_[k] - proposal_[k - first]);
}

template <class Rule>
template <int Degree, int Partners, bool OneSize>
auto MessagePassing<Rule>::uniform_block(std::int64_t first_site) -> Value {
  constexpr std::size_t B = block_sites, D = Degree;
  std::array<Value, B * D> in, out;
  std::array<Value, B> field{}, worst{};
  const std::size_t start = index(first_site) * D;
  for (std::size_t s = 0; s < B; ++s)
    for (std::size_t d = 0; d < D; ++d) {
      const std::size_t k = start + s * D + d;
      Value message = coupling_message<OneSize>(k);
      for (std::size_t j = 0; j < Partners; ++j)
        message = Rule::join(message, cavity_[static_cast<std::size_t>(graph_->partner[k * Partners + j])]);
      in[d * B + s] = message;
    }
  if (!field_.empty()) std::copy_n(field_.begin() + first_site, B, field.begin());
  Rule::template exclusive<B>(in.data(), field.data(), out.data(), D, ceiling_);
  for (std::size_t d = 0; d < D; ++d)
    for (std::size_t s = 0; s < B; ++s) in[d * B + s] = cavity_[start + s * D + d];
  for (std::size_t d = 0; d < D; ++d)
    for (std::size_t s = 0; s < B; ++s) {
      const Value change = in[d * B + s] - out[d * B + s];
      const Value size = std::fabs(change);
      worst[s] = size > worst[s] ? size : worst[s];
      out[d * B + s] += damping_ * change;
    }
  for (std::size_t s = 0; s < B; ++s)
    for (std::size_t d = 0; d < D; ++d) next_[start + s * D + d] = out[d * B + s];
  return *std::max_element(worst.begin(), worst.end());
}

template <class Rule>
template <int Degree, int Partners>
auto MessagePassing<Rule>::uniform_sweep() -> Value {
  Value largest = 0;
  std::int64_t site = 0;
  for (; site + block_sites <= graph_->sites(); site += block_sites)
    largest = std::max(largest, sign_.empty() ? uniform_block<Degree, Partners, false>(site)
                                              : uniform_block<Degree, Partners, true>(site));
  return std::max(largest, general_sweep(site));
}

template <class Rule>
auto MessagePassing<Rule>::general_sweep(std::int64_t first_site) -> Value {
  Value largest = 0;
  for (std::int64_t site = first_site; site < graph_->sites(); ++site) {
    largest = std::max(largest, propose(site));
    const std::size_t first = index(graph_->first_slot(site)), last = index(graph_->first_slot(site + 1));
    for (std::size_t k = first; k < last; ++k)
      next_[k] = proposal_[k - first] + damping_ * (cavity_[k] - proposal_[k - first]);
  }
  return largest;
}

template <class Rule>
double MessagePassing<Rule>::parallel_sweep() {
  next_.resize(cavity_.size());
  Value largest = 0;
  const int degree = graph_->uniform_degree;
  if (graph_->order == 2 && degree == 3)
    largest = uniform_sweep<3, 1>();
  else if (graph_->order == 2 && degree == 4)
    largest = uniform_sweep<4, 1>();
  else if (graph_->order == 2 && degree == 6)
    largest = uniform_sweep<6, 1>();
  else if (graph_->order == 3 && degree == 3)
    largest = uniform_sweep<3, 2>();
  else
    largest = general_sweep(0);
  std::swap(cavity_, next_);
  return static_cast<double>(largest);
}

template <class Rule>
double MessagePassing<Rule>::sequential_sweep(std::span<const std::int32_t> order) {
  Value largest = 0;
  for (const std::int32_t site : order) {
    largest = std::max(largest, propose(site));
    accept(site);
  }
  return static_cast<double>(largest);
}

template <class Rule>
double MessagePassing<Rule>::residual_sweep(std::int64_t updates, double tolerance) {
  return weiss::residual_sweep(
      *graph_, updates, tolerance, [&](std::int32_t site) { return static_cast<double>(propose(site)); },
      [&](std::int32_t site) { accept(site); });
}

template class MessagePassing<TanhRule<float>>;
template class MessagePassing<TanhRule<double>>;
template class MessagePassing<FieldRule<float>>;
template class MessagePassing<FieldRule<double>>;
template class MessagePassing<MinimumRule<float>>;
template class MessagePassing<MinimumRule<double>>;

}  // namespace weiss
