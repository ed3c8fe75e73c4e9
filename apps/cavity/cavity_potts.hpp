// Belief propagation for the Potts model on one instance,
//   H = -sum_(ij) J_ij delta(s_i, s_j) - sum_i h_i delta(s_i, 0),   s = 0 ... q - 1, k_B = 1,
// ferromagnets, glasses and antiferromagnets, whose limit T = 0 is the colouring of graphs. A step is one
// sweep of the schedule; it ends when no message would change by more than the tolerance, and that it does
// not within run.sweeps is a result too. Decimation turns messages into a configuration: fix the most biased
// sites, let the messages settle, and again (A. Montanari, F. Ricci-Tersenghi, G. Semerjian, arXiv:0709.1667
// (2007)). What conflicts that leaves in a colouring a local search may mend. One rank a task: functions of
// libm, the same bits on one type of CPU.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/cavity/potts_messages.hpp"
#include "weiss/rng/stream.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

namespace weiss {

class CavityPotts {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "Belief propagation for Potts models and colourings";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static int usable_ranks(const Parameters&, int) { return 1; }
  static TaskPlan plan(const Parameters& parameters, int ranks);
  static bool thermalizes(const Parameters&) { return false; }

  explicit CavityPotts(const TaskContext& context);
  CavityPotts(const CavityPotts&) = delete;
  CavityPotts& operator=(const CavityPotts&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("sweeps", sweeps_);
    v.scalar("sweeps_of_round", sweeps_of_round_);
    v.scalar("rounds", rounds_);
    v.scalar("searching", searching_);
    v.scalar("searches", searches_);
    v.scalar("converged", converged_);
    v.scalar("done", done_);
    v.vector("residuals", residuals_);
    v.vector("first_fixed_point", first_fixed_point_);
    find_bytes();
    v.bits("messages", message_bytes_);
    v.bits("colours", colour_bytes_);
  }
  void start_from(CavityPotts& previous);
  void check();
  bool finished() const { return done_ != 0; }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {1}; }
  double updates_per_step() const { return static_cast<double>(graph_.slots()); }
  std::vector<Result> own_results() const;

 private:
  enum class Schedule { parallel, sequential, residual };
  // What a fixed point says, per site; as stored.
  enum Averages : std::size_t {
    free_energy,
    energy,
    entropy,
    equal_pairs,
    overlap,
    magnetization,
    contradictions
  };

  CavityPotts(const TaskContext& context, const InteractionGraph& model);
  void start_messages(const std::string& start, const Stream& stream);
  void find_bytes();
  double sweep(std::int64_t t);
  void decimate(std::int64_t t);
  void search(std::int64_t t);
  // Whether a neighbour that is among `fresh` would clash with that colour.
  bool clashes(std::int64_t site, int colour, const std::vector<std::int8_t>& fresh) const;
  std::vector<double> fixed_point() const;
  std::vector<std::int8_t> configuration() const;
  void add_fixed_point(std::vector<Result>& all) const;
  void add_closed_forms(std::vector<Result>& all) const;
  void add_stability(std::vector<Result>& all) const;
  void add_configuration(std::vector<Result>& all) const;

  FactorGraph graph_;
  PottsMessages messages_;
  bool colouring_, has_fields_;
  std::int64_t interactions_;
  Schedule schedule_ = Schedule::parallel;
  double tolerance_, decimation_;
  std::int64_t decimation_sweeps_, most_searches_;
  double noise_;
  bool wants_response_, wants_marginals_;
  Stream order_stream_, decimation_stream_, colour_stream_, search_stream_;
  std::string kernel_;

  std::int64_t sweeps_ = 0, sweeps_of_round_ = 0, rounds_ = 0, converged_ = 0, done_ = 0;
  std::int64_t searching_ = 0, searches_ = 0;  // after decimation
  std::vector<double> residuals_;              // of every sweep
  std::vector<double> first_fixed_point_;      // before anything was fixed
  std::vector<std::int32_t> site_of_;          // of a slot; empty without decimation
  UnitBytes message_bytes_, colour_bytes_;
};

}  // namespace weiss
