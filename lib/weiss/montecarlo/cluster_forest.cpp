#include "weiss/montecarlo/cluster_forest.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "weiss/parallel/local_lattice.hpp"

namespace weiss {

ClusterForest::ClusterForest(std::span<const std::int64_t> global)
    : global_(global), parent_(global.size() + 1), labels_(global.size()) {
  reset();
}

void ClusterForest::reset() { std::iota(parent_.begin(), parent_.end(), 0); }

std::int64_t ClusterForest::root(std::int64_t node) {
  auto i = static_cast<std::size_t>(node);
  while (parent_[i] != static_cast<std::int32_t>(i)) {
    parent_[i] = parent_[static_cast<std::size_t>(parent_[i])];
    i = static_cast<std::size_t>(parent_[i]);
  }
  return static_cast<std::int64_t>(i);
}

void ClusterForest::join(std::int64_t a, std::int64_t b) {
  a = root(a);
  b = root(b);
  if (a == b) return;
  if (global(a) > global(b)) std::swap(a, b);
  parent_[static_cast<std::size_t>(b)] = static_cast<std::int32_t>(a);
}

std::span<const std::int64_t> ClusterForest::labels() {
  for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = global(root(static_cast<std::int64_t>(i)));
  shared_.clear();
  return labels_;
}

std::span<const std::int64_t> ClusterForest::labels(LocalLattice& local) {
  (void)labels();
  if (local.communicator().size() == 1) return labels_;
  // The owner's label of each ghost site belongs to the same cluster as ours.
  std::vector<std::int64_t> seen(labels_);
  local.exchange_all(std::span<std::int64_t>(seen));
  std::vector<LabelPair> links;
  for (auto i = static_cast<std::size_t>(local.owned()); i < labels_.size(); ++i)
    links.push_back({std::min(labels_[i], seen[i]), std::max(labels_[i], seen[i])});
  const std::map<std::int64_t, std::int64_t> smallest =
      smallest_labels(local.communicator(), std::move(links));
  for (std::int64_t& label : labels_)
    if (const auto found = smallest.find(label); found != smallest.end()) label = found->second;
  for (const auto& [label, merged] : smallest) shared_.push_back(merged);
  std::sort(shared_.begin(), shared_.end());
  shared_.erase(std::unique(shared_.begin(), shared_.end()), shared_.end());
  return labels_;
}

ClusterSizes ClusterForest::sizes(std::int64_t owned) const {
  std::vector<std::int64_t> sorted(labels_.begin(), labels_.begin() + owned);
  std::sort(sorted.begin(), sorted.end());
  ClusterSizes sizes;
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::upper_bound(first, sorted.end(), *first);
    if (std::binary_search(shared_.begin(), shared_.end(), *first))
      sizes.add_part(*first, last - first);
    else
      sizes.add_cluster(last - first);
    first = last;
  }
  return sizes;
}

ClusterSums ClusterForest::sums(std::int64_t owned) const { return sizes(owned).total(); }

ClusterSums ClusterForest::sums(const LocalLattice& local) const {
  return sizes(local.owned()).total(local.communicator());
}

}  // namespace weiss
