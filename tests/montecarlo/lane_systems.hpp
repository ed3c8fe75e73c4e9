// Small disordered systems for the tests of the octet kernels, and their exact averages.
#pragma once

#include <array>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/montecarlo/lane_field.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss::lane_test {

inline std::vector<SimdTarget> targets() {
  std::vector<SimdTarget> result;
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512})
    if (supported(target)) result.push_back(target);
  return result;
}

// Near normal, mean 0, variance 1: the sum of 12 uniform numbers.
inline double deviate(std::uint64_t index, std::uint64_t kind = 0) {
  const Stream stream(5, 0, StreamId::coupling);
  double sum = -6;
  for (std::uint32_t draw = 0; draw < 12; ++draw)
    sum += static_cast<double>(stream.bits(kind, index, draw) >> 11) * 0x1p-53;
  return sum;
}

inline InteractionGraph empty(std::int64_t sites, int order) {
  InteractionGraph graph;
  graph.sites = sites;
  graph.order = order;
  return graph;
}

inline void join(InteractionGraph& graph, std::initializer_list<std::int64_t> members) {
  for (const std::int64_t member : members) graph.members.push_back(static_cast<std::int32_t>(member));
  graph.coupling.push_back(deviate(static_cast<std::uint64_t>(graph.interactions())));
}

inline void add_fields(InteractionGraph& graph) {
  for (std::int64_t site = 0; site < graph.sites; ++site)
    graph.field.push_back(0.5 * deviate(static_cast<std::uint64_t>(site), 1));
}

inline InteractionGraph square(std::int64_t L, bool fields) {
  InteractionGraph graph = empty(L * L, 2);
  for (std::int64_t site = 0; site < graph.sites; ++site) {
    join(graph, {site, site / L * L + (site + 1) % L});
    join(graph, {site, (site + L) % graph.sites});
  }
  if (fields) add_fields(graph);
  return graph;
}

// Couplings +1 and -1, so that the local field is often zero.
inline InteractionGraph signs_square() {
  InteractionGraph graph = square(6, false);
  for (double& coupling : graph.coupling) coupling = coupling < 0 ? -1 : 1;
  return graph;
}

inline InteractionGraph triangle() {
  InteractionGraph graph = empty(3, 2);
  join(graph, {0, 1});
  join(graph, {1, 2});
  join(graph, {0, 2});
  return graph;
}

inline InteractionGraph complete(std::int64_t sites) {
  InteractionGraph graph = empty(sites, 2);
  for (std::int64_t i = 0; i < sites; ++i)
    for (std::int64_t j = i + 1; j < sites; ++j) join(graph, {i, j});
  for (double& coupling : graph.coupling) coupling /= std::sqrt(static_cast<double>(sites));
  return graph;
}

inline InteractionGraph complete_with_fields() {
  InteractionGraph graph = complete(29);
  add_fields(graph);
  return graph;
}

inline InteractionGraph triples(std::int64_t sites) {
  InteractionGraph graph = empty(sites, 3);
  for (std::int64_t site = 0; site < sites; ++site)
    for (const std::int64_t shift : {1, 2})
      join(graph, {site, (site + shift) % sites, (site + 2 * shift + 1) % sites});
  return graph;
}

inline InteractionGraph quadruples_with_fields() {
  InteractionGraph graph = empty(17, 4);
  for (std::int64_t site = 0; site < graph.sites; ++site)
    join(graph, {site, (site + 1) % 17, (site + 3) % 17, (site + 7) % 17});
  add_fields(graph);
  return graph;
}

// One site with no coupling and no field at the end, and a second interaction of the same two sites.
inline InteractionGraph star() {
  InteractionGraph graph = empty(12, 2);
  for (std::int64_t site = 1; site < 11; ++site) join(graph, {0, site});
  join(graph, {4, 0});
  return graph;
}

struct Case {
  const char* name;
  InteractionGraph (*graph)();
  double beta;
};

inline const std::array cases{Case{"square", [] { return square(10, false); }, 0.8},
                              Case{"square_with_fields", [] { return square(5, true); }, 0.8},
                              Case{"signs", signs_square, 1.0},
                              Case{"complete", [] { return complete(34); }, 1.2},
                              Case{"complete_with_fields", complete_with_fields, 1.2},
                              Case{"triangle", triangle, 0.5},
                              Case{"triples", [] { return triples(40); }, 0.9},
                              Case{"quadruples", quadruples_with_fields, 0.9},
                              Case{"star", star, 0.7}};

inline std::vector<double> betas(std::int64_t configurations, double beta) {
  std::vector<double> result;
  for (std::int64_t c = 0; c < configurations; ++c)
    result.push_back(beta * (0.25 + 2 * static_cast<double>(c) / static_cast<double>(configurations)));
  return result;
}

inline LaneField random_start(std::int64_t sites, std::int64_t octets, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  LaneField field(sites, octets);
  for (std::int64_t c = 0; c < field.configurations(); ++c)
    for (std::int64_t site = 0; site < sites; ++site)
      field.set(c, site,
                stream.bits(static_cast<std::uint64_t>(c), static_cast<std::uint64_t>(site)) >> 63 != 0);
  return field;
}

inline std::vector<std::uint8_t> bits_of(const LaneField& field, std::int64_t configuration) {
  std::vector<std::uint8_t> up;
  for (std::int64_t site = 0; site < field.sites(); ++site)
    up.push_back(field.up(configuration, site) ? 1 : 0);
  return up;
}

struct Averages {
  double energy = 0, squared_magnetisation = 0;
};

inline Averages enumerate(const InteractionGraph& graph, double beta) {
  Averages sum;
  double total = 0;
  for (std::uint64_t state = 0; state < std::uint64_t{1} << graph.sites; ++state) {
    const auto spin = [&](std::int64_t site) { return (state >> site & 1) != 0 ? 1.0 : -1.0; };
    double energy = 0, magnetisation = 0;
    for (std::int64_t e = 0; e < graph.interactions(); ++e) {
      double product = graph.coupling[static_cast<std::size_t>(e)];
      for (const std::int32_t member : graph.members_of(e)) product *= spin(member);
      energy -= product;
    }
    for (std::int64_t site = 0; site < graph.sites; ++site) {
      magnetisation += spin(site);
      if (!graph.field.empty()) energy -= graph.field[static_cast<std::size_t>(site)] * spin(site);
    }
    const double weight = std::exp(-beta * energy);
    total += weight;
    sum.energy += weight * energy;
    sum.squared_magnetisation += weight * magnetisation * magnetisation;
  }
  return {sum.energy / total, sum.squared_magnetisation / total};
}

// Of the mean of independent values against the exact one.
inline double z_score(const std::vector<double>& values, double exact) {
  double sum = 0, squares = 0;
  const double n = static_cast<double>(values.size());
  for (const double value : values) sum += value;
  for (const double value : values) squares += (value - sum / n) * (value - sum / n);
  return (sum / n - exact) / std::sqrt(squares / (n * (n - 1)));
}

}  // namespace weiss::lane_test
