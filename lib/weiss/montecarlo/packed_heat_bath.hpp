// Heat bath of one Ising ferromagnet or antiferromagnet on the packed field, 512 sites at a time, exact to
// 2^-64: colour by colour, p(spin against its local field h) = 1 / (1 + exp(2 beta |h|)). One sweep is a
// function of (configuration, parameters, stream, step) and of nothing else: not of ranks, grid or
// instruction set. packed_update.hpp defines the bits; packed_reference.hpp is the plain twin.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/packed_field.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// heat_bath_threshold for |sum of neighbour spins| = 2, 4, 6.
std::array<std::uint64_t, 3> packed_thresholds(const IsingInteractions& interactions);

class PackedHeatBath {
 public:
  // For uniform interactions (ising_interactions.hpp).
  PackedHeatBath(const IsingInteractions& interactions, const Stream& stream,
                 SimdTarget target = simd_target());

  // Both colours once; collective over the field's ranks. 0 <= step < 2^48.
  void sweep(PackedField& field, std::int64_t step);

  // Sites of this rank that needed random bits of their own so far: a few in 100000 decisions.
  std::int64_t fresh_decisions() const { return fresh_decisions_; }

 private:
  struct Tables;
  const PackedKernel* kernel_;
  std::shared_ptr<const Tables> tables_;
  std::array<std::uint64_t, 3> thresholds_;
  bool antiferromagnetic_;
  std::int64_t fresh_decisions_ = 0;
};

}  // namespace weiss
