#include "ising/engines.hpp"

#include <algorithm>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

std::vector<int> wanted_grid(const Parameters& parameters) {
  const std::vector<std::int64_t>& grid = parameters.integers("run.process_grid");
  return {grid.begin(), grid.end()};
}

bool is_square_or_cubic(const Parameters& parameters) {
  return kind_of(parameters) == LatticeKind::square || kind_of(parameters) == LatticeKind::cubic;
}

IsingInteractions model_of(const Parameters& parameters) {
  return interactions_of(parameters, directions(kind_of(parameters)));
}

bool fits_packed(const Parameters& parameters) {
  return is_square_or_cubic(parameters) &&
         PackedField::fits(kind_of(parameters), extents_of(parameters), boundary_of(parameters)) &&
         is_uniform(model_of(parameters));
}

bool fits_rows(const Parameters& parameters) {
  return is_square_or_cubic(parameters) &&
         RowField::fits(kind_of(parameters), extents_of(parameters), boundary_of(parameters)) &&
         is_uniform(model_of(parameters));
}

}  // namespace

bool PackedEngine::fits(const Parameters& parameters) {
  return parameters.text("algorithm.update") == "heat_bath" && fits_packed(parameters);
}

PackedEngine::PackedEngine(const TaskContext& context, const IsingInteractions& interactions)
    : field_(context.communicator, extents_of(context.parameters), wanted_grid(context.parameters)),
      update_(interactions, IsingStreams(context.seed, context.task_key).heat_bath) {}

bool RowEngine::fits(const Parameters& parameters) {
  const Update update = algorithm_of(parameters).update;
  return (update == Update::swendsen_wang || update == Update::wolff) && fits_rows(parameters);
}

RowEngine::RowEngine(const TaskContext& context, const IsingInteractions& interactions,
                     const IsingAlgorithm& algorithm)
    : field_(context.communicator, extents_of(context.parameters)) {
  const IsingStreams streams(context.seed, context.task_key);
  if (algorithm.uses(Update::swendsen_wang))
    swendsen_wang_.emplace(interactions, field_, streams.cluster_bond, streams.cluster_flip);
  if (algorithm.uses(Update::wolff)) wolff_.emplace(interactions, field_, streams.wolff);
}

std::vector<int> RowEngine::grid() const {
  std::vector<int> grid(static_cast<std::size_t>(field_.dimension()), 1);
  grid.back() = field_.ranks_used();
  return grid;
}

bool PackedRowEngine::fits(const Parameters& parameters) {
  const IsingAlgorithm algorithm = algorithm_of(parameters);
  return algorithm.update == Update::hybrid && algorithm.local == Update::heat_bath &&
         fits_packed(parameters) && fits_rows(parameters);
}

PackedRowEngine::PackedRowEngine(const TaskContext& context, const IsingInteractions& interactions,
                                 const IsingAlgorithm& algorithm)
    : communicator_(&context.communicator),
      packed_(context.communicator, extents_of(context.parameters)),
      heat_bath_(interactions, IsingStreams(context.seed, context.task_key).heat_bath),
      rows_(context, interactions, algorithm) {}

void PackedRowEngine::local_sweep(LocalRule, std::int64_t step) {
  if (in_rows_) hand_over(bit_field("spins", rows_.field()), bit_field("spins", packed_), *communicator_);
  in_rows_ = false;
  heat_bath_.sweep(packed_, step);
}

void PackedRowEngine::spins_to_rows() {
  if (!in_rows_) hand_over(bit_field("spins", packed_), bit_field("spins", rows_.field()), *communicator_);
  in_rows_ = true;
}

ClusterSums PackedRowEngine::swendsen_wang(std::int64_t step) {
  spins_to_rows();
  return rows_.swendsen_wang(step);
}

std::int64_t PackedRowEngine::wolff(std::int64_t step) {
  spins_to_rows();
  return rows_.wolff(step);
}

TableEngine::TableEngine(const TaskContext& context, const Lattice& lattice,
                         const IsingInteractions& interactions, const IsingAlgorithm& algorithm)
    : streams_(context.seed, context.task_key),
      partition_(lattice, context.communicator.size(), wanted_grid(context.parameters)),
      colouring_(colouring(lattice)),
      local_(context.communicator, lattice, partition_, colouring_),
      field_(local_) {
  if (algorithm.uses(Update::heat_bath)) heat_bath_.emplace(LocalRule::heat_bath, interactions, lattice);
  if (algorithm.uses(Update::metropolis)) metropolis_.emplace(LocalRule::metropolis, interactions, lattice);
  if (algorithm.uses(Update::swendsen_wang)) swendsen_wang_.emplace(interactions, local_);
  if (algorithm.uses(Update::wolff)) wolff_.emplace(interactions, lattice.sites());
}

void TableEngine::local_sweep(LocalRule rule, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  if (rule == LocalRule::heat_bath)
    heat_bath_->sweep(field_, RandomSource(streams_.heat_bath, t));
  else
    metropolis_->sweep(field_, RandomSource(streams_.metropolis, t));
}

