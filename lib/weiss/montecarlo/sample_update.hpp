// Heat bath of 512 disorder realisations at once for one instruction set: h_i = sum_j J_ij s_j is a whole
// number from -degree to degree. A site with h != 0 aligns with h unless its uniform 64-bit number u <
// threshold(|h|); with h = 0 it is the old spin XOR bit 63 of u. Either every realisation has bits of its own
// (packed_comparison.hpp), or all of them share draw i of the group's first site, i being the site's place in
// the group. Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/packed_comparison.hpp"
#include "weiss/montecarlo/packed_neighbours.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

static_assert(sample_group_sites == group_words);

struct SampleSites : OpenLanes {
  const std::int32_t* links;
  int count;
};

// How a site finds its neighbours and couplings. Links begin with the site itself and its neighbours.
// A word a bond, shared by both its ends: links end with the bonds.
template <int site_degree>
struct BondCouplings {
  static constexpr int degree = site_degree;
  static constexpr int links = 1 + 2 * degree;
  WEISS_INLINE static Piece neighbour(const std::uint64_t* spins, const std::int32_t* site, int d, int k) {
    return load(spins + site[1 + d] + k * piece_elements);
  }
  static int neighbour_lane(const std::int32_t*, int, int lane) { return lane; }
  WEISS_INLINE static const std::uint64_t* coupling(const SampleSweep& sweep, const std::int32_t* site,
                                                    int d) {
    return sweep.couplings + site[1 + degree + d];
  }
  // With many configurations the spins come from far memory, and the order of sites is not one that hardware
  // foresees.
  WEISS_INLINE static void fetch(const SampleSweep& sweep, const std::int32_t* site) {
    const std::int32_t* later = site + sample_fetch_distance * links;
#pragma GCC unroll 16
    for (int d = 0; d <= degree; ++d) __builtin_prefetch(sweep.spins + later[d]);
  }
};

template <int degree>
inline constexpr int links_per_site = BondCouplings<degree>::links;

WEISS_INLINE std::uint64_t random_index(const SampleSweep& sweep, const std::int32_t* site) {
  return sweep.first_index + static_cast<std::uint64_t>(site[0]) / 8;
}

// Piece k of the couplings of a site.
template <class Couplings>
struct SiteCouplings {
  Piece sign[Couplings::degree];
  WEISS_INLINE SiteCouplings(const SampleSweep& sweep, const std::int32_t* site, int k) {
#pragma GCC unroll 8
    for (int d = 0; d < Couplings::degree; ++d)
      sign[d] = load(Couplings::coupling(sweep, site, d) + k * piece_elements);
  }
};

// The field with its sign reversed: spin and coupling differ where the neighbour pulls down.
template <class Couplings>
WEISS_INLINE NeighbourSum<Couplings::degree> reversed_field(const SampleSweep& sweep,
                                                            const std::int32_t* site,
                                                            const SiteCouplings<Couplings>& couplings,
                                                            int k) {
  constexpr int degree = Couplings::degree;
  Piece down[degree];
#pragma GCC unroll 8
  for (int d = 0; d < degree; ++d)
    down[d] = Couplings::neighbour(sweep.spins, site, d, k) ^ couplings.sign[d];
  return NeighbourSum<degree>(down);
}

template <class Field>
WEISS_INLINE void write_spins(const Field& reversed, Piece flip, Piece fires, std::uint64_t* spins) {
  store(choose_not(reversed.zero, load(spins) ^ flip, reversed.positive ^ fires), spins);
}

template <class Couplings>
inline void decide_sample(const SampleSweep& sweep, const PlaneSource& source, const SampleSites& group,
                          int i, int lane, bool use_shared) {
  constexpr int degree = Couplings::degree;
  const std::int32_t* site = group.links + i * Couplings::links;
  const int element = lane / 64, bit = lane % 64;
  int sum = degree;
  for (int d = 0; d < degree; ++d) {
    const int there = Couplings::neighbour_lane(site, d, lane);
    const std::uint64_t spin = sweep.spins[site[1 + d] + there / 64] >> (there % 64);
    const std::uint64_t sign = Couplings::coupling(sweep, site, d)[element] >> bit;
    sum -= 2 * static_cast<int>((spin ^ sign) & 1);
  }
  const bool fires = open_site_fires(source, group, random_index(sweep, site), lane, use_shared,
                                     sweep.threshold[((sum < 0 ? -sum : sum) - 1) / 2]);
  std::uint64_t& spins = sweep.spins[site[0] + element];
  spins = (spins & ~(1ULL << bit)) | static_cast<std::uint64_t>((sum > 0) != fires) << bit;
  ++*sweep.fresh_decisions;
}

