// Overlaps, link overlaps and slices of configurations against sums over spins.
#include "weiss/montecarlo/lane_overlap.hpp"

#include <gtest/gtest.h>

#include "montecarlo/lane_systems.hpp"

namespace weiss {
namespace {

int spin(const LaneField& field, std::int64_t configuration, std::int64_t site) {
  return field.up(configuration, site) ? 1 : -1;
}

TEST(LaneOverlap, CountsAreSumsOverSpins) {
  for (const lane_test::Case& each : lane_test::cases) {
    const InteractionGraph graph = each.graph();
    const LaneField field = lane_test::random_start(graph.sites, 3, 15);
    const LanePlanes planes(field);
    const std::vector<std::pair<std::int64_t, std::int64_t>> numbers{
        {0, 1}, {2, 17}, {23, 8}, {5, 5}, {9, 12}};
    std::vector<std::pair<LanePlane, LanePlane>> pairs;
    for (const auto& [a, b] : numbers) pairs.emplace_back(planes.of(a), planes.of(b));
    const std::array<std::int64_t, 8> links = count_unequal_links(graph, pairs);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto [a, b] = numbers[i];
      std::int64_t overlap = 0, link_overlap = 0, magnetisation = 0;
      for (std::int64_t site = 0; site < graph.sites; ++site) {
        overlap += spin(field, a, site) * spin(field, b, site);
        magnetisation += spin(field, a, site);
      }
      for (std::int64_t e = 0; e < graph.interactions(); ++e) {
        int product = 1;
        for (const std::int32_t member : graph.members_of(e))
          product *= spin(field, a, member) * spin(field, b, member);
        link_overlap += product;
      }
      EXPECT_EQ(graph.sites - 2 * count_unequal(planes.of(a), planes.of(b)), overlap) << each.name;
      EXPECT_EQ(2 * count_up(planes.of(a)) - graph.sites, magnetisation) << each.name;
      EXPECT_EQ(graph.interactions() - 2 * links[i], link_overlap) << each.name;
    }
  }
}

// More links than a byte counts, all of them unequal.
TEST(LaneOverlap, ManyUnequalLinks) {
  const InteractionGraph graph = lane_test::square(40, false);
  LaneField field(graph.sites, 1);
  for (std::int64_t site = 0; site < graph.sites; ++site) field.set(7, site, (site / 40 + site) % 2 != 0);
  const LanePlanes planes(field);
  const std::vector<std::pair<LanePlane, LanePlane>> pairs(8, {planes.of(7), planes.of(0)});
  for (const std::int64_t count : count_unequal_links(graph, pairs)) EXPECT_EQ(count, 3200);
}

TEST(LaneOverlap, SlicesAlongEachAxis) {
  const std::int64_t L = 11;
  const LaneField field = lane_test::random_start(L * L, 2, 16);
  const LanePlanes planes(field);
  for (const bool along_x : {true, false}) {
    std::vector<std::int32_t> slice;
    for (std::int64_t site = 0; site < L * L; ++site)
      slice.push_back(static_cast<std::int32_t>(along_x ? site % L : site / L));
    const LaneSlices slices(slice, L);
    std::vector<std::int64_t> up(11), unequal(11), expected_up(11), expected_unequal(11);
    slices.count_up(planes.of(3), up);
    slices.count_unequal(planes.of(3), planes.of(14), unequal);
    for (std::int64_t site = 0; site < L * L; ++site) {
      const auto s = static_cast<std::size_t>(slice[static_cast<std::size_t>(site)]);
      expected_up[s] += field.up(3, site) ? 1 : 0;
      expected_unequal[s] += field.up(3, site) != field.up(14, site) ? 1 : 0;
    }
    EXPECT_EQ(up, expected_up);
    EXPECT_EQ(unequal, expected_unequal);
  }
}

TEST(LaneOverlap, PlanesAreReadAgain) {
  LaneField field = lane_test::random_start(100, 1, 17);
  LanePlanes planes(field);
  for (std::int64_t site = 0; site < 100; ++site) field.set(2, site, site < 70);
  planes.read(field);
  EXPECT_EQ(count_up(planes.of(2)), 70);
}

}  // namespace
}  // namespace weiss
