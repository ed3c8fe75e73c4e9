// The packed heat bath: bit for bit its plain twin on every target, grid and rank count, and right physics.
#include "weiss/montecarlo/packed_heat_bath.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/montecarlo/packed_reference.hpp"

namespace weiss {
namespace {

constexpr std::array all_targets{SimdTarget::portable, SimdTarget::aes128, SimdTarget::vaes256,
                                 SimdTarget::avx512};

std::vector<SimdTarget> targets() {
  std::vector<SimdTarget> result;
  for (const SimdTarget target : all_targets)
    if (supported(target)) result.push_back(target);
  return result;
}

IsingInteractions interactions(std::size_t dimension, double temperature, double coupling = 1.0) {
  return {.beta = 1 / temperature, .coupling = std::vector<double>(dimension, coupling), .field = 0};
}

std::vector<std::uint8_t> random_bytes(std::int64_t sites, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(sites / 8));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(stream.bits(0, i));
  return bytes;
}

std::vector<std::uint8_t> unpacked(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> up(8 * bytes.size());
  for (std::size_t i = 0; i < up.size(); ++i) up[i] = bytes[i / 8] >> (i % 8) & 1;
  return up;
}

std::vector<std::uint8_t> packed(std::span<const std::uint8_t> up) {
  std::vector<std::uint8_t> bytes(up.size() / 8);
  for (std::size_t i = 0; i < up.size(); ++i)
    bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | up[i] << (i % 8));
  return bytes;
}

// The whole configuration on every rank.
std::vector<std::uint8_t> contents(const PackedField& field, const Communicator& world) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(field.sites() / 8));
  field.fill_bits(0, bytes);
  std::vector<std::int64_t> wide(bytes.begin(), bytes.end());
  world.sum(std::span<std::int64_t>(wide));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(wide[i]);
  return bytes;
}

struct Case {
  std::vector<std::int64_t> extents;
  double temperature;
  double coupling;
  int steps;
};

const std::vector<Case> cases{
    {{64, 32}, 2.269, 1, 20},   {{128, 96}, 2.269, 1, 6},   {{1152, 32}, 2.4, -1, 4},
    {{64, 64}, 0.5, 1, 6},      {{64, 64}, 50, -1, 6},      {{16, 16, 16}, 4.5, 1, 8},
    {{16, 32, 48}, 4.5, -1, 3}, {{144, 16, 16}, 1.0, 1, 3}, {{32, 16, 16}, 100, 1, 5}};

class Twin : public ::testing::TestWithParam<Case> {};

