#include "weiss/cavity/bethe.hpp"

#include <algorithm>
#include <limits>

namespace weiss {

namespace {

constexpr double ln_2 = 0.69314718055994530942;

// ln cosh x, or its limit |x| - ln 2 of large x without the constant: what a rule's weights are made of.
template <class Rule>
double log_weight(double x) {
  const double size = std::fabs(x);
  return Rule::zero_temperature ? size : size + std::log1p(std::exp(-2 * size)) - ln_2;
}

template <class Rule>
double joined(double a, double b) {
  return Rule::zero_temperature ? joined_minimum(a, b) : joined_fields(a, b);
}

// y_e of the interaction of a slot: of all its sites.
template <class Rule>
double joined_cavity_fields(const MessagePassing<Rule>& messages, std::int64_t slot) {
  double joint = messages.cavity_field(slot);
  for (const std::int32_t other : messages.graph().partners_of(slot))
    joint = joined<Rule>(joint, messages.cavity_field(other));
  return joint;
}

template <class Rule>
double average_of_field(double x) {
  if (!Rule::zero_temperature) return std::tanh(x);
  return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
}

// u_{e->i} from x in double precision, whatever the messages are kept in.
template <class Rule>
double precise_bias(const MessagePassing<Rule>& messages, std::int64_t slot) {
  double bias = messages.coupling(slot);
  for (const std::int32_t other : messages.graph().partners_of(slot))
    bias = joined<Rule>(bias, messages.cavity_field(other));
  return bias;
}

}  // namespace

template <class Rule>
double interaction_average(const MessagePassing<Rule>& messages, std::int64_t slot) {
  return average_of_field<Rule>(messages.coupling(slot) + joined_cavity_fields(messages, slot));
}

template <class Rule>
BetheAverages bethe_averages(const MessagePassing<Rule>& messages) {
  const FactorGraph& graph = messages.graph();
  const double constant = Rule::zero_temperature ? 0 : ln_2;
  double phi = 0, energy = 0;
  BetheAverages averages;
  for (std::int64_t site = 0; site < graph.sites(); ++site) {
    double total = messages.field(site), of_site = 0;
    for (std::int64_t k = graph.first_slot(site); k < graph.first_slot(site + 1); ++k) {
      const double u = precise_bias(messages, k), x = messages.cavity_field(k);
      total += u;
      // The site's share and that of the pair (ie) have -ln 2cosh u in common.
      of_site += log_weight<Rule>(x) - log_weight<Rule>(u + x);
      if (!graph.leads(k)) continue;
      const double y = joined_cavity_fields(messages, k), coupling = messages.coupling(k);
      phi += log_weight<Rule>(coupling + y) - log_weight<Rule>(y);
      energy -= coupling * average_of_field<Rule>(coupling + y);
    }
    phi += constant + log_weight<Rule>(total) + of_site;
    const double m = average_of_field<Rule>(total);
    averages.magnetization += m;
    averages.overlap += m * m;
    energy -= messages.field(site) * m;
  }
  const double scale = messages.scaled().scale;
  averages.free_energy = -phi / scale;
  averages.energy = Rule::zero_temperature ? averages.free_energy : energy / scale;
  averages.entropy = Rule::zero_temperature ? 0 : energy + phi;
  return averages;
}

template <class Rule>
std::vector<double> magnetizations(const MessagePassing<Rule>& messages) {
  std::vector<double> all;
  for (std::int64_t site = 0; site < messages.graph().sites(); ++site)
    all.push_back(average_of_field<Rule>(messages.local_field(site)));
  return all;
}

namespace {

// du_{e->i}/dx_{j->e} = (tanh(a + x_j) + tanh(a - x_j)) / 2, where a joins the coupling and the other fields.
template <class Rule>
double derivative(const MessagePassing<Rule>& messages, std::int64_t slot, std::int32_t towards) {
  double others = messages.coupling(slot);
  for (const std::int32_t other : messages.graph().partners_of(slot))
    if (other != towards) others = joined<Rule>(others, messages.cavity_field(other));
  const double x = messages.cavity_field(towards);
  return 0.5 * (std::tanh(others + x) + std::tanh(others - x));
}

// The linear map of perturbations of the messages at a fixed point, its derivatives or their squares.
class Perturbations {
 public:
  template <class Rule>
  Perturbations(const MessagePassing<Rule>& messages, bool squared) : graph_(&messages.graph()) {
    for (std::int64_t k = 0; k < graph_->slots(); ++k)
      for (const std::int32_t other : graph_->partners_of(k)) {
        const double each = derivative(messages, k, other);
        derivative_.push_back(squared ? each * each : each);
      }
  }

  // What reaches a site along one slot.
  double arriving(std::int64_t slot, const std::vector<double>& v) const {
    double sum = 0;
    const auto partners = static_cast<std::size_t>(graph_->partners());
    for (std::size_t j = 0; j < partners; ++j) {
      const std::size_t at = static_cast<std::size_t>(slot) * partners + j;
      sum += derivative_[at] * v[static_cast<std::size_t>(graph_->partner[at])];
    }
    return sum;
  }

