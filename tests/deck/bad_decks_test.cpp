// Every deck of tests/decks/bad is refused with exactly the message beside it.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/simulation/run_keys.hpp"

#include "cavity/cavity.hpp"
#include "hubbard_dmft/hubbard_dmft.hpp"
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
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".ini") continue;  // data of a deck
    EXPECT_NO_THROW((void)parse_deck(schema, contents(entry.path()), entry.path(), {}, &Model::validate))
        << entry.path();
  }
}

TEST(BadDecks, EachIsRefusedWithItsMessage) {
  EXPECT_GE(refused_decks<Ising>(source_folder / "tests/decks/bad"), 60);
  EXPECT_GE(refused_decks<SpinGlass>(source_folder / "tests/decks/bad/spinglass"), 20);
  EXPECT_GE(refused_decks<Cavity>(source_folder / "tests/decks/bad/cavity"), 6);
  EXPECT_GE(refused_decks<HubbardDmft>(source_folder / "tests/decks/bad/hubbard_dmft"), 6);
}

TEST(GoodDecks, EveryInputDeckIsValid) {
  expect_valid_decks<Ising>(source_folder / "inputs/ising");
  expect_valid_decks<SpinGlass>(source_folder / "inputs/spinglass");
  expect_valid_decks<Cavity>(source_folder / "inputs/cavity");
  expect_valid_decks<HubbardDmft>(source_folder / "inputs/hubbard_dmft");
}

}  // namespace
}  // namespace weiss
