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
         PackedHeatBath::fits(model_of(parameters));
}

bool fits_rows(const Parameters& parameters) {
  return is_square_or_cubic(parameters) &&
         RowField::fits(kind_of(parameters), extents_of(parameters), boundary_of(parameters)) &&
         RowSwendsenWang::fits(model_of(parameters));
}

}  // namespace

bool PackedEngine::fits(const Parameters& parameters) {
  return parameters.text("algorithm.update") == "heat_bath" && fits_packed(parameters);
}

PackedEngine::PackedEngine(const TaskContext& context, const IsingInteractions& interactions)
    : field_(context.communicator, extents_of(context.parameters), wanted_grid(context.parameters)),
      update_(interactions, IsingStreams(context.seed, context.task_key).heat_bath) {}

bool RowEngine::fits(const Parameters& parameters) {
  return parameters.text("algorithm.update") == "swendsen_wang" && fits_rows(parameters);
}

RowEngine::RowEngine(const TaskContext& context, const IsingInteractions& interactions)
    : field_(context.communicator, extents_of(context.parameters)),
      update_(interactions, field_, IsingStreams(context.seed, context.task_key).cluster_bond,
              IsingStreams(context.seed, context.task_key).cluster_flip) {}

std::vector<int> RowEngine::grid() const {
  std::vector<int> grid(static_cast<std::size_t>(field_.dimension()), 1);
  grid.back() = field_.ranks_used();
  return grid;
}

bool PackedRowEngine::fits(const Parameters& parameters) {
  const IsingAlgorithm algorithm = algorithm_of(parameters);
  return algorithm.update == Update::hybrid && algorithm.local == Update::heat_bath &&
         algorithm.cluster == Update::swendsen_wang && fits_packed(parameters) && fits_rows(parameters);
}

PackedRowEngine::PackedRowEngine(const TaskContext& context, const IsingInteractions& interactions)
    : packed_(context.communicator, extents_of(context.parameters)),
      rows_(context.communicator, extents_of(context.parameters)),
      heat_bath_(interactions, IsingStreams(context.seed, context.task_key).heat_bath),
      clusters_(interactions, rows_, IsingStreams(context.seed, context.task_key).cluster_bond,
                IsingStreams(context.seed, context.task_key).cluster_flip),
      bits_(static_cast<std::size_t>(rows_.sites() / 8)) {}

template <class From, class To>
void PackedRowEngine::hand_over(const From& from, To& to) {
  std::fill(bits_.begin(), bits_.end(), std::uint8_t{0});
  from.fill_bits(0, bits_);
  to.load_bits(0, bits_);
  to.finish_load();
  spins_in_rows_ = !spins_in_rows_;
}

void PackedRowEngine::local_sweep(LocalRule, std::int64_t step) {
  if (spins_in_rows_) hand_over(rows_, packed_);
  heat_bath_.sweep(packed_, step);
}

ClusterSums PackedRowEngine::swendsen_wang(std::int64_t step) {
  if (!spins_in_rows_) hand_over(packed_, rows_);
  return clusters_.step(rows_, step);
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

Engine make_engine(const TaskContext& context, const Lattice& lattice, const IsingInteractions& interactions,
                   const IsingAlgorithm& algorithm) {
  switch (engine_kind(context.parameters)) {
    case EngineKind::packed:
      return std::make_unique<PackedEngine>(context, interactions);
    case EngineKind::row: return std::make_unique<RowEngine>(context, interactions);
    case EngineKind::packed_row: return std::make_unique<PackedRowEngine>(context, interactions);
    case EngineKind::mean_field:
      return std::make_unique<MeanFieldEngine>(context, interactions, algorithm);
    case EngineKind::table:
      break;
  }
  return std::make_unique<TableEngine>(context, lattice, interactions, algorithm);
}

}  // namespace weiss
