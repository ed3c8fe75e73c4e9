#include "weiss/simulation/task_run.hpp"

#include <algorithm>
#include <chrono>

#include "weiss/base/hash.hpp"

namespace weiss {

namespace {

double seconds_now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

std::int64_t bytes_of(std::int64_t sites) { return (sites + 7) / 8; }

void pack_green_function(Packer& packer, const GreenFunction& green) {
  for (const std::string* text : {&green.name, &green.convention, &green.unit}) packer.put(*text);
  packer.put(green.mesh == GreenMesh::imaginary_time);
  packer.put(green.beta);
  packer.put(green.orbitals);
  packer.put(static_cast<std::uint64_t>(green.blocks.size()));
  for (const GreenFunction::Block& block : green.blocks) {
    packer.put(block.name);
    std::vector<double> parts;
    for (const std::complex<double> each : block.values)
      for (const double part : {each.real(), each.imag()}) parts.push_back(part);
    packer.put(parts);
  }
}

GreenFunction unpack_green_function(Unpacker& unpacker) {
  GreenFunction green;
  for (std::string* text : {&green.name, &green.convention, &green.unit}) unpacker.get(*text);
  green.mesh = unpacker.get<bool>() ? GreenMesh::imaginary_time : GreenMesh::imaginary_frequency;
  unpacker.get(green.beta);
  unpacker.get(green.orbitals);
  const auto blocks = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < blocks; ++i) {
    GreenFunction::Block block{unpacker.get<std::string>(), {}};
    const auto parts = unpacker.get<std::vector<double>>();
    for (std::size_t k = 0; k + 1 < parts.size(); k += 2) block.values.emplace_back(parts[k], parts[k + 1]);
    green.blocks.push_back(std::move(block));
  }
  return green;
}

Communicator ranks_that_take_part(const ModelType& type, const Parameters& parameters,
                                  const Communicator& group) {
  const int usable = std::clamp(type.usable_ranks(parameters, group.size()), 1, group.size());
  return group.split(group.rank() < usable ? 0 : 1, group.rank());
}

}  // namespace

std::int64_t thermalization_of(const ModelType& type, const Parameters& parameters) {
  return type.thermalizes(parameters) ? parameters.integer("run.thermalization") : 0;
}

std::int64_t total_steps_of(const ModelType& type, const Parameters& parameters) {
  return thermalization_of(type, parameters) + parameters.integer("run.sweeps");
}

std::vector<std::byte> StateHeader::pack() const {
  Packer packer;
  packer.put(task_id);
  packer.put(steps);
  packer.put(complete);
  packer.put(wall_seconds);
  packer.put(std::string(reinterpret_cast<const char*>(record.data()), record.size()));
  packer.put(static_cast<std::uint64_t>(bit_names.size()));
  for (std::size_t i = 0; i < bit_names.size(); ++i) {
    packer.put(bit_names[i]);
    packer.put(bit_sites[i]);
  }
  return packer.bytes();
}

StateHeader StateHeader::unpack(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  StateHeader header;
  unpacker.get(header.task_id);
  unpacker.get(header.steps);
  unpacker.get(header.complete);
  unpacker.get(header.wall_seconds);
  const auto record = unpacker.get<std::string>();
  const auto raw = std::as_bytes(std::span(record.data(), record.size()));
  header.record.assign(raw.begin(), raw.end());
  const auto fields = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < fields; ++i) {
    header.bit_names.push_back(unpacker.get<std::string>());
    header.bit_sites.push_back(unpacker.get<std::int64_t>());
    if (header.bit_sites.back() < 0)
      throw Error(ExitCode::bad_file, "the checkpoint of task " + header.task_id + " holds a field of " +
                                          std::to_string(header.bit_sites.back()) + " sites");
  }
  return header;
}

std::vector<std::byte> TaskReport::pack() const {
  Packer packer;
  packer.put(task_id);
  packer.put(complete);
  packer.put(ended_early);
  packer.put(steps);
  packer.put(wall_seconds);
  packer.put(updates_per_ns);
  packer.put(kernel);
  packer.put(grid);
  packer.put(state_hash);
  packer.put(static_cast<std::uint64_t>(results.size()));
  for (const Result& result : results) weiss::pack(packer, result);
  packer.put(static_cast<std::uint64_t>(green_functions.size()));
  for (const GreenFunction& green : green_functions) pack_green_function(packer, green);
  return packer.bytes();
}

