#include "weiss/simulation/run_files.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "weiss/base/build_info.hpp"
#include "weiss/base/cpu.hpp"
#include "weiss/storage/layout.hpp"
#include "weiss/storage/provenance.hpp"

namespace weiss {

namespace {

// The printed parameters of a stored task, for the comparison with the deck.
std::map<std::string, std::string> stored_parameters(const Node& task) {
  std::map<std::string, std::string> values;
  if (!task.has(layout::deck_values)) return values;
  const auto text = task.read<std::string>(layout::deck_values);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    const std::string line = text.substr(start, end - start);
    const std::size_t equals = line.find('=');
    values[line.substr(0, equals)] = line.substr(equals + 1);
    start = end + 1;
  }
  return values;
}

std::string printed_parameters(const Parameters& parameters) {
  std::string text;
  for (const Parameters::Entry& entry : parameters.entries())
    if (entry.affects_result) text += entry.key + "=" + printed(entry) + "\n";
  return text;
}

std::unique_ptr<VerifiedFile> open_if_there(const std::string& path) {
  return std::filesystem::exists(path) ? std::make_unique<VerifiedFile>(path) : nullptr;
}

}  // namespace

RunNames::RunNames(std::string given_stem)
    : stem(std::move(given_stem)),
      results(stem + ".h5"),
      checkpoint(stem + ".checkpoint.h5"),
      previous(stem + ".checkpoint.previous.h5"),
      progress(stem + ".progress.json") {}

void set_aside(const RunNames& names) {
  for (const std::string& path : {names.results, names.checkpoint, names.previous, names.progress}) {
    std::error_code ignored;
    if (std::filesystem::exists(path)) std::filesystem::rename(path, path + ".old", ignored);
    if (ignored)
      throw Error(ExitCode::io_failure, path + ": cannot be renamed to .old: " + ignored.message());
  }
}

RunFiles::RunFiles(RunNames names, const Deck& deck, Session session,
                   std::function<void(const std::string&)> notice, Access access)
    : names_(std::move(names)),
      deck_(&deck),
      session_(std::move(session)),
      notice_(std::move(notice)),
      access_(access) {
  for (const Task& task : deck.tasks) task_of_[task.id] = &task;
  started_ = time_stamp();
  open_states();
  open_results();
  read_stored();
}

std::string RunFiles::put_aside(const std::string& path) const {
  if (access_ == Access::read) return "";
  const std::string aside = path + ".damaged";
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  if (error)
    throw Error(ExitCode::io_failure,
                path + ": is damaged and cannot be renamed to " + aside + ": " + error.message());
  return "; renamed to " + aside;
}

void RunFiles::open_states() {
  std::string why;
  auto good = newest_good(names_.checkpoint, names_.previous, [&](const std::string& text) { why = text; });
  if (!good) return;
  // The next save makes the newest generation the previous one: a damaged one would take a good one's place.
  if (!why.empty())
    notice_(why + (std::filesystem::exists(names_.checkpoint) ? put_aside(names_.checkpoint) : ""));
  old_states_ = std::make_unique<VerifiedFile>(std::move(*good));
}

void RunFiles::open_results() {
  std::string why;
  if (!std::filesystem::exists(names_.results)) return;
  if (VerifiedFile::intact(names_.results, &why)) {
    old_results_ = std::make_unique<VerifiedFile>(names_.results);
    return;
  }
  if (!old_states_)
    throw Error(ExitCode::bad_file, names_.results + ": " + why + "; restore it or start anew with --fresh");
  notice_(names_.results + ": " + why + put_aside(names_.results) +
          ", results are rebuilt from the checkpoint");
}

