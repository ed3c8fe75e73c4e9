// Every deck of tests/decks/bad is refused with exactly the message beside it, and no mutation of a deck does
// more than be refused.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/rng/stream.hpp"
#include "weiss/simulation/run_keys.hpp"

#include "ising/ising.hpp"
#include "spinglass/spinglass.hpp"

namespace weiss {
namespace {

namespace fs = std::filesystem;

const fs::path source_folder = WEISS_SOURCE_FOLDER;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Model>
Schema schema_of() {
  Schema schema;
  Model::declare(schema);
  declare_run_keys(schema);
  return schema;
}

// The number of decks, each refused with the message beside it.
template <class Model>
int refused_decks(const fs::path& folder) {
  const Schema schema = schema_of<Model>();
  int decks = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".ini") continue;
    ++decks;
    fs::path expected = entry.path();
    expected.replace_extension(".expected");
    try {
      (void)parse_deck(schema, contents(entry.path()), entry.path().filename(), {}, &Model::validate);
      ADD_FAILURE() << entry.path() << " is accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_deck);
      EXPECT_EQ(std::string(error.what()) + "\n", contents(expected)) << entry.path();
    }
  }
  return decks;
}

template <class Model>
void expect_valid_decks(const fs::path& folder) {
  const Schema schema = schema_of<Model>();
  for (const auto& entry : fs::directory_iterator(folder))
    EXPECT_NO_THROW((void)parse_deck(schema, contents(entry.path()), entry.path(), {}, &Model::validate))
        << entry.path();
}

TEST(BadDecks, EachIsRefusedWithItsMessage) {
  EXPECT_GE(refused_decks<Ising>(source_folder / "tests/decks/bad"), 60);
  EXPECT_GE(refused_decks<SpinGlass>(source_folder / "tests/decks/bad/spinglass"), 20);
}

TEST(GoodDecks, EveryInputDeckIsValid) {
  expect_valid_decks<Ising>(source_folder / "inputs/ising");
  expect_valid_decks<SpinGlass>(source_folder / "inputs/spinglass");
}

TEST(MutatedDecks, NeverCrash) {
  const Schema schema = schema_of<Ising>();
  const std::string seed_deck = contents(source_folder / "inputs/ising/onsager.ini");
  const Stream stream(1, 0, StreamId::initial_state);
  const std::string pieces = "=[](),;#.\n\r\t 0123456789eE+-xyzLT\0\xff";
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    const RandomSource random(stream, trial);
    std::string text = seed_deck;
    const std::uint64_t edits = 1 + random.below(8, 0);
    for (std::uint64_t edit = 1; edit <= edits; ++edit) {
      const std::size_t at = random.below(text.size(), edit, 0);
      switch (random.below(4, edit, 64)) {
        case 0:
          text[at] = pieces[random.below(pieces.size(), edit, 128)];
          break;
        case 1:
          text.erase(at, 1 + random.below(20, edit, 128));
          break;
        case 2:
          text.insert(at, text.substr(random.below(text.size(), edit, 128), 30));
          break;
        default:
          text.insert(at, 1, pieces[random.below(pieces.size(), edit, 128)]);
      }
      if (text.empty()) text = "x";
    }
    try {
      (void)parse_deck(schema, text, "mutated", {}, &Ising::validate);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_deck) << text;
      EXPECT_NE(std::string(error.what()), "");
    }
  }
}

}  // namespace
}  // namespace weiss
