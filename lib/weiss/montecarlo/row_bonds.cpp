#include "weiss/montecarlo/row_bonds.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "weiss/rng/threshold.hpp"
#include "weiss/rng/vector_ars.hpp"

namespace weiss {

namespace {

constexpr std::int64_t group_words = 8;  // 512 sites

}  // namespace

RowBonds::RowBonds(const IsingInteractions& interactions, const RowField& field, const Stream& stream,
                   SimdTarget target)
    : threshold_(bond_threshold(interactions.beta, interactions.coupling.front())),
      antiferromagnetic_(interactions.coupling.front() < 0),
      stream_(stream),
      target_(target),
      sites_(field.sites()),
      groups_((field.sites() + 511) / 512),
      first_word_(field.first_plane() * field.words_a_plane()) {
  for (int d = 0; d < field.dimension(); ++d)
    active(d).resize(static_cast<std::size_t>(field.planes_here() * field.words_a_plane()));
}

// Eight words of independent bits that are 1 with probability threshold / 2^64.
void RowBonds::bernoulli(std::uint64_t step, int direction, std::int64_t group, std::uint64_t* out) const {
  std::array<std::uint64_t, group_words * bond_planes> planes;
  random_planes(target_, stream_, step, static_cast<std::uint64_t>(direction * groups_ + group), 0, planes);
  std::array<std::uint64_t, group_words> less{};
  std::array<std::uint64_t, group_words> equal;
  equal.fill(~std::uint64_t{0});
  // Plane k is bit 63 - k of u: from the lowest plane up, the last difference decides.
  for (std::size_t k = bond_planes; k-- > 0;) {
    const std::uint64_t t = (threshold_ >> (63 - k) & 1) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < group_words; ++i) {
      const std::uint64_t u = planes[k * group_words + i];
      less[i] = (t & ~u) | (less[i] & ~(t ^ u));
      equal[i] &= ~(t ^ u);
    }
  }
  for (std::size_t i = 0; i < group_words; ++i) {
    for (std::uint64_t tied = equal[i]; tied != 0; tied &= tied - 1) {
      const int bit = std::countr_zero(tied);
      const std::int64_t site = group * 512 + static_cast<std::int64_t>(i) * 64 + bit;
      const std::uint64_t index = static_cast<std::uint64_t>(3 * groups_ + direction * sites_ + site);
      if (stream_.bits(step, index) >> bond_planes << bond_planes < threshold_ << bond_planes)
        less[i] |= std::uint64_t{1} << bit;
    }
    out[i] = less[i];
  }
}

void RowBonds::draw_group(const RowField& field, std::uint64_t step, int direction, std::int64_t word) {
  const std::int64_t row = field.words_a_row();
  const std::int64_t plane = field.words_a_plane();
  const std::uint64_t* spins = field.plane(0);
  const std::int64_t group = (first_word_ + word) / group_words;
  std::array<std::uint64_t, group_words> coins;
  bernoulli(step, direction, group, coins.data());
  const std::uint64_t unlike = antiferromagnetic_ ? 0 : ~std::uint64_t{0};
  std::vector<std::uint64_t>& bonds = active(direction);
  const std::int64_t begin = std::max(group * group_words - first_word_, std::int64_t{0});
  const std::int64_t end =
      std::min((group + 1) * group_words - first_word_, static_cast<std::int64_t>(bonds.size()));
  for (std::int64_t w = begin; w < end; ++w) {
    std::uint64_t neighbour = 0;
    if (direction == 0)
      neighbour = right_neighbours(spins + w / row * row, w % row, row);
    else if (direction == field.dimension() - 1)
      neighbour = spins[w + plane];
    else
      neighbour = spins[w % plane + row < plane ? w + row : w + row - plane];
    bonds[static_cast<std::size_t>(w)] =
        coins[static_cast<std::size_t>(first_word_ + w - group * group_words)] &
        (spins[w] ^ neighbour ^ unlike);
  }
}

void RowBonds::draw_all(const RowField& field, std::uint64_t step) {
  const std::int64_t words = static_cast<std::int64_t>(active(0).size());
  for (int d = 0; d < field.dimension(); ++d)
    for (std::int64_t w = 0; w < words; w = ((first_word_ + w) / group_words + 1) * group_words - first_word_)
      draw_group(field, step, d, w);
}

}  // namespace weiss