ClusterSums TableEngine::swendsen_wang(std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  return swendsen_wang_->step(field_, RandomSource(streams_.cluster_bond, t),
                              RandomSource(streams_.cluster_flip, t));
}

std::int64_t TableEngine::wolff(std::int64_t step) {
  return wolff_->step(field_, RandomSource(streams_.wolff, static_cast<std::uint64_t>(step)));
}

MeanFieldEngine::MeanFieldEngine(const TaskContext& context, const IsingInteractions& interactions,
                                 const IsingAlgorithm& algorithm)
    : streams_(context.seed, context.task_key),
      field_(context.parameters.integer("lattice.N")),
      heat_bath_(LocalRule::heat_bath, interactions, field_.sites()),
      metropolis_(LocalRule::metropolis, interactions, field_.sites()) {
  if (algorithm.uses(Update::swendsen_wang)) swendsen_wang_.emplace(interactions, field_.sites());
  if (algorithm.uses(Update::wolff))
    wolff_.emplace(interactions, field_.sites(), 1 / static_cast<double>(field_.sites()));
}

void MeanFieldEngine::local_sweep(LocalRule rule, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  if (rule == LocalRule::heat_bath)
    heat_bath_.sweep(field_, RandomSource(streams_.heat_bath, t));
  else
    metropolis_.sweep(field_, RandomSource(streams_.metropolis, t));
}

ClusterSums MeanFieldEngine::swendsen_wang(std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  return swendsen_wang_->step(field_, RandomSource(streams_.cluster_bond, t),
                              RandomSource(streams_.cluster_flip, t));
}

std::int64_t MeanFieldEngine::wolff(std::int64_t step) {
  return wolff_->step(field_, RandomSource(streams_.wolff, static_cast<std::uint64_t>(step)));
}

void MeanFieldEngine::check() const {
  if (field_.magnetization() != field_.recomputed_magnetization())
    throw Error(ExitCode::internal, "the magnetization kept by the mean-field kernel has drifted");
}

EngineKind engine_kind(const Parameters& parameters) {
  if (kind_of(parameters) == LatticeKind::complete) return EngineKind::mean_field;
  if (PackedEngine::fits(parameters)) return EngineKind::packed;
  if (RowEngine::fits(parameters)) return EngineKind::row;
  return PackedRowEngine::fits(parameters) ? EngineKind::packed_row : EngineKind::table;
}

std::string_view name(EngineKind kind) {
  switch (kind) {
    case EngineKind::packed:
      return "packed_bricks";
    case EngineKind::row:
      return "row_clusters";
    case EngineKind::packed_row:
      return "packed_bricks+row_clusters";
    case EngineKind::table:
      return "table";
    case EngineKind::mean_field:
      return "mean_field";
  }
  return "unknown";
}

bool runs_on_one_rank(const Parameters& parameters) {
  return engine_kind(parameters) == EngineKind::mean_field || algorithm_of(parameters).uses(Update::wolff);
}

void validate_grid(const Parameters& parameters, Problems& problems) {
  std::vector<int> grid = wanted_grid(parameters);
  if (grid.empty()) return;
  const EngineKind kind = engine_kind(parameters);
  if (runs_on_one_rank(parameters)) {
    if (std::any_of(grid.begin(), grid.end(), [](int ranks) { return ranks != 1; }))
      problems.add("run.process_grid", "this update runs on one rank a task; leave the key out");
  } else if (kind == EngineKind::row || kind == EngineKind::packed_row) {
    const std::vector<std::int64_t> extents = extents_of(parameters);
    const int last = grid.back();
    grid.back() = 1;
    if (grid.size() != extents.size() || last > extents.back() ||
        std::any_of(grid.begin(), grid.end(), [](int ranks) { return ranks != 1; }))
      problems.add("run.process_grid", "the kernel " + std::string(name(kind)) +
                                           " cuts the last direction only; use " +
                                           (extents.size() == 2 ? "1,n" : "1,1,n") + " with n at most " +
                                           std::to_string(extents.back()));
  }
}

Engine make_engine(const TaskContext& context, const Lattice& lattice, const IsingInteractions& interactions,
                   const IsingAlgorithm& algorithm) {
  switch (engine_kind(context.parameters)) {
    case EngineKind::packed:
      return std::make_unique<PackedEngine>(context, interactions);
    case EngineKind::row:
      return std::make_unique<RowEngine>(context, interactions, algorithm);
    case EngineKind::packed_row:
      return std::make_unique<PackedRowEngine>(context, interactions, algorithm);
    case EngineKind::mean_field:
      return std::make_unique<MeanFieldEngine>(context, interactions, algorithm);
    case EngineKind::table:
      break;
  }
  return std::make_unique<TableEngine>(context, lattice, interactions, algorithm);
}

}  // namespace weiss
