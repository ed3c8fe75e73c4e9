// Which rank owns which site. Regular lattices: boxes of cells on a grid of ranks; graphs: ranges of sites;
// the complete graph: one rank. No result depends on it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/lattice.hpp"

namespace weiss {

// Ranks along each direction with the smallest boxes' surface; the product is at most `ranks`, and as large
// as the extents allow.
std::vector<int> choose_grid(std::span<const std::int64_t> extents, int ranks);

class Partition {
 public:
  // grid: ranks along each direction, empty to choose. Error(bad_deck) names run.process_grid when it does
  // not fit.
  Partition(const Lattice& lattice, int ranks, std::vector<int> grid = {});

  int owner(std::int64_t site) const;
  std::vector<std::int64_t> owned(int rank) const;  // ascending
  const std::vector<int>& grid() const { return grid_; }
  int ranks_used() const;

 private:
  const Lattice* lattice_;
  std::vector<int> grid_;
};

}  // namespace weiss
