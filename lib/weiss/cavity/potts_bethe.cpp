#include "weiss/cavity/potts_bethe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weiss {

namespace {

double weight_of_equal(const PottsMessages& messages, std::int64_t slot) {
  const auto here = messages.message(slot), there = messages.arriving(slot);
  return std::inner_product(here.begin(), here.end(), there.begin(), 0.0);
}

struct PairShare {
  double log_weight, equal;  // ln Z_ij, P(s_i = s_j)
};

PairShare pair_share(const PottsMessages& messages, std::int64_t slot) {
  const double overlap = weight_of_equal(messages, slot), J = messages.coupling(slot);
  const PottsBond bond = messages.bond(slot);
  const double z = bond(overlap);
  const double equal = (bond.constant + bond.slope) * overlap / z;  // of J < 0 the sum is e^{beta J}
  return {std::log(z) + (J > 0 ? messages.beta() * J : 0), equal};
}

}  // namespace

PottsAverages potts_averages(const PottsMessages& messages) {
  const FactorGraph& graph = messages.graph();
  const std::size_t q = messages.states();
  const double states = static_cast<double>(q);
  PottsAverages all;
  std::vector<double> p(q), total(q);
  double log_partition = 0;
  for (std::int64_t site = 0; site < graph.sites(); ++site) {
    double squares = 0;
    const double own = messages.marginal(site, p), h = messages.field(site);
    if (std::isinf(own)) ++all.contradictions;
    log_partition += own + (h > 0 ? messages.beta() * h : 0);
    for (std::size_t s = 0; s < q; ++s) {
      squares += p[s] * p[s];
      total[s] += p[s];
    }
    all.overlap += (states * squares - 1) / (states - 1);
    all.energy -= h * p[0];
    for (std::int64_t k = graph.first_slot(site); k < graph.first_slot(site + 1); ++k) {
      const double J = messages.coupling(k);
      if (J > 0) log_partition += messages.beta() * J;  // what u leaves out
      if (!graph.leads(k)) continue;
      const PairShare pair = pair_share(messages, k);
      log_partition -= pair.log_weight;
      all.equal_pairs += pair.equal;
      all.energy -= J * pair.equal;
    }
  }
  all.magnetization =
      (states * *std::max_element(total.begin(), total.end()) - static_cast<double>(graph.sites())) /
      (states - 1);
  const bool colourings = std::isinf(messages.beta());
  if (!std::isfinite(log_partition)) log_partition = std::numeric_limits<double>::quiet_NaN();
  all.free_energy = colourings ? 0 : -log_partition / messages.beta();
  all.entropy = colourings ? log_partition : messages.beta() * all.energy + log_partition;
  return all;
}

PottsEnergy potts_energy(const PottsMessages& messages, std::span<const std::int8_t> colours) {
  const FactorGraph& graph = messages.graph();
  std::vector<std::int8_t> of_slot(static_cast<std::size_t>(graph.slots()));
  PottsEnergy result;
  for (std::int64_t site = 0; site < graph.sites(); ++site) {
    const std::int8_t colour = colours[static_cast<std::size_t>(site)];
    std::fill(of_slot.begin() + graph.first_slot(site), of_slot.begin() + graph.first_slot(site + 1), colour);
    if (colour == 0) result.energy -= messages.field(site);
  }
  for (std::int64_t k = 0; k < graph.slots(); ++k) {
    if (!graph.leads(k)) continue;
    const std::int32_t other = graph.partners_of(k).front();
    const bool equal = of_slot[static_cast<std::size_t>(k)] == of_slot[static_cast<std::size_t>(other)];
    const double J = messages.coupling(k);
    if (equal) result.energy -= J;
    if (equal ? J < 0 : J > 0) ++result.unsatisfied;
  }
  return result;
}

namespace {

// The linear map of perturbations x = d ln c of the messages at a fixed point: along a slot
// d ln u(s) = g(s) x(s), g = slope c / u, and what leaves is the sum of the others, less its mean under c.
class PottsPerturbations {
 public:
  explicit PottsPerturbations(const PottsMessages& messages)
      : messages_(&messages), gain_(messages.messages().size()) {
    const std::size_t q = messages.states();
    for (std::int64_t k = 0; k < messages.graph().slots(); ++k) {
      const PottsBond u = messages.bond(k);
      const auto c = messages.arriving(k);
      for (std::size_t s = 0; s < q; ++s)
        if (c[s] > 0 && u(c[s]) > 0) gain_[static_cast<std::size_t>(k) * q + s] = u.slope * c[s] / u(c[s]);
    }
  }

  // next(slot) = leave(slot, sum over the site's other slots of arrive(slot, v(partner))), `size` numbers
  // each.
  template <class Arrive, class Leave>
  void apply(std::size_t size, const std::vector<double>& v, std::vector<double>& next, Arrive&& arrive,
             Leave&& leave) {
    const FactorGraph& graph = messages_->graph();
    in_.resize(static_cast<std::size_t>(graph.largest_degree) * size);
    for (std::int64_t site = 0; site < graph.sites(); ++site) {
      const auto first = static_cast<std::size_t>(graph.first_slot(site));
      const auto last = static_cast<std::size_t>(graph.first_slot(site + 1));
      // From both sides: a difference would leave rounding where there is nothing.
      sum_.assign(size, 0.0);
      for (std::size_t k = first; k < last; ++k) {
        double* const in = &in_[(k - first) * size];
        arrive(k, &v[static_cast<std::size_t>(graph.partner[k]) * size], in);
        for (std::size_t s = 0; s < size; ++s) {
          next[k * size + s] = sum_[s];
          sum_[s] += in[s];
        }
      }
      sum_.assign(size, 0.0);
      for (std::size_t k = last; k-- > first;) {
        for (std::size_t s = 0; s < size; ++s) {
          next[k * size + s] += sum_[s];
          sum_[s] += in_[(k - first) * size + s];
        }
        leave(k, &next[k * size]);
      }
    }
  }

