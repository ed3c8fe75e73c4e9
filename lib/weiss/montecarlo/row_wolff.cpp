#include "weiss/montecarlo/row_wolff.hpp"

#include <bit>

namespace weiss {

RowWolff::RowWolff(const IsingInteractions& interactions, const RowField& field, const Stream& stream,
                   SimdTarget target)
    : bonds_(interactions, field, stream, target), clusters_(field, bonds_, target), stream_(stream) {
  for (std::vector<std::int64_t>& drawn : drawn_)
    drawn.assign(static_cast<std::size_t>(field.sites() / 512 + 1), 0);
}

std::int64_t RowWolff::step(RowField& field, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  ++cluster_;
  const auto draw = [&](int direction, std::uint32_t word) {
    std::int64_t& drawn = drawn_[static_cast<std::size_t>(direction)][word / 8];
    if (drawn == cluster_) return;
    drawn = cluster_;
    bonds_.draw_group(field, t, direction, word);
  };
  const auto seed = static_cast<std::int64_t>(
      RandomSource(stream_, t).below(static_cast<std::uint64_t>(field.sites()), bonds_.free_index()));
  items_.clear();
  clusters_.grow(seed / 64, static_cast<int>(seed % 64), items_, draw);
  clusters_.forget(items_);
  std::int64_t size = 0;
  for (const FloodItem& item : items_) {
    field.plane(0)[item.word] ^= item.sites;
    size += std::popcount(item.sites);
  }
  field.refresh_ghost();
  return size;
}

}  // namespace weiss