TaskReport TaskReport::unpack(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  TaskReport report;
  unpacker.get(report.task_id);
  unpacker.get(report.complete);
  unpacker.get(report.ended_early);
  unpacker.get(report.steps);
  unpacker.get(report.wall_seconds);
  unpacker.get(report.updates_per_ns);
  unpacker.get(report.kernel);
  unpacker.get(report.grid);
  unpacker.get(report.state_hash);
  const auto results = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < results; ++i) report.results.push_back(unpack_result(unpacker));
  const auto functions = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < functions; ++i)
    report.green_functions.push_back(unpack_green_function(unpacker));
  return report;
}

TaskRun::TaskRun(const ModelType& type, const Task& task, std::size_t index, const Communicator& group)
    : task_(&task),
      index_(index),
      group_(&group),
      communicator_(ranks_that_take_part(type, task.parameters, group)),
      measurements_(task.parameters.boolean("output.time_series")) {
  const Parameters& parameters = task.parameters;
  thermalization_ = thermalization_of(type, parameters);
  total_steps_ = total_steps_of(type, parameters);
  measure_every_ = parameters.integer("run.measure_every");
  const int usable = std::clamp(type.usable_ranks(parameters, group.size()), 1, group.size());
  if (group.rank() < usable) {
    model_ = type.make({parameters, communicator_, static_cast<std::uint64_t>(parameters.integer("run.seed")),
                        hash64(task.id)});
    model_->declare_observables(measurements_);
  }
  complete_ = steps_ == total_steps_;
}

std::int64_t TaskRun::state_bytes() const {
  if (!takes_part()) return 0;
  SaveVisitor visitor;
  model_->visit(visitor);
  std::int64_t bytes = 0;
  for (const BitField& field : visitor.bit_fields) bytes += bytes_of(field.sites);
  return bytes;
}

void TaskRun::start_from(TaskRun& previous) {
  if (takes_part() && previous.takes_part()) model_->start_from(*previous.model_);
}

void TaskRun::run(std::int64_t count) {
  const double start = seconds_now();
  const std::int64_t first = steps_, last = std::min(total_steps_, steps_ + count);
  while (takes_part() && steps_ < last && !model_->finished()) {
    model_->step(steps_);
    ++steps_;
    const bool due = steps_ > thermalization_ && (steps_ - thermalization_) % measure_every_ == 0;
    if (due || model_->finished()) model_->measure(measurements_);
  }
  // Ranks that only follow hear how far the others came.
  steps_ = group_->broadcast(steps_);
  session_steps_ += steps_ - first;
  complete_ = steps_ == total_steps_ || group_->broadcast(takes_part() && model_->finished());
  const double elapsed = seconds_now() - start;
  wall_seconds_ += elapsed;
  session_seconds_ += elapsed;
}

void TaskRun::for_each_chunk(const BitField& field,
                             const std::function<void(std::int64_t, std::vector<std::uint8_t>&)>& f) {
  const std::int64_t bytes = bytes_of(field.sites);
  std::vector<std::uint8_t> chunk;
  for (std::int64_t first = 0; first < bytes; first += state_chunk_bytes) {
    chunk.assign(static_cast<std::size_t>(std::min(state_chunk_bytes, bytes - first)), 0);
    f(first * 8, chunk);
  }
}

void TaskRun::save(const ByteSink& sink) {
  if (!takes_part()) return;
  model_->check();
  SaveVisitor visitor;
  model_->visit(visitor);
  visitor.group("measurements", measurements_);
  const bool root = communicator_.rank() == 0;
  if (root) {
    StateHeader header{task_->id, steps_, complete_, wall_seconds_, visitor.record.pack(), {}, {}};
    for (const BitField& field : visitor.bit_fields) {
      header.bit_names.push_back(field.name);
      header.bit_sites.push_back(field.sites);
    }
    sink(header.pack());
  }
  for (const BitField& field : visitor.bit_fields)
    for_each_chunk(field, [&](std::int64_t first, std::vector<std::uint8_t>& chunk) {
      field.fill(first, chunk);
      communicator_.bit_or(chunk, 0);
      if (root) sink(std::as_bytes(std::span(chunk)));
    });
}

