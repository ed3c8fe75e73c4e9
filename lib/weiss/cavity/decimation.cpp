#include "weiss/cavity/decimation.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace weiss {

std::vector<FixedSpin> most_biased(std::span<const double> local_fields, std::span<const std::int8_t> fixed,
                                   std::int64_t count, double unbiased, const Stream& stream,
                                   std::uint64_t step) {
  struct Candidate {
    double bias;
    std::uint64_t lot;
    std::int32_t site;
  };
  std::vector<Candidate> biased, all;
  for (std::size_t site = 0; site < fixed.size(); ++site) {
    if (fixed[site] != 0) continue;
    const double bias = std::fabs(local_fields[site]);
    const Candidate candidate{bias, stream.bits(step, site), static_cast<std::int32_t>(site)};
    (bias > unbiased ? biased : all).push_back(candidate);
  }
  const auto first = [](const Candidate& a, const Candidate& b) {
    return std::tie(b.bias, a.lot, a.site) < std::tie(a.bias, b.lot, b.site);
  };
  std::vector<FixedSpin> chosen;
  if (biased.empty() && !all.empty()) {
    const Candidate& drawn = *std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return std::tie(a.lot, a.site) < std::tie(b.lot, b.site);
    });
    const auto coin = stream.bits(step, static_cast<std::uint64_t>(drawn.site), 1) >> 63;
    return {{drawn.site, static_cast<std::int8_t>(coin != 0 ? 1 : -1)}};
  }
  const auto taken = std::min<std::int64_t>(count, static_cast<std::int64_t>(biased.size()));
  std::partial_sort(biased.begin(), biased.begin() + taken, biased.end(), first);
  for (std::int64_t k = 0; k < taken; ++k) {
    const std::int32_t site = biased[static_cast<std::size_t>(k)].site;
    chosen.push_back(
        {site, static_cast<std::int8_t>(local_fields[static_cast<std::size_t>(site)] > 0 ? 1 : -1)});
  }
  return chosen;
}

template <class Rule>
ConfigurationEnergy configuration_energy(const MessagePassing<Rule>& messages,
                                         std::span<const std::int8_t> spins, std::span<const double> fields) {
  const FactorGraph& graph = messages.graph();
  ConfigurationEnergy result;
  std::vector<std::int8_t> spin_of_slot(static_cast<std::size_t>(graph.slots()));
  for (std::size_t site = 0; site < spins.size(); ++site) {
    const auto number = static_cast<std::int64_t>(site);
    std::fill(spin_of_slot.begin() + graph.first_slot(number),
              spin_of_slot.begin() + graph.first_slot(number + 1), spins[site]);
    if (!fields.empty()) result.energy -= fields[site] * spins[site];
  }
  for (std::int64_t k = 0; k < graph.slots(); ++k) {
    if (!graph.leads(k)) continue;
    int product = spin_of_slot[static_cast<std::size_t>(k)];
    for (const std::int32_t other : graph.partners_of(k))
      product *= spin_of_slot[static_cast<std::size_t>(other)];
    const double coupling = messages.coupling(k) / messages.scaled().scale;
    result.energy -= coupling * product;
    if (coupling * product < 0) ++result.unsatisfied;
  }
  return result;
}

#define WEISS_CONFIGURATION_ENERGY(RULE)                                         \
  template ConfigurationEnergy configuration_energy(const MessagePassing<RULE>&, \
                                                    std::span<const std::int8_t>, std::span<const double>);

WEISS_CONFIGURATION_ENERGY(TanhRule<float>)
WEISS_CONFIGURATION_ENERGY(TanhRule<double>)
WEISS_CONFIGURATION_ENERGY(FieldRule<float>)
WEISS_CONFIGURATION_ENERGY(FieldRule<double>)
WEISS_CONFIGURATION_ENERGY(MinimumRule<float>)
WEISS_CONFIGURATION_ENERGY(MinimumRule<double>)
#undef WEISS_CONFIGURATION_ENERGY

}  // namespace weiss
