#include "weiss/montecarlo/table_field.hpp"

#include <algorithm>

#include "weiss/montecarlo/field_bits.hpp"

namespace weiss {

TableField::TableField(LocalLattice& local)
    : local_(&local), spins_(static_cast<std::size_t>(local.total()), -1) {
  for (std::int64_t i = 0; i < local.owned(); ++i) ascending_.push_back(i);
  const std::span<const std::int64_t> global = local.global();
  std::sort(ascending_.begin(), ascending_.end(), [&](std::int64_t a, std::int64_t b) {
    return global[static_cast<std::size_t>(a)] < global[static_cast<std::size_t>(b)];
  });
}

void TableField::fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const {
  const std::span<const std::int64_t> global = local_->global();
  const std::int64_t last = first + 8 * static_cast<std::int64_t>(bytes.size());
  auto index = std::lower_bound(
      ascending_.begin(), ascending_.end(), first,
      [&](std::int64_t i, std::int64_t site) { return global[static_cast<std::size_t>(i)] < site; });
  for (; index != ascending_.end() && global[static_cast<std::size_t>(*index)] < last; ++index)
    if (spins_[static_cast<std::size_t>(*index)] > 0)
      set_bit(bytes, global[static_cast<std::size_t>(*index)] - first);
}

void TableField::load_bits(std::int64_t first, std::span<const std::uint8_t> bytes) {
  const std::span<const std::int64_t> global = local_->global();
  const std::int64_t last = first + 8 * static_cast<std::int64_t>(bytes.size());
  auto index = std::lower_bound(
      ascending_.begin(), ascending_.end(), first,
      [&](std::int64_t i, std::int64_t site) { return global[static_cast<std::size_t>(i)] < site; });
  for (; index != ascending_.end() && global[static_cast<std::size_t>(*index)] < last; ++index)
    spins_[static_cast<std::size_t>(*index)] =
        bit(bytes, global[static_cast<std::size_t>(*index)] - first) ? 1 : -1;
}

SpinSums TableField::local_sums(bool with_slices) const {
  const Lattice& lattice = local_->lattice();
  SpinSums sums;
  std::vector<std::int64_t> ends(static_cast<std::size_t>(lattice.directions()));
  if (with_slices)
    for (int d = 0; d < lattice.dimension(); ++d) {
      sums.slice_magnetization.emplace_back(static_cast<std::size_t>(lattice.slices(d)));
      if (lattice.bipartite()) sums.slice_staggered.emplace_back(static_cast<std::size_t>(lattice.slices(d)));
    }
  for (std::int64_t i = 0; i < local_->owned(); ++i) {
    const std::int64_t site = local_->global()[static_cast<std::size_t>(i)];
    const std::int64_t spin = spins_[static_cast<std::size_t>(i)];
    const std::int64_t staggered = !lattice.bipartite() ? 0 : lattice.sublattice(site) == 0 ? spin : -spin;
    sums.magnetization += spin;
    sums.staggered += staggered;
    for (std::size_t d = 0; d < sums.slice_magnetization.size(); ++d) {
      const auto slice = static_cast<std::size_t>(lattice.slice(site, static_cast<int>(d)));
      sums.slice_magnetization[d][slice] += spin;
      if (!sums.slice_staggered.empty()) sums.slice_staggered[d][slice] += staggered;
    }
    for (const LocalLattice::End end : local_->neighbours(i))
      ends[static_cast<std::size_t>(end.direction)] += spin * spins_[static_cast<std::size_t>(end.site)];
  }
  // Each bond is seen from both ends, on whichever ranks these are, so only the sum over ranks is even: keep
  // the owned ends here and halve after the reduction.
  sums.bond_sum = ends;
  sums.bonds_seen_twice = true;
  return sums;
}

}  // namespace weiss