// Piece k of every site of a group; true when a site needs bits of its own.
template <class Couplings, int clear, bool lowest>
WEISS_INLINE bool update_samples(const SampleSweep& sweep,
                                 const ThresholdMasks<NeighbourSum<Couplings::degree>::classes>& masks,
                                 const PlaneSource& planes, const FirstRounds& rounds, SampleSites& group,
                                 int k) {
  using Field = NeighbourSum<Couplings::degree>;
  PlaneSource source = planes;
  source.set_index(rounds, 0);
  const SharedComparison<Field::classes> shared(masks, source, group, k);
  Piece seen = zeros(), repeated = zeros();
  const std::int32_t* site = group.links;
  for (int i = 0; i < group.count; ++i, site += Couplings::links) {
    source.set_index(rounds, i);
    if (k == 0) Couplings::fetch(sweep, site);
    const Field reversed = reversed_field(sweep, site, SiteCouplings<Couplings>(sweep, site, k), k);
    const PrivateComparison<clear, Field, lowest> compared(reversed, masks, shared, source, k);
    store(compared.equal, group.undecided[i] + k * piece_elements);
    repeated = or_and(repeated, seen, compared.equal);
    seen = seen | compared.equal;
    write_spins(reversed, compared.top, compared.less, sweep.spins + site[0] + k * piece_elements);
  }
  const Piece rare = or_and(repeated, seen, shared.tied);
  store(rare, group.rare + k * piece_elements);
  return any(rare);
}

template <class Couplings, int clear, bool lowest>
inline void sweep_runs(const SampleSweep& sweep) {
  const ThresholdMasks<NeighbourSum<Couplings::degree>::classes> masks(sweep.threshold);
  PlaneSource source(*static_cast<const ArsTables*>(sweep.tables), sweep.step);
  RareGroups<SampleSites> rare_groups;
  const auto decide_site = [&sweep, &source](const SampleSites& group, int i, int lane, bool use_shared) {
    decide_sample<Couplings>(sweep, source, group, i, lane, use_shared);
  };
  FirstRounds rounds[2];  // of this group and the next, so that no load waits for the store
  source.start(sweep.group_sites, sweep.first_index, rounds[0]);
  for (std::int64_t r = 0; r < sweep.run_count; ++r) {
    for (std::int64_t g = sweep.runs[r].first; g < sweep.runs[r].last; ++g) {
      source.start(sweep.group_sites + 16 * (g + 1), sweep.first_index, rounds[(g + 1) % 2]);
      SampleSites& group = rare_groups.next();
      group.links = sweep.links + sweep.groups[g].first * Couplings::links;
      group.count = sweep.groups[g].count;
      bool rare = false;
      for (int k = 0; k < pieces; ++k)
        rare |= update_samples<Couplings, clear, lowest>(sweep, masks, source, rounds[g % 2], group, k);
      rare_groups.keep(rare, decide_site);
    }
    rare_groups.decide_all(decide_site);
  }
}

// By the number of planes from the top in which no threshold has a bit, in steps of two. When it is cold,
// only the lowest class has bits in the private planes.
template <class Couplings>
inline void sweep_with(const SampleSweep& sweep) {
  std::uint64_t higher = 0;
  for (int c = 1; c < NeighbourSum<Couplings::degree>::classes; ++c) higher |= sweep.threshold[c];
  const std::uint64_t bits = higher | sweep.threshold[0];
  const int clear = bits == 0 ? 64 : __builtin_clzll(bits);
  if (higher >> (64 - packed_private_planes) == 0) {
    if (clear >= 7) return sweep_runs<Couplings, 7, true>(sweep);
    if (clear >= 5) return sweep_runs<Couplings, 5, true>(sweep);
    if (clear >= 3) return sweep_runs<Couplings, 3, true>(sweep);
  }
  if (clear >= 3) return sweep_runs<Couplings, 3, false>(sweep);
  if (clear >= 1) return sweep_runs<Couplings, 1, false>(sweep);
  sweep_runs<Couplings, 0, false>(sweep);
}

