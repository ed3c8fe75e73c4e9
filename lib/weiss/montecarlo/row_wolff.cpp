#include "weiss/montecarlo/row_wolff.hpp"

#include <bit>

namespace weiss {

RowWolff::RowWolff(const IsingInteractions& interactions, const RowField& field, const Stream& stream,
                   SimdTarget target)
    : bonds_(interactions, field, stream, target), clusters_(field, bonds_, target), stream_(stream) {
  for (std::vector<std::int64_t>& drawn : drawn_)
    drawn.assign(static_cast<std::size_t>(field.sites() / 512 + 1), 0);
}

void RowWolff::draw(const RowField& field, std::uint64_t step, int direction, std::int64_t word) {
  std::int64_t& drawn = drawn_[static_cast<std::size_t>(direction)][static_cast<std::size_t>(word / 8)];
  if (drawn == cluster_) return;
  drawn = cluster_;
  bonds_.draw_group(field, step, direction, word);
}

std::int64_t RowWolff::step(RowField& field, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  ++cluster_;
  const std::int64_t row = field.words_a_row();
  const std::int64_t plane = field.words_a_plane();
  const std::int64_t words = field.sites() / 64;
  const auto prepare = [&](std::uint32_t word) {
    const std::int64_t w = word;
    draw(field, t, 0, w);
    draw(field, t, 0, w % row > 0 ? w - 1 : w + row - 1);
    if (field.dimension() == 3) {
      draw(field, t, 1, w);
      draw(field, t, 1, w % plane >= row ? w - row : w + plane - row);
    }
    draw(field, t, field.dimension() - 1, w);
    draw(field, t, field.dimension() - 1, w >= plane ? w - plane : w + words - plane);
  };
  const auto seed = static_cast<std::int64_t>(
      RandomSource(stream_, t).below(static_cast<std::uint64_t>(field.sites()), bonds_.free_index()));
  items_.clear();
  clusters_.grow(seed / 64, static_cast<int>(seed % 64), items_, prepare);
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
