// The command line: flags and overrides in any order, and every mistake named.
#include "weiss/simulation/command_line.hpp"

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/simulation/report.hpp"

namespace weiss {
namespace {

CommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "weiss-ising");
  return parse_command_line("weiss-ising", static_cast<int>(words.size()), words.data());
}

TEST(CommandLine, FlagsAndOverrides) {
  const CommandLine line =
      parse({"--lattice.L=8", "deck.ini", "--quiet", "--output", "out", "--time-limit=60"});
  EXPECT_EQ(line.deck, "deck.ini");
  EXPECT_TRUE(line.quiet);
  EXPECT_EQ(line.output, "out");
  EXPECT_EQ(line.overrides, (std::vector<std::string>{"lattice.L=8", "run.time_limit=60"}));
}

TEST(CommandLine, MistakesAreRefused) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{},
                                             {"a.ini", "b.ini"},
                                             {"a.ini", "--plam"},
                                             {"a.ini", "--val"},
                                             {"a.ini", "--output"},
                                             {"a.ini", "--branch-seed", "3"},
                                             {"a.ini", "--branch-seed", "x", "--output", "b"},
                                             {"a.ini", "--branch-seed", "3", "--output", "b", "--fresh"}}) {
    try {
      parse(words);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_usage);
      EXPECT_NE(std::string(error.what()).find("--help"), std::string::npos);
    }
  }
}

std::string complaint(std::vector<const char*> words) {
  try {
    parse(std::move(words));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(CommandLine, DeckKeysWithoutDashesOrValueAreExplained) {
  const std::string hint = "a deck key is given in one word, --lattice.L=VALUE";
  EXPECT_NE(complaint({"a.ini", "--lattice.L", "8"}).find(hint), std::string::npos);
  EXPECT_NE(complaint({"a.ini", "lattice.L=8"}).find(hint), std::string::npos);
  EXPECT_EQ(complaint({"a.ini", "b.ini"}).find("in one word"), std::string::npos);
  EXPECT_EQ(parse({"a.ini", "--output", "run.T=2.5"}).output, "run.T=2.5");
}

TEST(Report, ValuesCarryTwoDigitsOfTheirError) {
  EXPECT_EQ(with_error(-1.419523, 0.000312), "-1.41952(31)");
  EXPECT_EQ(with_error(2.5, 0), "2.5");
  EXPECT_EQ(with_error(0.1, 0.0996), "0.10(10)");
  EXPECT_EQ(with_error(1234.5, 25), "1234(25)");
}

}  // namespace
}  // namespace weiss
