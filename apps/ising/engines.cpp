#include "ising/engines.hpp"

#include <algorithm>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

std::vector<int> wanted_grid(const Parameters& parameters) {
  const std::vector<std::int64_t>& grid = parameters.integers("run.process_grid");
  return {grid.begin(), grid.end()};
}

}  // namespace

bool PackedEngine::fits(const Parameters& parameters) {
  const LatticeKind kind = kind_of(parameters);
  return (kind == LatticeKind::square || kind == LatticeKind::cubic) &&
         parameters.text("algorithm.update") == "heat_bath" &&
         PackedField::fits(kind, extents_of(parameters), boundary_of(parameters)) &&
         PackedHeatBath::fits(interactions_of(parameters, directions(kind)));
}

PackedEngine::PackedEngine(const TaskContext& context, const IsingInteractions& interactions)
    : field_(context.communicator, extents_of(context.parameters), wanted_grid(context.parameters)),
      update_(interactions, IsingStreams(context.seed, context.task_key).heat_bath) {}

std::string PackedEngine::kernel() const { return "packed_bricks"; }

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
  return PackedEngine::fits(parameters) ? EngineKind::packed : EngineKind::table;
}

Engine make_engine(const TaskContext& context, const Lattice& lattice, const IsingInteractions& interactions,
                   const IsingAlgorithm& algorithm) {
  switch (engine_kind(context.parameters)) {
    case EngineKind::packed:
      return std::make_unique<PackedEngine>(context, interactions);
    case EngineKind::mean_field:
      return std::make_unique<MeanFieldEngine>(context, interactions, algorithm);
    case EngineKind::table:
      break;
  }
  return std::make_unique<TableEngine>(context, lattice, interactions, algorithm);
}

}  // namespace weiss
