#include "weiss/cavity/potts_paramagnet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

struct Share {
  double J, part;
};

// The sizes of the couplings, each once.
std::vector<Share> shares_of(const PottsMessages& messages) {
  std::vector<double> all;
  for (std::int64_t k = 0; k < messages.graph().slots(); ++k) all.push_back(messages.coupling(k));
  std::sort(all.begin(), all.end());
  std::vector<Share> shares;
  for (const double J : all) {
    if (shares.empty() || shares.back().J != J) shares.push_back({J, 0});
    shares.back().part += 1;
  }
  for (Share& each : shares) each.part /= static_cast<double>(all.size());
  return shares;
}

template <class F>
double mean(const std::vector<Share>& shares, F&& f) {
  double sum = 0;
  for (const Share& each : shares) sum += each.part * f(each.J);
  return sum;
}

// The T where f(beta) = 1; f rises with beta from 0.
template <class F>
double temperature_where_one(F&& f) {
  constexpr double coldest = 0x1p40;
  double high = 1;
  while (f(high) > 1) high /= 2;
  double low = high;
  while (low < coldest && f(low) < 1) low *= 2;
  if (!(f(low) > 1)) return std::numeric_limits<double>::quiet_NaN();
  return 1 / root_between([&](double beta) { return f(beta) - 1; }, high, low);
}

}  // namespace

double potts_lambda(double J, double beta, double states) {
  const double w = std::exp(-beta * std::fabs(J)), missing = -std::expm1(-beta * std::fabs(J));
  return J > 0 ? missing / (1 + (states - 1) * w) : -missing / (states - 1 + w);
}

PottsParamagnet potts_paramagnet(const PottsMessages& messages) {
  const std::vector<Share> shares = shares_of(messages);
  const auto q = static_cast<double>(messages.states());
  const double beta = messages.beta();
  const double pairs =
      static_cast<double>(messages.graph().slots()) / 2 / static_cast<double>(messages.graph().sites());
  // e^{beta J} = top / bottom without overflow
  const auto top = [&](double J) { return J > 0 ? 1.0 : std::exp(beta * J); };
  const auto bottom = [&](double J) { return J > 0 ? std::exp(-beta * J) : 1.0; };
  const double log_partition =
      std::log(q) + pairs * mean(shares, [&](double J) {
                      return (J > 0 ? beta * J : 0) + std::log((top(J) + (q - 1) * bottom(J)) / q);
                    });
  if (std::isinf(beta)) return {0, 0, log_partition};
  const double energy =
      -pairs * mean(shares, [&](double J) { return J * top(J) / (top(J) + (q - 1) * bottom(J)); });
  return {-log_partition / beta, energy, beta * energy + log_partition};
}

double further_neighbours(const FactorGraph& graph) {
  double pairs = 0;
  for (std::int64_t site = 0; site < graph.sites(); ++site) {
    const auto degree = static_cast<double>(graph.first_slot(site + 1) - graph.first_slot(site));
    pairs += degree * (degree - 1);
  }
  return graph.slots() > 0 ? pairs / static_cast<double>(graph.slots()) : 0;
}

double kesten_stigum_temperature(const PottsMessages& messages) {
  const std::vector<Share> shares = shares_of(messages);
  const double k = further_neighbours(messages.graph());
  const auto q = static_cast<double>(messages.states());
  return temperature_where_one([&](double beta) {
    return k * mean(shares, [&](double J) { return std::pow(potts_lambda(J, beta, q), 2); });
  });
}

double ferromagnetic_temperature(const PottsMessages& messages) {
  const std::vector<Share> shares = shares_of(messages);
  if (shares.empty() || !(shares.front().J > 0)) return std::numeric_limits<double>::quiet_NaN();
  const double k = further_neighbours(messages.graph());
  const auto q = static_cast<double>(messages.states());
  return temperature_where_one(
      [&](double beta) { return k * mean(shares, [&](double J) { return potts_lambda(J, beta, q); }); });
}

}  // namespace weiss
