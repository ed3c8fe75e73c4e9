#include "weiss/montecarlo/row_field.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace weiss {

namespace {

constexpr int ghost_tag = 21;
constexpr std::uint64_t even_columns = 0x5555555555555555ULL;

// Counts, for each of 64 columns, the set bits of many words, in bit-sliced counters.
class ColumnCounter {
 public:
  void add(std::uint64_t word) {
    for (std::size_t k = 0; word != 0; ++k) {
      const std::uint64_t carry = bits_[k] & word;
      bits_[k] ^= word;
      word = carry;
    }
    ++words_;
  }
  std::int64_t words() const { return words_; }
  std::int64_t count(int column) const {
    std::int64_t total = 0;
    for (std::size_t k = 0; k < bits_.size(); ++k)
      total += static_cast<std::int64_t>(bits_[k] >> column & 1) << k;
    return total;
  }

 private:
  std::array<std::uint64_t, 40> bits_{};
  std::int64_t words_ = 0;
};

// Sum of the spins of a word, and of its spins times (-1)^x.
std::int64_t sum_of(std::uint64_t word) { return 2 * std::popcount(word) - 64; }
std::int64_t staggered_sum_of(std::uint64_t word) {
  return 2 * (std::popcount(word & even_columns) - std::popcount(word & ~even_columns));
}
// Sum over 64 bonds of s_i s_j.
std::int64_t bond_sum_of(std::uint64_t a, std::uint64_t b) { return 64 - 2 * std::popcount(a ^ b); }

}  // namespace

bool RowField::fits(LatticeKind kind, std::span<const std::int64_t> extents,
                    std::span<const Boundary> boundary) {
  if (kind != LatticeKind::square && kind != LatticeKind::cubic) return false;
  double sites = 1;
  for (std::size_t d = 0; d < extents.size(); ++d) {
    if (boundary[d] != Boundary::periodic) return false;
    sites *= static_cast<double>(extents[d]);
  }
  return extents[0] % 64 == 0 && sites < 0x1p31;
}

int RowField::usable_ranks(std::span<const std::int64_t> extents, int ranks) {
  return static_cast<int>(std::min<std::int64_t>(ranks, extents.back()));
}

RowField::RowField(const Communicator& communicator, std::span<const std::int64_t> extents)
    : communicator_(&communicator),
      dimension_(static_cast<int>(extents.size())),
      words_a_row_(extents[0] / 64),
      rows_a_plane_(dimension_ == 3 ? extents[1] : 1),
      words_a_plane_(words_a_row_ * rows_a_plane_),
      planes_(extents.back()) {
  ranks_used_ = usable_ranks(extents, communicator.size());
  const int rank = communicator.rank();
  if (rank < ranks_used_) {
    first_plane_ = planes_ * rank / ranks_used_;
    planes_here_ = planes_ * (rank + 1) / ranks_used_ - first_plane_;
    next_rank_ = (rank + 1) % ranks_used_;
    previous_rank_ = (rank + ranks_used_ - 1) % ranks_used_;
  }
  words_.assign(static_cast<std::size_t>((planes_here_ + 1) * words_a_plane_), 0);
}

void RowField::refresh_ghost() {
  if (planes_here_ == 0) return;
  if (ranks_used_ == 1) {
    std::copy_n(plane(0), words_a_plane_, plane(planes_here_));
    return;
  }
  const int count = static_cast<int>(words_a_plane_);
  MPI_Sendrecv(plane(0), count, MPI_UINT64_T, previous_rank_, ghost_tag, plane(planes_here_), count,
               MPI_UINT64_T, next_rank_, ghost_tag, communicator_->handle(), MPI_STATUS_IGNORE);
}

void RowField::fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const {
  // Own bits are one contiguous range of bytes; rows are whole words.
  const std::int64_t origin = first_plane_ * words_a_plane_ * 8;
  const std::int64_t begin = std::max(first / 8, origin);
  const std::int64_t end = std::min(first / 8 + static_cast<std::int64_t>(bytes.size()),
                                    origin + planes_here_ * words_a_plane_ * 8);
  const auto* own = reinterpret_cast<const std::uint8_t*>(words_.data());
  for (std::int64_t i = begin; i < end; ++i)
    bytes[static_cast<std::size_t>(i - first / 8)] |= own[static_cast<std::size_t>(i - origin)];
}

