#include "weiss/montecarlo/cluster_sums.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace weiss {

namespace {

__extension__ using Wide = unsigned __int128;

struct Totals {
  std::int64_t clusters, largest;
  Wide sum_2, sum_4;
};

void sort_unique(std::vector<LabelPair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

}  // namespace

std::map<std::int64_t, std::int64_t> smallest_labels(const Communicator& communicator,
                                                     std::vector<LabelPair> links) {
  sort_unique(links);
  links = communicator.all_gather_varying(std::span<const LabelPair>(links));
  std::map<std::int64_t, std::int64_t> parent;
  const auto root = [&](std::int64_t label) {
    for (;;) {
      const auto found = parent.emplace(label, label).first;
      if (found->second == label) return label;
      label = found->second = parent.at(found->second);
    }
  };
  for (const LabelPair& link : links) {
    const std::int64_t a = root(link.first);
    const std::int64_t b = root(link.second);
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::map<std::int64_t, std::int64_t> smallest;
  for (const auto& [label, ignored] : parent) smallest[label] = label;
  for (auto& [label, least] : smallest) least = root(label);
  return smallest;
}

void ClusterSizes::add_cluster(std::int64_t size) {
  const Wide square = static_cast<Wide>(size) * static_cast<Wide>(size);
  add_clusters(1, size, square, square * square);
}

void ClusterSizes::add_clusters(std::int64_t clusters, std::int64_t largest, Wide sum_2, Wide sum_4) {
  clusters_ += clusters;
  largest_ = std::max(largest_, largest);
  sum_2_ += sum_2;
  sum_4_ += sum_4;
}

ClusterSums ClusterSizes::total() const {
  return {clusters_, largest_, static_cast<double>(sum_2_), static_cast<double>(sum_4_)};
}

ClusterSums ClusterSizes::total(const Communicator& communicator) const {
  if (communicator.size() == 1 && parts_.empty()) return total();
  const Totals mine{clusters_, largest_, sum_2_, sum_4_};
  ClusterSizes all;
  for (const Totals& each : communicator.all_gather_varying(std::span<const Totals>(&mine, 1)))
    all.add_clusters(each.clusters, each.largest, each.sum_2, each.sum_4);
  std::map<std::int64_t, std::int64_t> sizes;
  for (const LabelPair& part : communicator.all_gather_varying(std::span<const LabelPair>(parts_)))
    sizes[part.first] += part.second;
  for (const auto& [label, size] : sizes) all.add_cluster(size);
  return all.total();
}

}  // namespace weiss