void RunFiles::read_stored() {
  const auto find = [](const std::unique_ptr<VerifiedFile>& file,
                       const std::string& id) -> std::optional<Node> {
    if (!file) return std::nullopt;
    Node tasks = file->root().group(layout::tasks);
    return tasks.has(id) ? std::optional(tasks.group(id)) : std::nullopt;
  };
  for (const Task& task : deck_->tasks) {
    StoredTask stored;
    if (const auto state = find(old_states_, task.id)) {
      stored.state_steps = state->read_attribute<std::int64_t>(layout::steps);
      stored.state_complete = state->read_attribute<std::string>(layout::status) == "done";
    }
    if (const auto result = find(old_results_, task.id);
        result && result->read_attribute<std::string>(layout::status) == "done")
      // A task that its model ended is done whatever run.sweeps becomes.
      stored.result_steps = result->has_attribute(layout::ended_early)
                                ? std::numeric_limits<std::int64_t>::max()
                                : result->read_attribute<std::int64_t>(layout::steps);
    stored_.push_back(stored);
  }
  if (!old_results_) return;
  const Node root = old_results_->root();
  started_ = root.read_attribute<std::string>(layout::started);
  restarts_ = root.read_attribute<std::int64_t>(layout::restarts) + 1;
  if (session_.parent.empty() && root.has_attribute(layout::parent))
    session_.parent = root.read_attribute<std::string>(layout::parent);
}

std::vector<std::string> RunFiles::refused_changes() const {
  std::vector<std::string> refused;
  for (const auto* file : {&old_states_, &old_results_}) {
    if (!*file) continue;
    Node tasks = (*file)->root().group(layout::tasks);
    for (const Task& task : deck_->tasks) {
      if (!tasks.has(task.id)) continue;
      const auto stored = stored_parameters(tasks.group(task.id));
      for (const std::string& line : weiss::refused_changes(stored, task.parameters)) {
        const std::string full = "task " + task.id + ": " + line;
        if (std::find(refused.begin(), refused.end(), full) == refused.end()) refused.push_back(full);
      }
    }
  }
  return refused;
}

ByteSource RunFiles::state_source(const std::string& task_id) const {
  struct Cursor {
    Node task;
    StateHeader header;
    std::size_t field = 0;
    std::int64_t offset = -1;  // -1: the header comes next
  };
  auto cursor =
      std::make_shared<Cursor>(Cursor{old_states_->root().group(layout::tasks).group(task_id), {}, 0, -1});
  return [cursor]() -> std::vector<std::byte> {
    if (cursor->offset < 0) {
      ByteReader reader = cursor->task.open_stream(layout::record);
      std::vector<std::byte> bytes(reader.size());
      reader.read(0, bytes);
      cursor->header = StateHeader::unpack(bytes);
      cursor->offset = 0;
      return bytes;
    }
    const std::string& name = cursor->header.bit_names.at(cursor->field);
    const std::int64_t total = (cursor->header.bit_sites.at(cursor->field) + 7) / 8;
    ByteReader reader = cursor->task.open_stream(name);
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(std::min(state_chunk_bytes, total - cursor->offset)));
    reader.read(static_cast<std::uint64_t>(cursor->offset), bytes);
    cursor->offset += static_cast<std::int64_t>(bytes.size());
    if (cursor->offset == total) {
      ++cursor->field;
      cursor->offset = 0;
    }
    return bytes;
  };
}

void RunFiles::begin_save() {
  new_states_ = std::make_unique<AtomicFile>(names_.checkpoint, names_.previous);
  new_results_ = std::make_unique<AtomicFile>(names_.results);
  new_states_->root().group(layout::tasks);
  new_results_->root().group(layout::tasks);
}

// Writes one task's state as its messages arrive: the header, then the chunks of each bit field in turn.
class RunFiles::StateWriter {
 public:
  StateWriter(RunFiles& files, Node tasks) : files_(&files), tasks_(std::move(tasks)) {}

  void accept(std::span<const std::byte> bytes) {
    if (!task_) {
      open(bytes);
      return;
    }
    if (!stream_) {
      const auto sites = static_cast<std::uint64_t>(header_.bit_sites.at(field_));
      stream_.emplace(task_->stream(header_.bit_names.at(field_), (sites + 7) / 8));
      left_ = (sites + 7) / 8;
    }
    stream_->append(bytes);
    left_ -= bytes.size();
    if (left_ == 0) {
      stream_.reset();
      ++field_;
    }
  }

