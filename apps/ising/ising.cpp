#include "ising/ising.hpp"

#include <algorithm>

#include "weiss/parallel/partition.hpp"

namespace weiss {

namespace {

constexpr double sites_worth_a_rank = 2048;  // below this, messages cost more than they save

bool all_negative(const IsingInteractions& interactions) {
  return std::all_of(interactions.coupling.begin(), interactions.coupling.end(),
                     [](double j) { return j < 0; });
}
bool all_positive(const IsingInteractions& interactions) {
  return std::all_of(interactions.coupling.begin(), interactions.coupling.end(),
                     [](double j) { return j > 0; });
}

BitField bits_of(Engine& engine) {
  return std::visit([](auto& each) { return bit_field("spins", each->field()); }, engine);
}

// Of all arrays of a kernel.
double bytes_per_site(EngineKind kind, int directions) {
  switch (kind) {
    case EngineKind::packed:
      return 0.125;
    // Spins, bonds, coins, marks; queue.
    case EngineKind::row:
      return 0.125 * (4 + directions) + 0.125;
    case EngineKind::packed_row:
      return 0.125 * (5 + directions) + 0.125;
    case EngineKind::table:
      return 30 + 32 * directions;
    case EngineKind::mean_field:
      return 30;
  }
  return 0;
}

// Rough rates of one core in updates/ns, for --plan and the order of tasks only.
double typical_rate(EngineKind kind, const IsingAlgorithm& algorithm) {
  if (kind == EngineKind::packed) return 15;
  if (kind == EngineKind::row) return 0.2;
  if (kind == EngineKind::packed_row) return 0.3;
  return algorithm.uses_clusters() ? 0.02 : 0.05;
}

}  // namespace

int Ising::usable_ranks(const Parameters& parameters, int ranks) {
  const EngineKind kind = engine_kind(parameters);
  if (runs_on_one_rank(parameters)) return 1;
  if (parameters.integer("run.ranks_per_task") == 0)
    ranks = static_cast<int>(
        std::clamp(sites_of(parameters) / sites_worth_a_rank, 1.0, static_cast<double>(ranks)));
  int product = 1;
  if (!parameters.integers("run.process_grid").empty()) {
    for (const std::int64_t each : parameters.integers("run.process_grid")) product *= static_cast<int>(each);
    return product;
  }
  if (kind == EngineKind::row || kind == EngineKind::packed_row)
    return RowField::usable_ranks(extents_of(parameters), ranks);
  if (kind == EngineKind::packed) {
    const PackedLayout layout(extents_of(parameters));
    return weiss::ranks(choose_packed_grid(layout, ranks));
  }
  if (kind_of(parameters) == LatticeKind::random_regular) return ranks;
  for (const int each : choose_grid(extents_of(parameters), ranks)) product *= each;
  return product;
}

TaskPlan Ising::plan(const Parameters& parameters, int) {
  const EngineKind kind = engine_kind(parameters);
  const IsingAlgorithm algorithm = algorithm_of(parameters);
  const double sites = sites_of(parameters);
  TaskPlan plan;
  plan.kernel = name(kind);
  plan.bytes = sites * bytes_per_site(kind, directions(kind_of(parameters)));
  plan.updates_per_step = algorithm.update == Update::hybrid
                              ? sites * static_cast<double>(algorithm.local_sweeps + algorithm.cluster_steps)
                              : sites;
  plan.updates_per_ns = typical_rate(kind, algorithm);
  return plan;
}

Ising::Ising(const TaskContext& context)
    : communicator_(&context.communicator),
      lattice_(make_lattice(context.parameters)),
      interactions_(interactions_of(context.parameters, lattice_.directions())),
      algorithm_(algorithm_of(context.parameters)),
      observables_(lattice_, interactions_, context.parameters.boolean("output.energy_histogram")),
      engine_kind_(engine_kind(context.parameters)),
      engine_(make_engine(context, lattice_, interactions_, algorithm_)) {
  if (context.parameters.boolean("output.correlation_function")) correlation_.emplace(lattice_);
  set_cluster_observables();
  start(context.parameters, context.seed, context.task_key);
}

void Ising::set_cluster_observables() {
  if (!algorithm_.uses_clusters() || interactions_.field != 0) return;
  const bool ferromagnet = all_positive(interactions_);
  const bool antiferromagnet = all_negative(interactions_) && lattice_.bipartite();
  if (ferromagnet || antiferromagnet)
    clusters_.emplace(ferromagnet ? "" : "staggered_", static_cast<double>(lattice_.sites()),
                      interactions_.beta, algorithm_.uses(Update::swendsen_wang));
}

void Ising::start(const Parameters& parameters, std::uint64_t seed, std::uint64_t task_key) {
  const bool random = parameters.text("algorithm.start") == "random";
  const bool staggered = all_negative(interactions_) && lattice_.bipartite();
  const Stream stream(seed, task_key, StreamId::initial_state);
  const BitField field = bits_of(engine_);
  for_each_piece(lattice_.sites(), [&](std::int64_t first, std::vector<std::uint8_t>& piece) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const std::int64_t site = first + 8 * static_cast<std::int64_t>(i);
      if (random) {
        const auto word = static_cast<std::uint64_t>(site / 64);
        piece[i] = static_cast<std::uint8_t>(stream.bits(0, word) >> (site % 64));
      } else if (!staggered) {
        piece[i] = 0xff;
      } else {
        for (std::int64_t b = 0; b < 8 && site + b < lattice_.sites(); ++b)
          piece[i] = static_cast<std::uint8_t>(piece[i] | (1 - lattice_.sublattice(site + b)) << b);
      }
    }
    field.load(first, piece);
  });
  field.finish_load();
}

