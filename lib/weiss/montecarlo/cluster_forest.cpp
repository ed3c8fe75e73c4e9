#include "weiss/montecarlo/cluster_forest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <utility>

#include "weiss/parallel/local_lattice.hpp"

namespace weiss {

namespace {

__extension__ using Wide = unsigned __int128;

struct ExactSums {
  std::int64_t clusters = 0;
  std::int64_t largest = 0;
  Wide sum_2 = 0;
  Wide sum_4 = 0;

  void add_cluster(std::int64_t size) {
    const Wide square = static_cast<Wide>(size) * static_cast<Wide>(size);
    ++clusters;
    largest = std::max(largest, size);
    sum_2 += square;
    sum_4 += square * square;
  }
  void add(const ExactSums& other) {
    clusters += other.clusters;
    largest = std::max(largest, other.largest);
    sum_2 += other.sum_2;
    sum_4 += other.sum_4;
  }
  ClusterSums rounded() const {
    return {clusters, largest, static_cast<double>(sum_2), static_cast<double>(sum_4)};
  }
};

struct Pair {
  std::int64_t first, second;
  auto operator<=>(const Pair&) const = default;
};

void sort_unique(std::vector<Pair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

// The smallest label that links connect each label to. Labels not linked are absent.
std::map<std::int64_t, std::int64_t> merged_labels(const std::vector<Pair>& links) {
  std::map<std::int64_t, std::int64_t> parent;
  const auto root = [&](std::int64_t label) {
    for (;;) {
      const auto found = parent.emplace(label, label).first;
      if (found->second == label) return label;
      label = found->second = parent.at(found->second);
    }
  };
  for (const Pair& link : links) {
    const auto [low, high] = std::minmax(root(link.first), root(link.second));
    parent[high] = low;
  }
  std::map<std::int64_t, std::int64_t> smallest;
  for (const auto& [label, ignored] : parent) smallest[label] = root(label);
  return smallest;
}

}  // namespace

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
  std::vector<Pair> links;
  for (auto i = static_cast<std::size_t>(local.owned()); i < labels_.size(); ++i)
    links.push_back({std::min(labels_[i], seen[i]), std::max(labels_[i], seen[i])});
  sort_unique(links);
  links = local.communicator().all_gather_varying(std::span<const Pair>(links));
  const std::map<std::int64_t, std::int64_t> smallest = merged_labels(links);
  for (std::int64_t& label : labels_)
    if (const auto found = smallest.find(label); found != smallest.end()) label = found->second;
  for (const auto& [label, merged] : smallest) shared_.push_back(merged);
  std::sort(shared_.begin(), shared_.end());
  shared_.erase(std::unique(shared_.begin(), shared_.end()), shared_.end());
  return labels_;
}

ClusterSums ClusterForest::sums(std::int64_t owned) const {
  std::vector<std::int64_t> sorted(labels_.begin(), labels_.begin() + owned);
  std::sort(sorted.begin(), sorted.end());
  ExactSums exact;
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::upper_bound(first, sorted.end(), *first);
    exact.add_cluster(last - first);
    first = last;
  }
  return exact.rounded();
}

ClusterSums ClusterForest::sums(const LocalLattice& local) const {
  if (local.communicator().size() == 1) return sums(local.owned());
  std::vector<std::int64_t> sorted(labels_.begin(), labels_.begin() + local.owned());
  std::sort(sorted.begin(), sorted.end());
  ExactSums exact;
  std::vector<Pair> parts;  // of clusters that may have sites elsewhere
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::upper_bound(first, sorted.end(), *first);
    if (std::binary_search(shared_.begin(), shared_.end(), *first))
      parts.push_back({*first, last - first});
    else
      exact.add_cluster(last - first);
    first = last;
  }
  const auto everywhere = local.communicator().all_gather_varying(std::span<const ExactSums>(&exact, 1));
  exact = {};
  for (const ExactSums& each : everywhere) exact.add(each);
  std::map<std::int64_t, std::int64_t> sizes;
  for (const Pair& part : local.communicator().all_gather_varying(std::span<const Pair>(parts)))
    sizes[part.first] += part.second;
  for (const auto& [label, size] : sizes) exact.add_cluster(size);
  return exact.rounded();
}

}  // namespace weiss
