#include "weiss/cavity/integer_fields.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace weiss {

namespace {

// A distribution over the integers -reach ... reach, element i for i - reach; weights need not sum to 1.
struct Histogram {
  std::int64_t reach = 0;
  std::vector<double> weight{1.0};

  // f(integer, weight).
  template <class F>
  void for_each(F&& f) const {
    for (std::int64_t x = -reach; x <= reach; ++x) f(x, weight[static_cast<std::size_t>(x + reach)]);
  }
  template <class F>
  double sum(F&& f) const {
    double total = 0;
    for_each([&](std::int64_t x, double w) { total += w * f(x); });
    return total;
  }
};

Histogram plus_message(const Histogram& x, const std::array<double, 3>& message) {
  Histogram sum{x.reach + 1, std::vector<double>(x.weight.size() + 2, 0.0)};
  for (std::size_t i = 0; i < x.weight.size(); ++i)
    for (std::size_t u = 0; u < 3; ++u) sum.weight[i + u] += x.weight[i] * message[u];
  return sum;
}

// The sum of a random number of messages and the field h.
Histogram field_of(const std::vector<double>& numbers, const std::array<double, 3>& message,
                   std::int64_t field) {
  const auto most = static_cast<std::int64_t>(numbers.size()) - 1;
  const std::int64_t reach = most + std::abs(field);
  Histogram total{reach, std::vector<double>(static_cast<std::size_t>(2 * reach + 1), 0.0)};
  Histogram sum;
  for (const double probability : numbers) {
    sum.for_each([&](std::int64_t x, double w) {
      total.weight[static_cast<std::size_t>(x + field + reach)] += probability * w;
    });
    sum = plus_message(sum, message);
  }
  return total;
}

double sign(std::int64_t x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }
double size(std::int64_t x) { return static_cast<double>(std::abs(x)); }

std::array<double, 3> passed(const Histogram& x, double ferromagnetic_fraction) {
  std::array<double, 3> result{};
  x.for_each([&](std::int64_t value, double w) {
    const int s = static_cast<int>(sign(value));
    result[static_cast<std::size_t>(1 + s)] += w * ferromagnetic_fraction;
    result[static_cast<std::size_t>(1 - s)] += w * (1 - ferromagnetic_fraction);
  });
  const double total = result[0] + result[1] + result[2];
  for (double& each : result) each /= total;
  return result;
}

double edge_energy(std::int64_t x, std::int64_t u) { return -1 + size(u) - size(x + u) + size(x); }

void measure(const DegreeLaw& degrees, std::int64_t field, IntegerFields& fields) {
  const Histogram whole = field_of(degrees.site, fields.message, field);
  const Histogram cavity = field_of(degrees.excess, fields.message, field);
  const double nonzero = fields.message[0] + fields.message[2];
  const double site = degrees.mean * (nonzero - 1) - whole.sum(size);
  double edge = 0;
  for (std::int64_t u = -1; u <= 1; ++u)
    edge += fields.message[static_cast<std::size_t>(u + 1)] *
            cavity.sum([&](std::int64_t x) { return edge_energy(x, u); });
  fields.energy = site - degrees.mean / 2 * edge;
  fields.magnetisation = whole.sum(sign);
  fields.local_field = whole.weight;
  fields.overlap = whole.sum([](std::int64_t x) { return x == 0 ? 0.0 : 1.0; });
}

}  // namespace

IntegerFields replica_symmetric_integers(const DegreeLaw& degrees, double ferromagnetic_fraction,
                                         std::int64_t field, double bias) {
  constexpr std::int64_t most_iterations = 1000000;
  IntegerFields fields;
  fields.message = {(1 - bias) / 3, 1.0 / 3, (1 + bias) / 3};
  do {
    const auto next = passed(field_of(degrees.excess, fields.message, field), ferromagnetic_fraction);
    fields.residual = 0;
    for (std::size_t u = 0; u < 3; ++u)
      fields.residual = std::max(fields.residual, std::abs(next[u] - fields.message[u]));
    fields.message = next;
  } while (++fields.iterations < most_iterations && fields.residual > 1e-15);
  measure(degrees, field, fields);
  return fields;
}

