// Everything that reads bytes which others wrote, as functions of those bytes. Each gives the empty text when
// the bytes are read, or refused as promised (an Error with the right exit code and a message), and else says
// what broke. GoogleTest calls them on mutated seeds in every run, libFuzzer where WEISS_FUZZ is on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weiss::fuzz {

// The text of a deck of weiss-ising: parsed, validated, and when accepted resumed with itself.
std::string read_deck(std::string_view bytes);
// The text of an instance; an accepted one must read back from its own text.
std::string read_instance(std::string_view bytes);
// A file on disk, given to each reader of results and checkpoints. Damage never reaches the HDF5 library,
// whose own robustness is not tested here: a checksum stands before it.
std::string read_file(std::string_view bytes);
// A stored state as TaskRun::load gets it: the length of the header (8 bytes, little-endian), the header, the
// spins. What is accepted runs on and reports.
std::string read_checkpoint(std::string_view bytes);

// Good and nearly good inputs to start from.
std::vector<std::string> deck_seeds();
std::vector<std::string> instance_seeds();
std::vector<std::string> file_seeds();
std::vector<std::string> checkpoint_seeds();

// The deck that the stored states of read_checkpoint belong to.
extern const char* const checkpoint_deck;

}  // namespace weiss::fuzz
