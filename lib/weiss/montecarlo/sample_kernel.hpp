// What the spin glass of many samples asks of one instruction set: plain structures and function pointers, no
// inline code, so that sources compiled for one target can include it.
//
// A word is one site of 512 realisations of the disorder, bit l is realisation 512 block + l; 1 is up. The
// signs of a bond's couplings are a word, 1 is positive. All realisations have the same lattice.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars.hpp"

namespace weiss {

inline constexpr int most_sample_neighbours = 6;

// A site with its neighbours and the bonds to them.
struct SampleSite {
  std::int32_t site;
  std::int32_t neighbour[most_sample_neighbours];
  std::int32_t bond[most_sample_neighbours];
};

struct SampleBond {
  std::int32_t site, other;
};

struct SampleSweep {
  std::uint64_t* words;            // of one configuration, 8 elements a site
  const std::uint64_t* couplings;  // 8 elements a bond
  const SampleSite* sites;         // in the order of updates
  const std::int32_t* colour_end;  // of an order by colours: the number of sites up to the end of each
  int colours;
  int degree;          // neighbours of every site: 4 or 6
  const void* tables;  // made by SampleKernel::prepare
  const ArsKey* key;
  std::uint64_t threshold[3];  // for |sum of signed neighbours| = 2, 4, 6
  std::uint64_t step;
  std::uint64_t first_index;  // site s of the configuration has the random index first_index + s
  std::int64_t* fresh_decisions;
};

// Counts, a realisation each, of 512.
struct SampleKernel {
  std::size_t tables_bytes;
  void (*prepare)(const ArsKey& key, void* tables);
  // Every realisation has random bits of its own.
  void (*sweep)(const SampleSweep& sweep);
  // The realisations of a word share one uniform number a site: in the order of updates, place p takes half
  // p mod 2 of block 0 of index first_index + p / 2.
  void (*sweep_shared)(const SampleSweep& sweep);
  void (*count_up)(const std::uint64_t* words, std::int64_t sites, std::int32_t* out);
  void (*count_satisfied)(const std::uint64_t* words, const std::uint64_t* couplings, const SampleBond* bonds,
                          std::int64_t count, std::int32_t* out);
  // Sites of the list (all where null) at which a and b differ.
  void (*count_unequal)(const std::uint64_t* a, const std::uint64_t* b, const std::int32_t* sites,
                        std::int64_t count, std::int32_t* out);
  // Bonds at one end of which alone a and b differ.
  void (*count_unequal_links)(const std::uint64_t* a, const std::uint64_t* b, const SampleBond* bonds,
                              std::int64_t count, std::int32_t* out);
  // Exchanges a and b in the realisations of the mask.
  void (*exchange)(std::uint64_t* a, std::uint64_t* b, const std::uint64_t* mask, std::int64_t sites);
};

const SampleKernel& sample_kernel(SimdTarget target);

}  // namespace weiss
