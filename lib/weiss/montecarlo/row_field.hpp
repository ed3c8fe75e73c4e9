// One Ising configuration on a periodic square or cubic lattice as bits in site order (1 = up), 64 sites of a
// row along x a word: the form in which runs of equal neighbours are found with a few instructions. Ranks own
// ranges of planes: rows y of a square lattice, planes z of a cubic one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/spin_sums.hpp"
#include "weiss/parallel/communicator.hpp"

namespace weiss {

class RowField {
 public:
  // Periodic, 64 | Lx, fewer than 2^31 sites.
  static bool fits(LatticeKind kind, std::span<const std::int64_t> extents,
                   std::span<const Boundary> boundary);
  static int usable_ranks(std::span<const std::int64_t> extents, int ranks);

  // All spins down. The communicator must outlive the field; ranks beyond the number of planes own nothing.
  RowField(const Communicator& communicator, std::span<const std::int64_t> extents);

  const Communicator& communicator() const { return *communicator_; }
  std::int64_t sites() const { return planes_ * words_a_plane_ * 64; }  // of the whole lattice
  std::int64_t words_a_row() const { return words_a_row_; }
  std::int64_t rows_a_plane() const { return rows_a_plane_; }
  std::int64_t words_a_plane() const { return words_a_plane_; }
  std::int64_t first_plane() const { return first_plane_; }
  std::int64_t planes_here() const { return planes_here_; }
  int dimension() const { return dimension_; }
  int next_rank() const { return next_rank_; }
  int previous_rank() const { return previous_rank_; }
  int ranks_used() const { return ranks_used_; }

  std::uint64_t* plane(std::int64_t p) {
    return words_.data() + p * words_a_plane_;
  }  // p counts from first_plane
  const std::uint64_t* plane(std::int64_t p) const { return words_.data() + p * words_a_plane_; }
  // Collective: the plane after the last one, from the next rank (or this one's first plane).
  void refresh_ghost();

  // See field_bits.hpp.
  void fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const;
  void load_bits(std::int64_t first, std::span<const std::uint8_t> bytes);
  void finish_load() { refresh_ghost(); }

  SpinSums local_sums(bool with_slices) const;  // this rank's part

 private:
  const Communicator* communicator_;
  int dimension_;
  std::int64_t words_a_row_, rows_a_plane_, words_a_plane_, planes_;
  std::int64_t first_plane_ = 0, planes_here_ = 0;
  int ranks_used_ = 1, next_rank_ = 0, previous_rank_ = 0;
  std::vector<std::uint64_t> words_;  // own planes, then one ghost plane
};

// Bit i of a word's right neighbours is spin i + 1 of the row; the last word wraps to the first.
inline std::uint64_t right_neighbours(const std::uint64_t* row, std::int64_t word, std::int64_t words) {
  return row[word] >> 1 | row[word + 1 == words ? 0 : word + 1] << 63;
}

}  // namespace weiss
