#include "weiss/montecarlo/lane_heat_bath.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

// The graph as the kernels read it.
struct LaneHeatBath::Tables {
  explicit Tables(const InteractionGraph& graph);

  LaneCouplings couplings() const {
    return {field.data(),    first.data(), partner.data(),
            coupling.data(), order - 1,    rows.empty() ? nullptr : rows.data(),
            row_stride};
  }
  LaneInteractions interactions() const {
    return {members.data(), signed_coupling.data(), static_cast<std::int64_t>(signed_coupling.size()), order,
            has_field ? field.data() : nullptr};
  }

  int order;
  bool has_field;
  std::vector<double> field;
  std::vector<std::int32_t> members;
  std::vector<double> signed_coupling;
  // Lists.
  std::vector<std::int64_t> first;
  std::vector<std::int32_t> partner;
  std::vector<double> coupling;
  // Rows.
  std::vector<double> rows;
  std::int64_t row_stride = 0;

 private:
  void make_lists(const InteractionGraph& graph);
  void make_rows(const InteractionGraph& graph);
};

LaneHeatBath::Tables::Tables(const InteractionGraph& graph)
    : order(graph.order),
      has_field(!graph.field.empty()),
      field(graph.field),
      members(graph.members),
      signed_coupling(graph.coupling) {
  field.resize(static_cast<std::size_t>(graph.sites));
  for (double& each : field) each += 0.0;  // no -0, which kernels would take for a field downwards
  if (order % 2 != 0)
    for (double& each : signed_coupling) each = -each;
  if (lane_dense(graph))
    make_rows(graph);
  else
    make_lists(graph);
}

void LaneHeatBath::Tables::make_lists(const InteractionGraph& graph) {
  const Incidence incidence(graph);
  first = incidence.first;
  for (std::int64_t site = 0; site < graph.sites; ++site)
    for (const std::int32_t e : lane_interactions_at(graph, incidence, site)) {
      coupling.push_back(signed_coupling[static_cast<std::size_t>(e)]);
      for (const std::int32_t member : graph.members_of(e))
        if (member != site) partner.push_back(member);
    }
}

void LaneHeatBath::Tables::make_rows(const InteractionGraph& graph) {
  row_stride = (graph.sites + 31) / 32 * 32;
  rows.assign(static_cast<std::size_t>(graph.sites * row_stride), 0);
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    const auto pair = graph.members_of(e);
    const double value = graph.coupling[static_cast<std::size_t>(e)];
    rows[static_cast<std::size_t>(pair[0] * row_stride + pair[1])] += value;
    rows[static_cast<std::size_t>(pair[1] * row_stride + pair[0])] += value;
  }
}

bool lane_dense(const InteractionGraph& graph) {
  return graph.order == 2 && 4 * graph.interactions() >= graph.sites * (graph.sites - 1);
}

std::vector<std::int32_t> lane_interactions_at(const InteractionGraph& graph, const Incidence& incidence,
                                               std::int64_t site) {
  const auto last_before = [&](std::int32_t e) {
    std::int64_t last = -1;
    for (const std::int32_t member : graph.members_of(e))
      if (member < site && member > last) last = member;
    return last;
  };
  const auto s = static_cast<std::size_t>(site);
  std::vector<std::int32_t> result(incidence.interaction.begin() + incidence.first[s],
                                   incidence.interaction.begin() + incidence.first[s + 1]);
  std::stable_sort(result.begin(), result.end(),
                   [&](std::int32_t a, std::int32_t b) { return last_before(a) < last_before(b); });
  return result;
}

bool lane_against(double beta, double local_field, std::uint64_t bits) {
  // A field of zero decides nothing at infinite beta either.
  const double e = local_field == 0 ? 1 : portable_exp(-2 * beta * std::fabs(local_field));
  const double u = static_cast<double>(bits >> 12) * 0x1p-52;
  return u < e / (1 + e);
}

LaneHeatBath::LaneHeatBath(const InteractionGraph& graph, const Stream& stream, SimdTarget target)
    : kernel_(&lane_kernel(target)), key_(stream.key()), tables_(std::make_shared<const Tables>(graph)) {}

void LaneHeatBath::prepare(std::span<const double> betas, std::int64_t first_configuration,
                           std::int64_t octets) {
  if (!std::equal(betas.begin(), betas.end(), betas_.begin(), betas_.end())) {
    betas_.assign(betas.begin(), betas.end());
    temperatures_.resize(static_cast<std::size_t>(octets));
    for (std::size_t i = 0; i < betas.size(); ++i) {
      LaneTemperatures& octet = temperatures_[i / 8];
      octet.beta[i % 8] = betas[i];
      octet.scale[i % 8] = 1 / (2 * betas[i]);
      octet.margin[i % 8] = lane_logit_margin * octet.scale[i % 8];
    }
  }
  if (first_octet_ != first_configuration / 8 || differences_.size() != static_cast<std::size_t>(octets)) {
    first_octet_ = first_configuration / 8;
    differences_.resize(static_cast<std::size_t>(octets));
    kernel_->differences(key_, static_cast<std::uint64_t>(first_octet_), octets, differences_.data());
  }
}

void LaneHeatBath::sweep(LaneField& field, std::span<const double> betas, std::int64_t step,
                         std::int64_t first_configuration) {
  if (std::ssize(betas) != field.configurations() || first_configuration % 8 != 0 ||
      first_configuration < 0 || first_configuration + field.configurations() > std::int64_t{1} << 17)
    throw Error(ExitCode::internal, "lane heat bath: " + std::to_string(betas.size()) +
                                        " temperatures for configurations " +
                                        std::to_string(first_configuration) + " ... " +
                                        std::to_string(first_configuration + field.configurations() - 1));
  prepare(betas, first_configuration, field.octets());
  kernel_->sweep({field.spins(), tables_->couplings(), temperatures_.data(), &key_, differences_.data(),
                  static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(first_octet_), &lane_against});
}

std::vector<double> LaneHeatBath::energies(LaneField& field) const {
  std::vector<double> result(static_cast<std::size_t>(field.configurations()));
  if (tables_->rows.empty())
    kernel_->energies(field.spins(), tables_->interactions(), result.data());
  else
    kernel_->dense_energies(field.spins(), tables_->couplings(), result.data());
  return result;
}

}  // namespace weiss
