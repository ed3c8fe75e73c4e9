// The packed +-J heat bath: bit for bit its plain twin on every target, gauge invariant, and its counts
// against loops over sites; a realisation against the many-sample kernel.
#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "weiss/lattice/disorder.hpp"
#include "weiss/montecarlo/packed_glass_heat_bath.hpp"
#include "weiss/montecarlo/packed_glass_measurement.hpp"
#include "weiss/montecarlo/packed_glass_reference.hpp"
#include "weiss/montecarlo/sample_measurement.hpp"

namespace weiss {
namespace {

using Extents = std::vector<std::int64_t>;
using Bytes = std::vector<std::uint8_t>;  // a spin or a bond each, 0 or 1

std::vector<SimdTarget> targets() {
  std::vector<SimdTarget> result;
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512})
    if (supported(target)) result.push_back(target);
  return result;
}

Lattice lattice_of(const Extents& extents) {
  return Lattice::regular(extents.size() == 2 ? LatticeKind::square : LatticeKind::cubic, extents,
                          std::vector<Boundary>(extents.size(), Boundary::periodic));
}

Bytes random_bits(std::int64_t count, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  Bytes bits(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = stream.bits(0, i) & 1;
  return bits;
}

SampleWords packed(const Bytes& up, const PackedGlassTopology& topology) {
  SampleWords words(static_cast<std::size_t>(topology.words()));
  for (std::size_t site = 0; site < up.size(); ++site) {
    const auto [word, lane] = topology.place(static_cast<std::int64_t>(site));
    set_lane_bit(words[word], lane, up[site] == 1);
  }
  return words;
}

Bytes unpacked(const SampleWords& words, const PackedGlassTopology& topology) {
  Bytes up;
  for (std::int64_t site = 0; site < topology.sites(); ++site) {
    const auto [word, lane] = topology.place(site);
    up.push_back(lane_bit(words[word], lane) ? 1 : 0);
  }
  return up;
}

Stream glass_stream(std::uint64_t realisation = 5) { return Stream(7, realisation, StreamId::packed_glass); }

struct Case {
  Extents extents;
  double temperature;
  int steps;
};

class Twin : public ::testing::TestWithParam<Case> {};

TEST_P(Twin, AgreesBitForBitOnEveryTarget) {
  const Case& c = GetParam();
  const PackedLayout layout(c.extents);
  const PackedGlassTopology topology(layout);
  const Bytes start = random_bits(topology.sites(), 1), positive = random_bits(topology.bonds(), 2);
  const SampleThresholds thresholds = sample_thresholds(1 / c.temperature, topology.degree());
  const auto first_index = 3 * static_cast<std::uint64_t>(topology.words());
  Bytes expected = start;
  for (int step = 0; step < c.steps; ++step)
    packed_glass_reference_sweep(expected, positive, layout, thresholds, glass_stream(), step, first_index);
  EXPECT_NE(expected, start);
  const SampleWords couplings = topology.couplings(positive);
  for (const SimdTarget target : targets()) {
    SampleWords words = packed(start, topology);
    PackedGlassHeatBath heat_bath(topology, glass_stream(), target);
    for (int step = 0; step < c.steps; ++step)
      heat_bath.sweep({words, thresholds, first_index}, couplings, step);
    EXPECT_EQ(unpacked(words, topology), expected) << name(target);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Twin,
                         ::testing::Values(Case{{64, 32}, 1.0, 16}, Case{{128, 96}, 0.5, 6},
                                           Case{{64, 32}, 1.3, 8}, Case{{192, 32}, 100, 6},
                                           Case{{64, 64}, 0.1, 6}, Case{{16, 16, 16}, 1.1, 12},
                                           Case{{16, 32, 48}, 2.0, 4}, Case{{80, 16, 16}, 0.4, 4},
                                           Case{{48, 48, 16}, 4.5, 4}, Case{{64, 16, 32}, 1.3, 4}));

// s_i -> s_i e_i, J_ij -> J_ij e_i e_j with any signs e.
TEST(PackedGlassHeatBath, GaugeTransformsMapTrajectoriesBitForBit) {
  for (const Extents& extents : {Extents{64, 32}, Extents{16, 32, 16}}) {
    const Lattice lattice = lattice_of(extents);
    const PackedGlassTopology topology{PackedLayout(extents)};
    const Bytes gauge = random_bits(topology.sites(), 9);
    for (const double temperature : {1.1, 5.0}) {
      const SampleThresholds thresholds = sample_thresholds(1 / temperature, topology.degree());
      Bytes up = random_bits(topology.sites(), 1), positive = random_bits(topology.bonds(), 2);
      SampleWords words = packed(up, topology);
      const SampleWords couplings = topology.couplings(positive);
      for (std::size_t site = 0; site < up.size(); ++site) up[site] ^= gauge[site];
      std::size_t bond = 0;
      for (std::int64_t site = 0; site < topology.sites(); ++site)
        lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
          positive[bond] = static_cast<std::uint8_t>(positive[bond] ^ gauge[static_cast<std::size_t>(site)] ^
                                                     gauge[static_cast<std::size_t>(other)]);
          ++bond;
        });
      SampleWords other_words = packed(up, topology);
      const SampleWords other_couplings = topology.couplings(positive);
      PackedGlassHeatBath heat_bath(topology, glass_stream());
      for (int step = 0; step < 40; ++step) {
        heat_bath.sweep({words, thresholds, 0}, couplings, step);
        heat_bath.sweep({other_words, thresholds, 0}, other_couplings, step);
      }
      Bytes transformed = unpacked(other_words, topology);
      for (std::size_t site = 0; site < transformed.size(); ++site) transformed[site] ^= gauge[site];
      EXPECT_EQ(transformed, unpacked(words, topology));
    }
  }
}

