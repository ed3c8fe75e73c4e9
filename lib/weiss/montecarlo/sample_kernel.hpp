// What the many-sample heat bath asks of one instruction set: plain structures and function pointers, no
// inline code, so that sources compiled for one target can include it. Offsets are in elements of 64 bits: 8
// a word.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars.hpp"

namespace weiss {

inline constexpr int sample_group_sites = 8;
inline constexpr int sample_fetch_distance = 16;  // sites
inline constexpr int sample_far_groups = 256;     // a batch of so large configurations is not in near caches

// Sites of one colour that share random bits.
struct SampleGroup {
  std::int64_t first;  // in the order of updates
  std::int32_t count;
};

// Groups of one colour, so that no two of their sites are neighbours.
struct SampleRun {
  std::int64_t first, last;
};

struct SampleSweep {
  std::uint64_t* spins;
  const std::uint64_t* couplings;
  const std::int32_t* links;  // 1 + 2 degree a site: itself, its neighbours, its bonds
  int degree;
  const SampleGroup* groups;
  const std::uint64_t* group_sites;  // 8 pairs (site, 0) a group, filled up with zeros; one group more
  const SampleRun* runs;
  std::int64_t run_count;
  const void* tables;          // made by SampleKernel::prepare
  std::uint64_t threshold[4];  // for |sum| = 2, 4, 6, 8 or 1, 3
  std::uint64_t step;
  std::uint64_t first_index;
  std::int64_t* fresh_decisions;  // counts the sites that were decided by bits of their own
};

struct SampleBonds {
  const std::int32_t* ends;  // two offsets a bond
  std::int64_t count;
  int forward;  // bond e is one of site e / forward; 0: not so
};

// Counts of every lane go to out[512].
struct SampleKernel {
  std::size_t tables_bytes;
  void (*prepare)(const ArsKey& key, void* tables);
  void (*sweep)(const SampleSweep& sweep);
  // One sweep of each of `count` configurations, which differ in spins, thresholds and first_index.
  void (*sweep_shared)(const SampleSweep* sweeps, int count);
  // Bonds that are not satisfied.
  void (*count_unsatisfied)(const std::uint64_t* spins, const std::uint64_t* couplings,
                            const SampleBonds& bonds, std::int32_t* out);
  // Bonds with the same product of spins in both configurations.
  void (*count_equal_bonds)(const std::uint64_t* a, const std::uint64_t* b, const SampleBonds& bonds,
                            std::int32_t* out);
  // Up spins, or sites with the same spin in both, among `count` sites.
  void (*count_up)(const std::uint64_t* a, const std::int32_t* sites, std::int64_t count, std::int32_t* out);
  void (*count_equal)(const std::uint64_t* a, const std::uint64_t* b, const std::int32_t* sites,
                      std::int64_t count, std::int32_t* out);
  // Swaps two configurations in the lanes of mask[8].
  void (*exchange)(std::uint64_t* a, std::uint64_t* b, std::int64_t words, const std::uint64_t* mask);
};

const SampleKernel& sample_kernel(SimdTarget target);

}  // namespace weiss
