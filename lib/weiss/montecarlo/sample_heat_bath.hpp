// Heat bath of 512 disorder realisations of the +-J model at once, H = -sum_ij J_ij s_i s_j with J_ij = +-1:
// colour by colour, p(spin against its field h) = 1 / (1 + exp(2 beta |h|)), exact to 2^-64 in every
// realisation. Many configurations (temperatures x replicas) share one topology and the couplings. A
// realisation's spins depend on its own couplings and start alone, not on what the other lanes hold; a gauge
// transform of couplings and start maps trajectories onto each other bit for bit. sample_update.hpp defines
// the bits; sample_reference.hpp is the plain twin.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/sample_topology.hpp"
#include "weiss/montecarlo/sample_words.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// heat_bath_threshold for |h| = 2, 4, ... degree, or 1, 3 where the degree is odd.
using SampleThresholds = std::array<std::uint64_t, 4>;
SampleThresholds sample_thresholds(double beta, int degree);

// independent: every realisation has random numbers of its own. shared: one number a site for all 512, about
// three times as fast; each realisation is exactly right, but different ones are correlated, so that the
// error of a mean over realisations needs care. Configurations never share numbers in either mode.
enum class SampleRandomness { independent, shared };

// The random index of site s is first_index + s: first_index is the number of the configuration times sites.
struct SampleConfiguration {
  std::span<SampleWord> spins;
  SampleThresholds thresholds;
  std::uint64_t first_index;
};

class SampleHeatBath {
 public:
  // The topology must outlive it. stream: Stream(seed, block of realisations, StreamId::sample_heat_bath).
  SampleHeatBath(const SampleTopology& topology, const Stream& stream, SampleRandomness randomness,
                 SimdTarget target = simd_target());

  // Every site of every configuration once; 0 <= step < 2^48. With shared randomness, configurations handed
  // over together load the couplings together, which is faster.
  void sweep(std::span<const SampleConfiguration> configurations, std::span<const SampleWord> couplings,
             std::int64_t step);

  // Sites that needed random bits of their own so far: about 0.1 % of all decisions.
  std::int64_t fresh_decisions() const { return fresh_decisions_; }

 private:
  struct Tables;
  const SampleTopology* topology_;
  const SampleKernel* kernel_;
  std::shared_ptr<const Tables> tables_;
  SampleRandomness randomness_;
  std::int64_t fresh_decisions_ = 0;
};

}  // namespace weiss