void Ising::start_from(Ising& previous) {
  hand_over(bits_of(previous.engine_), bits_of(engine_), *communicator_);
}

void Ising::declare_observables(Measurements& measurements) {
  observables_.declare(measurements);
  if (clusters_) clusters_->declare(measurements);
  if (correlation_) correlation_->declare(measurements);
}

void Ising::step(std::int64_t t) {
  const auto local = [&](Update rule, std::int64_t number) {
    const LocalRule which = rule == Update::metropolis ? LocalRule::metropolis : LocalRule::heat_bath;
    std::visit([&](auto& engine) { engine->local_sweep(which, number); }, engine_);
  };
  const auto cluster = [&](Update rule, std::int64_t number) {
    if (rule == Update::swendsen_wang) {
      const ClusterSums sums =
          std::visit([&](auto& engine) { return engine->swendsen_wang(number); }, engine_);
      cluster_sum_2_ = sums.sum_2;
      cluster_sum_4_ = sums.sum_4;
      return;
    }
    std::int64_t total = 0;
    for (std::int64_t c = 0; c < algorithm_.clusters_per_sweep; ++c)
      total += std::visit(
          [&](auto& engine) { return engine->wolff(number * algorithm_.clusters_per_sweep + c); }, engine_);
    wolff_size_ = static_cast<double>(total) / static_cast<double>(algorithm_.clusters_per_sweep);
    wolff_total_ += static_cast<double>(total);
  };
  ++wolff_steps_;
  switch (algorithm_.update) {
    case Update::heat_bath:
    case Update::metropolis:
      local(algorithm_.update, t);
      break;
    case Update::swendsen_wang:
    case Update::wolff:
      cluster(algorithm_.update, t);
      break;
    case Update::hybrid:
      for (std::int64_t i = 0; i < algorithm_.local_sweeps; ++i)
        local(algorithm_.local, t * algorithm_.local_sweeps + i);
      for (std::int64_t i = 0; i < algorithm_.cluster_steps; ++i)
        cluster(algorithm_.cluster, t * algorithm_.cluster_steps + i);
      break;
  }
}

void Ising::measure(Measurements& measurements) {
  const SpinSums part =
      std::visit([&](auto& engine) { return engine->local_sums(observables_.needs_slices()); }, engine_);
  observables_.measure(measurements, sum_over_ranks(*communicator_, part));
  if (clusters_) {
    if (algorithm_.uses(Update::swendsen_wang))
      clusters_->measure_all(measurements, cluster_sum_2_, cluster_sum_4_);
    else
      clusters_->measure_wolff(measurements, wolff_size_);
  }
  if (correlation_) correlation_->measure(measurements, bits_of(engine_), *communicator_);
}

void Ising::check() {
  std::visit([](auto& engine) { engine->check(); }, engine_);
}

std::vector<int> Ising::grid() const {
  return std::visit([](const auto& engine) { return engine->grid(); }, engine_);
}

double Ising::updates_per_step() const {
  const auto sites = static_cast<double>(lattice_.sites());
  const double wolff = wolff_steps_ > 0 ? wolff_total_ / static_cast<double>(wolff_steps_) : 0;
  const auto local = static_cast<double>(algorithm_.local_sweeps) * sites;
  if (algorithm_.update == Update::wolff) return wolff;
  if (algorithm_.update != Update::hybrid) return sites;
  return local + (algorithm_.cluster == Update::wolff
                      ? wolff
                      : static_cast<double>(algorithm_.cluster_steps) * sites);
}

}  // namespace weiss
