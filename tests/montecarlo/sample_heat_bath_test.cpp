// The many-sample heat bath: bit for bit its plain twin on every target, gauge invariant, and exact averages.
#include "weiss/montecarlo/sample_heat_bath.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/montecarlo/sample_measurement.hpp"
#include "weiss/montecarlo/sample_reference.hpp"

namespace weiss {
namespace {

using Extents = std::vector<std::int64_t>;

Lattice lattice_of(LatticeKind kind, const Extents& extents) {
  return Lattice::regular(kind, extents, std::vector<Boundary>(extents.size(), Boundary::periodic));
}

SampleWords random_words(std::int64_t words, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  SampleWords result(static_cast<std::size_t>(words));
  for (std::size_t w = 0; w < result.size(); ++w)
    for (std::uint32_t e = 0; e < 8; ++e) result[w].element[e] = stream.bits(0, w, e);
  return result;
}

std::vector<SimdTarget> targets() {
  std::vector<SimdTarget> result;
  for (const SimdTarget target :
       {SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256, SimdTarget::avx512})
    if (supported(target)) result.push_back(target);
  return result;
}

// One sweep of one configuration.
void sweep(SampleHeatBath& heat_bath, SampleWords& spins, const SampleWords& couplings,
           const SampleThresholds& thresholds, std::int64_t step, std::uint64_t first_index = 0) {
  const SampleConfiguration configuration{spins, thresholds, first_index};
  heat_bath.sweep(std::span(&configuration, 1), couplings, step);
}

constexpr std::array both_modes{SampleRandomness::independent, SampleRandomness::shared};

Stream sample_stream(std::uint64_t block = 5) { return Stream(7, block, StreamId::sample_heat_bath); }

struct Case {
  LatticeKind kind;
  Extents extents;
  double temperature;  // infinite, cold, ...: thresholds with 0 to 64 leading zeros
  int steps;
};

class Twin : public ::testing::TestWithParam<Case> {};

TEST_P(Twin, AgreesBitForBitOnEveryTarget) {
  const Case& c = GetParam();
  const Lattice lattice = lattice_of(c.kind, c.extents);
  const SampleTopology topology(lattice);
  const SampleWords start = random_words(topology.sites(), 1), couplings = random_words(topology.bonds(), 2);
  const SampleThresholds thresholds = sample_thresholds(1 / c.temperature, topology.degree());
  const std::uint64_t first_index = 3 * static_cast<std::uint64_t>(topology.sites());
  for (const SampleRandomness randomness : both_modes) {
    SampleWords expected = start;
    for (int step = 0; step < c.steps; ++step)
      sample_reference_sweep(expected, couplings, lattice, topology, thresholds, sample_stream(), randomness,
                             step, first_index);
    EXPECT_NE(expected, start);
    for (const SimdTarget target : targets()) {
      SampleWords spins = start;
      SampleHeatBath heat_bath(topology, sample_stream(), randomness, target);
      for (int step = 0; step < c.steps; ++step)
        sweep(heat_bath, spins, couplings, thresholds, step, first_index);
      EXPECT_TRUE(spins == expected) << name(target)
                                     << (randomness == SampleRandomness::shared ? " shared" : "");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Twin,
    ::testing::Values(
        Case{LatticeKind::square, {4, 4}, 1.3, 12}, Case{LatticeKind::square, {5, 5}, 0.7, 8},
        Case{LatticeKind::square, {6, 4}, 100, 8}, Case{LatticeKind::cubic, {2, 3, 4}, 1.1, 8},
        Case{LatticeKind::cubic, {3, 3, 3}, 4.5, 8}, Case{LatticeKind::cubic, {4, 4, 4}, 2.0, 8},
        Case{LatticeKind::cubic, {4, 4, 4}, 0.1, 4}, Case{LatticeKind::cubic, {6, 8, 10}, 1.1, 3},
        Case{LatticeKind::cubic, {7, 7, 9}, 1.5, 2}, Case{LatticeKind::chain, {300}, 1.0, 4},
        Case{LatticeKind::triangular, {4, 5}, 1.2, 6}, Case{LatticeKind::kagome, {3, 3}, 1.2, 6},
        Case{LatticeKind::honeycomb, {3, 4}, 0.8, 6}, Case{LatticeKind::bcc, {3, 3, 3}, 2.0, 4},
        Case{LatticeKind::hypercubic, {3, 3, 3, 4}, 1.8, 3}));

TEST(SampleTopology, SaysWhichLatticesFit) {
  EXPECT_TRUE(SampleTopology::fits(lattice_of(LatticeKind::cubic, {5, 6, 7})));
  EXPECT_FALSE(SampleTopology::fits(lattice_of(LatticeKind::fcc, {2, 2, 2})));
  EXPECT_FALSE(SampleTopology::fits(Lattice::complete(7)));
  const Lattice open = Lattice::regular(LatticeKind::square, {4, 4}, {Boundary::periodic, Boundary::free});
  EXPECT_FALSE(SampleTopology::fits(open));
  EXPECT_THROW(SampleTopology{open}, Error);
}

// Configurations handed over together do what they do alone, at temperatures of their own.
TEST(SampleHeatBath, ConfigurationsTogetherOrAlone) {
  const SampleTopology topology(lattice_of(LatticeKind::cubic, {4, 6, 8}));
  const SampleWords couplings = random_words(topology.bonds(), 2);
  for (const SampleRandomness randomness : both_modes)
    for (const SimdTarget target : targets())
      for (const std::size_t count : {1, 2, 3, 4, 7}) {
        SampleHeatBath heat_bath(topology, sample_stream(), randomness, target);
        std::vector<SampleWords> together, alone;
        std::vector<SampleConfiguration> configurations;
        for (std::size_t c = 0; c < count; ++c) together.push_back(random_words(topology.sites(), 10 + c));
        alone = together;
        for (std::size_t c = 0; c < count; ++c)
          configurations.push_back({together[c], sample_thresholds(0.3 * static_cast<double>(c), 6),
                                    c * static_cast<std::size_t>(topology.sites())});
        for (int step = 0; step < 5; ++step) {
          heat_bath.sweep(configurations, couplings, step);
          for (std::size_t c = 0; c < count; ++c)
            sweep(heat_bath, alone[c], couplings, configurations[c].thresholds, step,
                  configurations[c].first_index);
        }
        EXPECT_TRUE(together == alone) << name(target) << " " << count;
      }
}

// s_i -> s_i e_i, J_ij -> J_ij e_i e_j with any signs e, for each site and realisation.
TEST(SampleHeatBath, GaugeTransformsMapTrajectoriesBitForBit) {
  for (const Extents& extents : {Extents{4, 6, 8}, Extents{5, 5, 5}}) {
    const Lattice lattice = lattice_of(LatticeKind::cubic, extents);
    const SampleTopology topology(lattice);
    const SampleWords gauge = random_words(topology.sites(), 9);
    const auto transform = [&](SampleWords& spins) {
      for (std::size_t s = 0; s < spins.size(); ++s)
        for (int e = 0; e < 8; ++e) spins[s].element[e] ^= gauge[s].element[e];
    };
    for (const SampleRandomness randomness : both_modes)
      for (const double temperature : {1.1, 5.0}) {
        const SampleThresholds thresholds = sample_thresholds(1 / temperature, topology.degree());
        SampleWords spins = random_words(topology.sites(), 1), couplings = random_words(topology.bonds(), 2);
        SampleWords other_spins = spins, other_couplings = couplings;
        transform(other_spins);
        std::size_t bond = 0;
        for (std::int64_t site = 0; site < topology.sites(); ++site)
          lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
            for (int e = 0; e < 8; ++e)
              other_couplings[bond].element[e] ^= gauge[static_cast<std::size_t>(site)].element[e] ^
                                                  gauge[static_cast<std::size_t>(other)].element[e];
            ++bond;
          });
        SampleHeatBath heat_bath(topology, sample_stream(), randomness);
        for (int step = 0; step < 30; ++step) {
          sweep(heat_bath, spins, couplings, thresholds, step);
          sweep(heat_bath, other_spins, other_couplings, thresholds, step);
        }
        transform(other_spins);
        EXPECT_TRUE(spins == other_spins);
      }
  }
}

// A realisation's spins do not depend on the other lanes.
TEST(SampleHeatBath, RealisationsDoNotSeeEachOther) {
  const SampleTopology topology(lattice_of(LatticeKind::cubic, {4, 4, 4}));
  const SampleThresholds thresholds = sample_thresholds(0.5, topology.degree());
  constexpr int lane = 77;
  const auto keep_lane = [](SampleWords words) {
    for (SampleWord& word : words)
      for (int e = 0; e < 8; ++e) word.element[e] &= e == lane / 64 ? 1ULL << (lane % 64) : 0;
    return words;
  };
  for (const SampleRandomness randomness : both_modes) {
    SampleWords full = random_words(topology.sites(), 1), couplings = random_words(topology.bonds(), 2);
    SampleWords alone = keep_lane(full);
    const SampleWords alone_couplings = keep_lane(couplings);
    SampleHeatBath heat_bath(topology, sample_stream(), randomness);
    for (int step = 0; step < 300; ++step) {
      sweep(heat_bath, full, couplings, thresholds, step);
      sweep(heat_bath, alone, alone_couplings, thresholds, step);
    }
    EXPECT_TRUE(keep_lane(full) == keep_lane(alone));
  }
}

// Copies that differ in their configuration number or block share no random number: free spins (infinite
// temperature) stay uncorrelated.
TEST(SampleHeatBath, ConfigurationsAndBlocksHaveNumbersOfTheirOwn) {
  const SampleTopology topology(lattice_of(LatticeKind::cubic, {8, 8, 8}));
  const SampleMeasurement measurement(topology);
  const SampleThresholds thresholds = sample_thresholds(0, topology.degree());
  const SampleWords couplings = random_words(topology.bonds(), 2);
  for (const SampleRandomness randomness : both_modes) {
    SampleHeatBath heat_bath(topology, sample_stream(5), randomness);
    SampleHeatBath other_block(topology, sample_stream(6), randomness);
    SampleWords a = random_words(topology.sites(), 1), b = a, c = a;
    sweep(heat_bath, a, couplings, thresholds, 0);
    sweep(heat_bath, b, couplings, thresholds, 0, static_cast<std::uint64_t>(topology.sites()));
    sweep(other_block, c, couplings, thresholds, 0);
    for (const SampleWords& other : {b, c}) {
      std::vector<std::int32_t> equal(sample_lanes);
      measurement.equal_sites(a, other, equal);
      // Standard deviation sqrt(512) / 2 = 11.3 sites.
      for (const std::int32_t count : equal) EXPECT_LT(std::abs(count - 256), 68);
    }
  }
}

// How often the rare branch decides: with eight sites a group as in the packed heat bath.
TEST(SampleHeatBath, RareBranchIsTaken) {
  const SampleTopology topology(lattice_of(LatticeKind::cubic, {16, 16, 16}));
  SampleWords spins = random_words(topology.sites(), 1);
  const SampleWords couplings = random_words(topology.bonds(), 2);
  SampleHeatBath heat_bath(topology, sample_stream(), SampleRandomness::independent);
  const SampleThresholds thresholds = sample_thresholds(1e-6, topology.degree());
  const int steps = 50;
  for (int step = 0; step < steps; ++step) sweep(heat_bath, spins, couplings, thresholds, step);
  const double q = (1 - 20.0 / 64) / 256, words = 8;  // h = 0 in 20 of 64 neighbourhoods of free spins
  const double used_shared = 1 - std::pow(1 - q, words);
  const double expected = (words * q - used_shared * (1 - 1.0 / 512)) / words;
  const double rate = static_cast<double>(heat_bath.fresh_decisions()) / (512.0 * steps) /
                      static_cast<double>(topology.sites());
  EXPECT_NEAR(rate / expected, 1, 0.05);
}

// Boltzmann averages of one realisation by enumeration: energy, and energy of the one-dimensional marginal
// "bond 0 satisfied".
struct Exact {
  double energy = 0, bond = 0;
};

struct Pairs {
  std::vector<std::array<int, 2>> ends;
  explicit Pairs(const Lattice& lattice) {
    for (std::int64_t site = 0; site < lattice.sites(); ++site)
      lattice.for_each_forward_bond(site, [&](std::int64_t other, int, std::int64_t) {
        ends.push_back({static_cast<int>(site), static_cast<int>(other)});
      });
  }
};

Exact enumerate(const Pairs& pairs, const SampleWords& couplings, int lane, int sites, double beta) {
  Exact exact;
  double weight_sum = 0;
  for (std::uint32_t state = 0; state < 1U << (sites - 1); ++state) {  // the last spin is down: half suffices
    int energy = 0, first_bond = 0;
    for (std::size_t e = 0; e < pairs.ends.size(); ++e) {
      const bool equal = ((state >> pairs.ends[e][0] ^ state >> pairs.ends[e][1]) & 1) == 0;
      const int satisfied = equal == lane_bit(couplings[e], lane) ? 1 : -1;
      energy -= satisfied;
      if (e == 0) first_bond = satisfied;
    }
    const double weight = std::exp(-beta * energy);
    weight_sum += weight;
    exact.energy += weight * energy;
    exact.bond += weight * first_bond;
  }
  exact.energy /= weight_sum;
  exact.bond /= weight_sum;
  return exact;
}

// Mean of a series against its exact value, in units of the error from 50 bins.
double z_score(const std::vector<double>& series, double exact) {
  constexpr std::size_t bins = 50;
  const std::size_t length = series.size() / bins;
  double sum = 0, squares = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    double bin = 0;
    for (std::size_t i = 0; i < length; ++i) bin += series[b * length + i] / static_cast<double>(length);
    sum += bin;
    squares += bin * bin;
  }
  const double mean = sum / bins;
  return (mean - exact) / std::sqrt((squares / bins - mean * mean) / (bins - 1));
}

void expect_exact_averages(const Lattice& lattice, double temperature, SampleRandomness randomness) {
  const SampleTopology topology(lattice);
  const SampleMeasurement measurement(topology);
  const SampleThresholds thresholds = sample_thresholds(1 / temperature, topology.degree());
  const SampleWords couplings = random_words(topology.bonds(), 2);
  SampleWords spins = random_words(topology.sites(), 1);
  SampleHeatBath heat_bath(topology, sample_stream(), randomness);
  const Pairs pairs(lattice);
  constexpr std::array lanes{0, 63, 64, 200, 511};
  std::vector<std::vector<double>> energy(lanes.size()), bond(lanes.size());
  std::vector<std::int32_t> unsatisfied(sample_lanes);
  for (int step = 0; step < 60000; ++step) {
    sweep(heat_bath, spins, couplings, thresholds, step);
    if (step < 1000) continue;
    measurement.unsatisfied_bonds(spins, couplings, unsatisfied);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const int lane = lanes[i];
      energy[i].push_back(2.0 * unsatisfied[static_cast<std::size_t>(lane)] -
                          static_cast<double>(topology.bonds()));
      const auto up = [&](int end) {
        return lane_bit(spins[static_cast<std::size_t>(pairs.ends[0][static_cast<std::size_t>(end)])], lane);
      };
      bond[i].push_back((up(0) == up(1)) == lane_bit(couplings[0], lane) ? 1 : -1);
    }
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const Exact exact =
        enumerate(pairs, couplings, lanes[i], static_cast<int>(topology.sites()), 1 / temperature);
    EXPECT_LT(std::abs(z_score(energy[i], exact.energy)), 6) << "lane " << lanes[i];
    EXPECT_LT(std::abs(z_score(bond[i], exact.bond)), 6) << "lane " << lanes[i];
  }
}

TEST(SampleHeatBath, ExactAverages) {
  for (const SampleRandomness randomness : both_modes) {
    expect_exact_averages(lattice_of(LatticeKind::square, {4, 4}), 1.5, randomness);
    expect_exact_averages(lattice_of(LatticeKind::cubic, {2, 3, 2}), 2.5, randomness);
    expect_exact_averages(lattice_of(LatticeKind::honeycomb, {2, 3}), 1.0, randomness);
  }
}

}  // namespace
}  // namespace weiss
