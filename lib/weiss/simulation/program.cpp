// The program from its command line to its exit code: what every app's main calls.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/core.h>

#include "weiss/parallel/error_funnel.hpp"
#include "weiss/simulation/command_line.hpp"
#include "weiss/simulation/driver.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/report.hpp"
#include "weiss/simulation/run_keys.hpp"

namespace weiss {

namespace {

// Read by rank 0 alone: the others need not see the file.
std::string deck_text(const std::string& path, const Communicator& world) {
  std::string text;
  std::int32_t readable = 1;
  if (world.rank() == 0) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream contents;
    contents << file.rdbuf();
    readable = file.is_open() && !file.bad() && std::filesystem::is_regular_file(path) ? 1 : 0;
    text = contents.str();
  }
  if (world.broadcast(readable) == 0)
    throw Error(ExitCode::bad_usage, path + ": cannot read this deck; check the path");
  return world.broadcast(text);
}

// run.h5 is taken for the stem run: no one means run.h5.h5.
std::string stem_of(std::string given) {
  if (given.size() > 3 && given.ends_with(".h5")) given.resize(given.size() - 3);
  return given;
}

std::string default_stem(const Deck& deck, const std::string& path) {
  const std::string& given = deck.tasks.front().parameters.text("output.file");
  return given.empty() ? std::filesystem::path(path).stem().string() : stem_of(given);
}

int execute(const ModelType& type, int argc, char** argv) {
  const Communicator world = Communicator::world();
  const bool speaks = world.rank() == 0;
  const CommandLine line = parse_command_line(type.program, argc, argv);
  Schema schema;
  type.declare(schema);
  declare_run_keys(schema);
  if (line.help) {
    if (speaks) fmt::print("{}{}", command_line_help(type.program, type.description), schema.help());
    return 0;
  }
  if (line.version) {
    if (speaks) fmt::print("{}", version_text(type, line.json));
    return 0;
  }
  std::vector<std::string> overrides = line.overrides;
  if (line.branch_seed) overrides.push_back("run.seed=" + std::to_string(*line.branch_seed));
  const Deck deck = parse_deck(schema, deck_text(line.deck, world), line.deck, overrides, type.validate);
  const std::string parent_stem = default_stem(deck, line.deck);
  const std::string stem = line.output.empty() ? parent_stem : stem_of(line.output);
  if (line.branch_seed && stem == parent_stem)
    throw Error(ExitCode::bad_usage,
                "--branch-seed: --output " + stem + " is the parent's own; choose another");
  if (line.validate || line.plan || line.status) {
    if (!speaks) return 0;
    if (line.plan) fmt::print("{}", plan_text(type, deck, world.size(), line.json));
    if (line.status) fmt::print("{}", status_text(type, deck, RunNames(stem), line.json));
    if (line.validate && line.json) fmt::print("{{\"tasks\": {}}}\n", deck.tasks.size());
    if (line.validate && !line.json) fmt::print("{}: valid, {} tasks\n", line.deck, deck.tasks.size());
    return 0;
  }
  return static_cast<int>(Driver(type, line, deck, stem, parent_stem, world).run());
}

}  // namespace

int run_program(const ModelType& type, int argc, char** argv) {
  return run_guarded(argc, argv, [&] { return execute(type, argc, argv); });
}

}  // namespace weiss
