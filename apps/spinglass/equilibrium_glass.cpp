#include "spinglass/equilibrium_glass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spinglass/cluster_draw.hpp"
#include "spinglass/lowest_energies.hpp"

namespace weiss {

namespace {

double configurations_of(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  return static_cast<double>(shape.samples * shape.temperatures * shape.replicas);
}

std::vector<Result> exchange_results(const ReplicaExchange& exchange, const Axis& temperatures) {
  Axis lower = temperatures;
  lower.values.pop_back();
  Result acceptance;
  acceptance.name = "exchange_acceptance";
  acceptance.info = {"accepted exchanges of a temperature with the next higher one",
                     "1",
                     "accepted/attempted, over samples and replicas",
                     {lower.values.size()},
                     false,
                     {lower}};
  acceptance.mean = exchange.acceptance();
  // Attempts are correlated in time; the error of independent ones is a lower bound.
  const std::vector<double> attempts = exchange.attempts();
  for (std::size_t pair = 0; pair < attempts.size(); ++pair)
    acceptance.error.push_back(
        std::sqrt(acceptance.mean[pair] * (1 - acceptance.mean[pair]) / attempts[pair]));
  Result from_hot;
  from_hot.name = "fraction_from_hot";
  from_hot.info = {"visits by walkers that come from the hottest temperature",
                   "1",
                   "n_hot/(n_hot + n_cold); a straight line from 0 to 1 in the index is ideal",
                   {temperatures.values.size()},
                   false,
                   {temperatures}};
  from_hot.mean = exchange.fraction_from_hot();
  from_hot.error.assign(from_hot.mean.size(), 0.0);
  Result trips;
  trips.name = "round_trips";
  trips.info = {"round trips between the coldest and the hottest temperature", "1",
                "arrivals at the coldest from the hottest, a walker and 1000 exchanges"};
  const double walks =
      static_cast<double>(exchange.walkers()) * static_cast<double>(exchange.rounds()) / 1000;
  const auto count = static_cast<double>(exchange.round_trips());
  trips.mean = {walks > 0 ? count / walks : 0.0};
  trips.error = {walks > 0 ? std::sqrt(count) / walks : 0.0};
  std::vector<Result> all{acceptance, from_hot, trips};
  for (Result& each : all) {
    each.count = exchange.rounds();
    each.tau_int.assign(each.mean.size(), 0.5);
  }
  return all;
}

}  // namespace

int EquilibriumGlass::usable_ranks(const Parameters& parameters, int ranks) {
  return static_cast<int>(std::min(static_cast<std::size_t>(ranks), glass_units_of(parameters).size()));
}

TaskPlan EquilibriumGlass::plan(const Parameters& parameters, int) {
  const GlassKernel kernel = glass_kernel(parameters);
  const double sites = disordered_sites_of(parameters);
  TaskPlan plan;
  plan.kernel = name(kernel);
  plan.updates_per_step = sites * configurations_of(parameters);
  plan.updates_per_ns = rough_rate(parameters);
  plan.bytes = glass_bytes(parameters);
  return plan;
}

EquilibriumGlass::EquilibriumGlass(const TaskContext& context)
    : communicator_(&context.communicator),
      algorithm_(glass_algorithm_of(context.parameters)),
      shape_(glass_shape_of(context.parameters)),
      engine_(make_glass_engine(context, shape_)),
      observables_(
          shape_,
          glass_system_of(context.parameters,
                          std::visit([](const auto& engine) { return engine->interactions(); }, engine_),
                          std::visit([](const auto& engine) { return engine->field_sums(); }, engine_)),
          context.parameters.boolean("output.overlap_histogram")),
      equilibration_(shape_, algorithm_.temperatures, observables_.series_names()),
      thermalization_(context.parameters.integer("run.thermalization")),
      measure_every_(context.parameters.integer("run.measure_every")),
      stop_when_equilibrated_(context.parameters.boolean("algorithm.stop_when_equilibrated")),
      cluster_temperatures_(static_cast<std::size_t>(algorithm_.cluster_below > 0
                                                         ? std::upper_bound(algorithm_.temperatures.begin(),
                                                                            algorithm_.temperatures.end(),
                                                                            algorithm_.cluster_below) -
                                                               algorithm_.temperatures.begin()
                                                         : std::ssize(algorithm_.temperatures))),
      cluster_sites_(shape_.samples * shape_.temperatures),
      cluster_sizes_(cluster_sites_.size()),
      lowest_energies_(shape_.samples, std::numeric_limits<double>::max()),
      energies_(shape_.samples * shape_.temperatures * shape_.replicas),
      raw_(shape_.samples * shape_.temperatures * shape_.width()) {
  if (!algorithm_.exchange) return;
  exchange_.emplace(algorithm_.betas, realisations_of(context.parameters), algorithm_.replicas,
                    Stream(context.seed, 0, StreamId::replica_exchange));
}

void EquilibriumGlass::declare_observables(Measurements& measurements) {
  observables_.declare(measurements);
  if (algorithm_.cluster_every == 0) return;
  cluster_handle_ = measurements.sample_observable(
      "cluster_size",
      {"sites of an isoenergetic cluster; near 1/2 they percolate and moves are in vain",
       "1",
       "n/N",
       {shape_.temperatures},
       false,
       {temperature_axis(algorithm_.temperatures)}},
      shape_.samples);
}

void EquilibriumGlass::measure(Measurements& measurements) {
  observables_.measure(measurements, raw_);
  if (algorithm_.cluster_every > 0) measurements.add(cluster_handle_, cluster_sizes_);
}

void EquilibriumGlass::step(std::int64_t t) {
  std::visit([&](auto& engine) { engine->sweep(t); }, engine_);
  if (algorithm_.cluster_every > 0 && (t + 1) % algorithm_.cluster_every == 0) move_clusters(t);
  if (exchange_ && (t + 1) % algorithm_.exchange_every == 0) exchange(t / algorithm_.exchange_every);
  if ((t + 1 - thermalization_) % measure_every_ == 0) observe();
}

void EquilibriumGlass::exchange(std::int64_t round) {
  std::visit(
      [&](auto& engine) {
        engine->energies(energies_);
        engine->units().complete(energies_, shape_.replicas);
        note_lowest();
        engine->exchange(exchange_->decide(round, energies_));
      },
      engine_);
}

void EquilibriumGlass::move_clusters(std::int64_t t) {
  const std::int64_t round = t / algorithm_.cluster_every;
  std::vector<std::int64_t> sizes(shape_.samples * shape_.temperatures);
  std::visit([&](auto& engine) { engine->move_clusters(t, round, cluster_temperatures_, sizes); }, engine_);
  communicator_->sum(std::span(sizes));
  for (std::size_t k = 0; k < sizes.size(); ++k) cluster_sites_[k] += sizes[k];
  cluster_moves_ += std::int64_t(shape_.replicas - first_cluster_replica(shape_, round)) / 2;
}

// Of the energies that exchanges are decided by.
void EquilibriumGlass::note_lowest() {
  const std::size_t row = shape_.temperatures * shape_.replicas;
  for (std::size_t s = 0; s < shape_.samples; ++s) {
    const auto first = energies_.begin() + static_cast<std::ptrdiff_t>(s * row);
    lowest_energies_[s] =
        std::min(lowest_energies_[s], *std::min_element(first, first + static_cast<std::ptrdiff_t>(row)));
  }
}

void EquilibriumGlass::observe() {
  std::visit(
      [&](auto& engine) {
        engine->measure(raw_);
        engine->units().complete(raw_, shape_.width());
      },
      engine_);
  if (cluster_moves_ > 0) {
    const double sites = updates_per_step() / static_cast<double>(energies_.size());
    for (std::size_t k = 0; k < cluster_sites_.size(); ++k)
      cluster_sizes_[k] =
          static_cast<double>(cluster_sites_[k]) / (static_cast<double>(cluster_moves_) * sites);
    std::fill(cluster_sites_.begin(), cluster_sites_.end(), 0);
    cluster_moves_ = 0;
  }
  equilibration_.add(observables_.series(raw_));
  if (stop_when_equilibrated_ && equilibration_.window_is_complete() && equilibration_.equilibrated())
    finished_ = 1;
}

void EquilibriumGlass::start_from(EquilibriumGlass& previous) {
  const auto field_of = [](EquilibriumGlass& glass) {
    return std::visit([](auto& engine) { return bit_field("spins", engine->spins()); }, glass.engine_);
  };
  hand_over(field_of(previous), field_of(*this), *communicator_);
}

double EquilibriumGlass::updates_per_step() const {
  const double sites =
      std::visit([](const auto& engine) { return static_cast<double>(engine->sites()); }, engine_);
  return sites * static_cast<double>(energies_.size());
}

std::vector<Result> EquilibriumGlass::own_results() const {
  std::vector<Result> all = equilibration_.results();
  if (exchange_)
    for (Result& each : exchange_results(*exchange_, temperature_axis(algorithm_.temperatures)))
      all.push_back(std::move(each));
  if (exchange_ && exchange_->rounds() > 0)
    all.push_back(energy_result("lowest_energy", "lowest energy per site that was found", lowest_energies_,
                                updates_per_step() / static_cast<double>(energies_.size())));
  return all;
}

}  // namespace weiss
