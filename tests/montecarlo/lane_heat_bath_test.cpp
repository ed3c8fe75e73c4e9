// The octet heat bath: bit for bit its plain twin on every target and split over ranks, gauge invariant, and
// right averages.
#include "weiss/montecarlo/lane_heat_bath.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/montecarlo/lane_reference.hpp"

#include "montecarlo/lane_systems.hpp"

namespace weiss {
namespace {

using lane_test::bits_of;
using lane_test::Case;
using lane_test::random_start;
using lane_test::targets;

const Stream stream(7, 11, StreamId::lane_heat_bath);

class Twin : public ::testing::TestWithParam<Case> {};

TEST_P(Twin, AgreesBitForBitOnEveryTarget) {
  const InteractionGraph graph = GetParam().graph();
  for (const std::int64_t octets : {1, 2, 3, 5, 7}) {
    const std::vector<double> betas = lane_test::betas(8 * octets, GetParam().beta);
    const LaneField start = random_start(graph.sites, octets, 3);
    const std::int64_t first = 8 * octets;
    std::vector<std::vector<std::uint8_t>> twin;
    for (std::int64_t c = 0; c < start.configurations(); ++c) {
      twin.push_back(bits_of(start, c));
      for (std::int64_t step = 5; step < 11; ++step)
        lane_reference_sweep(twin.back(), graph, betas[static_cast<std::size_t>(c)], stream, step, first + c);
    }
    for (const SimdTarget target : targets()) {
      LaneField field = start;
      LaneHeatBath update(graph, stream, target);
      for (std::int64_t step = 5; step < 11; ++step) update.sweep(field, betas, step, first);
      const std::vector<double> energies = update.energies(field);
      for (std::int64_t c = 0; c < start.configurations(); ++c) {
        const auto& expected = twin[static_cast<std::size_t>(c)];
        ASSERT_EQ(bits_of(field, c), expected) << name(target) << ", configuration " << c << " of " << octets;
        EXPECT_EQ(energies[static_cast<std::size_t>(c)], lane_reference_energy(expected, graph))
            << name(target);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Systems, Twin, ::testing::ValuesIn(lane_test::cases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(LaneHeatBath, ConfigurationsDoNotDependOnWhoHoldsThem) {
  for (const Case& each : lane_test::cases) {
    const InteractionGraph graph = each.graph();
    const std::vector<double> betas = lane_test::betas(56, each.beta);
    LaneField whole = random_start(graph.sites, 7, 4);
    LaneHeatBath update(graph, stream);
    std::vector<LaneField> parts{LaneField(graph.sites, 1), LaneField(graph.sites, 6)};
    for (std::int64_t c = 0; c < 56; ++c)
      for (std::int64_t site = 0; site < graph.sites; ++site)
        parts[c < 8 ? 0 : 1].set(c < 8 ? c : c - 8, site, whole.up(c, site));
    for (std::int64_t step = 0; step < 5; ++step) {
      update.sweep(whole, betas, step);
      update.sweep(parts[0], std::span(betas).first(8), step, 0);
      update.sweep(parts[1], std::span(betas).subspan(8), step, 8);
    }
    const std::vector<double> energies = update.energies(whole);
    const std::array<std::vector<double>, 2> part_energies{update.energies(parts[0]),
                                                           update.energies(parts[1])};
    for (std::int64_t c = 0; c < 56; ++c) {
      const std::size_t part = c < 8 ? 0 : 1;
      const std::int64_t within = c < 8 ? c : c - 8;
      ASSERT_EQ(bits_of(whole, c), bits_of(parts[part], within)) << each.name << " " << c;
      EXPECT_EQ(energies[static_cast<std::size_t>(c)], part_energies[part][static_cast<std::size_t>(within)]);
    }
  }
}

// Far down in the task block numbers need both bytes.
TEST(LaneHeatBath, HighConfigurationNumbers) {
  const InteractionGraph graph = lane_test::triangle();
  const std::vector<double> betas = lane_test::betas(16, 0.8);
  for (const std::int64_t first : {504L, 512L, 65536L, 131056L})
    for (const SimdTarget target : targets()) {
      LaneField field = random_start(graph.sites, 2, 9);
      std::vector<std::uint8_t> twin = bits_of(field, 13);
      LaneHeatBath(graph, stream, target).sweep(field, betas, 3, first);
      lane_reference_sweep(twin, graph, betas[13], stream, 3, first + 13);
      EXPECT_EQ(bits_of(field, 13), twin) << first;
    }
  LaneField field(graph.sites, 2);
  LaneHeatBath update(graph, stream);
  EXPECT_THROW(update.sweep(field, betas, 0, 4), Error);
  EXPECT_THROW(update.sweep(field, betas, 0, 131064), Error);
  EXPECT_THROW(update.sweep(field, std::span(betas).first(8), 0), Error);
}

TEST(LaneHeatBath, GaugeTransformsMapTrajectories) {
  for (const Case& each : lane_test::cases) {
    const InteractionGraph graph = each.graph();
    const LaneField gauge = random_start(graph.sites, 1, 77);  // its configuration 0
    InteractionGraph turned = graph;
    for (std::int64_t e = 0; e < graph.interactions(); ++e)
      for (const std::int32_t member : graph.members_of(e))
        if (gauge.up(0, member)) turned.coupling[static_cast<std::size_t>(e)] *= -1;
    for (std::size_t site = 0; site < graph.field.size(); ++site)
      if (gauge.up(0, static_cast<std::int64_t>(site))) turned.field[site] *= -1;
    const std::vector<double> betas = lane_test::betas(24, each.beta);
    LaneField field = random_start(graph.sites, 3, 5);
    LaneField other = field;
    const auto turn = [&] {
      for (std::int64_t c = 0; c < other.configurations(); ++c)
        for (std::int64_t site = 0; site < graph.sites; ++site)
          if (gauge.up(0, site)) other.set(c, site, !other.up(c, site));
    };
    turn();
    LaneHeatBath update(graph, stream), update_turned(turned, stream);
    for (std::int64_t step = 0; step < 20; ++step) {
      update.sweep(field, betas, step);
      update_turned.sweep(other, betas, step);
    }
    EXPECT_EQ(update.energies(field), update_turned.energies(other)) << each.name;
    turn();
    for (std::int64_t c = 0; c < field.configurations(); ++c)
      ASSERT_EQ(bits_of(field, c), bits_of(other, c)) << each.name;
  }
}

// The kernels' decisions are exact if their estimates are within half the margin where u < 1/2 and do not
// claim a positive value where u > 1/2.
TEST(LaneHeatBath, EstimatesAreWithinTheirMargin) {
  for (const SimdTarget target : targets()) {
    double worst = 0;
    std::int64_t without = 0;
    constexpr std::uint64_t blocks = 1 << 16;
    for (std::uint64_t block = 0; block < blocks; ++block) {
      std::array<std::uint64_t, 16> bits{};
      for (std::uint64_t i = 0; i < 16; ++i) {
        bits[i] = stream.bits(1, block, static_cast<std::uint32_t>(i)) >> (block % 4 == 0 ? i / 2 : 0);
        if (block % 16 == 1) bits[i] = (std::uint64_t{1} << 63) + (bits[i] >> 24) - (std::uint64_t{1} << 39);
        if (block % 16 == 2) bits[i] |= ~std::uint64_t{0} << (4 * i);
      }
      std::array<double, 16> estimate{};
      lane_kernel(target).logits(bits.data(), estimate.data());
      for (std::size_t i = 0; i < 16; ++i) {
        const double u = static_cast<double>(bits[i] >> 12) * 0x1p-52;
        if (std::isnan(estimate[i])) {
          ++without;
          EXPECT_LT(u, 0x1p-15);
        } else if (u < 0.5 + 0x1p-10) {
          worst = std::max(worst, std::fabs(estimate[i] - std::log(1 / u - 1)));
        } else {
          EXPECT_LT(estimate[i], -lane_logit_margin);
        }
      }
    }
    EXPECT_LT(worst, lane_logit_margin / 2) << name(target);
    EXPECT_LT(without, 1000) << name(target);
  }
}

// Decisions that the estimate leaves open, in every lane: fields just above and below the decisive one.
TEST(LaneHeatBath, CloseDecisionsFollowTheDefinition) {
  const std::vector<double> betas(8, 1.0);
  int close = 0;
  for (std::int64_t step = 0; step < 8; ++step)
    for (std::int64_t lane = 0; lane < 8; ++lane) {
      const std::uint64_t bits =
          stream.bits(static_cast<std::uint64_t>(step), 0, static_cast<std::uint32_t>(lane));
      const double decisive = std::log(1 / (static_cast<double>(bits >> 12) * 0x1p-52) - 1) / 2;
      if (decisive < 0) continue;
      ++close;
      for (const double excess : {-1e-4, -1e-5, -1e-9, -1e-13, 0.0, 1e-13, 1e-9, 1e-5, 1e-4}) {
        InteractionGraph graph = lane_test::empty(1, 2);
        graph.field = {decisive * (1 + excess)};
        std::vector<std::uint8_t> twin{0};
        lane_reference_sweep(twin, graph, 1, stream, step, lane);
        if (std::fabs(excess) > 1e-12) {
          EXPECT_EQ(twin[0] == 1, excess > 0);
        }
        for (const SimdTarget target : targets()) {
          LaneField field(1, 1);
          LaneHeatBath(graph, stream, target).sweep(field, betas, step);
          EXPECT_EQ(field.up(lane, 0), twin[0] == 1) << name(target) << " " << excess;
        }
      }
    }
  EXPECT_GT(close, 20);
}

// A spin without a field is free at any temperature, whatever the sign of the field's zero.
TEST(LaneHeatBath, FreeSpins) {
  std::vector<double> betas(8, std::numeric_limits<double>::infinity());
  betas[1] = 0.3;
  for (const double zero : {0.0, -0.0}) {
    InteractionGraph graph = lane_test::empty(64, 2);
    graph.field.assign(64, zero);
    for (const SimdTarget target : targets()) {
      LaneField field = random_start(64, 1, 30);
      LaneHeatBath update(graph, stream, target);
      std::array<int, 2> turned{};
      for (std::int64_t step = 0; step < 100; ++step) {
        std::array twin{bits_of(field, 0), bits_of(field, 1)};
        const auto before = twin;
        update.sweep(field, betas, step);
        for (std::size_t c = 0; c < 2; ++c) {
          const auto configuration = static_cast<std::int64_t>(c);
          lane_reference_sweep(twin[c], graph, betas[c], stream, step, configuration);
          ASSERT_EQ(bits_of(field, configuration), twin[c]) << name(target);
          for (std::size_t site = 0; site < 64; ++site) turned[c] += twin[c][site] != before[c][site] ? 1 : 0;
        }
      }
      for (const int count : turned) EXPECT_NEAR(count, 3200, 6 * 40) << name(target);
    }
  }
}

TEST(LaneHeatBath, ExtremeTemperatures) {
  const InteractionGraph graph = lane_test::triangle();
  const std::vector<double> betas{0, 1e-300, 1e-3, 1, 1e3, 1e300, std::numeric_limits<double>::infinity(), 0};
  for (const SimdTarget target : targets()) {
    LaneField field = random_start(graph.sites, 1, 8);
    LaneHeatBath update(graph, stream, target);
    std::vector<std::vector<std::uint8_t>> twin;
    for (std::int64_t c = 0; c < 8; ++c) twin.push_back(bits_of(field, c));
    for (std::int64_t step = 0; step < 50; ++step) {
      update.sweep(field, betas, step);
      for (std::int64_t c = 0; c < 8; ++c) {
        auto& up = twin[static_cast<std::size_t>(c)];
        lane_reference_sweep(up, graph, betas[static_cast<std::size_t>(c)], stream, step, c);
        ASSERT_EQ(bits_of(field, c), up) << name(target) << " beta " << betas[static_cast<std::size_t>(c)];
      }
    }
  }
}

// Energy and squared magnetisation against all configurations: 16 chains of blocks give means and errors.
void expect_exact_averages(const InteractionGraph& graph, double beta, std::int64_t sweeps) {
  const lane_test::Averages exact = lane_test::enumerate(graph, beta);
  LaneField field = random_start(graph.sites, 2, 21);
  LaneHeatBath update(graph, stream);
  const std::vector<double> betas(16, beta);
  for (std::int64_t step = 0; step < 200; ++step) update.sweep(field, betas, step);
  std::vector<double> energy(16), squared(16);
  for (std::int64_t step = 0; step < sweeps; ++step) {
    update.sweep(field, betas, 200 + step);
    const std::vector<double> each = update.energies(field);
    for (std::int64_t c = 0; c < 16; ++c) {
      double up = 0;
      for (std::int64_t site = 0; site < graph.sites; ++site) up += field.up(c, site) ? 1 : 0;
      const double m = 2 * up - static_cast<double>(graph.sites);
      energy[static_cast<std::size_t>(c)] += each[static_cast<std::size_t>(c)] / static_cast<double>(sweeps);
      squared[static_cast<std::size_t>(c)] += m * m / static_cast<double>(sweeps);
    }
  }
  EXPECT_LT(std::fabs(lane_test::z_score(energy, exact.energy)), 6);
  EXPECT_LT(std::fabs(lane_test::z_score(squared, exact.squared_magnetisation)), 6);
}

TEST(LaneHeatBath, AveragesOfSmallSystems) {
  expect_exact_averages(lane_test::square(4, false), 0.7, 4000);
  expect_exact_averages(lane_test::square(4, true), 0.5, 4000);
  expect_exact_averages(lane_test::complete(12), 0.9, 4000);
  expect_exact_averages(lane_test::triples(10), 0.6, 4000);
}

}  // namespace
}  // namespace weiss
