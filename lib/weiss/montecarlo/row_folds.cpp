#include "weiss/montecarlo/row_folds.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace weiss {

namespace {

constexpr std::uint64_t last_site = std::uint64_t{1} << 63;

}  // namespace

RowFolds::RowFolds(const RowField& field, SimdTarget target) : kernel_(&row_flood_kernel(target)) {
  const auto plane = static_cast<std::size_t>(field.words_a_plane());
  const std::size_t words = static_cast<std::size_t>(field.planes_here()) * plane;
  lines_before_ = plane / 8 + 2;
  lines_an_array_ = words / 8 + 1 + 2 * lines_before_;
  lines_.resize(lines_an_array_ * (6 + size_planes + 4 * fold_sweeps));
  fold_ = {.words = static_cast<std::uint32_t>(words),
           .words_a_row = static_cast<std::uint32_t>(field.words_a_row()),
           .words_a_plane = static_cast<std::uint32_t>(plane),
           .dimension = field.dimension(),
           .along_x = array(),
           .along_y = array(),
           .ahead = array(),
           .held = held_ = array(),
           .coin = array(),
           .size = {},
           .alive = array(),
           .folded = {}};
  for (std::uint64_t*& each : fold_.size) each = array();
  for (auto& sweep : fold_.folded)
    for (std::uint64_t*& each : sweep) each = array();
}

std::uint64_t* RowFolds::array() { return lines_[arrays_++ * lines_an_array_ + lines_before_].word; }

void RowFolds::take_inner_bonds(const RowBonds& bonds) {
  const std::size_t words = fold_.words;
  const std::size_t row = fold_.words_a_row;
  const std::size_t plane = fold_.words_a_plane;
  const std::uint64_t* x = bonds.active(0).data();
  for (std::size_t w = 0; w < words; ++w) {
    fold_.along_x[w] = x[w] & ~last_site;
    held_[w] = x[w] & last_site;
  }
  for (std::size_t first = 0; first < words; first += row) {
    held_[first] |= x[first + row - 1] >> 63;
    for (std::size_t w = first + 1; w < first + row; ++w) held_[w] |= x[w - 1] >> 63;
  }
  if (fold_.dimension == 3) {
    const std::uint64_t* y = bonds.active(1).data();
    std::copy_n(y, words, fold_.along_y);
    for (std::size_t first = 0; first < words; first += plane)
      for (std::size_t w = first; w < first + row; ++w) {
        const std::size_t last = w + plane - row;
        held_[last] |= y[last];
        held_[w] |= y[last];
        fold_.along_y[last] = 0;
      }
  }
  const std::uint64_t* z = bonds.active(fold_.dimension - 1).data();
  std::copy_n(z, words - plane, fold_.ahead);
  for (std::size_t w = 0; w < plane; ++w) {
    const std::size_t last = w + words - plane;
    held_[last] |= z[last];
    held_[w] |= z[last];
    fold_.ahead[last] = 0;
  }
}

// Runs along x end at folded sites. All other bonds may stay: those to folded sites lead to visited ones, and
// those that were cut make runs longer.
void RowFolds::end_runs(RowBonds& bonds) const {
  std::uint64_t* x = bonds.active(0).data();
  for (std::size_t w = 0; w < fold_.words; ++w) x[w] &= (fold_.alive[w] & fold_.alive[w] >> 1) | last_site;
}

void RowFolds::fold(RowBonds& bonds, std::span<const std::uint64_t> coins,
                    std::span<const std::uint64_t> first_held, std::span<const std::uint64_t> last_held,
                    FloodTotals& totals) {
  const std::size_t words = fold_.words;
  if (words == 0) return;
  take_inner_bonds(bonds);
  for (std::size_t i = 0; i < first_held.size(); ++i) held_[i] |= first_held[i];
  for (std::size_t i = 0; i < last_held.size(); ++i) held_[words - last_held.size() + i] |= last_held[i];
  std::copy_n(coins.data(), words, fold_.coin);
  std::fill_n(fold_.alive, words, ~std::uint64_t{0});
  for (std::uint64_t* each : fold_.size)
    std::fill_n(each, words, each == fold_.size[0] ? ~std::uint64_t{0} : 0);
  std::array<std::int64_t, 1 << size_planes> clusters_of{};
  kernel_->fold(fold_, clusters_of.data());
  end_runs(bonds);
  for (std::int64_t s = 1; s < std::int64_t{clusters_of.size()}; ++s) {
    const std::int64_t number = clusters_of[static_cast<std::size_t>(s)];
    totals.clusters += number;
    if (number > 0) totals.largest = std::max(totals.largest, s);
    totals.sum_2 += static_cast<FloodTotals::Wide>(number * s * s);
    totals.sum_4 += static_cast<FloodTotals::Wide>(number * s * s * s * s);
  }
}

void RowFolds::turn(std::uint64_t* spins) {
  if (fold_.words == 0) return;
  kernel_->unfold(fold_);
  for (std::size_t w = 0; w < fold_.words; ++w) spins[w] ^= fold_.coin[w];
}

std::int64_t RowFolds::size(const FloodItem& item) const {
  std::int64_t size = 0;
  for (int k = 0; k < size_planes; ++k)
    size += std::int64_t{std::popcount(fold_.size[k][item.word] & item.sites)} << k;
  return size;
}

bool RowFolds::coin(const FloodItem& item) const {
  return std::popcount(fold_.coin[item.word] & item.sites) % 2 != 0;
}

void RowFolds::set_coin(const FloodItem& item, bool coin) {
  std::uint64_t& word = fold_.coin[item.word];
  word = coin ? word | item.sites : word & ~item.sites;
}

}  // namespace weiss
