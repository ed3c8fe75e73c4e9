// Swendsen-Wang on the rows of a RowField: one coupling, no field. Bonds are bits, clusters are trees of
// runs. Swendsen, Wang, Phys. Rev. Lett. 58, 86 (1987).
//
// A bond of direction d (x, y, z) from site i to its neighbour ahead is active when J s s' > 0 and its
// uniform 64-bit number u is below the threshold of 1 - exp(-2 beta |J|). The upper 16 bits of u, from the
// highest, are bit i % 512 of the planes 0 .. 15 of the bond stream at index d G + i / 512, G = ceil(N /
// 512); the lower 48 are the upper 48 of draw (3 G + d N + i), needed only in a tie. A cluster's coin is
// keyed by its smallest site, as in swendsen_wang.hpp. So the result is a function of the configuration, the
// streams and the step alone.
//
// Each word of a row is cut into runs of sites that active x bonds join; a run is a node, named by its first
// site. Other bonds join nodes, the smaller name as parent, and one pass in site order resolves every name
// and turns the spins over.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/cluster_sums.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/row_field.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

inline constexpr int bond_planes = 16;

class RowSwendsenWang {
 public:
  // One nonzero coupling in all directions and no field.
  static bool fits(const IsingInteractions& interactions);

  RowSwendsenWang(const IsingInteractions& interactions, const RowField& field, const Stream& bonds,
                  const Stream& flips, SimdTarget target = simd_target());

  // One step; collective. Returns the clusters of the old configuration.
  ClusterSums step(RowField& field, std::int64_t step);

 private:
  using Node = std::uint32_t;

  void draw_bonds(const RowField& field, std::uint64_t step);
  void bernoulli(std::uint64_t step, int direction, std::int64_t group, std::uint64_t* out) const;
  void join_runs(const RowField& field);
  void join_word(std::int64_t word, std::int64_t other_word, std::uint64_t bonds);
  void resolve();
  void join_ranks(const RowField& field);
  ClusterSums turn_over(RowField& field, std::uint64_t step);

  Node root(Node node);
  void join(Node a, Node b);
  // The node of bit `bit` of a word.
  Node node(std::int64_t word, int bit) const;

  std::uint64_t threshold_;
  bool antiferromagnetic_;
  Stream bond_stream_, flip_stream_;
  SimdTarget target_;
  std::int64_t sites_, origin_;                           // of the lattice; first own site
  std::vector<std::uint64_t> along_x_, along_y_, ahead_;  // active bonds; ahead: to the next plane
  std::vector<std::uint64_t> starts_;                     // first sites of runs
  std::vector<Node> parent_;
  std::vector<std::uint32_t> size_;              // at roots
  std::map<std::int64_t, std::int64_t> merged_;  // label -> smallest label, of clusters that cross ranks
};

}  // namespace weiss
