// Heat bath of the +-J model on one periodic square or cubic lattice, H = -sum_ij J_ij s_i s_j with J_ij =
// +-1, 512 of its sites at a time: colour by colour, p(spin against its field h) = 1 / (1 + exp(2 beta |h|)),
// exact to 2^-64. The update is that of the many-sample kernel (sample_update.hpp defines the bits, a word
// being its site); a gauge transform of couplings and start maps trajectories onto each other bit for bit.
// packed_glass_reference.hpp is the plain twin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/packed_glass_topology.hpp"
#include "weiss/montecarlo/sample_heat_bath.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

class PackedGlassHeatBath {
 public:
  // The topology must outlive it. stream: Stream(seed, realisation, StreamId::packed_glass).
  PackedGlassHeatBath(const PackedGlassTopology& topology, const Stream& stream,
                      SimdTarget target = simd_target());

  // Every site of a configuration (topology.words() of them) once; couplings as the topology makes them,
  // thresholds by sample_thresholds. The random index of word w is first_index + w: first_index is the number
  // of the configuration times topology.words(). 0 <= step < 2^48.
  void sweep(const SampleConfiguration& configuration, std::span<const SampleWord> couplings,
             std::int64_t step);

  // Sites that needed random bits of their own so far: a few in 100000 decisions.
  std::int64_t fresh_decisions() const { return fresh_decisions_; }

 private:
  struct Tables;
  const PackedGlassTopology* topology_;
  const PackedGlassKernel* kernel_;
  std::shared_ptr<const Tables> tables_;
  std::int64_t fresh_decisions_ = 0;
};

}  // namespace weiss
