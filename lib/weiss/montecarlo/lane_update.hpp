// One sweep of the heat bath over all sites for groups of octets; rules of inclusion as
// weiss/rng/word512.hpp.
//
// u < 1 / (1 + exp(2 beta |h|)) is |h| < log(1/u - 1) / (2 beta): the right side does not wait for the spins,
// so it is made some sites ahead, in single precision. Where both sides are closer than the estimate's error,
// about once in 10^4 decisions, the decision is made by its definition.
#pragma once

#include "weiss/montecarlo/lane_dense.hpp"
#include "weiss/montecarlo/lane_random.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// Sites go in couples. Random numbers are drawn couples_ahead before thresholds are made of them, and these
// as far before they are used, so that a core always has independent work at hand.
inline constexpr int couples_ahead = 3;
inline constexpr int slots = 4;  // of a ring, a power of two above couples_ahead

// Eight numbers of each octet of a group at both sites of a couple.
template <int group, class Number>
struct Couple {
  alignas(64) Number of[group][2][8];
};

// Decides the lanes of `open` by the definition; the bits say which spins turn against their fields.
__attribute__((noinline)) inline std::uint8_t decide_open(const LaneSweep& sweep, std::int64_t octet,
                                                          std::int64_t site, const double* local_field,
                                                          std::uint8_t open) {
  const LaneTemperatures& temperatures = sweep.temperatures[octet];
  const std::uint64_t first_block = 4 * (sweep.first_octet + static_cast<std::uint64_t>(octet));
  unsigned against = 0;
  for (unsigned lane = 0; lane < 8; ++lane) {
    if ((open >> lane & 1) == 0) continue;
    const Block128 block =
        ars({static_cast<std::uint64_t>(site), sweep.step << 16 | (first_block + lane / 2)}, *sweep.key);
    const std::uint64_t bits = lane % 2 == 0 ? block.low : block.high;
    if (sweep.against(temperatures.beta[lane], local_field[lane], bits)) against |= 1U << lane;
  }
  return static_cast<std::uint8_t>(against);
}

// The octets of a group, kept apart from LaneSweep so that a store to the spins does not touch them.
struct Group {
  std::uint8_t* spins;  // of the first octet
  std::int64_t stride;
  const LaneTemperatures* temperatures;
  std::int64_t octet;
};

// The new spins of an octet. At zero field, where its sign bit is clear, the old spin takes the field's part,
// turned: up = !(against ^ (zero ? old : down)).
WEISS_INLINE std::uint8_t new_spins(const LaneSweep& sweep, const Group& group, std::int64_t octet,
                                    std::int64_t site, const Octet& local_field, const double* threshold,
                                    std::uint8_t old) {
  const Octet excess = difference(magnitude(local_field), load_octet(threshold));
  const std::uint8_t open = not_beyond(excess, load_octet(group.temperatures[octet].margin));
  unsigned turned = signs(exclusive_or(excess, local_field));
  if (__builtin_expect(open != 0, 0)) {
    double fields[8];
    store_octet(local_field, fields);
    const unsigned against = decide_open(sweep, group.octet + octet, site, fields, open);
    turned = (turned & ~open) | ((against ^ signs(local_field)) & open);
  }
  return static_cast<std::uint8_t>(~(turned ^ (zeros_of(local_field) & old)));
}

// Local fields from lists of couplings; partners = 0: as many as the list says.
template <int group, int partners>
struct ListedFields {
  LaneCouplings couplings;

  WEISS_INLINE void operator()(const Group& of, std::int64_t site, Octet* sum) const {
    const int others = partners == 0 ? couplings.partners : partners;
    for (int g = 0; g < group; ++g) sum[g] = octet_of(couplings.field[site]);
    for (std::int64_t k = couplings.first[site]; k < couplings.first[site + 1]; ++k) {
      const double coupling = couplings.coupling[k];
      const std::int32_t* partner = couplings.partner + k * others;
      for (int g = 0; g < group; ++g) {
        const std::uint8_t* octet = of.spins + g * of.stride;
        std::uint8_t bits = octet[partner[0]];
        for (int m = 1; m < others; ++m) bits = static_cast<std::uint8_t>(bits ^ octet[partner[m]]);
        add_signed(sum[g], coupling, bits);
      }
    }
  }
};

template <int group>
WEISS_INLINE void draw_couple(OctetSource& source, std::int64_t octet, std::int64_t site,
                              Couple<group, std::uint64_t>& bits) {
  for (int i = 0; i < 2; ++i) {
    source.set_site(site + i);
    for (int g = 0; g < group; ++g) source.draw(octet + g, bits.of[g][i]);
  }
}

