#include "weiss/cavity/potts_messages.hpp"

#include <algorithm>

#include "weiss/base/error.hpp"
#include "weiss/cavity/residual_schedule.hpp"

namespace weiss {

namespace {

constexpr double strongest_exponent = 600;  // exp(-600) is far from underflow
constexpr std::int64_t most_neighbours = 500;

}  // namespace

PottsMessages::PottsMessages(const FactorGraph& graph, const InteractionGraph& model, int states, double beta,
                             double damping)
    : graph_(&graph),
      states_(static_cast<std::size_t>(states)),
      beta_(beta),
      damping_(damping),
      cavity_(index(graph.slots()) * states_, 1.0 / states),
      colour_(index(graph.sites()), -1),
      in_(static_cast<std::size_t>(graph.largest_degree) * states_),
      proposal_(in_.size()) {
  for (const std::int32_t e : graph.interaction) {
    const double J = model.coupling[static_cast<std::size_t>(e)];
    coupling_.push_back(J);
    weight_.push_back(std::copysign(std::exp(-beta * std::fabs(J)), J));
  }
  if (!model.field.empty())
    for (const std::int32_t site : graph.original)
      field_.push_back(model.field[static_cast<std::size_t>(site)]);
  check_weights();
}

void PottsMessages::check_weights() const {
  if (std::isinf(beta_)) {
    if (std::any_of(coupling_.begin(), coupling_.end(), [](double J) { return !(J < 0); }) || !field_.empty())
      throw Error(ExitCode::bad_deck,
                  "model.temperature: 0 means proper colourings, which need couplings below 0 and no field; "
                  "take a temperature above 0");
    if (graph_->largest_degree > most_neighbours)
      throw Error(ExitCode::bad_deck,
                  "lattice.kind: a site has more than 500 neighbours, too many for colourings at temperature "
                  "0; take a sparser graph");
    return;
  }
  for (std::int64_t site = 0; site < graph_->sites(); ++site) {
    double sum = std::fabs(field(site));
    for (std::int64_t k = graph_->first_slot(site); k < graph_->first_slot(site + 1); ++k)
      sum += std::fabs(coupling_[index(k)]);
    if (beta_ * sum > strongest_exponent)
      throw Error(ExitCode::bad_deck,
                  "model.temperature: couplings of a site exceed 600 T together; raise the temperature (0 is "
                  "allowed for colourings)");
  }
}

double PottsMessages::bytes() const {
  const auto doubles = cavity_.size() + next_.size() + weight_.size() + coupling_.size() + field_.size();
  const auto numbers = graph_->first.size() + graph_->partner.size() + graph_->original.size();
  return static_cast<double>(doubles * sizeof(double) + numbers * sizeof(std::int32_t) + colour_.size());
}

template <class F>
double PottsMessages::with_states(F&& f) {
  switch (states_) {
    case 2:
      return f.template operator()<2>();
    case 3:
      return f.template operator()<3>();
    case 4:
      return f.template operator()<4>();
    case 5:
      return f.template operator()<5>();
    default:
      return f.template operator()<0>();
  }
}

void PottsMessages::own_weights(std::int64_t site, double* out) const {
  std::fill_n(out, states_, 1.0);
  if (field_.empty()) return;
  const double h = field_[index(site)], weaker = std::exp(-beta_ * std::fabs(h));
  if (h > 0)
    std::fill(out + 1, out + states_, weaker);
  else
    out[0] = weaker;
}

template <int States>
double PottsMessages::propose(std::int64_t site) {
  const std::size_t q = States > 0 ? States : states_;
  const std::size_t first = index(graph_->first_slot(site));
  const std::size_t degree = index(graph_->first_slot(site + 1)) - first;
  double* const out = proposal_.data();
  if (colour_[index(site)] >= 0) {
    std::fill_n(out, degree * q, 0.0);
    for (std::size_t d = 0; d < degree; ++d) out[d * q + static_cast<std::size_t>(colour_[index(site)])] = 1;
  } else {
    std::array<double, most_potts_states> product;
    own_weights(site, product.data());
    for (std::size_t d = 0; d < degree; ++d) {
      const PottsBond u = bond(static_cast<std::int64_t>(first + d));
      const double* const c = &cavity_[index(graph_->partner[first + d]) * q];
      for (std::size_t s = 0; s < q; ++s) {
        in_[d * q + s] = u(c[s]);
        out[d * q + s] = product[s];
        product[s] *= in_[d * q + s];
      }
    }
    std::fill_n(product.begin(), q, 1.0);
    for (std::size_t d = degree; d-- > 0;) {
      double sum = 0;
      for (std::size_t s = 0; s < q; ++s) {
        sum += out[d * q + s] *= product[s];
        product[s] *= in_[d * q + s];
      }
      // No colour left: the site says nothing.
      for (std::size_t s = 0; s < q; ++s)
        out[d * q + s] = sum > 0 ? out[d * q + s] / sum : 1 / static_cast<double>(q);
    }
  }
  double largest = 0;
  for (std::size_t at = 0; at < degree * q; ++at)
    largest = std::max(largest, std::fabs(out[at] - cavity_[first * q + at]));
  return largest;
}

void PottsMessages::accept(std::int64_t site, std::vector<double>& to) const {
  const std::size_t first = index(graph_->first_slot(site)) * states_;
  const std::size_t last = index(graph_->first_slot(site + 1)) * states_;
  for (std::size_t at = first; at < last; ++at)
    to[at] = proposal_[at - first] + damping_ * (cavity_[at] - proposal_[at - first]);
}

double PottsMessages::parallel_sweep() {
  next_.resize(cavity_.size());
  const double largest = with_states([&]<int States>() {
    double most = 0;
    for (std::int64_t site = 0; site < graph_->sites(); ++site) {
      most = std::max(most, propose<States>(site));
      accept(site, next_);
    }
    return most;
  });
  std::swap(cavity_, next_);
  return largest;
}

double PottsMessages::sequential_sweep(std::span<const std::int32_t> order) {
  return with_states([&]<int States>() {
    double most = 0;
    for (const std::int32_t site : order) {
      most = std::max(most, propose<States>(site));
      accept(site, cavity_);
    }
    return most;
  });
}

double PottsMessages::residual_sweep(std::int64_t updates, double tolerance) {
  return with_states([&]<int States>() {
    return weiss::residual_sweep(
        *graph_, updates, tolerance, [&](std::int32_t site) { return propose<States>(site); },
        [&](std::int32_t site) { accept(site, cavity_); });
  });
}

double PottsMessages::marginal(std::int64_t site, std::span<double> out) const {
  own_weights(site, out.data());
  for (std::int64_t k = graph_->first_slot(site); k < graph_->first_slot(site + 1); ++k) {
    const PottsBond u = bond(k);
    const auto c = arriving(k);
    for (std::size_t s = 0; s < states_; ++s) out[s] *= u(c[s]);
  }
  for (std::size_t s = 0; s < states_; ++s)
    if (colour(site) >= 0 && s != index(colour(site))) out[s] = 0;
  double sum = 0;
  for (std::size_t s = 0; s < states_; ++s) sum += out[s];
  for (std::size_t s = 0; s < states_; ++s)
    out[s] = sum > 0 ? out[s] / sum : 1 / static_cast<double>(states_);
  return std::log(sum);
}

}  // namespace weiss
