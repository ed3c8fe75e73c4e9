#include "weiss/montecarlo/packed_glass_measurement.hpp"

namespace weiss {

PackedGlassMeasurement::PackedGlassMeasurement(const PackedGlassTopology& topology, SimdTarget target)
    : topology_(&topology),
      kernel_(&packed_glass_kernel(target)),
      packed_(&packed_kernel(target)),
      product_(static_cast<std::size_t>(topology.words())) {}

std::int64_t PackedGlassMeasurement::unsatisfied_bonds(std::span<const SampleWord> configuration,
                                                       std::span<const SampleWord> couplings) const {
  PackedGlassBonds bonds = topology_->bond_ends(0);
  bonds.words = configuration.front().element;
  bonds.couplings = couplings.front().element;
  return topology_->bonds() - kernel_->count_bonds(bonds);
}

std::int64_t PackedGlassMeasurement::up_spins(std::span<const SampleWord> configuration) const {
  const PackedBox box = topology_->box(configuration.data());
  return packed_->count_up(box, 0) + packed_->count_up(box, 1);
}

void PackedGlassMeasurement::compare(std::span<const SampleWord> a, std::span<const SampleWord> b) {
  for (std::size_t w = 0; w < static_cast<std::size_t>(topology_->words()); ++w)
    for (std::size_t e = 0; e < 8; ++e) product_[w].element[e] = a[w].element[e] ^ b[w].element[e];
}

std::int64_t PackedGlassMeasurement::unequal_bonds() const {
  PackedGlassBonds bonds = topology_->bond_ends(0);
  bonds.words = product_.front().element;
  return kernel_->count_bonds(bonds);
}

std::vector<std::int64_t> PackedGlassMeasurement::unequal_sites(int direction) const {
  const auto axis = static_cast<std::size_t>(direction);
  const std::int64_t bricks = topology_->layout().bricks[axis];
  const std::int64_t positions = topology_->layout().positions[axis];
  std::vector<std::int64_t> counted(static_cast<std::size_t>(2 * positions * bricks));
  packed_->count_slices(topology_->box(product_.data()), direction, counted.data());
  std::vector<std::int64_t> slices(static_cast<std::size_t>(positions * bricks));
  // Counts come by (position, colour, brick).
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const auto position = static_cast<std::int64_t>(i) / (2 * bricks);
    const auto brick = static_cast<std::int64_t>(i) % bricks;
    slices[static_cast<std::size_t>(brick * positions + position)] += counted[i];
  }
  return slices;
}

}  // namespace weiss
