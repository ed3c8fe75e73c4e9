// Folded clusters on this rank's rows: the arrays of row_fold.hpp, filled from bonds and coins.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/row_bonds.hpp"
#include "weiss/montecarlo/row_flood.hpp"

namespace weiss {

class RowFolds {
 public:
  RowFolds(const RowField& field, SimdTarget target);

  // Cuts and folds: afterwards bonds join along x only sites that are left. The coins are those of the own
  // words. Sites of the two masks, of the first plane and of the last, are not folded. Adds the clusters of
  // which one site is left, which need no more.
  void fold(RowBonds& bonds, std::span<const std::uint64_t> coins, std::span<const std::uint64_t> first_held,
            std::span<const std::uint64_t> last_held, FloodTotals& totals);
  // Turns over every site whose cluster's coin is 1.
  void turn(std::uint64_t* spins);

  const RowFold& arrays() const { return fold_; }
  // Sites of the clusters of which more than one site is left.
  const std::uint64_t* left() const { return fold_.alive; }
  // Sum of the sizes, and of the coins modulo 2, of what sites of a word stand for.
  std::int64_t size(const FloodItem& item) const;
  bool coin(const FloodItem& item) const;
  void set_coin(const FloodItem& item, bool coin);

 private:
  struct alignas(64) Line {
    std::uint64_t word[8];
  };

  std::uint64_t* array();  // the next of lines_
  void take_inner_bonds(const RowBonds& bonds);
  void end_runs(RowBonds& bonds) const;

  const RowFloodKernel* kernel_;
  RowFold fold_{};
  std::size_t lines_an_array_, lines_before_, arrays_ = 0;
  std::vector<Line> lines_;
  std::uint64_t* held_;
};

}  // namespace weiss