 private:
  void open(std::span<const std::byte> bytes) {
    header_ = StateHeader::unpack(bytes);
    task_.emplace(tasks_.group(header_.task_id));
    task_->attribute(layout::steps, header_.steps);
    task_->attribute(layout::status, std::string(header_.complete ? "done" : "running"));
    task_->write(layout::deck_values, printed_parameters(files_->task_of_.at(header_.task_id)->parameters));
    ByteWriter record = task_->stream(layout::record, bytes.size());
    record.append(bytes);
  }

  RunFiles* files_;
  Node tasks_;
  StateHeader header_;
  std::optional<Node> task_;
  std::optional<ByteWriter> stream_;
  std::size_t field_ = 0;
  std::uint64_t left_ = 0;
};

ByteSink RunFiles::state_sink() {
  auto writer = std::make_shared<StateWriter>(*this, new_states_->root().group(layout::tasks));
  return [writer](std::span<const std::byte> bytes) { writer->accept(bytes); };
}

void RunFiles::add_report(const TaskReport& report) {
  write_report(new_results_->root().group(layout::tasks), report);
}

void RunFiles::write_report(const Node& tasks, const TaskReport& report) const {
  const Task& task = *task_of_.at(report.task_id);
  Node node = tasks.group(report.task_id);
  node.attribute(layout::status, std::string(report.complete ? "done" : "running"));
  if (report.ended_early) node.attribute(layout::ended_early, std::int64_t{1});
  node.attribute(layout::steps, report.steps);
  node.attribute(layout::wall_seconds, report.wall_seconds);
  node.attribute(layout::updates_per_ns, report.updates_per_ns);
  node.attribute(layout::kernel, report.kernel);
  std::string grid;
  for (const std::int64_t extent : report.grid) grid += (grid.empty() ? "" : "x") + std::to_string(extent);
  node.attribute(layout::grid, grid);
  node.attribute(layout::state_hash, report.state_hash);
  write_parameters(node, task.parameters);
  Node results = node.group(layout::results);
  bool enough = true;
  for (const Result& result : report.results) {
    write_result(results.group(result.name), result);
    enough = enough && result.enough;
  }
  node.attribute(layout::enough_samples, static_cast<std::int64_t>(enough ? 1 : 0));
  if (report.green_functions.empty()) return;
  const Node functions = node.group(layout::green_functions);
  for (const GreenFunction& green : report.green_functions) write_green_function(functions, green);
}

void RunFiles::write_parameters(Node task, const Parameters& values) {
  task.write(layout::deck_values, printed_parameters(values));
  Node parameters = task.group(layout::parameters);
  for (const Parameters::Entry& entry : values.entries()) {
    if (!entry.affects_result) continue;
    std::visit(
        [&](const auto& value) {
          using Value = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, bool>)
            parameters.write(entry.key, static_cast<std::int64_t>(value ? 1 : 0));
          else
            parameters.write(entry.key, value);
        },
        entry.value);
    parameters.attribute_of(entry.key, "unit", entry.unit);
  }
}

void RunFiles::write_result(Node node, const Result& result) {
  node.attribute("long_name", result.info.long_name);
  node.attribute("unit", result.info.unit);
  node.attribute("formula", result.info.formula);
  node.attribute("bin_length", result.bin_length);
  node.attribute(layout::enough_samples, static_cast<std::int64_t>(result.enough ? 1 : 0));
  node.write("count", result.count);
  const auto write = [&](const char* name, const std::vector<double>& values) {
    if (result.info.dims.empty())
      node.write(name, values.at(0));
    else
      node.write(name, std::span<const double>(values), result.info.dims);
  };
  write("mean", result.mean);
  write("error", result.error);
  write("tau_int", result.tau_int);
  std::vector<std::uint64_t> dims{result.bins.size() / std::max<std::size_t>(result.mean.size(), 1)};
  dims.insert(dims.end(), result.info.dims.begin(), result.info.dims.end());
  node.write("bins", std::span<const double>(result.bins), dims);
  std::string axes;
  for (const Axis& axis : result.info.axes) {
    axes += (axes.empty() ? "" : " ") + axis.name;
    node.write(axis.name, std::span<const double>(axis.values));
    node.attribute_of(axis.name, "unit", axis.unit);
  }
  if (!axes.empty()) node.attribute(layout::axes, axes);
  if (!result.time_series.empty()) node.write("time_series", std::span<const double>(result.time_series));
}

