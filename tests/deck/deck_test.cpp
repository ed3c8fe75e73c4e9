// Decks: values, sweeps, ids, overrides, chains, the canonical form and what may change on resume.
#include "weiss/deck/deck.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/deck/sweep.hpp"

namespace weiss {
namespace {

Schema schema() {
  Schema s;
  s.integer("lattice.L", {.fallback = "8", .minimum = 1});
  s.real("model.temperature", {.minimum = 0, .exclusive_minimum = true});
  s.real("model.beta", {.minimum = 0});
  s.exactly_one_of({"model.temperature", "model.beta"});
  s.reals("model.coupling", {.fallback = "1"});
  s.choice("algorithm.update", {"heat_bath", "wolff"}, {.fallback = "heat_bath"});
  s.integer("run.sweeps", {.fallback = "10", .on_resume = OnResume::may_grow});
  s.choice(chain_direction_key, {"forward", "backward"}, {.fallback = "forward"});
  s.duration("run.time_limit", {.fallback = "0", .affects_result = false, .on_resume = OnResume::free});
  s.boolean("output.keep", {.fallback = "true"});
  return s;
}

Deck parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
  static const Schema shared = schema();
  return parse_deck(shared, text, "d.ini", overrides, nullptr);
}

std::vector<std::string> ids(const Deck& deck) {
  std::vector<std::string> all;
  for (const Task& task : deck.tasks) all.push_back(task.id);
  return all;
}

TEST(Deck, ValuesCommentsAndLineEnds) {
  const Deck deck =
      parse("\xEF\xBB\xBF# top\r\n[model]\r\ntemperature = 2.5 # inline\r\n;c\n[run]\ntime_limit=1:02:03");
  ASSERT_EQ(deck.tasks.size(), 1U);
  EXPECT_EQ(deck.tasks[0].id, "single");
  const Parameters& p = deck.tasks[0].parameters;
  EXPECT_EQ(p.real("model.temperature"), 2.5);
  EXPECT_EQ(p.duration("run.time_limit"), 3723);
  EXPECT_EQ(p.integer("lattice.L"), 8);
  EXPECT_EQ(p.reals("model.coupling"), std::vector<double>{1});
  EXPECT_TRUE(p.boolean("output.keep"));
  EXPECT_FALSE(p.given("model.beta"));
  EXPECT_THROW((void)p.real("model.beta"), Error);
  EXPECT_THROW((void)p.real("lattice.L"), Error);
}

// With the data of a deck in its own folder it runs from anywhere.
TEST(Deck, FilesAreLookedForBesideTheDeckFirst) {
  Schema s = schema();
  s.text("lattice.file", {});
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "beside_the_deck";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "here.txt") << "data";
  const auto file = [&](const std::string& value) {
    const std::string text = "[model]\ntemperature = 1\n[lattice]\nfile = " + value;
    return parse_deck(s, text, (folder / "d.ini").string(), {}, nullptr)
        .tasks[0]
        .parameters.file("lattice.file");
  };
  EXPECT_EQ(file("here.txt"), (folder / "here.txt").string());
  EXPECT_EQ(file("elsewhere.txt"), "elsewhere.txt");
  EXPECT_EQ(file("/absolute/path"), "/absolute/path");
  std::filesystem::remove_all(folder);
}

