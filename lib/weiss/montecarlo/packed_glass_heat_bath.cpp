#include "weiss/montecarlo/packed_glass_heat_bath.hpp"

#include <algorithm>

namespace weiss {

// The kernel's tables refer to the key, so both live together.
struct PackedGlassHeatBath::Tables {
  Tables(const Stream& stream, const PackedGlassKernel& kernel)
      : key(stream.key()), lines(kernel.tables_bytes / sizeof(SampleWord) + 1) {
    kernel.prepare(key, lines.data());
  }

  ArsKey key;
  SampleWords lines;
};

PackedGlassHeatBath::PackedGlassHeatBath(const PackedGlassTopology& topology, const Stream& stream,
                                         SimdTarget target)
    : topology_(&topology),
      kernel_(&packed_glass_kernel(target)),
      tables_(std::make_shared<const Tables>(stream, *kernel_)) {}

void PackedGlassHeatBath::sweep(const SampleConfiguration& configuration,
                                std::span<const SampleWord> couplings, std::int64_t step) {
  for (const int colour : {0, 1}) {
    SampleSweep sweep = topology_->sweep(colour);
    sweep.spins = configuration.spins.front().element;
    sweep.couplings = couplings.front().element;
    sweep.tables = tables_->lines.data();
    std::copy(configuration.thresholds.begin(), configuration.thresholds.end(), sweep.threshold);
    sweep.step = static_cast<std::uint64_t>(step);
    sweep.first_index = configuration.first_index;
    sweep.fresh_decisions = &fresh_decisions_;
    kernel_->sweep(sweep);
  }
}

}  // namespace weiss
