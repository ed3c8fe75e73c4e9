// Swendsen-Wang on any lattice and any sign of the couplings: a bond with J s_i s_j > 0 is active with
// probability 1 - exp(-2 beta |J|), and each cluster of active bonds turns over with probability 1/2. A field
// is a bond of every aligned site to a ghost spin, active with 1 - exp(-2 beta |h|); the ghost's cluster
// stays. Swendsen, Wang, Phys. Rev. Lett. 58, 86 (1987); ghost spin: Coniglio, de Liberto, Monroy, Peruggi,
// J. Phys. A 22, L837 (1989). A bond's coin is keyed by its global index, a cluster's by its smallest site.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/montecarlo/cluster_forest.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/mean_field.hpp"
#include "weiss/montecarlo/table_field.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {

// Bond probabilities of a model, and the energy sign of each direction.
struct BondCoins {
  explicit BondCoins(const IsingInteractions& interactions, double coupling_scale = 1.0) {
    for (const double coupling : interactions.coupling) {
      threshold.push_back(bond_threshold(interactions.beta, coupling * coupling_scale));
      sign.push_back(static_cast<std::int8_t>(coupling > 0 ? 1 : coupling < 0 ? -1 : 0));
    }
    field_threshold = bond_threshold(interactions.beta, interactions.field);
    field_sign = static_cast<std::int8_t>(interactions.field > 0 ? 1 : interactions.field < 0 ? -1 : 0);
  }
  std::vector<std::uint64_t> threshold;
  std::vector<std::int8_t> sign;
  std::uint64_t field_threshold = 0;
  std::int8_t field_sign = 0;
};

inline constexpr std::uint64_t one_half_threshold = std::uint64_t{1} << 63;

class SwendsenWang {
 public:
  // The local lattice must outlive this.
  SwendsenWang(const IsingInteractions& interactions, LocalLattice& local);

  // One step; collective over the field's ranks. Returns the clusters of the old configuration.
  template <class BondSource, class FlipSource>
  ClusterSums step(TableField& field, const BondSource& bond_source, const FlipSource& flip_source) {
    const std::span<std::int8_t> spins = field.spins();
    forest_.reset();
    for (const Bond& bond : bonds_) {
      const auto d = static_cast<std::size_t>(bond.direction);
      if (coins_.sign[d] * spins[static_cast<std::size_t>(bond.a)] * spins[static_cast<std::size_t>(bond.b)] >
              0 &&
          bond_source.fires(coins_.threshold[d], static_cast<std::uint64_t>(bond.index)))
        forest_.join(bond.a, bond.b);
    }
    for (std::int64_t i = 0; coins_.field_sign != 0 && i < local_->owned(); ++i)
      if (spins[static_cast<std::size_t>(i)] == coins_.field_sign &&
          bond_source.fires(coins_.field_threshold,
                            ghost_bond(local_->global()[static_cast<std::size_t>(i)])))
        forest_.join_ghost_spin(i);
    const std::span<const std::int64_t> labels = forest_.labels(*local_);
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] >= 0 && flip_source.fires(one_half_threshold, static_cast<std::uint64_t>(labels[i])))
        spins[i] = static_cast<std::int8_t>(-spins[i]);
    return forest_.sums(*local_);
  }

 private:
  struct Bond {
    std::int32_t a, b;  // local indices
    std::int32_t direction;
    std::int64_t index;  // global
  };
  std::uint64_t ghost_bond(std::int64_t site) const {
    return static_cast<std::uint64_t>(local_->lattice().bond_slots() + site);
  }

  BondCoins coins_;
  LocalLattice* local_;
  std::vector<Bond> bonds_;  // each once, on the owner of its forward site
  ClusterForest forest_;
};

// The same on the complete graph, where every one of the N (N - 1) / 2 bonds has J/N; one rank.
class MeanFieldSwendsenWang {
 public:
  MeanFieldSwendsenWang(const IsingInteractions& interactions, std::int64_t sites);

  template <class BondSource, class FlipSource>
  ClusterSums step(MeanField& field, const BondSource& bond_source, const FlipSource& flip_source) {
    const std::int64_t n = field.sites();
    forest_.reset();
    std::uint64_t index = 0;
    for (std::int64_t a = 0; a < n; ++a) {
      const std::int8_t spin = field.spins()[static_cast<std::size_t>(a)];
      for (std::int64_t b = a + 1; b < n; ++b, ++index)
        if (coins_.sign[0] * spin * field.spins()[static_cast<std::size_t>(b)] > 0 &&
            bond_source.fires(coins_.threshold[0], index))
          forest_.join(a, b);
    }
    for (std::int64_t a = 0; coins_.field_sign != 0 && a < n; ++a, ++index)
      if (field.spins()[static_cast<std::size_t>(a)] == coins_.field_sign &&
          bond_source.fires(coins_.field_threshold, index))
        forest_.join_ghost_spin(a);
    const std::span<const std::int64_t> labels = forest_.labels();
    for (std::int64_t a = 0; a < n; ++a) {
      const std::int64_t label = labels[static_cast<std::size_t>(a)];
      if (label >= 0 && flip_source.fires(one_half_threshold, static_cast<std::uint64_t>(label)))
        field.set(a, static_cast<std::int8_t>(-field.spins()[static_cast<std::size_t>(a)]));
    }
    return forest_.sums(n);
  }

 private:
  BondCoins coins_;
  std::vector<std::int64_t> global_;
  ClusterForest forest_;
};

}  // namespace weiss
