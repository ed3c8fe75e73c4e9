// Measurements and exchanges of 512 realisations against one loop over lanes and sites.
#include "weiss/montecarlo/sample_measurement.hpp"

#include <gtest/gtest.h>

namespace weiss {
namespace {

using Counts = std::vector<std::int32_t>;

std::vector<SimdTarget> targets() {
  std::vector<SimdTarget> result;
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512})
    if (supported(target)) result.push_back(target);
  return result;
}

// Lanes of different density, so that no two agree by accident: all up in lanes 0, all down in lanes 1.
SampleWords words_of(std::int64_t count, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  SampleWords words(static_cast<std::size_t>(count));
  for (std::size_t w = 0; w < words.size(); ++w)
    for (int lane = 0; lane < sample_lanes; ++lane)
      set_lane_bit(words[w], lane,
                   lane == 0 || (lane > 1 && stream.bits(0, w, static_cast<std::uint32_t>(lane)) % 512 <
                                                 static_cast<std::uint64_t>(lane)));
  return words;
}

struct Plain {
  const Lattice& lattice;
  const SampleWords &a, &b, &couplings;

  bool up(const SampleWords& words, std::int64_t site, int lane) const {
    return lane_bit(words[static_cast<std::size_t>(site)], lane);
  }
  template <class Condition>
  Counts sites(const Condition& condition, int direction = -1) const {
    Counts counts(static_cast<std::size_t>(direction < 0 ? 1 : lattice.slices(direction)) * sample_lanes);
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      for (int lane = 0; lane < sample_lanes; ++lane) {
        const std::int64_t slice = direction < 0 ? 0 : lattice.slice(site, direction);
        counts[static_cast<std::size_t>(slice * sample_lanes + lane)] += condition(site, lane) ? 1 : 0;
      }
    return counts;
  }
  template <class Condition>
  Counts bonds(const Condition& condition) const {
    Counts counts(sample_lanes);
    std::size_t bond = 0;
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
        for (int lane = 0; lane < sample_lanes; ++lane)
          counts[static_cast<std::size_t>(lane)] += condition(site, other, bond, lane) ? 1 : 0;
        ++bond;
      });
    return counts;
  }
};

const std::vector<Lattice> lattices() {
  const auto of = [](LatticeKind kind, std::vector<std::int64_t> extents) {
    return Lattice::regular(kind, extents, std::vector<Boundary>(extents.size(), Boundary::periodic));
  };
  return {of(LatticeKind::square, {3, 5}),    of(LatticeKind::square, {4, 4}),
          of(LatticeKind::cubic, {2, 3, 4}),  of(LatticeKind::cubic, {9, 9, 9}),
          of(LatticeKind::honeycomb, {3, 4}), of(LatticeKind::bcc, {3, 3, 3})};
}

TEST(SampleMeasurement, AgreesWithOneLoopOverLanesAndSites) {
  for (const Lattice& lattice : lattices()) {
    const SampleTopology topology(lattice);
    const SampleWords a = words_of(topology.sites(), 1), b = words_of(topology.sites(), 2),
                      couplings = words_of(topology.bonds(), 3);
    const Plain plain{lattice, a, b, couplings};
    const auto is_up = [&](std::int64_t site, int lane) { return plain.up(a, site, lane); };
    const auto is_equal = [&](std::int64_t site, int lane) {
      return plain.up(a, site, lane) == plain.up(b, site, lane);
    };
    const Counts unsatisfied = plain.bonds([&](std::int64_t i, std::int64_t j, std::size_t bond, int lane) {
      return (plain.up(a, i, lane) == plain.up(a, j, lane)) != lane_bit(couplings[bond], lane);
    });
    const Counts equal_bonds = plain.bonds([&](std::int64_t i, std::int64_t j, std::size_t, int lane) {
      return (plain.up(a, i, lane) == plain.up(a, j, lane)) == (plain.up(b, i, lane) == plain.up(b, j, lane));
    });
    for (const SimdTarget target : targets()) {
      const SampleMeasurement measurement(topology, target);
      Counts counts(sample_lanes, -1);
      measurement.unsatisfied_bonds(a, couplings, counts);
      EXPECT_EQ(counts, unsatisfied) << name(target);
      measurement.equal_bonds(a, b, counts);
      EXPECT_EQ(counts, equal_bonds) << name(target);
      measurement.up_spins(a, counts);
      EXPECT_EQ(counts, plain.sites(is_up)) << name(target);
      measurement.equal_sites(a, b, counts);
      EXPECT_EQ(counts, plain.sites(is_equal)) << name(target);
      for (int direction = 0; direction < lattice.dimension(); ++direction) {
        const SampleSlices slices(lattice, direction);
        Counts by_slice(static_cast<std::size_t>(slices.slices()) * sample_lanes, -1);
        measurement.up_spins(a, slices, by_slice);
        EXPECT_EQ(by_slice, plain.sites(is_up, direction)) << name(target) << " direction " << direction;
        measurement.equal_sites(a, b, slices, by_slice);
        EXPECT_EQ(by_slice, plain.sites(is_equal, direction)) << name(target) << " direction " << direction;
      }
    }
  }
}

TEST(SampleExchange, SwapsTheLanesOfTheMask) {
  const SampleWord mask = words_of(1, 4).front();
  const SampleTopology topology(
      Lattice::regular(LatticeKind::square, {5, 6}, {Boundary::periodic, Boundary::periodic}));
  const auto sites = static_cast<std::size_t>(topology.sites());
  const SampleWords start_a = words_of(sites, 1), start_b = words_of(sites, 2);
  for (const SimdTarget target : targets()) {
    SampleWords a = start_a, b = start_b;
    SampleMeasurement(topology, target).exchange(a, b, mask);
    for (std::size_t w = 0; w < a.size(); ++w)
      for (int lane = 0; lane < sample_lanes; ++lane) {
        const bool swapped = lane_bit(mask, lane);
        EXPECT_EQ(lane_bit(a[w], lane), lane_bit(swapped ? start_b[w] : start_a[w], lane)) << name(target);
        EXPECT_EQ(lane_bit(b[w], lane), lane_bit(swapped ? start_a[w] : start_b[w], lane)) << name(target);
      }
  }
}

}  // namespace
}  // namespace weiss
