// The schedule: what is left to do, and how ranks are split, for any numbers.
#include "weiss/simulation/schedule.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace weiss {
namespace {

Deck deck_of(std::size_t tasks) {
  Deck deck;
  deck.tasks.resize(tasks);
  for (std::size_t i = 0; i < tasks; ++i) deck.tasks[i].id = "T=" + std::to_string(i);
  return deck;
}

TEST(Schedule, LargestFirstAndFinishedNever) {
  const Deck deck = deck_of(3);
  std::vector<StoredTask> stored(3);
  stored[1].result_steps = 10;
  const auto pool = remaining_work(deck, stored, {10, 10, 10}, {1, 5, 7});
  ASSERT_EQ(pool.size(), 2U);
  EXPECT_EQ(pool[0].tasks, std::vector<std::size_t>{2});
  EXPECT_EQ(pool[1].tasks, std::vector<std::size_t>{0});
  EXPECT_FALSE(pool[0].load);
}

TEST(Schedule, RaisedSweepsContinueFromTheStoredState) {
  const Deck deck = deck_of(1);
  std::vector<StoredTask> stored(1);
  stored[0].result_steps = 10;
  stored[0].state_steps = 10;
  const auto pool = remaining_work(deck, stored, {20}, {1});
  ASSERT_EQ(pool.size(), 1U);
  EXPECT_TRUE(pool[0].load);
}

TEST(Schedule, AChainRestartsAtItsLastStoredState) {
  Deck deck = deck_of(4);
  for (int i = 1; i < 4; ++i) deck.tasks[static_cast<std::size_t>(i)].chain_previous = i - 1;
  std::vector<StoredTask> stored(4);
  stored[0].result_steps = stored[1].result_steps = 10;
  stored[1].state_steps = 10;
  auto pool = remaining_work(deck, stored, {10, 10, 10, 10}, {1, 1, 1, 1});
  ASSERT_EQ(pool.size(), 1U);
  EXPECT_EQ(pool[0].tasks, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_TRUE(pool[0].load);
  stored[1].state_steps.reset();
  pool = remaining_work(deck, stored, {10, 10, 10, 10}, {1, 1, 1, 1});
  EXPECT_EQ(pool[0].tasks, (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_FALSE(pool[0].load);
}

TEST(Schedule, AChainRunsBackward) {
  Deck deck = deck_of(4);
  for (int i = 0; i < 3; ++i) deck.tasks[static_cast<std::size_t>(i)].chain_previous = i + 1;
  EXPECT_EQ(chains(deck), (std::vector<std::vector<std::size_t>>{{3, 2, 1, 0}}));
}

TEST(Schedule, EveryRankHasAGroupOrIdles) {
  for (int ranks = 1; ranks <= 9; ++ranks)
    for (int units = 1; units <= 9; ++units)
      for (int wanted = 0; wanted <= 4; ++wanted)
        for (const int usable : {1, 3, 100}) {
          const Groups groups = make_groups(ranks, units, wanted, usable);
          ASSERT_EQ(groups.group_of_rank.size(), static_cast<std::size_t>(ranks));
          EXPECT_GE(groups.count, 1);
          EXPECT_LE(groups.count, units);
          EXPECT_EQ(groups.group_of_rank.front(), 0);
          EXPECT_TRUE(std::is_sorted(groups.group_of_rank.begin(), groups.group_of_rank.end()));
          EXPECT_EQ(std::count(groups.group_of_rank.begin(), groups.group_of_rank.end(), groups.count),
                    groups.idle);
          for (int group = 0; group < groups.count; ++group) {
            const auto size = std::count(groups.group_of_rank.begin(), groups.group_of_rank.end(), group);
            EXPECT_GE(size, 1);
            EXPECT_LE(size, groups.largest);
          }
        }
}

}  // namespace
}  // namespace weiss