// Counts of two configurations by one loop over sites.
struct PlainCounts {
  std::int64_t unsatisfied = 0, up = 0, unequal_sites = 0, unequal_bonds = 0;
  std::vector<std::vector<std::int64_t>> slices;  // of unequal sites

  PlainCounts(const Lattice& lattice, const Bytes& a, const Bytes& b, const Bytes& positive) {
    for (const std::int64_t extent : lattice.extents()) slices.emplace_back(extent);
    std::size_t bond = 0;
    for (std::int64_t s = 0; s < lattice.sites(); ++s) {
      const auto site = static_cast<std::size_t>(s);
      up += a[site];
      unequal_sites += a[site] ^ b[site];
      for (std::size_t d = 0; d < slices.size(); ++d)
        slices[d][static_cast<std::size_t>(lattice.slice(s, static_cast<int>(d)))] += a[site] ^ b[site];
      lattice.for_each_forward_bond(s, [&](std::int64_t other, int, std::int64_t) {
        const auto end = static_cast<std::size_t>(other);
        unsatisfied += (a[site] == a[end]) != (positive[bond++] == 1);
        unequal_bonds += a[site] ^ a[end] ^ b[site] ^ b[end];
      });
    }
  }
};

TEST(PackedGlassMeasurement, CountsAgreeWithLoopsOverSites) {
  for (const Extents& extents :
       {Extents{64, 32}, Extents{192, 96}, Extents{16, 16, 16}, Extents{48, 16, 32}, Extents{64, 64, 16}}) {
    const Lattice lattice = lattice_of(extents);
    const PackedGlassTopology topology{PackedLayout(extents)};
    EXPECT_EQ(topology.bonds(), lattice.bonds());
    const Bytes a = random_bits(topology.sites(), 1), positive = random_bits(topology.bonds(), 2);
    Bytes b = random_bits(topology.sites(), 3);
    for (std::size_t site = 0; site < b.size(); site += 3) b[site] = a[site];
    const PlainCounts expected(lattice, a, b, positive);
    for (const SimdTarget target : targets()) {
      const SampleWords of_a = packed(a, topology), of_b = packed(b, topology);
      PackedGlassMeasurement measurement(topology, target);
      EXPECT_EQ(measurement.unsatisfied_bonds(of_a, topology.couplings(positive)), expected.unsatisfied)
          << name(target);
      EXPECT_EQ(measurement.up_spins(of_a), expected.up) << name(target);
      measurement.compare(of_a, of_b);
      EXPECT_EQ(measurement.unequal_sites(), expected.unequal_sites) << name(target);
      EXPECT_EQ(measurement.unequal_bonds(), expected.unequal_bonds) << name(target);
      for (std::size_t d = 0; d < extents.size(); ++d)
        EXPECT_EQ(measurement.unequal_sites(static_cast<int>(d)), expected.slices[d])
            << name(target) << " axis " << d;
    }
  }
}

// Copies that differ in the number of the configuration or of the realisation share no random number: free
// spins (infinite temperature) stay uncorrelated.
TEST(PackedGlassHeatBath, ConfigurationsAndRealisationsHaveNumbersOfTheirOwn) {
  const PackedGlassTopology topology{PackedLayout(Extents{32, 32, 32})};
  const SampleWords couplings = topology.couplings(random_bits(topology.bonds(), 2));
  const SampleThresholds thresholds = sample_thresholds(0, topology.degree());
  PackedGlassHeatBath heat_bath(topology, glass_stream(5)), other(topology, glass_stream(6));
  PackedGlassMeasurement measurement(topology);
  SampleWords a = packed(random_bits(topology.sites(), 1), topology), b = a, c = a;
  const SampleWords start = a;
  for (int step = 0; step < 3; ++step) {
    heat_bath.sweep({a, thresholds, 0}, couplings, step);
    heat_bath.sweep({b, thresholds, static_cast<std::uint64_t>(topology.words())}, couplings, step);
    other.sweep({c, thresholds, 0}, couplings, step);
  }
  for (const SampleWords& other_words : {b, c, start}) {
    measurement.compare(a, other_words);
    // Standard deviation sqrt(32768) / 2 = 90.5 sites.
    EXPECT_LT(std::abs(measurement.unequal_sites() - topology.sites() / 2), 6 * 90.5);
  }
}

struct Mean {
  double value, error;
};

