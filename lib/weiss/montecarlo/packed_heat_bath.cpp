#include "weiss/montecarlo/packed_heat_bath.hpp"

#include <algorithm>
#include <vector>

#include "weiss/rng/threshold.hpp"

namespace weiss {

// The kernel's tables refer to the key, so both live together.
struct PackedHeatBath::Tables {
  struct alignas(64) Line {
    std::uint64_t element[8] = {};
  };

  Tables(const Stream& stream, const PackedKernel& kernel)
      : key(stream.key()), lines(kernel.tables_bytes / 64 + 1) {
    kernel.prepare(key, lines.data());
  }

  ArsKey key;
  std::vector<Line> lines;
};

std::array<std::uint64_t, 3> packed_thresholds(const IsingInteractions& interactions) {
  std::array<std::uint64_t, 3> thresholds{};
  for (std::size_t c = 0; c < 3; ++c)
    thresholds[c] =
        heat_bath_threshold(interactions.beta, interactions.coupling[0] * static_cast<double>(2 * (c + 1)));
  return thresholds;
}

PackedHeatBath::PackedHeatBath(const IsingInteractions& interactions, const Stream& stream, SimdTarget target)
    : kernel_(&packed_kernel(target)),
      tables_(std::make_shared<const Tables>(stream, *kernel_)),
      thresholds_(packed_thresholds(interactions)),
      antiferromagnetic_(interactions.coupling[0] < 0) {}

void PackedHeatBath::sweep(PackedField& field, std::int64_t step) {
  if (field.empty()) return;
  const PackedBox& box = field.box();
  PackedHalfSweep half{};
  half.box = box;
  half.tables = tables_->lines.data();
  std::copy(thresholds_.begin(), thresholds_.end(), half.threshold);
  half.antiferromagnetic = antiferromagnetic_;
  half.step = static_cast<std::uint64_t>(step);
  half.fresh_decisions = &fresh_decisions_;
  const auto update = [&](std::int64_t y0, std::int64_t y1, std::int64_t z0, std::int64_t z1) {
    half.first[0] = y0, half.last[0] = y1, half.first[1] = z0, half.last[1] = z1;
    if (y0 < y1 && z0 < z1) kernel_->update(half);
  };
  // Rows on cut faces first, so that their exchange overlaps with the interior.
  const std::int64_t rows = box.size[1], planes = box.size[2];
  const std::int64_t y_low = field.cut(1) ? 1 : 0, y_high = field.cut(1) ? std::max(y_low, rows - 1) : rows;
  const std::int64_t z_low = field.cut(2) ? 1 : 0,
                     z_high = field.cut(2) ? std::max(z_low, planes - 1) : planes;
  for (half.colour = 0; half.colour < 2; ++half.colour) {
    update(0, rows, 0, z_low);
    update(0, rows, z_high, planes);
    update(0, y_low, z_low, z_high);
    update(y_high, rows, z_low, z_high);
    field.start_refresh(half.colour);
    update(y_low, y_high, z_low, z_high);
    field.finish_refresh(half.colour);
  }
}

}  // namespace weiss
