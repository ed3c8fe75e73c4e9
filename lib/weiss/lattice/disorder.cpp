#include "weiss/lattice/disorder.hpp"

#include <cmath>
#include <utility>

#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

// True with the probability, to 2^-53.
bool happens(double probability, std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53 < probability;
}

// Steps of the streams, so that bonds and sites have numbers of their own.
constexpr std::uint64_t of_interactions = 0, of_sites = 1;

}  // namespace

void draw_couplings(InteractionGraph& graph, const CouplingDistribution& distribution, std::uint64_t seed,
                    std::uint64_t realisation) {
  const Stream stream(seed, realisation, StreamId::coupling);
  for (std::size_t e = 0; e < graph.coupling.size(); ++e)
    if (distribution.kind == CouplingDistribution::Kind::gaussian)
      graph.coupling[e] = distribution.mean + distribution.width * normal_deviate(stream, of_interactions, e);
    else
      graph.coupling[e] = happens(distribution.ferromagnetic_fraction, stream.bits(of_interactions, e))
                              ? distribution.width
                              : -distribution.width;
}

std::vector<std::array<std::uint64_t, 8>> coupling_signs(std::int64_t interactions,
                                                         double ferromagnetic_fraction, std::uint64_t seed,
                                                         std::uint64_t block) {
  std::vector<std::array<std::uint64_t, 8>> words(static_cast<std::size_t>(interactions));
  for (std::uint64_t lane = 0; lane < 512; ++lane) {
    const Stream stream(seed, 512 * block + lane, StreamId::coupling);
    for (std::size_t e = 0; e < words.size(); ++e)
      if (happens(ferromagnetic_fraction, stream.bits(of_interactions, e)))
        words[e][lane / 64] |= std::uint64_t{1} << (lane % 64);
  }
  return words;
}

std::vector<std::uint8_t> positive_couplings(std::int64_t interactions, double ferromagnetic_fraction,
                                             std::uint64_t seed, std::uint64_t realisation) {
  const Stream stream(seed, realisation, StreamId::coupling);
  std::vector<std::uint8_t> positive;
  for (std::uint64_t e = 0; e < static_cast<std::uint64_t>(interactions); ++e)
    positive.push_back(happens(ferromagnetic_fraction, stream.bits(of_interactions, e)) ? 1 : 0);
  return positive;
}

void draw_fields(InteractionGraph& graph, const FieldDistribution& distribution, std::uint64_t seed,
                 std::uint64_t realisation) {
  graph.field.clear();
  if (distribution.mean == 0 &&
      (distribution.kind == FieldDistribution::Kind::none || distribution.width == 0))
    return;
  const Stream stream(seed, realisation, StreamId::random_field);
  for (std::int64_t site = 0; site < graph.sites; ++site) {
    const auto index = static_cast<std::uint64_t>(site);
    double field = distribution.mean;
    if (distribution.kind == FieldDistribution::Kind::gaussian)
      field += distribution.width * normal_deviate(stream, of_sites, index);
    if (distribution.kind == FieldDistribution::Kind::bimodal)
      field += happens(0.5, stream.bits(of_sites, index)) ? distribution.width : -distribution.width;
    graph.field.push_back(field);
  }
}

void dilute(InteractionGraph& graph, double bond_probability, double site_probability, std::uint64_t seed,
            std::uint64_t realisation) {
  if (bond_probability >= 1 && site_probability >= 1) return;
  const Stream stream(seed, realisation, StreamId::dilution);
  std::vector<std::int32_t> members;
  std::vector<double> coupling;
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    bool stays = happens(bond_probability, stream.bits(of_interactions, static_cast<std::uint64_t>(e)));
    for (const std::int32_t member : graph.members_of(e))
      stays = stays && happens(site_probability, stream.bits(of_sites, static_cast<std::uint64_t>(member)));
    if (!stays) continue;
    const auto all = graph.members_of(e);
    members.insert(members.end(), all.begin(), all.end());
    coupling.push_back(graph.coupling[static_cast<std::size_t>(e)]);
  }
  graph.members = std::move(members);
  graph.coupling = std::move(coupling);
}

}  // namespace weiss
