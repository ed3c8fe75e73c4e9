// The Ising model, H = -sum_<ij> J s_i s_j - h sum_i s_i, s = +-1: how a deck becomes kernels, what a step
// does and what is measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/simulation/model.hpp"

#include "ising/correlation_function.hpp"
#include "ising/engines.hpp"
#include "ising/observables.hpp"
#include "ising/parameters.hpp"

namespace weiss {

class Ising {
 public:
  static constexpr std::string_view program = "weiss-ising";
  static constexpr std::string_view description = "Monte Carlo of the Ising model on lattices and graphs";
  static void declare(Schema& schema) { declare_ising_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems) {
    validate_ising(parameters, problems);
    if (problems.empty()) validate_grid(parameters, problems);
  }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit Ising(const TaskContext& context);
  Ising(const Ising&) = delete;
  Ising& operator=(const Ising&) = delete;

  void declare_observables(Measurements& measurements);
  void step(std::int64_t t);
  void measure(Measurements& measurements);
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("cluster_sum_2", cluster_sum_2_);
    v.scalar("cluster_sum_4", cluster_sum_4_);
    v.scalar("wolff_size", wolff_size_);
    std::visit([&](auto& engine) { v.bits("spins", engine->field()); }, engine_);
  }
  void start_from(Ising& previous);
  void check();
  bool finished() const { return false; }
  std::string kernel() const { return std::string(name(engine_kind_)); }
  std::vector<int> grid() const;
  double updates_per_step() const;

 private:
  void start(const Parameters& parameters, std::uint64_t seed, std::uint64_t task_key);
  void set_cluster_observables();

  const Communicator* communicator_;
  Lattice lattice_;
  IsingInteractions interactions_;
  IsingAlgorithm algorithm_;
  IsingObservables observables_;
  std::optional<CorrelationFunction> correlation_;
  std::optional<ClusterObservables> clusters_;
  EngineKind engine_kind_;
  Engine engine_;

  // Of the last cluster update, for the improved estimators.
  double cluster_sum_2_ = 0, cluster_sum_4_ = 0;
  double wolff_size_ = 0;   // mean over the clusters of the last step
  double wolff_total_ = 0;  // sites of all clusters of this session, for the rate
  std::int64_t wolff_steps_ = 0;
};

}  // namespace weiss
