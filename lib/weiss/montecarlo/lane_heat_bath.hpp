// Heat bath of a disordered Ising system with real couplings, eight configurations at a time, each at its own
// temperature: sites in order 0 ... N - 1, and each spin aligns with its local field
//   h_i = field_i + sum_e J_e prod_{j in e, j != i} s_j
// unless u < p, p = e / (1 + e), e = exp(-2 beta |h_i|); at h_i = 0 the new spin is the old one turned unless
// u < p = 1/2. As only |h_i| enters, a gauge transform of couplings and spins maps trajectories bit for bit.
//
// u is the top 52 bits of bits(step, site, number of the configuration in the task) of the stream. Sums are
// in double and in a fixed order: the field, then lane_interactions_at, or, for pairs that join at least half
// of all couples of sites, along the rows of a matrix as lane_dense.hpp says, then the field. So a
// configuration's bits do not depend on the others, on ranks, or on the instruction set; lane_reference.hpp
// is the plain twin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/lattice/interaction_graph.hpp"
#include "weiss/montecarlo/lane_field.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// Whether the local fields of a graph are summed along rows of a matrix.
bool lane_dense(const InteractionGraph& graph);

// The interactions at a site in the order in which its local field is summed: by the last member before the
// site, those without one first, then by number. So what a sweep has just changed comes last, and the sum
// does not wait for it.
std::vector<std::int32_t> lane_interactions_at(const InteractionGraph& graph, const Incidence& incidence,
                                               std::int64_t site);

// Whether a spin turns against the local field h: u < p by the formula above, on portable_exp.
bool lane_against(double beta, double local_field, std::uint64_t bits);

class LaneHeatBath {
 public:
  // The members of an interaction are different sites. The stream's key names the realisation.
  LaneHeatBath(const InteractionGraph& graph, const Stream& stream, SimdTarget target = simd_target());

  // Every site of every configuration once. betas: one for each configuration of the field, >= 0.
  // first_configuration: the number, a multiple of 8, of the field's first configuration in the task; below
  // 2^17 in total. 0 <= step < 2^48.
  void sweep(LaneField& field, std::span<const double> betas, std::int64_t step,
             std::int64_t first_configuration = 0);

  // The energy of each configuration, not per site.
  std::vector<double> energies(LaneField& field) const;

 private:
  struct Tables;
  void prepare(std::span<const double> betas, std::int64_t first_configuration, std::int64_t octets);

  const LaneKernel* kernel_;
  ArsKey key_;
  std::shared_ptr<const Tables> tables_;
  std::vector<LaneTemperatures> temperatures_;
  std::vector<double> betas_;  // that temperatures_ were made from
  std::vector<LaneLine> differences_;
  std::int64_t first_octet_ = -1;  // that differences_ were made for
};

}  // namespace weiss
