// Clusters as a union-find forest over local sites. A cluster's root is its member of smallest global index,
// on any number of ranks, so that a coin keyed by it is the same everywhere. One extra node stands for the
// ghost spin of a magnetic field, with global index -1; the cluster that holds it never flips. Galler,
// Fischer, Commun. ACM 7, 301 (1964); Tarjan, J. ACM 22, 215 (1975) (path halving).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/cluster_sums.hpp"

namespace weiss {

class LocalLattice;

class ClusterForest {
 public:
  // global: site of each local index (owned first, then ghosts).
  explicit ClusterForest(std::span<const std::int64_t> global);

  void reset();
  void join(std::int64_t a, std::int64_t b);
  void join_ghost_spin(std::int64_t a) { join(a, ghost_spin()); }

  // Smallest global index of each local site's cluster, -1 for the ghost spin's; one rank holds all sites.
  std::span<const std::int64_t> labels();
  // The same across ranks; collective.
  std::span<const std::int64_t> labels(LocalLattice& local);

  // Sizes from the labels of the owned sites. Collective when a lattice is given.
  ClusterSums sums(std::int64_t owned) const;
  ClusterSums sums(const LocalLattice& local) const;

 private:
  ClusterSizes sizes(std::int64_t owned) const;
  std::int64_t ghost_spin() const { return static_cast<std::int64_t>(global_.size()); }
  std::int64_t root(std::int64_t node);
  std::int64_t global(std::int64_t node) const {
    return node == ghost_spin() ? -1 : global_[static_cast<std::size_t>(node)];
  }

  std::span<const std::int64_t> global_;
  std::vector<std::int32_t> parent_;
  std::vector<std::int64_t> labels_;
  std::vector<std::int64_t> shared_;  // sorted labels of clusters that may reach several ranks
};

}  // namespace weiss
