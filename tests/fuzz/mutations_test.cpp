// No bytes do more to a reader than be refused: the entries that the fuzzers call, on the seeds and on some
// thousands of mutations of them, the same in every run.
#include <gtest/gtest.h>

#include "weiss/rng/stream.hpp"

#include "fuzz/entries.hpp"

namespace weiss::fuzz {
namespace {

using namespace std::string_literals;

const std::string text_bytes = "=[](),;#.\n\r\t 0123456789eE+-xyzLT\0\xff"s;
const std::string binary_bytes = "\0\1\2\3\7\10\20\77\177\200\376\377"s;

// One to eight edits: a byte changed, bytes cut out, a piece copied, a byte put in.
std::string mutated(std::string bytes, const std::string& alphabet, std::uint64_t trial) {
  const Stream stream(1, 0, StreamId::initial_state);
  const RandomSource random(stream, trial);
  const std::uint64_t edits = 1 + random.below(8, 0);
  for (std::uint64_t edit = 1; edit <= edits; ++edit) {
    if (bytes.empty()) bytes = "x";
    const std::size_t at = random.below(bytes.size(), edit, 0);
    const char byte = alphabet[random.below(alphabet.size(), edit, 192)];
    switch (random.below(4, edit, 64)) {
      case 0:
        bytes[at] = byte;
        break;
      case 1:
        bytes.erase(at, 1 + random.below(20, edit, 128));
        break;
      case 2:
        bytes.insert(at, bytes.substr(random.below(bytes.size(), edit, 128), 30));
        break;
      default:
        bytes.insert(at, 1, byte);
    }
  }
  return bytes;
}

using Entry = std::string (*)(std::string_view);

void expect_kept(Entry entry, const std::vector<std::string>& seeds, const std::string& alphabet,
                 std::uint64_t trials) {
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) EXPECT_EQ(entry(seed), "") << testing::PrintToString(seed);
  EXPECT_EQ(entry(""), "");
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const std::string bytes = mutated(seeds[trial % seeds.size()], alphabet, trial);
    EXPECT_EQ(entry(bytes), "") << "trial " << trial << ": " << testing::PrintToString(bytes);
  }
}

TEST(Mutations, OfDecks) { expect_kept(&read_deck, deck_seeds(), text_bytes, 6000); }

TEST(Mutations, OfInstances) { expect_kept(&read_instance, instance_seeds(), text_bytes, 6000); }

TEST(Mutations, OfFiles) { expect_kept(&read_file, file_seeds(), binary_bytes, 1000); }

TEST(Mutations, OfCheckpoints) { expect_kept(&read_checkpoint, checkpoint_seeds(), binary_bytes, 6000); }

}  // namespace
}  // namespace weiss::fuzz
