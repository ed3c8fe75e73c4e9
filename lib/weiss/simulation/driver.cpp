#include "weiss/simulation/driver.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

#include <fmt/core.h>

namespace weiss {

namespace {

constexpr int state_tag = 1;
constexpr int report_tag = 2;

constexpr double batch_seconds = 0.01;    // between two looks at the clock
constexpr double longest_slice = 1.0;     // between two boundaries
constexpr std::int64_t most_held = 1000;  // finished tasks kept in memory until a save
constexpr std::int64_t most_held_bytes = std::int64_t{1} << 26;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void notice(const std::string& text) { fmt::print(stderr, "weiss: {}\n", text); }

// The messages of one stored state: the header, then its chunks.
void for_each_message(const ByteSource& source, const std::function<void(const std::vector<std::byte>&)>& f) {
  const std::vector<std::byte> first = source();
  f(first);
  const StateHeader header = StateHeader::unpack(first);
  for (const std::int64_t sites : header.bit_sites)
    for (std::int64_t done = 0; done < (sites + 7) / 8; done += state_chunk_bytes) f(source());
}

}  // namespace

Driver::Driver(const ModelType& type, const CommandLine& line, const Deck& deck, const std::string& stem,
               const std::string& parent_stem, const Communicator& world)
    : type_(&type),
      line_(&line),
      deck_(&deck),
      stem_(stem),
      parent_stem_(parent_stem),
      world_(&world),
      group_(world.split(0, world.rank())),
      stop_(deck.tasks.front().parameters.duration("run.time_limit")) {
  const Parameters& parameters = deck.tasks.front().parameters;
  keep_state_ = parameters.boolean("output.keep_state");
  checkpoint_interval_ = parameters.duration("run.checkpoint_interval");
  open_files();
  make_schedule();
}

// Per task: state steps, state complete, result steps, from the parent. Rank 0 only.
std::vector<std::int64_t> Driver::read_files() {
  std::vector<std::int64_t> facts;
  const RunNames names(stem_);
  lock_ = std::make_unique<OutputLock>(stem_);
  if (line_->fresh) set_aside(names);
  Session session{line_->text, world_->size(), "", mpi_version(), ""};
  if (line_->branch_seed) {
    parent_ =
        std::make_unique<RunFiles>(RunNames(parent_stem_), *deck_, session, notice, RunFiles::Access::read);
    session.parent = parent_stem_;
  }
  files_ = std::make_unique<RunFiles>(names, *deck_, session, notice, RunFiles::Access::write);
  const std::vector<std::string> refused = files_->refused_changes();
  if (!refused.empty()) {
    std::string text = deck_->path + " does not continue the run in " + names.results + ":\n";
    for (const std::string& each : refused) text += "  " + each + "\n";
    throw Error(ExitCode::bad_deck,
                text + "undo the change, choose another --output, or start anew with --fresh");
  }
  bool parent_has_state = false;
  for (std::size_t i = 0; i < deck_->tasks.size(); ++i) {
    const StoredTask& own = files_->stored()[i];
    const bool inherit = parent_ && !own.state_steps && !own.result_steps && parent_->stored()[i].state_steps;
    parent_has_state = parent_has_state || inherit || own.state_steps || own.result_steps;
    facts.insert(facts.end(), {inherit ? 0 : own.state_steps.value_or(-1), own.state_complete ? 1 : 0,
                               own.result_steps.value_or(-1), inherit ? 1 : 0});
  }
  if (parent_ && !parent_has_state)
    throw Error(ExitCode::bad_usage, "--branch-seed: " + parent_->names().checkpoint +
                                         " holds no state of these tasks; run the parent first");
  return facts;
}

void Driver::open_files() {
  std::vector<std::int64_t> facts;
  // What rank 0 finds wrong is thrown on every rank, so that all end in order with one message.
  std::int32_t code = 0;
  std::string message;
  if (writes()) {
    try {
      facts = read_files();
    } catch (const Error& error) {
      code = static_cast<std::int32_t>(error.code());
      message = error.what();
    }
  }
  code = world_->broadcast(code);
  if (code != 0) throw Error(static_cast<ExitCode>(code), world_->broadcast(message));
  facts.resize(4 * deck_->tasks.size());
  world_->broadcast(std::span(facts));
  for (std::size_t i = 0; i < deck_->tasks.size(); ++i) {
    StoredTask stored;
    if (facts[4 * i] >= 0) stored.state_steps = facts[4 * i];
    stored.state_complete = facts[4 * i + 1] != 0;
    if (facts[4 * i + 2] >= 0) stored.result_steps = facts[4 * i + 2];
    stored_.push_back(stored);
    from_parent_.push_back(facts[4 * i + 3] != 0 ? 1 : 0);
  }
}

void Driver::make_schedule() {
  std::vector<double> cost;
  int usable = 1;
  const int ranks = world_->size();
  for (const Task& task : deck_->tasks) {
    const Parameters& parameters = task.parameters;
    total_steps_.push_back(total_steps_of(*type_, parameters));
    plans_.push_back(type_->plan(parameters, 1));
    cost.push_back(plans_.back().seconds(total_steps_.back()));
    usable = std::max(usable, type_->usable_ranks(parameters, ranks));
  }
  pool_ = remaining_work(*deck_, stored_, total_steps_, cost);
  const std::int64_t wanted = deck_->tasks.front().parameters.integer("run.ranks_per_task");
  groups_ = make_groups(ranks, static_cast<std::int64_t>(pool_.size()), wanted, usable);
  my_group_ = groups_.group_of_rank[static_cast<std::size_t>(world_->rank())];
  group_ = world_->split(my_group_, world_->rank());
  if (writes())
    files_->set_grid(fmt::format("{} groups of at most {} ranks", groups_.count, groups_.largest));
  if (!writes() || line_->quiet) return;
  if (wanted > ranks) notice(fmt::format("run.ranks_per_task = {}: only {} ranks are there", wanted, ranks));
  if (groups_.idle > 0 && !pool_.empty())
    notice(fmt::format("{} of {} ranks stay idle: {} units of work, at most {} ranks each", groups_.idle,
                       ranks, pool_.size(), groups_.largest));
}

std::int64_t Driver::stored_steps(std::size_t task) const {
  const StoredTask& stored = stored_[task];
  return std::min(total_steps_[task],
                  std::max(stored.state_steps.value_or(0), stored.result_steps.value_or(0)));
}

ExitCode Driver::run() {
  catch_stop_signals();
  if (writes()) {
    double done = 0;
    for (std::size_t i = 0; i < stored_.size(); ++i) done += plans_[i].seconds(stored_steps(i));
    progress_ = std::make_unique<Progress>(files_->names().progress, line_->quiet, done);
    if (pool_.empty() && !line_->quiet)
      notice(fmt::format("all {} tasks are done; results are in {}", deck_->tasks.size(),
                         files_->names().results));
  }
  const bool nothing_to_do = pool_.empty();
  for (;;) {
    if (nothing_to_do) return ExitCode::done;
    const Decision decision = boundary();
    if (decision.stop != 0) {
      const bool early = decision.stop == 2;
      if (writes() && !line_->quiet) {
        fmt::print("{}", table(rows_));
        if (early) notice(fmt::format("stopped by {}; the same command resumes", stop_reason_));
        fmt::print("results: {}\n", files_->names().results);
      }
      return early ? ExitCode::stopped : ExitCode::done;
    }
    work(decision.slice);
  }
}

void Driver::start_task(std::size_t task, TaskRun* previous) {
  current_ = std::make_unique<TaskRun>(*type_, deck_->tasks[task], task, group_);
  if (previous != nullptr) current_->start_from(*previous);
  batch_ = 1;
}

void Driver::work(double slice) {
  const double start = seconds_now();
  status_.longest_batch = 0;
  while (my_group_ < groups_.count && (current_ || !queue_.empty())) {
    if (!current_) {
      const Assignment next = queue_.front();
      queue_.pop_front();
      start_task(next.tasks.front(), nullptr);
      rest_of_chain_.assign(next.tasks.begin() + 1, next.tasks.end());
    }
    std::int64_t steps = 0;
    if (group_.rank() == 0) {
      const bool full =
          static_cast<std::int64_t>(finished_.size()) >= most_held || held_bytes_ >= most_held_bytes;
      const bool over = seconds_now() - start >= slice || full || !stop_signal().empty();
      steps = over ? 0 : batch_;
    }
    steps = group_.broadcast(steps);
    if (steps == 0) return;
    const std::int64_t before = current_->steps();
    const double batch_start = seconds_now();
    if (!current_->complete()) current_->run(steps);
    after_batch(before, seconds_now() - batch_start);
  }
}

void Driver::after_batch(std::int64_t steps_before, double seconds) {
  const TaskPlan& plan = plans_[current_->index()];
  const std::int64_t steps = current_->steps() - steps_before;
  status_.steps_done += static_cast<double>(steps);
  status_.updates_done += static_cast<double>(steps) * plan.updates_per_step;
  // A task that ends by itself has done all of its work.
  status_.work_done +=
      plan.seconds(current_->complete() ? total_steps_[current_->index()] : current_->steps()) -
      plan.seconds(steps_before);
  status_.longest_batch = std::max(status_.longest_batch, seconds);
  if (seconds < batch_seconds / 2)
    batch_ = std::min(batch_ * 2, std::int64_t{1} << 20);
  else if (seconds > 2 * batch_seconds)
    batch_ = std::max<std::int64_t>(batch_ / 2, 1);
  if (group_.broadcast(static_cast<std::int32_t>(current_->complete())) == 0) return;
  held_bytes_ += current_->state_bytes();
  ++status_.tasks_done;
  finished_.push_back(std::move(current_));
  if (rest_of_chain_.empty()) return;
  const std::size_t next = rest_of_chain_.front();
  rest_of_chain_.erase(rest_of_chain_.begin());
  start_task(next, finished_.back().get());
}

Driver::Decision Driver::boundary() {
  status_.leads = leads() ? 1 : 0;
  status_.idle = current_ ? 0 : 1;
  status_.queued = static_cast<std::int32_t>(queue_.size());
  status_.held = static_cast<std::int64_t>(finished_.size());
  status_.held_bytes = held_bytes_;
  const std::vector<GroupStatus> all = world_->all_gather_varying(std::span<const GroupStatus>(&status_, 1));
  Decision decision;
  if (writes()) decision = decide(all);
  decision = world_->broadcast(decision);
  if (decision.save != 0) save(decision.stop == 1);
  if (writes() && decision.stop == 2) stop_.honoured();
  if (writes())
    show_progress(all,
                  decision.stop == 1   ? "done"
                  : decision.stop == 2 ? "stopped"
                                       : "running",
                  decision.stop != 0);
  if (decision.stop == 0) hand_out(all);
  return decision;
}

Driver::Decision Driver::decide(const std::vector<GroupStatus>& all) {
  Decision decision;
  bool all_idle = pool_.empty();
  bool full = false;
  double longest = 0;
  for (const GroupStatus& each : all) {
    if (each.leads == 0) continue;
    all_idle = all_idle && each.idle != 0 && each.queued == 0;
    full = full || each.held >= most_held || each.held_bytes >= most_held_bytes;
    longest = std::max(longest, each.longest_batch);
  }
  stop_reason_ = stop_.reason(save_seconds_ + longest);
  const bool due = stop_.elapsed() - last_save_ >= checkpoint_interval_;
  decision.stop = all_idle ? 1 : stop_reason_.empty() ? 0 : 2;
  decision.save = decision.stop != 0 || due || full ? 1 : 0;
  slice_ = std::min(slice_ * 1.5, std::max(longest_slice, 10 * longest));
  const double until_save = std::max(checkpoint_interval_ - (stop_.elapsed() - last_save_), 0.0);
  decision.slice = std::clamp(std::min({slice_, stop_.remaining(), due ? slice_ : until_save}), 0.001, 60.0);
  return decision;
}

void Driver::show_progress(const std::vector<GroupStatus>& all, const std::string& status, bool force) {
  ProgressState state;
  state.status = status;
  state.elapsed = stop_.elapsed();
  state.tasks = static_cast<std::int64_t>(deck_->tasks.size());
  for (std::size_t i = 0; i < deck_->tasks.size(); ++i) {
    const std::int64_t stored = stored_steps(i);
    state.steps += static_cast<double>(total_steps_[i]);
    state.work += plans_[i].seconds(total_steps_[i]);
    state.steps_done += static_cast<double>(stored);
    state.work_done += plans_[i].seconds(stored);
    if (stored_[i].result_steps.value_or(-1) >= total_steps_[i]) ++state.tasks_done;
  }
  for (const GroupStatus& each : all) {
    if (each.leads == 0) continue;
    state.steps_done += each.steps_done;
    state.work_done += each.work_done;
    state.updates_done += each.updates_done;
    state.tasks_done += each.tasks_done;
  }
  progress_->update(state, force);
}

int Driver::leader_of(int group) const {
  const auto found = std::find(groups_.group_of_rank.begin(), groups_.group_of_rank.end(), group);
  return static_cast<int>(found - groups_.group_of_rank.begin());
}

void Driver::hand_out(const std::vector<GroupStatus>& all) {
  const std::size_t share =
      std::max<std::size_t>(1, pool_.size() / (4 * static_cast<std::size_t>(groups_.count)));
  for (int group = 0; group < groups_.count && !pool_.empty(); ++group) {
    const GroupStatus& status = all[static_cast<std::size_t>(leader_of(group))];
    const bool idle = status.idle != 0 && status.queued == 0;
    if (pool_.front().load) {
      if (!idle) continue;
      const Assignment assignment = pool_.front();
      pool_.pop_front();
      load_first_task(group, assignment);
      continue;
    }
    if (status.queued != 0 || (!idle && share == 1)) continue;
    for (std::size_t i = 0; i < share && !pool_.empty() && !pool_.front().load; ++i) {
      if (group == my_group_) queue_.push_back(pool_.front());
      pool_.pop_front();
    }
  }
}

void Driver::load_first_task(int group, const Assignment& assignment) {
  const std::size_t task = assignment.tasks.front();
  const std::string& id = deck_->tasks[task].id;
  const bool branch = from_parent_[task] != 0;
  ByteSource source;
  if (writes()) source = branch ? parent_->state_source(id) : files_->state_source(id);
  const int leader = leader_of(group);
  if (writes() && group != my_group_)
    for_each_message(
        source, [&](const std::vector<std::byte>& bytes) { world_->send_bytes(bytes, leader, state_tag); });
  if (group != my_group_) return;
  if (!writes()) source = [this] { return world_->receive_bytes(0, state_tag); };
  start_task(task, nullptr);
  rest_of_chain_.assign(assignment.tasks.begin() + 1, assignment.tasks.end());
  current_->load(source, branch);
}

void Driver::add_report(const TaskReport& report) {
  files_->add_report(report);
  const auto task = std::find_if(deck_->tasks.begin(), deck_->tasks.end(),
                                 [&](const Task& each) { return each.id == report.task_id; });
  const auto index = static_cast<std::size_t>(task - deck_->tasks.begin());
  rows_[index] = row_of(report);
}

void Driver::save_own_group() {
  std::vector<TaskRun*> runs;
  for (const auto& each : finished_) runs.push_back(each.get());
  if (current_) runs.push_back(current_.get());
  const bool remote = leads() && !writes();
  if (remote) {
    Packer packer;
    packer.put(static_cast<std::uint64_t>(runs.size()));
    world_->send_bytes(packer.bytes(), 0, state_tag);
  }
  for (TaskRun* each : runs) {
    ByteSink sink = [&](std::span<const std::byte> bytes) { world_->send_bytes(bytes, 0, state_tag); };
    if (writes()) sink = files_->state_sink();
    each->save(sink);
    const TaskReport report = each->report();
    if (remote) world_->send_bytes(report.pack(), 0, report_tag);
    if (writes()) add_report(report);
  }
}

void Driver::receive_group(int leader) {
  const auto bytes = world_->receive_bytes(leader, state_tag);
  const auto runs = Unpacker(bytes).get<std::uint64_t>();
  for (std::uint64_t i = 0; i < runs; ++i) {
    const ByteSink sink = files_->state_sink();
    for_each_message([&] { return world_->receive_bytes(leader, state_tag); },
                     [&](const std::vector<std::byte>& message) { sink(message); });
    add_report(TaskReport::unpack(world_->receive_bytes(leader, report_tag)));
  }
}

void Driver::save(bool finished) {
  const double start = seconds_now();
  if (writes()) files_->begin_save();
  for (int group = 0; group < groups_.count; ++group) {
    if (group == my_group_) save_own_group();
    if (writes() && group != my_group_) receive_group(leader_of(group));
  }
  if (writes()) {
    files_->commit_save(finished);
    save_seconds_ = seconds_now() - start;
    last_save_ = stop_.elapsed();
  }
  finished_.clear();
  held_bytes_ = 0;
}

}  // namespace weiss
