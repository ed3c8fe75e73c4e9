// Wolff's single cluster, grown from a random site over bonds with J s_i s_j > 0, each with probability
// 1 - exp(-2 beta |J|), and turned over. In a field a site along it reaches the ghost spin with probability
// 1 - exp(-2 beta |h|), and a cluster that holds the ghost stays.
// Wolff, Phys. Rev. Lett. 62, 361 (1989). <cluster size>/N estimates <m^2> at h = 0.
//
// Sequential, so one rank a task. A coin is keyed by the site that expands and the number of its bond; a bond
// is tried from one side only, since the other side is a member by then.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/montecarlo/swendsen_wang.hpp"

namespace weiss {

class Wolff {
 public:
  Wolff(const IsingInteractions& interactions, std::int64_t sites, double coupling_scale = 1.0)
      : coins_(interactions, coupling_scale), member_(static_cast<std::size_t>(sites)) {}

  // One cluster; its size. Source: one a cluster.
  template <class Source>
  std::int64_t step(TableField& field, const Source& source) {
    const LocalLattice& local = field.local();
    const std::span<std::int8_t> spins = field.spins();
    const auto site_of = [&](std::int64_t i) { return local.global()[static_cast<std::size_t>(i)]; };
    grow(local.owned(), spins, source, site_of, [&](std::int64_t i, auto&& attempt) {
      std::uint32_t draw = 0;
      for (const LocalLattice::End end : local.neighbours(i)) attempt(end.site, end.direction, draw++);
      return draw;
    });
    return turn_over([&](std::int64_t i) {
      spins[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(-spins[static_cast<std::size_t>(i)]);
    });
  }

  template <class Source>
  std::int64_t step(MeanField& field, const Source& source) {
    const std::int64_t n = field.sites();
    const auto site_of = [](std::int64_t i) { return i; };
    // Draws of one site are limited to 2^16: a pair has its own index instead.
    grow(n, field.spins(), PairSource<Source>{&source, static_cast<std::uint64_t>(n)}, site_of,
         [&](std::int64_t i, auto&& attempt) {
           for (std::int64_t other = 0; other < n; ++other)
             if (other != i) attempt(other, 0, static_cast<std::uint32_t>(other));
           return static_cast<std::uint32_t>(n);
         });
    return turn_over([&](std::int64_t i) {
      field.set(i, static_cast<std::int8_t>(-field.spins()[static_cast<std::size_t>(i)]));
    });
  }

 private:
  template <class Source>
  struct PairSource {
    const Source* source;
    std::uint64_t sites;
    bool fires(std::uint64_t threshold, std::uint64_t index, std::uint32_t draw) const {
      return source->fires(threshold, index * (sites + 1) + draw);
    }
    std::uint64_t below(std::uint64_t n, std::uint64_t index) const {
      return source->below(n, index * (sites + 1));
    }
  };

  // Fills cluster_ and pinned_.
  template <class Source, class SiteOf, class ForEachBond>
  void grow(std::int64_t n, std::span<const std::int8_t> spins, const Source& source, SiteOf&& site_of,
            ForEachBond&& for_each_bond) {
    cluster_.clear();
    pinned_ = false;
    // The seed's draw stands beyond the sites'.
    const auto seed =
        static_cast<std::int64_t>(source.below(static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(n)));
    cluster_.push_back(static_cast<std::int32_t>(seed));
    member_[static_cast<std::size_t>(seed)] = 1;
    for (std::size_t next = 0; next < cluster_.size(); ++next) {
      const std::int64_t i = cluster_[next];
      const std::int8_t spin = spins[static_cast<std::size_t>(i)];
      const auto key = static_cast<std::uint64_t>(site_of(i));
      const std::uint32_t field_draw = for_each_bond(i, [&](std::int64_t other, int direction,
                                                            std::uint32_t draw) {
        const auto d = static_cast<std::size_t>(direction);
        if (coins_.sign[d] * spin * spins[static_cast<std::size_t>(other)] <= 0 ||
            member_[static_cast<std::size_t>(other)] != 0 || !source.fires(coins_.threshold[d], key, draw))
          return;
        member_[static_cast<std::size_t>(other)] = 1;
        cluster_.push_back(static_cast<std::int32_t>(other));
      });
      if (spin == coins_.field_sign && coins_.field_sign != 0 &&
          source.fires(coins_.field_threshold, key, field_draw))
        pinned_ = true;
    }
  }

  template <class Flip>
  std::int64_t turn_over(Flip&& flip) {
    for (const std::int32_t i : cluster_) {
      member_[static_cast<std::size_t>(i)] = 0;
      if (!pinned_) flip(i);
    }
    return static_cast<std::int64_t>(cluster_.size());
  }

  BondCoins coins_;
  std::vector<std::uint8_t> member_;
  std::vector<std::int32_t> cluster_;
  bool pinned_ = false;
};

}  // namespace weiss