// What the shared numbers of a group's sites decide: one element a site, all bits alike.
template <int classes>
struct SharedDecisions {
  alignas(64) std::uint64_t fires[classes][sample_group_sites];
  alignas(64) std::uint64_t flip[sample_group_sites];
  WEISS_INLINE void make(const SampleSweep& sweep, PlaneSource& source, std::int64_t group) {
    source.set_index(sweep.first_index + sweep.group_sites[16 * group]);
    for (int k = 0; k < pieces; ++k) {
      const Piece u = source.plane(0, k);
      for (int c = 0; c < classes; ++c) store((Piece)(u < sweep.threshold[c]), fires[c] + k * piece_elements);
      store(Piece{} - (u >> 63), flip + k * piece_elements);
    }
  }
};

// `batch` configurations together: couplings are loaded once.
template <int degree, int batch>
inline void sweep_batch_shared(const SampleSweep* sweeps) {
  using Field = NeighbourSum<degree>;
  const SampleSweep& first = sweeps[0];
  PlaneSource source(*static_cast<const ArsTables*>(first.tables), first.step);
  SharedDecisions<Field::classes> decisions[2][batch];  // of this group and the next, so that no load waits
  for (int c = 0; c < batch; ++c) decisions[0][c].make(sweeps[c], source, 0);
  const std::int64_t groups = first.runs[first.run_count - 1].last;
  const std::int32_t* site = first.links;
  const bool far = batch > 1 && groups >= sample_far_groups;
  for (std::int64_t g = 0; g < groups; ++g) {
    for (int c = 0; c < batch; ++c) decisions[(g + 1) % 2][c].make(sweeps[c], source, g + 1);
    const auto& decision = decisions[g % 2];
    for (int i = 0; i < first.groups[g].count; ++i, site += links_per_site<degree>)
      for (int k = 0; k < pieces; ++k) {
        const SiteCouplings<BondCouplings<degree>> couplings(first, site, k);
#pragma GCC unroll 4
        for (int c = 0; c < batch; ++c) {
          if (far && k == 0) {
            // Its own word and the last neighbour's are those that no earlier site has used.
            const std::int32_t* later = site + sample_fetch_distance * links_per_site<degree>;
            __builtin_prefetch(sweeps[c].spins + later[0]);
            __builtin_prefetch(sweeps[c].spins + later[degree]);
          }
          const Field reversed = reversed_field(sweeps[c], site, couplings, k);
          Piece fires[Field::classes];
          for (int j = 0; j < Field::classes; ++j) fires[j] = zeros() + decision[c].fires[j][i];
          write_spins(reversed, zeros() + decision[c].flip[i], reversed.of_class(fires),
                      sweeps[c].spins + site[0] + k * piece_elements);
        }
      }
  }
}

template <int degree>
inline void sweep_degree_shared(const SampleSweep* sweeps, int count) {
  for (; count >= 4; count -= 4, sweeps += 4) sweep_batch_shared<degree, 4>(sweeps);
  for (; count >= 2; count -= 2, sweeps += 2) sweep_batch_shared<degree, 2>(sweeps);
  if (count == 1) sweep_batch_shared<degree, 1>(sweeps);
}

inline void sweep_samples(const SampleSweep& sweep) {
  switch (sweep.degree) {
    case 2:
      return sweep_with<BondCouplings<2>>(sweep);
    case 3:
      return sweep_with<BondCouplings<3>>(sweep);
    case 4:
      return sweep_with<BondCouplings<4>>(sweep);
    case 6:
      return sweep_with<BondCouplings<6>>(sweep);
    default:
      return sweep_with<BondCouplings<8>>(sweep);
  }
}

inline void sweep_samples_shared(const SampleSweep* sweeps, int count) {
  switch (sweeps->degree) {
    case 2:
      return sweep_degree_shared<2>(sweeps, count);
    case 3:
      return sweep_degree_shared<3>(sweeps, count);
    case 4:
      return sweep_degree_shared<4>(sweeps, count);
    case 6:
      return sweep_degree_shared<6>(sweeps, count);
    default:
      return sweep_degree_shared<8>(sweeps, count);
  }
}

inline void prepare_sample_tables(const ArsKey& key, void* tables) {
  prepare(key, *static_cast<ArsTables*>(tables));
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
