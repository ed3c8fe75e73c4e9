// Swendsen-Wang on the rows of a RowField: one coupling, no field, any number of ranks. Swendsen, Wang, Phys.
// Rev. Lett. 58, 86 (1987).
//
// The coin of site i is bit i % 512 of plane 0 of the flip stream at index i / 512; that of a cluster is the
// sum of its sites' modulo 2, which needs no order among them. Clusters are folded (row_fold.hpp), then those
// that may reach another rank are grown, from the sites of the first plane and those with a bond out of the
// last; their labels are merged across ranks before they turn over.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/montecarlo/cluster_sums.hpp"
#include "weiss/montecarlo/row_bonds.hpp"
#include "weiss/montecarlo/row_clusters.hpp"
#include "weiss/montecarlo/row_folds.hpp"

namespace weiss {

class RowSwendsenWang {
 public:
  RowSwendsenWang(const IsingInteractions& interactions, const RowField& field, const Stream& bonds,
                  const Stream& flips, SimdTarget target = simd_target());

  // One step; collective. Returns the clusters of the old configuration.
  ClusterSums step(RowField& field, std::int64_t step);

 private:
  struct Part {  // of a cluster that may reach other ranks
    std::size_t first_item, last_item;
    std::int64_t label, size;
    bool coin;
  };

  void draw_coins(std::uint64_t step);
  std::vector<std::uint64_t> take_crossing(const RowField& field);
  void toss_shared(const RowField& field, const std::vector<std::uint64_t>& crossing, ClusterSizes& sizes);
  void grow_shared(const RowField& field, const std::vector<std::uint64_t>& crossing);
  void grow_part(std::int64_t word, int bit);
  std::vector<LabelPair> links(const RowField& field, const std::vector<std::uint64_t>& crossing) const;

  RowBonds bonds_;
  RowClusters clusters_;
  RowFolds folds_;
  Stream flip_stream_;
  SimdTarget target_;
  std::int64_t first_word_;
  std::vector<std::uint64_t> coins_;
  std::vector<FloodItem> items_;
  std::vector<Part> parts_;
};

}  // namespace weiss