template <int group>
WEISS_INLINE void make_thresholds(const LaneTemperatures* temperatures,
                                  const Couple<group, std::uint64_t>& bits,
                                  Couple<group, double>& thresholds) {
  for (int g = 0; g < group; ++g)
    estimate_thresholds(bits.of[g][0], temperatures[g].scale, thresholds.of[g][0]);
}

template <int group>
WEISS_INLINE void update_site(const LaneSweep& sweep, const Group& of, std::int64_t site,
                              const Couple<group, double>& thresholds, const Octet* local_field) {
  for (int g = 0; g < group; ++g) {
    std::uint8_t* spin = of.spins + g * of.stride + site;
    *spin = new_spins(sweep, of, g, site, local_field[g], thresholds.of[g][site % 2], *spin);
  }
}

WEISS_INLINE Group group_at(const LaneSweep& sweep, std::int64_t octet) {
  return {sweep.spins.bytes + octet * sweep.spins.stride, sweep.spins.stride, sweep.temperatures + octet,
          octet};
}

// All sites for the octets octet ... octet + group - 1.
template <int group, int partners>
void sweep_lists(const LaneSweep& sweep, std::int64_t octet) {
  const std::int64_t sites = sweep.spins.sites, couples = (sites + 1) / 2;
  const Group of = group_at(sweep, octet);
  const ListedFields<group, partners> fields{sweep.couplings};
  OctetSource source(sweep);
  Couple<group, std::uint64_t> bits[slots];
  Couple<group, double> thresholds[slots];
  for (std::int64_t couple = 0; couple < couples + 2 * couples_ahead; ++couple) {
    const std::int64_t estimated = couple - couples_ahead, due = estimated - couples_ahead;
    if (couple < couples) draw_couple<group>(source, octet, 2 * couple, bits[couple % slots]);
    if (estimated >= 0 && estimated < couples)
      make_thresholds<group>(of.temperatures, bits[estimated % slots], thresholds[estimated % slots]);
    const std::int64_t end = 2 * due + 2 < sites ? 2 * due + 2 : sites;
    for (std::int64_t site = 2 * due; due >= 0 && site < end; ++site) {
      Octet local_field[group];
      fields(of, site, local_field);
      update_site<group>(sweep, of, site, thresholds[due % slots], local_field);
    }
  }
}

template <int partners>
void sweep_groups(const LaneSweep& sweep) {
  constexpr int widest = WEISS_PIECE_BYTES == 64 ? 4 : 2;
  std::int64_t octet = 0;
  for (; octet + widest <= sweep.spins.octets; octet += widest) sweep_lists<widest, partners>(sweep, octet);
  if constexpr (widest > 2)
    for (; octet + 2 <= sweep.spins.octets; octet += 2) sweep_lists<2, partners>(sweep, octet);
  for (; octet < sweep.spins.octets; ++octet) sweep_lists<1, partners>(sweep, octet);
}

template <int group>
WEISS_INLINE void update_dense(const LaneSweep& sweep, const OctetSource& source, std::int64_t octet,
                               std::int64_t site) {
  Couple<group, std::uint64_t> bits{};
  Couple<group, double> thresholds;
  Octet local_field[group];
  const Group of = group_at(sweep, octet);
  for (int g = 0; g < group; ++g) source.draw(octet + g, bits.of[g][site % 2]);
  make_thresholds<group>(of.temperatures, bits, thresholds);
  sum_row<group>(sweep.spins, sweep.couplings, octet, site, 0, local_field);
  for (int g = 0; g < group; ++g)
    for (int k = 0; k < pieces; ++k) local_field[g].piece[k] += sweep.couplings.field[site];
  update_site<group>(sweep, of, site, thresholds, local_field);
  for (int g = 0; g < group; ++g) make_quad(sweep.spins, octet + g, site / 4);
}

// Each row comes from memory once for all octets.
inline void sweep_dense(const LaneSweep& sweep) {
  OctetSource source(sweep);
  make_quads(sweep.spins);
  for (std::int64_t site = 0; site < sweep.spins.sites; ++site) {
    source.set_site(site);
    for_dense_groups(sweep.spins.octets,
                     [&]<int group>(std::int64_t octet) { update_dense<group>(sweep, source, octet, site); });
  }
}

inline void sweep_sites(const LaneSweep& sweep) {
  if (sweep.couplings.rows != nullptr)
    sweep_dense(sweep);
  else if (sweep.couplings.partners == 1)
    sweep_groups<1>(sweep);
  else if (sweep.couplings.partners == 2)
    sweep_groups<2>(sweep);
  else
    sweep_groups<0>(sweep);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
