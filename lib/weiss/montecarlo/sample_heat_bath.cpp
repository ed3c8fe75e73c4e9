#include "weiss/montecarlo/sample_heat_bath.hpp"

#include <algorithm>
#include <vector>

#include "weiss/rng/threshold.hpp"

namespace weiss {

namespace {

// From here on the spins of more than two configurations do not stay in the caches together with the
// couplings.
constexpr std::int64_t many_sites = 12000;

}  // namespace

// The kernel's tables refer to the key, so both live together.
struct SampleHeatBath::Tables {
  Tables(const Stream& stream, const SampleKernel& kernel)
      : key(stream.key()), lines(kernel.tables_bytes / sizeof(SampleWord) + 1) {
    kernel.prepare(key, lines.data());
  }

  ArsKey key;
  SampleWords lines;
};

SampleThresholds sample_thresholds(double beta, int degree) {
  SampleThresholds thresholds{};
  for (int sum = degree; sum > 0; sum -= 2)
    thresholds[static_cast<std::size_t>((sum - 1) / 2)] = heat_bath_threshold(beta, sum);
  return thresholds;
}

SampleHeatBath::SampleHeatBath(const SampleTopology& topology, const Stream& stream,
                               SampleRandomness randomness, SimdTarget target)
    : topology_(&topology),
      kernel_(&sample_kernel(target)),
      tables_(std::make_shared<const Tables>(stream, *kernel_)),
      randomness_(randomness) {}

void SampleHeatBath::sweep(std::span<const SampleConfiguration> configurations,
                           std::span<const SampleWord> couplings, std::int64_t step) {
  SampleSweep common{};
  common.couplings = couplings.front().element;
  common.links = topology_->links().data();
  common.degree = topology_->degree();
  common.groups = topology_->groups().data();
  common.group_sites = topology_->group_sites().front().element;
  common.runs = topology_->runs().data();
  common.run_count = static_cast<std::int64_t>(topology_->runs().size());
  common.tables = tables_->lines.data();
  common.step = static_cast<std::uint64_t>(step);
  common.fresh_decisions = &fresh_decisions_;
  constexpr std::size_t most = 4;
  const std::size_t together = topology_->sites() < many_sites ? most : most / 2;
  for (std::size_t first = 0; first < configurations.size(); first += together) {
    const auto batch = configurations.subspan(first, std::min(together, configurations.size() - first));
    std::array<SampleSweep, most> sweeps;
    for (std::size_t c = 0; c < batch.size(); ++c) {
      sweeps[c] = common;
      sweeps[c].spins = batch[c].spins.front().element;
      std::copy(batch[c].thresholds.begin(), batch[c].thresholds.end(), sweeps[c].threshold);
      sweeps[c].first_index = batch[c].first_index;
    }
    if (randomness_ == SampleRandomness::shared)
      kernel_->sweep_shared(sweeps.data(), static_cast<int>(batch.size()));
    else
      for (std::size_t c = 0; c < batch.size(); ++c) kernel_->sweep(sweeps[c]);
  }
}

}  // namespace weiss
