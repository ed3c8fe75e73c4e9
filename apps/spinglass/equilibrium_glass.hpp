// Disordered Ising systems in equilibrium at several temperatures at once: heat bath, replica exchange,
// overlaps, means over the disorder and the evidence of equilibration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weiss/montecarlo/replica_exchange.hpp"
#include "weiss/simulation/model.hpp"

#include "spinglass/engines.hpp"
#include "spinglass/equilibration.hpp"
#include "spinglass/observables.hpp"
#include "spinglass/parameters.hpp"

namespace weiss {

class EquilibriumGlass {
 public:
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit EquilibriumGlass(const TaskContext& context);
  EquilibriumGlass(const EquilibriumGlass&) = delete;
  EquilibriumGlass& operator=(const EquilibriumGlass&) = delete;

  void declare_observables(Measurements& measurements);
  void step(std::int64_t t);
  void measure(Measurements& measurements);
  template <class Visitor>
  void visit_state(Visitor& v) {
    if (exchange_) v.group("exchange", *exchange_);
    v.group("equilibration", equilibration_);
    if (algorithm_.cluster_every > 0) {
      v.scalar("cluster_moves", cluster_moves_);
      v.vector("cluster_sites", cluster_sites_);
      v.vector("cluster_sizes", cluster_sizes_);
    }
    v.vector("lowest_energies", lowest_energies_);
    v.scalar("finished", finished_);
    std::visit([&](auto& engine) { v.bits("spins", engine->spins()); }, engine_);
  }
  void start_from(EquilibriumGlass& previous);
  bool finished() const { return finished_ != 0; }
  double updates_per_step() const;
  std::vector<Result> own_results() const;

 private:
  void exchange(std::int64_t round);
  void move_clusters(std::int64_t t);
  void note_lowest();
  void observe();

  const Communicator* communicator_;
  GlassAlgorithm algorithm_;
  GlassShape shape_;
  GlassEngine engine_;
  GlassObservables observables_;
  Equilibration equilibration_;
  std::optional<ReplicaExchange> exchange_;
  std::int64_t thermalization_, measure_every_;
  bool stop_when_equilibrated_;
  std::int64_t finished_ = 0;
  std::size_t cluster_temperatures_;         // the lowest ones, that have cluster moves
  std::int64_t cluster_moves_ = 0;           // since the last observation, of each sample and temperature
  std::vector<std::int64_t> cluster_sites_;  // moved by them; (sample, temperature)
  std::vector<double> cluster_sizes_;        // n/N at the last observation
  Measurements::Handle cluster_handle_{};
  std::vector<double> lowest_energies_;  // found so far, a sample each
  std::vector<double> energies_;         // (sample, temperature, replica)
  std::vector<double> raw_;              // (sample, temperature) x width, of the last observation
};

}  // namespace weiss
