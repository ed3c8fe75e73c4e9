// Decks and results of weiss-hubbard-dmft for its tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "conformance.hpp"
#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

inline std::string hubbard_deck(const std::string& model, const std::string& algorithm = "",
                                const std::string& lattice = "kind = bethe", const std::string& rest = "") {
  return "[lattice]\n" + lattice + "\n[model]\n" + model + "\n[algorithm]\n" + algorithm +
         "\n[run]\nranks_per_task = 64\nsweeps = 2000\n" + rest;
}

// What the deck is refused for.
inline std::string hubbard_refusal(const std::string& deck) {
  try {
    conformance::deck_of<HubbardDmft>(deck);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

inline void expect_refusal(const std::string& deck, const std::string& part) {
  EXPECT_NE(hubbard_refusal(deck).find(part), std::string::npos) << hubbard_refusal(deck);
}

inline const Result& hubbard_result(const TaskReport& report, const std::string& name) {
  for (const Result& each : report.results)
    if (each.name == name) return each;
  throw Error(ExitCode::internal, "no result " + name);
}

inline double hubbard_value(const TaskReport& report, const std::string& name) {
  return hubbard_result(report, name).mean.front();
}

// A file of hoppings for decks, gone at the end.
class HoppingFile {
 public:
  explicit HoppingFile(const std::string& lines)
      : path_(std::filesystem::temp_directory_path() /
              ("weiss_hoppings_" + std::to_string(::getpid()) + ".txt")) {
    std::ofstream(path_) << lines;
  }
  ~HoppingFile() { std::filesystem::remove(path_); }
  HoppingFile(const HoppingFile&) = delete;
  HoppingFile& operator=(const HoppingFile&) = delete;
  std::string lattice(int mesh) const {
    return "kind = hopping_file\nhoppings = " + path_.string() + "\nmesh = " + std::to_string(mesh);
  }

 private:
  std::filesystem::path path_;
};

// Two orbitals of the square lattice, mixed along its diagonals with the signs of d_xy.
inline const std::string mixed_orbitals =
    "1 0 0 0 0 -0.25\n0 1 0 0 0 -0.25\n1 0 0 1 1 -0.15\n0 1 0 1 1 -0.15\n"
    "1 1 0 0 1 0.1\n-1 -1 0 0 1 0.1\n1 -1 0 0 1 -0.1\n-1 1 0 0 1 -0.1\n";

// The first task of the deck on this rank alone.
inline TaskReport run_hubbard(const std::string& text) {
  const Communicator world = Communicator::world();
  const Communicator one = world.split(world.rank(), 0);
  return conformance::run_whole<HubbardDmft>(conformance::deck_of<HubbardDmft>(text).tasks.front(), one);
}

}  // namespace weiss