// From 40 bins.
Mean binned(const std::vector<double>& series) {
  const std::size_t bins = 40, length = series.size() / bins;
  double sum = 0, squares = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    double bin = 0;
    for (std::size_t i = 0; i < length; ++i) bin += series[b * length + i] / static_cast<double>(length);
    sum += bin;
    squares += bin * bin;
  }
  const double mean = sum / bins;
  return {mean, std::sqrt((squares / bins - mean * mean) / (bins - 1))};
}

// One realisation on the packed kernel and as a lane of the many-sample kernel, from the same spins.
class BothKernels {
 public:
  BothKernels(const Extents& extents, double temperature)
      : topology_(PackedLayout(extents)),
        of_samples_(lattice_of(extents)),
        thresholds_(sample_thresholds(1 / temperature, topology_.degree())),
        couplings_(topology_.couplings(positive_couplings(topology_.bonds(), 0.4, seed, realisation))),
        heat_bath_(topology_, glass_stream(realisation)),
        lanes_heat_bath_(of_samples_, Stream(7, realisation / 512, StreamId::sample_heat_bath),
                         SampleRandomness::independent) {
    for (const auto& signs : coupling_signs(topology_.bonds(), 0.4, seed, realisation / 512)) {
      lanes_couplings_.emplace_back();
      std::copy(signs.begin(), signs.end(), lanes_couplings_.back().element);
    }
    const Bytes start = random_bits(topology_.sites(), 8);
    words_ = packed(start, topology_);
    lanes_words_.resize(start.size());
    for (std::size_t site = 0; site < start.size(); ++site)
      set_lane_bit(lanes_words_[site], lane, start[site] == 1);
  }
  void sweep(std::int64_t step) {
    heat_bath_.sweep({words_, thresholds_, 0}, couplings_, step);
    const SampleConfiguration lanes{lanes_words_, thresholds_, 0};
    lanes_heat_bath_.sweep(std::span(&lanes, 1), lanes_couplings_, step);
  }
  // Unsatisfied bonds.
  std::int64_t packed_count() const {
    return PackedGlassMeasurement(topology_).unsatisfied_bonds(words_, couplings_);
  }
  std::int64_t lane_count() const {
    std::vector<std::int32_t> counts(sample_lanes);
    SampleMeasurement(of_samples_).unsatisfied_bonds(lanes_words_, lanes_couplings_, counts);
    return counts[lane];
  }
  double sites() const { return static_cast<double>(topology_.sites()); }

 private:
  static constexpr std::uint64_t realisation = 512 + 77, seed = 3;
  static constexpr int lane = 77;
  PackedGlassTopology topology_;
  SampleTopology of_samples_;
  SampleThresholds thresholds_;
  SampleWords couplings_, lanes_couplings_, words_, lanes_words_;
  PackedGlassHeatBath heat_bath_;
  SampleHeatBath lanes_heat_bath_;
};

TEST(PackedGlassHeatBath, ARealisationIsThatOfTheManySampleKernel) {
  for (const auto& [extents, temperature] :
       {std::pair(Extents{64, 32}, 1.2), std::pair(Extents{16, 16, 16}, 2.0)}) {
    BothKernels both(extents, temperature);
    EXPECT_EQ(both.packed_count(), both.lane_count());
    std::vector<double> energy, lanes_energy;
    for (int step = 0; step < 4400; ++step) {
      both.sweep(step);
      if (step < 400 || step % 4 != 0) continue;
      energy.push_back(static_cast<double>(both.packed_count()) / both.sites());
      lanes_energy.push_back(static_cast<double>(both.lane_count()) / both.sites());
    }
    const Mean a = binned(energy), b = binned(lanes_energy);
    const double error = std::hypot(a.error, b.error);
    EXPECT_LT(std::fabs(a.value - b.value), 5 * error) << a.value << " " << b.value << " +- " << error;
    EXPECT_LT(error, 0.001);
  }
}

// How often the rare branch decides: with eight words a group as in the packed heat bath.
TEST(PackedGlassHeatBath, RareBranchIsTaken) {
  const PackedGlassTopology topology{PackedLayout(Extents{32, 32, 64})};
  SampleWords words = packed(random_bits(topology.sites(), 1), topology);
  const SampleWords couplings = topology.couplings(random_bits(topology.bonds(), 2));
  PackedGlassHeatBath heat_bath(topology, glass_stream());
  const SampleThresholds thresholds = sample_thresholds(1e-6, topology.degree());
  const int steps = 1000;
  for (int step = 0; step < steps; ++step) heat_bath.sweep({words, thresholds, 0}, couplings, step);
  const double q = (1 - 20.0 / 64) / 256, group = 8;  // h = 0 in 20 of 64 neighbourhoods of free spins
  const double used_shared = 1 - std::pow(1 - q, group);
  const double expected = (group * q - used_shared * (1 - 1.0 / 512)) / group;
  const double rate =
      static_cast<double>(heat_bath.fresh_decisions()) / steps / static_cast<double>(topology.sites());
  EXPECT_NEAR(rate / expected, 1, 0.05);
}

}  // namespace
}  // namespace weiss