void TaskRun::load(const ByteSource& source, bool only_configuration) {
  const bool root = group_->rank() == 0;
  std::vector<std::byte> bytes;
  if (root) bytes = source();
  std::uint64_t size = group_->broadcast(static_cast<std::uint64_t>(bytes.size()));
  bytes.resize(size);
  group_->broadcast(std::span(bytes));
  const StateHeader header = StateHeader::unpack(bytes);
  if (!only_configuration) {
    if (header.steps < 0 || header.steps > total_steps_)
      throw Error(ExitCode::bad_file, "task " + header.task_id + ": the checkpoint is at step " +
                                          std::to_string(header.steps) + ", the deck's last one is " +
                                          std::to_string(total_steps_));
    steps_ = header.steps;
    wall_seconds_ = header.wall_seconds;
  }
  if (takes_part()) {
    const StateRecord record = StateRecord::unpack(header.record);
    LoadVisitor visitor(record);
    model_->visit(visitor);
    if (!only_configuration) {
      visitor.group("measurements", measurements_);
      if (const std::string name = measurements_.misfit(); !name.empty())
        throw Error(ExitCode::bad_file, "task " + header.task_id + ": the checkpoint's samples of " + name +
                                            " do not fit this deck; start anew with --fresh");
    }
    load_bits(visitor.bit_fields, header, source);
  }
  const bool at_the_end = steps_ == total_steps_ || group_->broadcast(takes_part() && model_->finished());
  complete_ = header.complete && at_the_end && !only_configuration;
}

void TaskRun::load_bits(const std::vector<BitField>& fields, const StateHeader& header,
                        const ByteSource& source) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ExitCode::bad_file, "task " + header.task_id + ": the checkpoint" + what);
  };
  if (fields.size() != header.bit_names.size()) refuse(" holds other fields than this version");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const BitField& field = fields[i];
    if (field.name != header.bit_names[i] || field.sites != header.bit_sites[i])
      refuse("'s field " + header.bit_names[i] + " does not fit this deck's lattice");
    for_each_chunk(field, [&](std::int64_t first, std::vector<std::uint8_t>& chunk) {
      if (group_->rank() == 0) {
        const std::vector<std::byte> piece = source();
        if (piece.size() != chunk.size()) refuse("'s spins end early");
        std::memcpy(chunk.data(), piece.data(), piece.size());
      }
      communicator_.broadcast(std::span(chunk));
      field.load(first, chunk);
    });
    field.finish_load();
  }
}

std::string TaskRun::state_hash() {
  HashVisitor visitor;
  model_->visit(visitor);
  for (const BitField& field : visitor.bit_fields)
    for_each_chunk(field, [&](std::int64_t first, std::vector<std::uint8_t>& chunk) {
      field.fill(first, chunk);
      communicator_.bit_or(chunk, 0);
      visitor.hasher.update(std::as_bytes(std::span(chunk)));
    });
  return hexadecimal(visitor.hasher.value());
}

TaskReport TaskRun::report() {
  TaskReport report;
  if (!takes_part()) return report;
  report.state_hash = state_hash();
  std::vector<Result> own_results = model_->own_results();
  std::vector<GreenFunction> green_functions = model_->green_functions();
  if (communicator_.rank() != 0) return report;
  const TaskFacts facts = model_->facts();
  report.task_id = task_->id;
  report.complete = complete_;
  report.ended_early = complete_ && steps_ < total_steps_;
  report.steps = steps_;
  report.wall_seconds = wall_seconds_;
  if (session_seconds_ > 0)
    report.updates_per_ns =
        static_cast<double>(session_steps_) * facts.updates_per_step / session_seconds_ * 1e-9;
  report.kernel = facts.kernel;
  report.grid.assign(facts.grid.begin(), facts.grid.end());
  report.results = measurements_.results();
  for (Result& result : own_results) report.results.push_back(std::move(result));
  report.green_functions = std::move(green_functions);
  return report;
}

}  // namespace weiss
