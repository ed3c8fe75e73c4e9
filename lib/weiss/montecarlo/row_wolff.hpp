// Wolff's single cluster on the rows of a RowField: one coupling, no field, one rank. Wolff, Phys. Rev. Lett.
// 62, 361 (1989). The cluster is the one of a random site among the bonds of row_bonds.hpp, which are drawn
// where it grows only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "weiss/montecarlo/row_bonds.hpp"
#include "weiss/montecarlo/row_clusters.hpp"

namespace weiss {

class RowWolff {
 public:
  RowWolff(const IsingInteractions& interactions, const RowField& field, const Stream& stream,
           SimdTarget target = simd_target());

  // One cluster; its size. The seed site is below(N, index) of the stream, index = RowBonds::free_index().
  std::int64_t step(RowField& field, std::int64_t step);

 private:
  RowBonds bonds_;
  RowClusters clusters_;
  Stream stream_;
  std::vector<FloodItem> items_;
  std::int64_t cluster_ = 0;                        // number of the cluster that grows
  std::array<std::vector<std::int64_t>, 3> drawn_;  // a group of words: the last cluster that drew its bonds
};

}  // namespace weiss