  // next = source of the site + what reaches it along its other slots; the site's total through `total`.
  template <class Source, class Total>
  void apply(const std::vector<double>& v, std::vector<double>& next, Source&& source, Total&& total) const {
    std::vector<double> in;
    for (std::int64_t site = 0; site < graph_->sites(); ++site) {
      const auto first = static_cast<std::size_t>(graph_->first_slot(site));
      const auto last = static_cast<std::size_t>(graph_->first_slot(site + 1));
      in.clear();
      double sum = source(site);
      for (std::size_t k = first; k < last; ++k) in.push_back(arriving(static_cast<std::int64_t>(k), v));
      // Sums over all but one from both sides: a difference would leave rounding where there is nothing.
      for (std::size_t k = first; k < last; ++k) {
        next[k] = sum;
        sum += in[k - first];
      }
      total(site, sum);
      double behind = 0;
      for (std::size_t k = last; k-- > first;) {
        next[k] += behind;
        behind += in[k - first];
      }
    }
  }

 private:
  const FactorGraph* graph_;
  std::vector<double> derivative_;
};

}  // namespace

template <class Rule>
Response linear_response(const MessagePassing<Rule>& messages, std::span<const double> direction,
                         double tolerance, std::int64_t most_steps) {
  const Perturbations map(messages, false);
  const FactorGraph& graph = messages.graph();
  std::vector<double> v(static_cast<std::size_t>(graph.slots())), next(v.size());
  Response response;
  response.of_sites.resize(static_cast<std::size_t>(graph.sites()));
  for (std::int64_t step = 0; step < most_steps && !response.converged; ++step) {
    map.apply(
        v, next, [&](std::int64_t site) { return direction[static_cast<std::size_t>(site)]; },
        [&](std::int64_t site, double sum) { response.of_sites[static_cast<std::size_t>(site)] = sum; });
    double change = 0, size = 0;
    for (std::size_t k = 0; k < v.size(); ++k) {
      change = std::max(change, std::fabs(next[k] - v[k]));
      size = std::max(size, std::fabs(next[k]));
    }
    std::swap(v, next);
    response.residual = size > 0 ? change / size : 0;
    response.converged = response.residual <= tolerance;
    if (!std::isfinite(size)) break;
  }
  const std::vector<double> m = magnetizations(messages);
  for (std::size_t site = 0; site < m.size(); ++site) response.of_sites[site] *= 1 - m[site] * m[site];
  return response;
}

template <class Rule>
double stability_eigenvalue(const MessagePassing<Rule>& messages, double tolerance, std::int64_t most_steps) {
  const Perturbations map(messages, true);
  const FactorGraph& graph = messages.graph();
  std::vector<double> v(static_cast<std::size_t>(graph.slots()), 1.0), next(v.size());
  std::vector<double> log_growth;
  for (std::int64_t step = 0; step < most_steps; ++step) {
    map.apply(
        v, next, [](std::int64_t) { return 0.0; }, [](std::int64_t, double) {});
    double before = 0, after = 0;
    for (std::size_t k = 0; k < v.size(); ++k) {
      before += v[k];
      after += next[k];
    }
    if (!(after > 0)) return 0;
    const double growth = after / before;
    for (std::size_t k = 0; k < v.size(); ++k) v[k] = next[k] / after;
    log_growth.push_back(std::log(growth));
    const std::size_t steps = log_growth.size();
    if (steps > 8 && std::fabs(log_growth[steps - 1] - log_growth[steps - 2]) < tolerance &&
        std::fabs(log_growth[steps - 2] - log_growth[steps - 3]) < tolerance)
      return growth;
  }
  double sum = 0;
  const std::size_t half = log_growth.size() / 2;
  for (std::size_t k = half; k < log_growth.size(); ++k) sum += log_growth[k];
  return log_growth.empty() ? 0 : std::exp(sum / static_cast<double>(log_growth.size() - half));
}

#define WEISS_BETHE(RULE)                                                                         \
  template BetheAverages bethe_averages(const MessagePassing<RULE>&);                             \
  template std::vector<double> magnetizations(const MessagePassing<RULE>&);                       \
  template double interaction_average(const MessagePassing<RULE>&, std::int64_t);                 \
  template Response linear_response(const MessagePassing<RULE>&, std::span<const double>, double, \
                                    std::int64_t);                                                \
  template double stability_eigenvalue(const MessagePassing<RULE>&, double, std::int64_t);

WEISS_BETHE(TanhRule<float>)
WEISS_BETHE(TanhRule<double>)
WEISS_BETHE(FieldRule<float>)
WEISS_BETHE(FieldRule<double>)
WEISS_BETHE(MinimumRule<float>)
WEISS_BETHE(MinimumRule<double>)
#undef WEISS_BETHE

}  // namespace weiss
