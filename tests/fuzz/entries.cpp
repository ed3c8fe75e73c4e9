#include "fuzz/entries.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

#include "weiss/base/error.hpp"
#include "weiss/lattice/instance_file.hpp"
#include "weiss/simulation/run_files.hpp"
#include "weiss/simulation/run_keys.hpp"
#include "weiss/simulation/task_run.hpp"
#include "weiss/storage/atomic_file.hpp"

#include "fuzz/scratch.hpp"
#include "inspect/inspect.hpp"
#include "ising/ising.hpp"

namespace weiss::fuzz {

namespace {

// Runs `read`, which may refuse with an Error of this code and nothing else.
template <class F>
std::string refuses_with(ExitCode code, F&& read) {
  try {
    return read();
  } catch (const Error& error) {
    const std::string what = error.what();
    if (error.code() == code && !what.empty()) return "";
    return "exit code " + std::to_string(static_cast<int>(error.code())) + ": " + what;
  } catch (const std::exception& error) {
    return std::string("not an Error: ") + error.what();
  }
}

const Schema& schema() {
  static const Schema all = [] {
    Schema made;
    Ising::declare(made);
    declare_run_keys(made);
    return made;
  }();
  return all;
}

Deck ising_deck(std::string_view text) {
  return parse_deck(schema(), std::string(text), "fuzz.ini", {}, &Ising::validate);
}

// A deck that resumes its own run changes nothing, so nothing is refused.
std::string resumed_with_itself(const Deck& deck) {
  for (const Task& task : deck.tasks) {
    std::map<std::string, std::string> stored;
    for (const Parameters::Entry& entry : task.parameters.entries())
      if (entry.affects_result) stored[entry.key] = printed(entry);
    const std::vector<std::string> refused = refused_changes(stored, task.parameters);
    if (!refused.empty()) return "resuming with the same deck is refused: " + refused.front();
  }
  return "";
}

void initialise_mpi() {
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised == 0) MPI_Init(nullptr, nullptr);
}

// Header and spins of a stored state, one message each; further ones are missing.
ByteSource messages_of(std::string_view bytes) {
  std::uint64_t length = 0;
  const std::size_t prefix = std::min(bytes.size(), sizeof length);
  std::memcpy(&length, bytes.data(), prefix);
  bytes.remove_prefix(prefix);
  const std::size_t header = std::min<std::uint64_t>(length, bytes.size());
  const std::vector<std::string_view> parts{bytes.substr(0, header), bytes.substr(header)};
  return [parts, next = std::size_t{0}]() mutable {
    if (next == parts.size()) throw Error(ExitCode::bad_file, "no further message");
    const auto raw = std::as_bytes(std::span(parts[next++]));
    return std::vector<std::byte>(raw.begin(), raw.end());
  };
}

}  // namespace

std::string read_deck(std::string_view bytes) {
  return refuses_with(ExitCode::bad_deck, [&]() -> std::string {
    const Deck deck = ising_deck(bytes);
    if (deck.tasks.empty()) return "accepted without a task";
    return resumed_with_itself(deck);
  });
}

std::string read_instance(std::string_view bytes) {
  return refuses_with(ExitCode::bad_deck, [&]() -> std::string {
    const InteractionGraph graph = parse_instance(std::string(bytes), "fuzz.txt");
    // Fields are stored for every site that a text declares, in however few bytes.
    if (graph.sites > 100'000) return "";
    const InteractionGraph again = parse_instance(instance_text(graph), "again.txt");
    const bool same = graph.sites == again.sites && graph.order == again.order &&
                      graph.members == again.members && graph.coupling == again.coupling &&
                      graph.field == again.field;
    return same ? "" : "reads back as another graph";
  });
}

std::string read_file(std::string_view bytes) {
  const std::string stem = scratch().path("run");
  const RunNames names(stem);
  for (const std::string& path : {names.results, names.checkpoint})
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  static const Deck deck = ising_deck(checkpoint_deck);
  const auto each = [&](auto&& read) {
    return refuses_with(ExitCode::bad_file, [&]() -> std::string {
      read();
      return "";
    });
  };
  for (const std::string& broken :
       {each([&] { (void)summary(names.results); }), each([&] { (void)csv(names.results); }),
        each([&] { (void)differences(names.results, names.checkpoint); }),
        each([&] { (void)RunFiles::read_status(names, deck); }), each([&] {
          const RunFiles files(
              names, deck, {}, [](const std::string&) {}, RunFiles::Access::write);
          (void)files.refused_changes();
          if (!files.stored().front().state_steps) return;
          const ByteSource source = files.state_source(deck.tasks.front().id);
          (void)StateHeader::unpack(source());
        })})
    if (!broken.empty()) return broken;
  return "";
}

std::string read_checkpoint(std::string_view bytes) {
  initialise_mpi();
  return refuses_with(ExitCode::bad_file, [&]() -> std::string {
    static const Deck deck = ising_deck(checkpoint_deck);
    static const Communicator world = Communicator::world();
    TaskRun run(model_type<Ising>(), deck.tasks.front(), 0, world);
    run.load(messages_of(bytes));
    run.run(1);
    const TaskReport report = run.report();
    (void)TaskReport::unpack(report.pack());
    return run.steps() <= run.total_steps() ? "" : "a state beyond the end of its task is accepted";
  });
}

}  // namespace weiss::fuzz
