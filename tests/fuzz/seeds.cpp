#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "weiss/simulation/run_files.hpp"
#include "weiss/simulation/run_keys.hpp"
#include "weiss/simulation/task_run.hpp"
#include "weiss/storage/layout.hpp"

#include "fuzz/entries.hpp"
#include "fuzz/scratch.hpp"
#include "ising/ising.hpp"

namespace weiss::fuzz {

const char* const checkpoint_deck = R"([lattice]
kind = square
L = 4
[model]
temperature = 2.3
[algorithm]
update = swendsen_wang
[run]
thermalization = 2
sweeps = 40
[output]
energy_histogram = true
time_series = true
)";

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Deck deck_of_states() {
  Schema schema;
  Ising::declare(schema);
  declare_run_keys(schema);
  return parse_deck(schema, checkpoint_deck, "seed.ini", {}, &Ising::validate);
}

// An intact file with whatever `fill` writes.
std::string file_with(const std::function<void(Node&)>& fill) {
  const std::string path = scratch().path("seed.h5");
  AtomicFile file(path);
  {
    Node root = file.root();
    fill(root);
  }
  file.commit();
  return contents(path);
}

// Results and checkpoint of a short run.
std::vector<std::string> good_files() {
  const Deck deck = deck_of_states();
  const Communicator world = Communicator::world();
  TaskRun run(model_type<Ising>(), deck.tasks.front(), 0, world);
  run.run(20);
  const RunNames names(scratch().path("seed"));
  RunFiles files(
      names, deck, {}, [](const std::string&) {}, RunFiles::Access::write);
  files.begin_save();
  run.save(files.state_sink());
  files.add_report(run.report());
  files.commit_save(false);
  std::vector<std::string> both{contents(names.results), contents(names.checkpoint)};
  for (const std::string& path : {names.results, names.checkpoint}) fs::remove(path);
  return both;
}

// Intact files that hold something else than every reader expects.
std::vector<std::string> strange_files() {
  const auto task = [](const Node& root) { return root.group(layout::tasks).group("single"); };
  const auto started = [&](const Node& root) {
    Node node = task(root);
    node.attribute(layout::status, std::string("done"));
    node.attribute(layout::steps, std::int64_t{3});
    return node;
  };
  return {
      file_with([](Node&) {}),
      file_with([](Node& root) { root.write(layout::tasks, 1.0); }),
      file_with([](Node& root) { root.group(layout::tasks).write("single", std::string("a text")); }),
      file_with([&](Node& root) { (void)task(root); }),
      file_with([&](Node& root) { task(root).attribute(layout::status, 1.5); }),
      file_with([&](Node& root) { started(root).write(layout::results, 1.0); }),
      file_with([&](Node& root) { started(root).group(layout::results).group("energy").write("mean", 1.0); }),
      file_with([&](Node& root) { started(root).group(layout::results).write("energy", 1.0); }),
      file_with(
          [&](Node& root) { started(root).write(layout::deck_values, std::string("no equals sign\n\n=")); }),
      file_with([&](Node& root) { started(root).write(layout::deck_values, 1.0); }),
      file_with([&](Node& root) { started(root).write(layout::record, std::string("a text")); }),
      file_with([&](Node& root) { (void)started(root).stream(layout::record, 100); }),
  };
}

}  // namespace

std::vector<std::string> deck_seeds() {
  std::vector<std::string> seeds;
  for (const char* folder : {"inputs/ising", "tests/decks/bad"})
    for (const auto& entry : fs::directory_iterator(fs::path(WEISS_SOURCE_FOLDER) / folder))
      if (entry.path().extension() == ".ini") seeds.push_back(contents(entry.path()));
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

std::vector<std::string> instance_seeds() {
  return {"# sites 6\n0 1 -1.0\n1 2 0.5\nfield 3 0.25\n", "0 1 2 1\n1 2 3 -1  # three sites each\n",
          "0 0 1\n1 2\nfield x y\n# sites -1\n", "4 5 1e-3\n5 4 2\n"};
}

std::vector<std::string> file_seeds() {
  std::vector<std::string> seeds = good_files();
  for (std::string& each : strange_files()) seeds.push_back(std::move(each));
  return seeds;
}

std::vector<std::string> checkpoint_seeds() {
  const Deck deck = deck_of_states();
  const Communicator world = Communicator::world();
  std::vector<std::string> seeds;
  for (const std::int64_t steps : {0, 1, 20, 42}) {
    TaskRun run(model_type<Ising>(), deck.tasks.front(), 0, world);
    run.run(steps);
    std::string bytes;
    run.save([&](std::span<const std::byte> message) {
      if (bytes.empty()) {
        const std::uint64_t length = message.size();
        bytes.assign(sizeof length, '\0');
        std::memcpy(bytes.data(), &length, sizeof length);
      }
      bytes.append(reinterpret_cast<const char*>(message.data()), message.size());
    });
    seeds.push_back(std::move(bytes));
  }
  return seeds;
}

}  // namespace weiss::fuzz
