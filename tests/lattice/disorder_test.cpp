// Graphs, disorder and instance files.
#include "weiss/lattice/disorder.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/lattice/graph_builders.hpp"
#include "weiss/lattice/instance_file.hpp"

namespace weiss {
namespace {

InteractionGraph cubic(std::int64_t length) {
  return lattice_graph(Lattice::regular(LatticeKind::cubic, {length, length, length},
                                        {Boundary::periodic, Boundary::periodic, Boundary::periodic}));
}

void expect_distinct(const InteractionGraph& graph) {
  std::set<std::vector<std::int32_t>> seen;
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    const auto members = graph.members_of(e);
    std::vector<std::int32_t> sorted(members.begin(), members.end());
    std::sort(sorted.begin(), sorted.end());
    EXPECT_TRUE(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    EXPECT_TRUE(seen.insert(sorted).second);
    EXPECT_GE(sorted.front(), 0);
    EXPECT_LT(sorted.back(), graph.sites);
  }
}

TEST(Graphs, CountsAreRight) {
  EXPECT_EQ(cubic(4).interactions(), 3 * 64);
  EXPECT_EQ(complete_graph(10, 2).interactions(), 45);
  EXPECT_EQ(complete_graph(10, 3).interactions(), 120);
  EXPECT_EQ(complete_graph(4, 4).interactions(), 1);
  for (const InteractionGraph& graph :
       {complete_graph(9, 3), random_graph(30, 2, 45, Stream(1, 0, StreamId::random_graph)),
        random_graph(12, 4, 300, Stream(1, 1, StreamId::random_graph)), cubic(3)})
    expect_distinct(graph);
  EXPECT_THROW(random_graph(4, 2, 7, Stream(1, 0, StreamId::random_graph)), Error);
}

TEST(Graphs, RandomOnesAreUniform) {
  // Each of the 6 pairs of 4 sites is in half of the graphs with 3 bonds.
  std::array<int, 16> counts{};
  constexpr int graphs = 4000;
  for (std::uint64_t g = 0; g < graphs; ++g) {
    const InteractionGraph graph = random_graph(4, 2, 3, Stream(1, g, StreamId::random_graph));
    for (std::int64_t e = 0; e < 3; ++e)
      ++counts[static_cast<std::size_t>(4 * graph.members_of(e)[0] + graph.members_of(e)[1])];
  }
  for (const std::size_t pair : {1U, 2U, 3U, 6U, 7U, 11U})
    EXPECT_NEAR(counts[pair], graphs / 2.0, 5 * std::sqrt(graphs / 4.0)) << pair;
}

TEST(Graphs, IncidenceListsEveryInteractionAtItsSites) {
  const InteractionGraph graph = complete_graph(7, 3);
  const Incidence incidence(graph);
  EXPECT_EQ(incidence.interaction.size(), graph.members.size());
  for (std::int64_t site = 0; site < graph.sites; ++site)
    for (std::int64_t k = incidence.first[static_cast<std::size_t>(site)];
         k < incidence.first[static_cast<std::size_t>(site) + 1]; ++k) {
      const auto members = graph.members_of(incidence.interaction[static_cast<std::size_t>(k)]);
      EXPECT_TRUE(std::find(members.begin(), members.end(), site) != members.end());
    }
}

TEST(Disorder, CouplingsHaveTheirDistribution) {
  InteractionGraph graph = cubic(20);
  const auto n = static_cast<double>(graph.interactions());
  CouplingDistribution distribution;
  distribution.ferromagnetic_fraction = 0.7;
  distribution.width = 2;
  draw_couplings(graph, distribution, 1, 5);
  double sum = 0;
  for (const double j : graph.coupling) {
    EXPECT_EQ(std::fabs(j), 2);
    sum += j;
  }
  EXPECT_NEAR(sum / n, 0.8, 5 * 2 * std::sqrt(1 - 0.16) / std::sqrt(n));
  distribution = {CouplingDistribution::Kind::gaussian, 0.5, 1.5, 0.5};
  draw_couplings(graph, distribution, 1, 5);
  double mean = 0, square = 0;
  for (const double j : graph.coupling) mean += j / n, square += (j - 1.5) * (j - 1.5) / n;
  EXPECT_NEAR(mean, 1.5, 5 * 0.5 / std::sqrt(n));
  EXPECT_NEAR(square, 0.25, 5 * 0.25 * std::sqrt(2 / n));
}

TEST(Disorder, WordsOfSignsAreTheSameCouplings) {
  InteractionGraph graph = cubic(3);
  const auto words = coupling_signs(graph.interactions(), 0.6, 9, 2);
  for (const std::uint64_t lane : {0U, 63U, 64U, 300U, 511U}) {
    CouplingDistribution distribution;
    distribution.ferromagnetic_fraction = 0.6;
    draw_couplings(graph, distribution, 9, 2 * 512 + lane);
    for (std::size_t e = 0; e < words.size(); ++e)
      EXPECT_EQ((words[e][lane / 64] >> (lane % 64) & 1) != 0, graph.coupling[e] > 0);
    const auto positive = positive_couplings(graph.interactions(), 0.6, 9, 2 * 512 + lane);
    ASSERT_EQ(positive.size(), words.size());
    for (std::size_t e = 0; e < words.size(); ++e) EXPECT_EQ(positive[e] == 1, graph.coupling[e] > 0);
  }
}

TEST(Disorder, DilutionKeepsItsShareAndItsCouplings) {
  InteractionGraph whole = cubic(12);
  draw_couplings(whole, {CouplingDistribution::Kind::gaussian, 1, 0, 0.5}, 3, 4);
  InteractionGraph graph = whole;
  dilute(graph, 0.5, 0.8, 3, 4);
  expect_distinct(graph);
  const auto n = static_cast<double>(whole.interactions());
  // Six bonds share a site, so the spread is wider than that of independent ones.
  EXPECT_NEAR(static_cast<double>(graph.interactions()) / n, 0.32, 5 * std::sqrt(3.0) * std::sqrt(0.22 / n));
  const std::set<double> couplings(whole.coupling.begin(), whole.coupling.end());
  for (const double j : graph.coupling) EXPECT_TRUE(couplings.contains(j));
}

TEST(Disorder, Fields) {
  InteractionGraph graph = cubic(10);
  draw_fields(graph, {}, 1, 1);
  EXPECT_TRUE(graph.field.empty());
  draw_fields(graph, {FieldDistribution::Kind::none, 0.5, 0}, 1, 1);
  EXPECT_EQ(graph.field, std::vector<double>(1000, 0.5));
  draw_fields(graph, {FieldDistribution::Kind::bimodal, 0, 2}, 1, 1);
  double sum = 0;
  for (const double h : graph.field) {
    EXPECT_EQ(std::fabs(h), 2);
    sum += h;
  }
  EXPECT_LT(std::fabs(sum), 2 * 5 * std::sqrt(1000));
}

std::string refusal(const std::string& text) {
  try {
    parse_instance(text, "my.txt");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_deck);
    return error.what();
  }
  return "accepted";
}

TEST(InstanceFile, ReadsBackWhatItWrites) {
  InteractionGraph graph = complete_graph(6, 3);
  draw_couplings(graph, {CouplingDistribution::Kind::gaussian, 1, 0, 0.5}, 1, 1);
  draw_fields(graph, {FieldDistribution::Kind::gaussian, 0, 1}, 1, 1);
  const InteractionGraph read = parse_instance(instance_text(graph), "text");
  EXPECT_EQ(read.sites, graph.sites);
  EXPECT_EQ(read.order, 3);
  EXPECT_EQ(read.members, graph.members);
  EXPECT_EQ(read.coupling, graph.coupling);
  EXPECT_EQ(read.field, graph.field);
}

TEST(InstanceFile, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal("0 1 1\n1 0 2\n"),
            "my.txt:2: joins the same sites as line 1; add the couplings up in one line");
  EXPECT_EQ(refusal("0 1 1\n\n2 2 1\n"), "my.txt:3: joins site 2 with itself");
  EXPECT_EQ(refusal("0 1 nan\n"), "my.txt:1: 'nan' is not a finite coupling");
  EXPECT_EQ(refusal("0 1 inf\n"), "my.txt:1: 'inf' is not a finite coupling");
  EXPECT_EQ(refusal("0 1 strong\n"), "my.txt:1: 'strong' is not a finite coupling");
  EXPECT_EQ(refusal("# sites 3\n0 3 1\n"), "my.txt:2: site 3 is out of range; sites go from 0 to 2");
  EXPECT_EQ(refusal("-1 3 1\n"), "my.txt:1: site -1 is out of range; sites go from 0 to 2147483646");
  EXPECT_EQ(refusal("0 1.5 1\n"), "my.txt:1: '1.5' is not a site; sites are integers from 0");
  EXPECT_EQ(refusal("0 1\n"), "my.txt:1: an interaction needs 2 to 8 sites and a coupling: '0 1 -1.0'");
  EXPECT_EQ(refusal("0 1 1\n0 1 2 1\n"), "my.txt:2: joins 3 sites where the first interaction joins 2");
  EXPECT_EQ(refusal("# nothing\n"), "my.txt: has no interaction; write lines such as '0 1 -1.0'");
  EXPECT_EQ(refusal("0 1 1\nfield 0 1\nfield 0 2\n"), "my.txt:3: site 0 has a field already");
  EXPECT_EQ(refusal("0 1 1\nfield 0\n"), "my.txt:2: a field needs a site and a value: 'field 0 0.5'");
  EXPECT_EQ(refusal("# sites 0\n0 1 1\n"),
            "my.txt:1: 'sites 0' must be a number of sites from 1 to 2147483647");
  EXPECT_EQ(refusal("0 0 1\n0 1 x\n"),
            "my.txt:1: joins site 0 with itself\nmy.txt:2: 'x' is not a finite coupling");
  EXPECT_THROW(read_instance("no/such/file"), Error);
}

TEST(InstanceFile, RandomBytesNeverCrash) {
  const Stream stream(5, 0, StreamId::random_graph);
  const std::string seed = "# sites 9\n0 1 1.5\nfield 2 1\n3 4 -1e3\n";
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    std::string text = seed;
    for (std::uint32_t change = 0; change < 4; ++change)
      text[stream.bits(trial, change) % text.size()] = static_cast<char>(stream.bits(trial, change, 1) % 256);
    refusal(text);
  }
}

}  // namespace
}  // namespace weiss
