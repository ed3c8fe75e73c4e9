// Disordered Ising systems, H = -sum_e J_e prod_{i in e} s_i - sum_i h_i s_i, at several temperatures at
// once: heat bath, replica exchange, overlaps, means over the disorder and the evidence of equilibration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/montecarlo/replica_exchange.hpp"
#include "weiss/simulation/model.hpp"

#include "spinglass/engines.hpp"
#include "spinglass/equilibration.hpp"
#include "spinglass/observables.hpp"
#include "spinglass/parameters.hpp"

namespace weiss {

class SpinGlass {
 public:
  static constexpr std::string_view program = "weiss-spinglass";
  static constexpr std::string_view description =
      "Monte Carlo of spin glasses and other disordered Ising systems";
  static void declare(Schema& schema) { declare_glass_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems) {
    validate_glass(parameters, problems);
    if (problems.empty()) validate_glass_kernel(parameters, problems);
  }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit SpinGlass(const TaskContext& context);
  SpinGlass(const SpinGlass&) = delete;
  SpinGlass& operator=(const SpinGlass&) = delete;

  void declare_observables(Measurements& measurements) { observables_.declare(measurements); }
  void step(std::int64_t t);
  void measure(Measurements& measurements) { observables_.measure(measurements, raw_); }
  template <class Visitor>
  void visit_state(Visitor& v) {
    if (exchange_) v.group("exchange", *exchange_);
    v.group("equilibration", equilibration_);
    v.scalar("finished", finished_);
    std::visit([&](auto& engine) { v.bits("spins", engine->spins()); }, engine_);
  }
  void start_from(SpinGlass& previous);
  void check() {}
  bool finished() const { return finished_ != 0; }
  std::string kernel() const { return std::string(name(kernel_)); }
  std::vector<int> grid() const { return {communicator_->size()}; }
  double updates_per_step() const;
  std::vector<Result> own_results() const;

 private:
  void exchange(std::int64_t round);
  void observe();

  const Communicator* communicator_;
  GlassAlgorithm algorithm_;
  GlassKernel kernel_;
  GlassShape shape_;
  GlassEngine engine_;
  GlassObservables observables_;
  Equilibration equilibration_;
  std::optional<ReplicaExchange> exchange_;
  std::int64_t thermalization_, measure_every_;
  bool stop_when_equilibrated_;
  std::int64_t finished_ = 0;
  std::vector<double> energies_;  // (sample, temperature, replica)
  std::vector<double> raw_;       // (sample, temperature) x width, of the last observation
};

}  // namespace weiss
