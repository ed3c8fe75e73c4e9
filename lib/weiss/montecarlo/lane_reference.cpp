#include "weiss/montecarlo/lane_reference.hpp"

#include "weiss/montecarlo/lane_heat_bath.hpp"

namespace weiss {

namespace {

double product(std::span<const std::uint8_t> up, std::span<const std::int32_t> members, std::int64_t except) {
  double result = 1;
  for (const std::int32_t member : members)
    if (member != except && up[static_cast<std::size_t>(member)] == 0) result = -result;
  return result;
}

double listed_field(std::span<const std::uint8_t> up, const InteractionGraph& graph,
                    const Incidence& incidence, std::int64_t site) {
  const auto s = static_cast<std::size_t>(site);
  double sum = graph.field.empty() ? 0 : graph.field[s];
  for (const std::int32_t e : lane_interactions_at(graph, incidence, site))
    sum += graph.coupling[static_cast<std::size_t>(e)] * product(up, graph.members_of(e), site);
  return sum;
}

std::vector<double> signed_row(std::span<const std::uint8_t> up, const InteractionGraph& graph,
                               const Incidence& incidence, std::size_t site) {
  std::vector<double> row((up.size() + 31) / 32 * 32);
  for (std::int64_t k = incidence.first[site]; k < incidence.first[site + 1]; ++k) {
    const std::int32_t e = incidence.interaction[static_cast<std::size_t>(k)];
    const auto pair = graph.members_of(e);
    const auto neighbour = static_cast<std::size_t>(pair[0]) == site ? pair[1] : pair[0];
    row[static_cast<std::size_t>(neighbour)] += graph.coupling[static_cast<std::size_t>(e)];
  }
  for (std::size_t j = 0; j < up.size(); ++j)
    if (up[j] == 0) row[j] = -row[j];
  return row;
}

// From column `first` on, a multiple of 32.
double sum_of_quads(const std::vector<double>& row, std::size_t first) {
  double part[4] = {};
  for (std::size_t j = first; j < row.size(); j += 4)
    part[j / 4 % 4] += ((row[j] + row[j + 1]) + row[j + 2]) + row[j + 3];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

double dense_field(std::span<const std::uint8_t> up, const InteractionGraph& graph,
                   const Incidence& incidence, std::int64_t site) {
  const auto s = static_cast<std::size_t>(site);
  return sum_of_quads(signed_row(up, graph, incidence, s), 0) + (graph.field.empty() ? 0 : graph.field[s]);
}

double dense_energy(std::span<const std::uint8_t> up, const InteractionGraph& graph) {
  const Incidence incidence(graph);
  double energy = 0;
  for (std::size_t site = 0; site < up.size(); ++site) {
    const std::vector<double> row = signed_row(up, graph, incidence, site);
    const std::size_t next = (site / 32 + 1) * 32;
    double near = graph.field.empty() ? 0 : graph.field[site];
    for (std::size_t j = site + 1; j < next; ++j) near += row[j];
    const double sum = near + sum_of_quads(row, next);
    energy -= up[site] == 1 ? sum : -sum;
  }
  return energy;
}

}  // namespace

void lane_reference_sweep(std::span<std::uint8_t> up, const InteractionGraph& graph, double beta,
                          const Stream& stream, std::int64_t step, std::int64_t configuration) {
  const Incidence incidence(graph);
  const bool dense = lane_dense(graph);
  for (std::int64_t site = 0; site < graph.sites; ++site) {
    const double h =
        dense ? dense_field(up, graph, incidence, site) : listed_field(up, graph, incidence, site);
    const bool against =
        lane_against(beta, h,
                     stream.bits(static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(site),
                                 static_cast<std::uint32_t>(configuration)));
    std::uint8_t& spin = up[static_cast<std::size_t>(site)];
    const bool along = h == 0 ? spin == 0 : h > 0;
    spin = along != against;
  }
}

double lane_reference_energy(std::span<const std::uint8_t> up, const InteractionGraph& graph) {
  if (lane_dense(graph)) return dense_energy(up, graph);
  double part[4] = {};
  for (std::int64_t e = 0; e < graph.interactions(); ++e)
    part[e % 4] -= graph.coupling[static_cast<std::size_t>(e)] * product(up, graph.members_of(e), -1);
  double sum = (part[0] + part[1]) + (part[2] + part[3]);
  for (std::size_t site = 0; site < graph.field.size(); ++site)
    sum -= up[site] == 1 ? graph.field[site] : -graph.field[site];
  return sum;
}

}  // namespace weiss