ExitCode refusal(const std::string& text, const std::vector<std::string>& overrides) {
  try {
    (void)parse(text, overrides);
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::done;
}

TEST(Deck, MistakesOfTheCommandLineAreNotTheDecks) {
  const std::string good = "[model]\ntemperature = 2\n";
  EXPECT_EQ(refusal(good, {"lattice.LL=3"}), ExitCode::bad_usage);
  EXPECT_EQ(refusal(good, {"lattice.L=0"}), ExitCode::bad_usage);
  EXPECT_EQ(refusal(good, {"sweep.lattice.L=4,many"}), ExitCode::bad_usage);
  EXPECT_EQ(refusal(good + "[run]\nsweep = 3\n", {}), ExitCode::bad_deck);
  EXPECT_EQ(refusal(good + "[run]\nsweep = 3\n", {"lattice.LL=3"}), ExitCode::bad_deck);
}

TEST(Deck, SweepsGiveTheProductWithTheLastKeyFastest) {
  const Deck deck = parse("[sweep]\nmodel.temperature = linspace(1.8,2.6,3)\nlattice.L = 4, range(8,16,8)\n");
  EXPECT_EQ(ids(deck),
            (std::vector<std::string>{"temperature=1.8,L=4", "temperature=1.8,L=8", "temperature=1.8,L=16",
                                      "temperature=2.2,L=4", "temperature=2.2,L=8", "temperature=2.2,L=16",
                                      "temperature=2.6,L=4", "temperature=2.6,L=8", "temperature=2.6,L=16"}));
  EXPECT_EQ(deck.tasks[4].parameters.real("model.temperature"), 2.2);
  EXPECT_EQ(deck.tasks[4].parameters.integer("lattice.L"), 8);
}

TEST(Deck, SweptValuesPrintShortest) {
  EXPECT_EQ(ids(parse("[sweep]\nmodel.temperature = range(1.8, 2.6, 0.1)\n")).back(), "temperature=2.6");
  EXPECT_EQ(ids(parse("[sweep]\nmodel.temperature = logspace(0.01, 1, 3)\n"))[1], "temperature=0.1");
}

TEST(Deck, AddingPointsNeverRenumbers) {
  const auto few = ids(parse("[sweep]\nmodel.temperature = 1, 2\n"));
  const auto many = ids(parse("[sweep]\nmodel.temperature = 1, 1.5, 2\n"));
  for (const std::string& id : few) EXPECT_NE(std::find(many.begin(), many.end(), id), many.end());
}

TEST(Deck, ZipPairsAndChainsLink) {
  const Deck zip = parse("[sweep]\nmodel.temperature = 1, 2\nlattice.L = 4, 8\nmode = zip\n");
  EXPECT_EQ(ids(zip), (std::vector<std::string>{"temperature=1,L=4", "temperature=2,L=8"}));
  const Deck repeated = parse("[sweep]\nmodel.temperature = 1, 1, 2\nlattice.L = 4, 8, 8\nmode = zip\n");
  EXPECT_EQ(ids(repeated),
            (std::vector<std::string>{"temperature=1,L=4", "temperature=1,L=8", "temperature=2,L=8"}));
  const Deck chain =
      parse("[sweep]\nmodel.temperature = 1, 2, 3\nlattice.L = 4, 8\nchain = model.temperature\n");
  EXPECT_EQ(chain.tasks[0].chain_previous, -1);
  EXPECT_EQ(chain.tasks[1].chain_previous, -1);
  for (std::size_t i = 2; i < 6; ++i) EXPECT_EQ(chain.tasks[i].chain_previous, static_cast<int>(i) - 2);
}

TEST(Deck, ATaskKnowsTheValuesOfOthers) {
  const Deck swept = parse("[sweep]\nalgorithm.update = wolff, heat_bath\nmodel.temperature = 1, 2\n");
  for (const Task& task : swept.tasks)
    EXPECT_TRUE(task.parameters.somewhere("algorithm.update", "wolff") &&
                task.parameters.somewhere("algorithm.update", "heat_bath"));
  const Parameters one = parse("[model]\ntemperature = 1\n").tasks.front().parameters;
  EXPECT_TRUE(one.somewhere("algorithm.update", "heat_bath"));
  EXPECT_FALSE(one.somewhere("algorithm.update", "wolff"));
}

TEST(Deck, ChainsRunBackward) {
  const auto previous = [](const std::string& sweep) {
    std::vector<int> all;
    for (const Task& task : parse("[sweep]\n" + sweep).tasks) all.push_back(task.chain_previous);
    return all;
  };
  EXPECT_EQ(previous("run.chain_direction = forward, backward\nmodel.temperature = 1, 2, 3\nchain = "
                     "model.temperature\n"),
            (std::vector<int>{-1, 0, 1, 4, 5, -1}));
  EXPECT_EQ(previous("model.temperature = 1, 2, 3\nrun.chain_direction = backward, forward\nchain = "
                     "model.temperature\n"),
            (std::vector<int>{2, -1, 4, 1, -1, 3}));
  EXPECT_EQ(
      previous("run.chain_direction = forward, forward, backward, backward\nmodel.temperature = 1, 2, 2, 1\n"
               "mode = zip\nchain = model.temperature\n"),
      (std::vector<int>{-1, 0, 3, -1}));
  EXPECT_THROW(parse("[model]\ntemperature = 1\n[run]\nchain_direction = backward\n"), Error);
}

TEST(Deck, OverridesReplaceValuesAndSweeps) {
  const std::string text = "[model]\ntemperature = 1\n[sweep]\nmodel.temperature = 1, 2\nlattice.L = 4, 8\n";
  EXPECT_EQ(ids(parse(text, {"model.temperature=3"})), (std::vector<std::string>{"L=4", "L=8"}));
  EXPECT_EQ(parse(text, {"model.temperature=3"}).tasks[0].parameters.real("model.temperature"), 3);
  EXPECT_EQ(parse(text, {"sweep.lattice.L=2,3,4"}).tasks.size(), 6U);
  try {
    parse(text, {"lattice.M=3"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "command line: lattice.M: unknown key; did you mean lattice.L?");
  }
}

TEST(Deck, TheHashSeesPhysicsAndNothingElse) {
  const std::string a = parse("[model]\ntemperature = 2.0\n[lattice]\nL = 8\n").hash;
  EXPECT_EQ(a, parse("# other\n[lattice]\nL=8\n[model]\ntemperature=2\n[run]\ntime_limit=5\n").hash);
  EXPECT_NE(a, parse("[model]\ntemperature = 2.1\n[lattice]\nL = 8\n").hash);
  EXPECT_NE(a, parse("[model]\ntemperature = 2.0\n[lattice]\nL = 9\n").hash);
}

TEST(Deck, OnlyWhatMayChangeChangesOnResume) {
  const auto stored = [](const Deck& deck) {
    std::map<std::string, std::string> values;
    for (const Parameters::Entry& entry : deck.tasks[0].parameters.entries())
      if (entry.affects_result) values[entry.key] = printed(entry);
    return values;
  };
  const auto before = stored(parse("[model]\ntemperature = 2\n[run]\nsweeps = 100\n"));
  const auto refused = [&](const std::string& text) {
    return refused_changes(before, parse(text).tasks[0].parameters);
  };
  EXPECT_TRUE(refused("[model]\ntemperature = 2.0\n[run]\nsweeps = 100\ntime_limit = 9\n").empty());
  EXPECT_TRUE(refused("[model]\ntemperature = 2\n[run]\nsweeps = 200\n").empty());
  EXPECT_EQ(refused("[model]\ntemperature = 2\n[run]\nsweeps = 50\n").size(), 1U);
  EXPECT_EQ(refused("[model]\ntemperature = 2.5\n[run]\nsweeps = 100\n"),
            std::vector<std::string>{"model.temperature: was 2, now 2.5"});
  EXPECT_EQ(refused("[model]\nbeta = 2\n[run]\nsweeps = 100\n").size(), 2U);
}

TEST(Schema, HelpNamesEveryKeyAndDoubleDeclarationsAreCaught) {
  Schema s = schema();
  for (const Key& key : s.keys())
    EXPECT_NE(s.help().find(key.name.substr(key.name.find('.') + 1)), std::string::npos);
  EXPECT_THROW(s.real("model.beta", {}), Error);
}

}  // namespace
}  // namespace weiss