void RowField::load_bits(std::int64_t first, std::span<const std::uint8_t> bytes) {
  const std::int64_t origin = first_plane_ * words_a_plane_ * 8;
  const std::int64_t begin = std::max(first / 8, origin);
  const std::int64_t end = std::min(first / 8 + static_cast<std::int64_t>(bytes.size()),
                                    origin + planes_here_ * words_a_plane_ * 8);
  if (begin < end)
    std::memcpy(reinterpret_cast<std::uint8_t*>(words_.data()) + (begin - origin),
                bytes.data() + (begin - first / 8), static_cast<std::size_t>(end - begin));
}

SpinSums RowField::local_sums(bool with_slices) const {
  const auto dimensions = static_cast<std::size_t>(dimension_);
  const bool bipartite = (dimension_ == 2 || rows_a_plane_ % 2 == 0) && planes_ % 2 == 0;
  SpinSums sums;
  sums.bond_sum.assign(dimensions, 0);
  if (with_slices) {
    std::vector<std::int64_t> extents{words_a_row_ * 64};
    if (dimension_ == 3) extents.push_back(rows_a_plane_);
    extents.push_back(planes_);
    for (const std::int64_t extent : extents) {
      sums.slice_magnetization.emplace_back(static_cast<std::size_t>(extent));
      if (bipartite) sums.slice_staggered.emplace_back(static_cast<std::size_t>(extent));
    }
  }
  std::vector<std::array<ColumnCounter, 2>> columns(with_slices ? static_cast<std::size_t>(words_a_row_) : 0);
  for (std::int64_t p = 0; p < planes_here_; ++p)
    for (std::int64_t y = 0; y < rows_a_plane_; ++y) {
      const std::uint64_t* row = plane(p) + y * words_a_row_;
      const std::uint64_t* across = plane(p) + (y + 1 == rows_a_plane_ ? 0 : y + 1) * words_a_row_;
      const std::uint64_t* after = plane(p + 1) + y * words_a_row_;
      const auto parity = static_cast<std::size_t>((first_plane_ + p + y) % 2);
      std::int64_t row_sum = 0;
      std::int64_t row_staggered = 0;
      for (std::int64_t w = 0; w < words_a_row_; ++w) {
        row_sum += sum_of(row[w]);
        row_staggered += staggered_sum_of(row[w]);
        sums.bond_sum[0] += bond_sum_of(row[w], right_neighbours(row, w, words_a_row_));
        if (dimension_ == 3) sums.bond_sum[1] += bond_sum_of(row[w], across[w]);
        sums.bond_sum.back() += bond_sum_of(row[w], after[w]);
        if (with_slices) columns[static_cast<std::size_t>(w)][parity].add(row[w]);
      }
      if (parity == 1) row_staggered = -row_staggered;
      sums.magnetization += row_sum;
      if (bipartite) sums.staggered += row_staggered;
      if (!with_slices) continue;
      const auto add = [&](std::size_t d, std::int64_t slice) {
        sums.slice_magnetization[d][static_cast<std::size_t>(slice)] += row_sum;
        if (bipartite) sums.slice_staggered[d][static_cast<std::size_t>(slice)] += row_staggered;
      };
      if (dimension_ == 3) add(1, y);
      add(dimensions - 1, first_plane_ + p);
    }
  for (std::size_t w = 0; w < columns.size(); ++w)
    for (int bit = 0; bit < 64; ++bit) {
      std::array<std::int64_t, 2> sum{};
      for (const std::size_t parity : {0U, 1U})
        sum[parity] = 2 * columns[w][parity].count(bit) - columns[w][parity].words();
      const std::size_t x = w * 64 + static_cast<std::size_t>(bit);
      sums.slice_magnetization[0][x] += sum[0] + sum[1];
      if (bipartite) sums.slice_staggered[0][x] += (x % 2 == 0 ? 1 : -1) * (sum[0] - sum[1]);
    }
  return sums;
}

}  // namespace weiss