namespace {

// Products of messages, each with its weight exp(-y |u|) as energies ask for: -1 + |u| a message.
Histogram weighted_sum(std::int64_t count, double zero, double y) {
  const double one = (1 - zero) / 2 * std::exp(-y);
  Histogram sum;
  for (std::int64_t i = 0; i < count; ++i) sum = plus_message(sum, {one, zero, one});
  return sum;
}

Histogram cavity_of(std::int64_t z, double zero, double y) {
  Histogram x = weighted_sum(z - 1, zero, y);
  x.for_each([&](std::int64_t value, double w) {
    x.weight[static_cast<std::size_t>(value + x.reach)] = w * std::exp(y * size(value));
  });
  const double total = x.sum([](std::int64_t) { return 1.0; });
  for (double& each : x.weight) each /= total;
  return x;
}

double fixed_zero(std::int64_t z, double y) {
  double zero = 0.3;
  for (int iteration = 0; iteration < 100000; ++iteration) {
    const Histogram x = cavity_of(z, zero, y);
    const double next = x.weight[static_cast<std::size_t>(x.reach)];
    const double change = std::abs(next - zero);
    zero = (next + zero) / 2;  // halved steps: for odd z - 1 plain ones can alternate
    if (change < 1e-16) break;
  }
  return zero;
}

// y Phi(y) at the given probability of a zero message; stationary there, so that its derivative by y alone is
// that of the fixed point.
double y_times_phi(std::int64_t z, double zero, double y) {
  const auto links = static_cast<double>(z);
  const double site = weighted_sum(z, zero, y).sum([&](std::int64_t x) { return std::exp(y * size(x)); });
  const Histogram cavity = cavity_of(z, zero, y);
  double edge = 0;
  for (std::int64_t u = -1; u <= 1; ++u)
    edge += (u == 0 ? zero : (1 - zero) / 2) *
            cavity.sum([&](std::int64_t x) { return std::exp(-y * (1 + edge_energy(x, u))); });
  // The -1 of every link, taken out of both averages: z of the site, z/2 of the edges.
  return -std::log(site) + links / 2 * std::log(edge) - y * links / 2;
}

}  // namespace

FactorisedState factorised_state(std::int64_t z, double y) {
  FactorisedState state;
  state.reweighting = y;
  state.zero_message = fixed_zero(z, y);
  if (y < 1e-4) {  // the limit is the replica-symmetric energy
    state.energy = replica_symmetric_integers(regular_degrees(z), 0.5, 0, 0).energy;
    state.free_energy = state.energy;
    return state;
  }
  const double step = 1e-4 * std::max(y, 0.1);
  state.free_energy = y_times_phi(z, state.zero_message, y) / y;
  state.energy = (y_times_phi(z, fixed_zero(z, y + step), y + step) -
                  y_times_phi(z, fixed_zero(z, y - step), y - step)) /
                 (2 * step);
  state.complexity = y * (state.energy - state.free_energy);
  return state;
}

FactorisedState factorised_ground_state(std::int64_t z) {
  const auto phi = [&](double y) { return y_times_phi(z, fixed_zero(z, y), y) / y; };
  double low = 0.05, high = 2;
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double phi_a = phi(a), phi_b = phi(b);
  while (high - low > 1e-8) {
    if (phi_a > phi_b) {
      high = b;
      b = a;
      phi_b = phi_a;
      phi_a = phi(a = high - golden * (high - low));
    } else {
      low = a;
      a = b;
      phi_a = phi_b;
      phi_b = phi(b = low + golden * (high - low));
    }
  }
  return factorised_state(z, (low + high) / 2);
}

}  // namespace weiss
