// Clusters that cross ranks: merging their labels, and sums over their sizes that are exact integers, so that
// both are the same for any number of ranks.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "weiss/parallel/communicator.hpp"

namespace weiss {

// Sums over all clusters of one decomposition, the same on every rank.
struct ClusterSums {
  std::int64_t clusters = 0;
  std::int64_t largest = 0;
  double sum_2 = 0;  // of size^2
  double sum_4 = 0;  // of size^4, rounded once from the exact integer
};

// Two labels of one cluster on different ranks; or a label and a number of sites.
struct LabelPair {
  std::int64_t first, second;
  auto operator<=>(const LabelPair&) const = default;
};

// Label -> smallest label of its cluster, for every label that the links of all ranks name. Collective.
std::map<std::int64_t, std::int64_t> smallest_labels(const Communicator& communicator,
                                                     std::vector<LabelPair> links);

class ClusterSizes {
 public:
  __extension__ using Wide = unsigned __int128;

  void add_cluster(std::int64_t size);
  void add_clusters(std::int64_t clusters, std::int64_t largest, Wide sum_2, Wide sum_4);
  // Part of a cluster that may have sites on other ranks.
  void add_part(std::int64_t label, std::int64_t size) { parts_.push_back({label, size}); }
  ClusterSums total(const Communicator& communicator) const;  // collective
  ClusterSums total() const;                                  // of one rank, without parts

 private:
  std::int64_t clusters_ = 0;
  std::int64_t largest_ = 0;
  Wide sum_2_ = 0;
  Wide sum_4_ = 0;
  std::vector<LabelPair> parts_;
};

}  // namespace weiss