void RunFiles::write_pending(const Node& tasks) const {
  for (const Task& task : deck_->tasks) {
    if (tasks.has(task.id)) continue;
    Node node = tasks.group(task.id);
    node.attribute(layout::status, std::string("pending"));
    node.attribute(layout::steps, std::int64_t{0});
    write_parameters(node, task.parameters);
  }
}

void RunFiles::write_root_attributes(Node root, bool finished) const {
  root.attribute(layout::schema_version, layout::current_schema_version);
  root.attribute(layout::software, std::string("Weiss"));
  root.attribute(layout::version, build_info().version);
  root.attribute(layout::git, build_info().git);
  root.attribute(layout::compiler, build_info().compiler);
  root.attribute(layout::flags, build_info().flags);
  root.attribute(layout::deck, deck_->text);
  root.attribute(layout::deck_hash, deck_->hash);
  std::string overrides;
  for (const std::string& each : deck_->overrides) overrides += each + "\n";
  root.attribute(layout::overrides, overrides);
  root.attribute(layout::command, session_.command);
  root.attribute(layout::seed, deck_->tasks.front().parameters.integer("run.seed"));
  root.attribute(layout::host, host_name());
  root.attribute(layout::cpu, std::string(cpu_model()));
  root.attribute(layout::simd, std::string(name(simd_target())));
  root.attribute(layout::ranks, static_cast<std::int64_t>(session_.ranks));
  root.attribute(layout::grid, session_.grid);
  root.attribute(layout::mpi, session_.mpi);
  root.attribute(layout::hdf5, hdf5_version());
  root.attribute(layout::started, started_);
  root.attribute(layout::finished, finished ? time_stamp() : std::string());
  root.attribute(layout::restarts, restarts_);
  if (!session_.parent.empty()) root.attribute(layout::parent, session_.parent);
}

void RunFiles::keep_what_was_stored() {
  const auto copy_missing = [](const VerifiedFile& old_file, Node now) {
    const Node old = old_file.root().group(layout::tasks);
    for (const std::string& id : old.children())
      if (!now.has(id)) now.copy_from(old, id);
  };
  Node states = new_states_->root().group(layout::tasks);
  if (old_results_) copy_missing(*old_results_, new_results_->root().group(layout::tasks));
  if (old_states_) copy_missing(*old_states_, states);
  if (deck_->tasks.front().parameters.boolean("output.keep_state")) return;
  for (const std::string& id : states.children())
    if (states.group(id).read_attribute<std::string>(layout::status) == "done") states.remove(id);
}

void RunFiles::commit_save(bool finished) {
  keep_what_was_stored();
  write_pending(new_results_->root().group(layout::tasks));
  write_root_attributes(new_results_->root(), finished);
  write_root_attributes(new_states_->root(), finished);
  new_results_->commit();
  new_states_->commit();
  old_results_ = std::make_unique<VerifiedFile>(names_.results);
  old_states_ = std::make_unique<VerifiedFile>(names_.checkpoint);
  new_results_.reset();
  new_states_.reset();
}

std::vector<RunFiles::Status> RunFiles::read_status(const RunNames& names, const Deck& deck) {
  std::vector<Status> all(deck.tasks.size());
  const auto file = open_if_there(names.results);
  if (!file) return all;
  Node tasks = file->root().group(layout::tasks);
  for (std::size_t i = 0; i < deck.tasks.size(); ++i) {
    if (!tasks.has(deck.tasks[i].id)) continue;
    const Node task = tasks.group(deck.tasks[i].id);
    all[i] = {task.read_attribute<std::string>(layout::status),
              task.read_attribute<std::int64_t>(layout::steps), task.has_attribute(layout::ended_early)};
  }
  return all;
}

}  // namespace weiss
