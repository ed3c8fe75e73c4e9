#include "weiss/montecarlo/row_clusters.hpp"

#include <algorithm>
#include <bit>

namespace weiss {

RowClusters::RowClusters(const RowField& field, const RowBonds& bonds, SimdTarget target)
    : kernel_(&row_flood_kernel(target)) {
  const auto words = static_cast<std::size_t>(field.planes_here() * field.words_a_plane());
  unvisited_.resize(words, ~std::uint64_t{0});
  waiting_.resize(words);
  queue_.resize(std::bit_ceil(words + 1));
  ready_.resize(words);
  cluster_.resize(words);
  members_.resize(words + 1);
  flood_ = {.words = static_cast<std::uint32_t>(words),
            .words_a_row = static_cast<std::uint32_t>(field.words_a_row()),
            .words_a_plane = static_cast<std::uint32_t>(field.words_a_plane()),
            .dimension = field.dimension(),
            .along_x = bonds.active(0).data(),
            .along_y = bonds.active(1).data(),
            .ahead = bonds.active(field.dimension() - 1).data(),
            .unvisited = unvisited_.data(),
            .waiting = waiting_.data(),
            .queue = queue_.data(),
            .queue_mask = static_cast<std::uint32_t>(queue_.size() - 1),
            .head = 0,
            .tail = 0,
            .cluster = cluster_.data(),
            .members = members_.data(),
            .ready = nullptr,
            .prepare = nullptr,
            .context = nullptr};
}

void RowClusters::leave(const std::uint64_t* sites) {
  std::copy_n(sites, unvisited_.size(), unvisited_.begin());
}

void RowClusters::forget(const std::vector<FloodItem>& items) {
  for (const FloodItem& item : items) {
    unvisited_[item.word] |= item.sites;
    ready_[item.word] = 0;
  }
}

void RowClusters::grow(std::int64_t word, int bit, std::vector<FloodItem>& items) {
  const auto w = static_cast<std::uint32_t>(word);
  waiting_[w] = std::uint64_t{1} << bit;
  queue_[flood_.tail++ & flood_.queue_mask] = w;
  std::size_t count = items.size();
  // Room in proportion to this cluster alone: items may hold many others.
  for (std::size_t room = 64; flood_.head != flood_.tail; room *= 2) {
    items.resize(count + room);
    count += static_cast<std::size_t>(
        kernel_->grow(flood_, items.data() + count, static_cast<std::int64_t>(room)));
  }
  items.resize(count);
}

}  // namespace weiss
