// The local search for colourings: what it counts, and graphs that have a colouring or none.
#include "weiss/cavity/recolouring.hpp"

#include <gtest/gtest.h>

#include "weiss/lattice/graph_builders.hpp"

namespace weiss {
namespace {

struct Search {
  explicit Search(const InteractionGraph& model)
      : graph(model), site_of(static_cast<std::size_t>(graph.slots())), colours(graph.original.size(), 0) {
    for (std::int32_t site = 0; site < graph.sites(); ++site)
      for (std::int64_t k = graph.first_slot(site); k < graph.first_slot(site + 1); ++k)
        site_of[static_cast<std::size_t>(k)] = site;
  }
  std::int64_t run(int states, std::int64_t moves, double noise) {
    const Stream stream(5, 0, StreamId::recolouring);
    return recolour(graph, site_of, states, colours, moves, noise, RandomSource(stream, 0));
  }
  std::int64_t conflicts() const {
    std::int64_t sum = 0;
    for (std::int64_t k = 0; k < graph.slots(); ++k) {
      const std::int32_t other = graph.partners_of(k).front();
      if (colours[static_cast<std::size_t>(site_of[static_cast<std::size_t>(k)])] ==
          colours[static_cast<std::size_t>(site_of[static_cast<std::size_t>(other)])])
        ++sum;
    }
    return sum / 2;
  }
  FactorGraph graph;
  std::vector<std::int32_t> site_of;
  std::vector<std::int8_t> colours;
};

TEST(Recolouring, CountsTheConflictsThatAreLeft) {
  const InteractionGraph model = random_graph(300, 2, 900, Stream(2, 0, StreamId::random_graph));
  for (const std::int64_t moves : {0, 1, 10, 200, 2000}) {
    Search search(model);
    const std::int64_t left = search.run(3, moves, 0.3);
    EXPECT_EQ(left, search.conflicts());
    EXPECT_EQ(left == 900, moves == 0);
  }
}

TEST(Recolouring, FindsAColouringAndStopsThere) {
  const InteractionGraph model = random_graph(2000, 2, 3800, Stream(2, 0, StreamId::random_graph));
  Search search(model);
  EXPECT_EQ(search.run(3, 2000000, 0.2), 0);
  EXPECT_EQ(search.conflicts(), 0);
  const std::vector<std::int8_t> found = search.colours;
  EXPECT_EQ(search.run(3, 1000, 0.2), 0);
  EXPECT_EQ(found, search.colours);
}

// Four mutual neighbours need four colours.
TEST(Recolouring, CannotColourWhatHasNoColouring) {
  const InteractionGraph model = complete_graph(4, 2);
  Search three(model), four(model);
  EXPECT_GE(three.run(3, 1000, 0.5), 1);
  EXPECT_EQ(four.run(4, 1000, 0.5), 0);
}

}  // namespace
}  // namespace weiss