  const double* gain(std::size_t slot) const { return &gain_[slot * messages_->states()]; }
  const double* message(std::size_t slot) const {
    return messages_->message(static_cast<std::int64_t>(slot)).data();
  }

 private:
  const PottsMessages* messages_;
  std::vector<double> gain_, in_, sum_;
};

// v -> v - its mean under c.
void take_out_mean(const double* c, double* v, std::size_t q) {
  const double mean = std::inner_product(c, c + q, v, 0.0);
  for (std::size_t s = 0; s < q; ++s) v[s] -= mean;
}

// The same for both indices of a covariance.
void take_out_means(const double* c, double* v, std::size_t q) {
  for (std::size_t s = 0; s < q; ++s) take_out_mean(c, v + s * q, q);
  for (std::size_t t = 0; t < q; ++t) {
    double mean = 0;
    for (std::size_t s = 0; s < q; ++s) mean += c[s] * v[s * q + t];
    for (std::size_t s = 0; s < q; ++s) v[s * q + t] -= mean;
  }
}

// Growth of a positive size under step(), which returns the ratio of sizes after and before.
template <class Step>
double iterated_growth(double tolerance, std::int64_t most_steps, Step&& step) {
  std::vector<double> growth;
  for (std::int64_t t = 0; t < most_steps; ++t) {
    growth.push_back(step());
    if (growth.back() == 0) return 0;
    const std::size_t n = growth.size();
    if (n > 8 && std::fabs(growth[n - 1] - growth[n - 2]) < tolerance &&
        std::fabs(growth[n - 2] - growth[n - 3]) < tolerance)
      return growth.back();
  }
  double sum = 0;
  for (std::size_t t = growth.size() / 2; t < growth.size(); ++t) sum += std::log(std::fabs(growth[t]));
  const double mean = std::exp(sum / static_cast<double>(growth.size() - growth.size() / 2));
  return growth.back() < 0 ? -mean : mean;
}

}  // namespace

double potts_stability(const PottsMessages& messages, double tolerance, std::int64_t most_steps) {
  PottsPerturbations map(messages);
  const std::size_t q = messages.states(), size = q * q, slots = messages.messages().size() / q;
  std::vector<double> v(slots * size), next(v.size());
  for (std::size_t k = 0; k < slots; ++k) {
    for (std::size_t s = 0; s < q; ++s) v[k * size + s * (q + 1)] = 1;
    take_out_means(map.message(k), &v[k * size], q);
  }
  const auto arrive = [&](std::size_t k, const double* from, double* to) {
    const double* const g = map.gain(k);
    for (std::size_t s = 0; s < q; ++s)
      for (std::size_t t = 0; t < q; ++t) to[s * q + t] = g[s] * g[t] * from[s * q + t];
  };
  const auto leave = [&](std::size_t k, double* to) { take_out_means(map.message(k), to, q); };
  // sum of <(d c(s))^2>
  const auto squares = [&](const std::vector<double>& all) {
    double sum = 0;
    for (std::size_t k = 0; k < slots; ++k)
      for (std::size_t s = 0; s < q; ++s)
        sum += map.message(k)[s] * map.message(k)[s] * all[k * size + s * (q + 1)];
    return sum;
  };
  double before = squares(v);
  return iterated_growth(tolerance, most_steps, [&] {
    if (!(before > 0)) return 0.0;
    map.apply(size, v, next, arrive, leave);
    const double after = squares(next);
    if (!(after > 0)) return 0.0;
    const double growth = after / before;
    for (std::size_t at = 0; at < v.size(); ++at) v[at] = next[at] / after;
    before = squares(v);
    return growth;
  });
}

double potts_uniform_growth(const PottsMessages& messages, double tolerance, std::int64_t most_steps) {
  PottsPerturbations map(messages);
  const std::size_t q = messages.states(), slots = messages.messages().size() / q;
  std::vector<double> v(slots * q), next(v.size());
  for (std::size_t k = 0; k < slots; ++k) {
    v[k * q] = 1;
    take_out_mean(map.message(k), &v[k * q], q);
  }
  const auto arrive = [&](std::size_t k, const double* from, double* to) {
    for (std::size_t s = 0; s < q; ++s) to[s] = map.gain(k)[s] * from[s];
  };
  const auto leave = [&](std::size_t k, double* to) { take_out_mean(map.message(k), to, q); };
  // sum of d c d c'
  const auto product = [&](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t k = 0; k < slots; ++k)
      for (std::size_t s = 0; s < q; ++s)
        sum += map.message(k)[s] * map.message(k)[s] * a[k * q + s] * b[k * q + s];
    return sum;
  };
  return iterated_growth(tolerance, most_steps, [&] {
    const double before = product(v, v);
    if (!(before > 0)) return 0.0;
    map.apply(q, v, next, arrive, leave);
    const double growth = product(v, next) / before, size = std::sqrt(product(next, next));
    if (!(size > 0)) return 0.0;
    for (std::size_t at = 0; at < v.size(); ++at) v[at] = next[at] / size;
    return growth;
  });
}

}  // namespace weiss
