// Message passing on one instance: belief propagation (sum_product) at a temperature, or its limit at zero
// (max_product), of H = -sum_e J_e prod_{i in e} s_i - sum_i h_i s_i on any graph or hypergraph of the suite.
// A step is one sweep of the schedule. It ends when no message would change by more than the tolerance; that
// it does not within run.sweeps is a result too, with its residual. Reinforcement (A. Braunstein, R.
// Zecchina, Phys. Rev. Lett. 96, 030201 (2006)) and decimation turn messages into a configuration. One rank a
// task: functions of libm, the same bits on one type of CPU.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weiss/cavity/bethe.hpp"
#include "weiss/cavity/decimation.hpp"
#include "weiss/cavity/message_passing.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

namespace weiss {

class CavityInstance {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "Message passing on one instance";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static int usable_ranks(const Parameters&, int) { return 1; }
  static TaskPlan plan(const Parameters& parameters, int ranks);
  static bool thermalizes(const Parameters&) { return false; }

  explicit CavityInstance(const TaskContext& context);
  CavityInstance(const CavityInstance&) = delete;
  CavityInstance& operator=(const CavityInstance&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("sweeps", sweeps_);
    v.scalar("sweeps_of_round", sweeps_of_round_);
    v.scalar("rounds", rounds_);
    v.scalar("converged", converged_);
    v.scalar("done", done_);
    v.vector("residuals", residuals_);
    v.vector("first_fixed_point", first_fixed_point_);
    find_bytes();
    v.bits("messages", message_bytes_);
    v.bits("fields", field_bytes_);
    v.bits("fixed", fixed_bytes_);
  }
  void start_from(CavityInstance& previous);
  void check();
  bool finished() const { return done_ != 0; }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {1}; }
  double updates_per_step() const { return static_cast<double>(graph_.slots()); }
  std::vector<Result> own_results() const;

 private:
  template <class Rule>
  using Engine = std::unique_ptr<MessagePassing<Rule>>;
  using AnyEngine =
      std::variant<Engine<TanhRule<float>>, Engine<TanhRule<double>>, Engine<FieldRule<float>>,
                   Engine<FieldRule<double>>, Engine<MinimumRule<float>>, Engine<MinimumRule<double>>>;
  enum class Schedule { parallel, sequential, residual };
  // What a fixed point says, totals over sites; as stored.
  enum Averages : std::size_t { free_energy, energy, entropy, magnetization, overlap, averages };

  CavityInstance(const TaskContext& context, const InteractionGraph& model);
  AnyEngine make_engine(const Parameters& parameters, const InteractionGraph& model);
  void set_external_fields(const InteractionGraph& model, bool single);
  std::vector<double> external_fields() const;
  void start_messages(const std::string& start, const Stream& stream);
  template <class F>
  auto visit(F&& f) const {
    return std::visit([&](const auto& engine) { return f(*engine); }, engine_);
  }
  void find_bytes();
  double sweep(std::int64_t t);
  void reinforce();
  void decimate(std::int64_t t);
  std::vector<double> local_fields() const;
  std::vector<double> fixed_point() const;
  std::vector<std::int8_t> configuration() const;
  bool is_thermal() const { return thermal_; }
  void add_responses(std::vector<Result>& all) const;
  void add_sites(std::vector<Result>& all) const;

  FactorGraph graph_;
  bool thermal_;
  double scale_;  // beta; 1 for max-product
  std::int64_t interactions_;
  std::vector<double> external_;  // h_i in J by new site number where kept apart; else empty
  Schedule schedule_ = Schedule::parallel;
  double tolerance_, reinforcement_, decimation_;
  std::int64_t decimation_sweeps_, correlations_with_;
  bool wants_response_, wants_magnetizations_;
  Stream order_stream_, decimation_stream_;
  std::string kernel_;
  AnyEngine engine_;

  std::int64_t sweeps_ = 0, sweeps_of_round_ = 0, rounds_ = 0, converged_ = 0, done_ = 0;
  std::vector<double> residuals_;          // of every sweep
  std::vector<double> first_fixed_point_;  // before anything was fixed
  std::vector<std::int8_t> fixed_;         // +-1, 0 where free; empty without decimation
  UnitBytes message_bytes_, field_bytes_, fixed_bytes_;
};

}  // namespace weiss