TEST_P(Twin, AgreesBitForBitOnEveryTarget) {
  const Case& c = GetParam();
  const Communicator world = Communicator::world();
  const PackedLayout layout(c.extents);
  const IsingInteractions model = interactions(c.extents.size(), c.temperature, c.coupling);
  const Stream stream(7, 11, StreamId::heat_bath);
  const std::vector<std::uint8_t> start = random_bytes(layout.sites(), 3);
  std::vector<std::uint8_t> up = unpacked(start);
  for (int step = 0; step < c.steps; ++step) packed_reference_sweep(up, layout, model, stream, step);
  const std::vector<std::uint8_t> expected = packed(up);
  for (const SimdTarget target : targets()) {
    PackedField field(world, c.extents, {}, target);
    field.load_bits(0, start);
    field.finish_load();
    PackedHeatBath heat_bath(model, stream, target);
    for (int step = 0; step < c.steps; ++step) heat_bath.sweep(field, step);
    EXPECT_EQ(contents(field, world), expected) << name(target) << " " << world.size() << " ranks";
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Twin, ::testing::ValuesIn(cases));

TEST(PackedHeatBath, GridsDoNotChangeTheResult) {
  const Communicator world = Communicator::world();
  const auto run = [&](const std::vector<std::int64_t>& extents, const std::vector<int>& grid) {
    const IsingInteractions model = interactions(extents.size(), 2.5);
    PackedField field(world, extents, grid);
    field.load_bits(0, random_bytes(field.sites(), 5));
    field.finish_load();
    PackedHeatBath heat_bath(model, Stream(1, 2, StreamId::heat_bath));
    for (int step = 0; step < 10; ++step) heat_bath.sweep(field, step);
    return contents(field, world);
  };
  const std::vector<std::vector<std::int64_t>> lattices{{1536, 96}, {272, 32, 48}};
  for (const auto& extents : lattices) {
    const std::size_t dimension = extents.size();
    const std::vector<std::uint8_t> expected = run(extents, std::vector<int>(dimension, 1));
    for (int x = 1; x <= 3; ++x)
      for (int y = 1; y <= 4; ++y)
        for (int z = 1; z <= (dimension == 3 ? 3 : 1); ++z) {
          if (x * y * z > world.size()) continue;
          std::vector<int> grid{x, y, z};
          grid.resize(dimension);
          EXPECT_EQ(run(extents, grid), expected) << x << " x " << y << " x " << z;
        }
  }
}

TEST(PackedField, PiecesInSiteOrder) {
  const Communicator world = Communicator::world();
  const std::vector<std::vector<std::int64_t>> lattices{{192, 64}, {2048, 32}, {48, 32, 16}, {144, 16, 32}};
  for (const auto& extents : lattices) {
    PackedField field(world, extents);
    const std::vector<std::uint8_t> start = random_bytes(field.sites(), 9);
    for (std::size_t first = 0; first < start.size(); first += 37)
      field.load_bits(static_cast<std::int64_t>(8 * first),
                      std::span(start).subspan(first, std::min<std::size_t>(37, start.size() - first)));
    field.finish_load();
    EXPECT_EQ(contents(field, world), start);
    std::vector<std::uint8_t> piece(23), all(23);
    std::vector<std::int64_t> sum(23);
    field.fill_bits(8 * 17, piece);
    for (std::size_t i = 0; i < piece.size(); ++i) sum[i] = piece[i];
    world.sum(std::span<std::int64_t>(sum));
    for (std::size_t i = 0; i < piece.size(); ++i) EXPECT_EQ(sum[i], start[17 + i]);
  }
}

// Sums by one loop over sites.
SpinSums plain_sums(const std::vector<std::uint8_t>& up, const PackedLayout& layout) {
  const std::size_t dimension = static_cast<std::size_t>(layout.dimension);
  SpinSums sums;
  sums.bond_sum.assign(dimension, 0);
  sums.magnetization = sums.staggered = 0;
  sums.slice_magnetization.resize(dimension);
  sums.slice_staggered.resize(dimension);
  for (std::size_t d = 0; d < dimension; ++d) {
    sums.slice_magnetization[d].assign(static_cast<std::size_t>(layout.extents[d]), 0);
    sums.slice_staggered[d].assign(static_cast<std::size_t>(layout.extents[d]), 0);
  }
  const auto spin = [&](const Position& x) {
    return 2 * static_cast<std::int64_t>(up[static_cast<std::size_t>(
                   x[0] + layout.extents[0] * (x[1] + layout.extents[1] * x[2]))]) -
           1;
  };
  Position x{};
  for (x[2] = 0; x[2] < layout.extents[2]; ++x[2])
    for (x[1] = 0; x[1] < layout.extents[1]; ++x[1])
      for (x[0] = 0; x[0] < layout.extents[0]; ++x[0]) {
        const std::int64_t sign = (x[0] + x[1] + x[2]) % 2 == 0 ? 1 : -1;
        sums.magnetization += spin(x);
        sums.staggered += sign * spin(x);
        for (std::size_t d = 0; d < dimension; ++d) {
          Position y = x;
          y[d] = (y[d] + 1) % layout.extents[d];
          sums.bond_sum[d] += spin(x) * spin(y);
          sums.slice_magnetization[d][static_cast<std::size_t>(x[d])] += spin(x);
          sums.slice_staggered[d][static_cast<std::size_t>(x[d])] += sign * spin(x);
        }
      }
  return sums;
}

TEST(PackedField, SumsAgreeWithOneLoopOverSites) {
  const Communicator world = Communicator::world();
  const std::vector<std::vector<std::int64_t>> lattices{
      {64, 32}, {192, 96}, {1024, 64}, {64, 1024}, {16, 16, 16}, {48, 32, 16}, {144, 16, 32}, {16, 32, 208}};
  for (const auto& extents : lattices) {
    const PackedLayout layout(extents);
    for (const std::uint64_t seed : {0U, 1U, 2U}) {
      std::vector<std::uint8_t> start = random_bytes(layout.sites(), seed);
      if (seed == 0) std::fill(start.begin(), start.end(), std::uint8_t{0xff});
      const SpinSums expected = plain_sums(unpacked(start), layout);
      for (const SimdTarget target : targets()) {
        PackedField field(world, extents, {}, target);
        field.load_bits(0, start);
        field.finish_load();
        SpinSums sums = field.local_sums(true);
        EXPECT_EQ(world.sum(sums.magnetization), expected.magnetization);
        EXPECT_EQ(world.sum(sums.staggered), expected.staggered);
        world.sum(std::span(sums.bond_sum));
        EXPECT_EQ(sums.bond_sum, expected.bond_sum);
        for (std::size_t d = 0; d < extents.size(); ++d) {
          world.sum(std::span(sums.slice_magnetization[d]));
          world.sum(std::span(sums.slice_staggered[d]));
          EXPECT_EQ(sums.slice_magnetization[d], expected.slice_magnetization[d])
              << name(target) << " axis " << d;
          EXPECT_EQ(sums.slice_staggered[d], expected.slice_staggered[d]) << name(target) << " axis " << d;
        }
        EXPECT_TRUE(field.local_sums(false).slice_magnetization.empty());
      }
    }
  }
}

TEST(PackedField, SaysWhichGridsAreLegal) {
  const Communicator world = Communicator::world();
  const std::vector<std::int64_t> extents{64, 32};
  EXPECT_THROW(PackedField(world, extents, std::vector<int>{2, 1}), Error);
  EXPECT_EQ(choose_packed_grid(PackedLayout(extents), 100), (ProcessGrid{1, 2, 1}));
  EXPECT_EQ(choose_packed_grid(PackedLayout(std::vector<std::int64_t>{64, 64, 64}), 4),
            (ProcessGrid{1, 1, 4}));
  EXPECT_EQ(choose_packed_grid(PackedLayout(std::vector<std::int64_t>{64, 64, 64}), 16),
            (ProcessGrid{1, 4, 4}));
  EXPECT_EQ(choose_packed_grid(PackedLayout(std::vector<std::int64_t>{1024, 1024}), 3),
            (ProcessGrid{1, 3, 1}));
  const std::vector<Boundary> periodic(2, Boundary::periodic);
  EXPECT_TRUE(PackedField::fits(LatticeKind::square, extents, periodic));
  EXPECT_FALSE(PackedField::fits(LatticeKind::triangular, extents, periodic));
  EXPECT_FALSE(PackedField::fits(LatticeKind::square, std::vector<std::int64_t>{96, 32}, periodic));
  EXPECT_FALSE(
      PackedField::fits(LatticeKind::square, extents, std::vector{Boundary::periodic, Boundary::free}));
  EXPECT_FALSE(is_uniform({.beta = 1, .coupling = {1.0, 2.0}, .field = 0}));
  EXPECT_FALSE(is_uniform({.beta = 1, .coupling = {1.0, 1.0}, .field = 0.1}));
  EXPECT_TRUE(is_uniform({.beta = 1, .coupling = {-1.0, -1.0}, .field = 0}));
}

// Mean of a series with its error from 50 bins.
struct Mean {
  double value, error;
};

Mean binned(const std::vector<double>& series) {
  const std::size_t bins = 50, length = series.size() / bins;
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

// Kaufman's energy of the 64 x 64 torus at T = 2.5 (B. Kaufman, Phys. Rev. 76, 1232 (1949)).
TEST(PackedHeatBath, EnergyOfTheSquareLattice) {
  const Communicator world = Communicator::world();
  PackedField field(world, std::vector<std::int64_t>{64, 64});
  field.finish_load();
  PackedHeatBath heat_bath(interactions(2, 2.5), Stream(42, 0, StreamId::heat_bath));
  std::vector<double> energy;
  const int sweeps = world.size() == 1 ? 100000 : 5000;
  for (int step = 0; step < sweeps; ++step) {
    heat_bath.sweep(field, step);
    if (step < 1000 || step % 4 != 0) continue;
    SpinSums sums = field.local_sums(false);
    energy.push_back(-static_cast<double>(world.sum(sums.bond_sum[0] + sums.bond_sum[1])) /
                     static_cast<double>(field.sites()));
  }
  const Mean mean = binned(energy);
  EXPECT_LT(std::abs(mean.value + 1.10608299247209), 6 * mean.error) << mean.value << " +- " << mean.error;
  EXPECT_LT(mean.error, world.size() == 1 ? 0.0005 : 0.003);
}

// How often the rare branch decides: the private bits leave a lane open with probability 2^-8 unless h = 0;
// of the eight words of a group all but the first open one then take bits of their own, and one in 2^9 ties.
TEST(PackedHeatBath, RareBranchIsTaken) {
  const Communicator world = Communicator::world();
  PackedField field(world, std::vector<std::int64_t>{512, 512});
  field.load_bits(0, random_bytes(field.sites(), 1));
  field.finish_load();
  PackedHeatBath heat_bath(interactions(2, 1e6), Stream(42, 0, StreamId::heat_bath));
  const int steps = 400;
  for (int step = 0; step < steps; ++step) heat_bath.sweep(field, step);
  const double q = 0.625 / 256, words = 8;  // h != 0 in 10 of 16 neighbourhoods of free spins
  const double used_shared = 1 - std::pow(1 - q, words);
  const double expected = (words * q - used_shared * (1 - 1.0 / 512)) / words;
  const double rate = static_cast<double>(world.sum(heat_bath.fresh_decisions())) / steps /
                      static_cast<double>(field.sites());
  EXPECT_NEAR(rate / expected, 1, 0.12);
}

}  // namespace
}  // namespace weiss
