// Random K-SAT by message passing: surveys or beliefs (cavity/survey_propagation.hpp) on one formula, and on
// request a search for a solution: the most biased variables are fixed, messages settle again, until surveys
// vanish or contradict each other; WalkSAT looks for the rest (survey-inspired decimation: M. Mezard, G.
// Parisi, R. Zecchina, Science 297, 812 (2002)). A step is one sweep over the clauses, or, in the end, N
// flips. One rank a task: functions of libm.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/cavity/focused_search.hpp"
#include "weiss/cavity/formula.hpp"
#include "weiss/cavity/survey_propagation.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

namespace weiss {

class CavitySatisfiability {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "Survey propagation for random K-SAT";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static int usable_ranks(const Parameters&, int) { return 1; }
  static TaskPlan plan(const Parameters& parameters, int ranks);
  static bool thermalizes(const Parameters&) { return false; }

  explicit CavitySatisfiability(const TaskContext& context);
  CavitySatisfiability(const CavitySatisfiability&) = delete;
  CavitySatisfiability& operator=(const CavitySatisfiability&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("phase", phase_);
    v.scalar("sweeps", sweeps_);
    v.scalar("sweeps_of_round", sweeps_of_round_);
    v.scalar("rounds", rounds_);
    v.scalar("walks", walks_);
    v.scalar("converged", converged_);
    v.scalar("residual", residual_);
    v.vector("first_fixed_point", first_fixed_point_);
    find_bytes();
    v.bits("surveys", survey_bytes_);
    v.bits("fixed", fixed_bytes_);
    v.bits("spins", spin_bytes_);
  }
  void start_from(CavitySatisfiability&) {}
  void check() {}
  bool finished() const { return phase_ == done; }
  std::string kernel() const { return beliefs_ ? "belief_propagation_double" : "survey_propagation_double"; }
  std::vector<int> grid() const { return {1}; }
  double updates_per_step() const { return static_cast<double>(formula_.literals()); }
  std::vector<Result> own_results() const;

 private:
  enum Phase : std::int64_t { settling, fixing, walking, done };
  enum Averages : std::size_t { potential, mean_survey, mean_bias };

  void find_bytes();
  void settle();
  void fix_most_biased(std::int64_t t);
  void start_walk();
  void walk(std::int64_t t);
  std::vector<double> fixed_point() const;

  Formula formula_;
  double joker_weight_, tolerance_, fraction_, noise_;
  bool beliefs_;
  std::int64_t sweeps_a_round_, most_walks_;
  Stream order_stream_, fixing_stream_, walk_stream_;
  SurveyPropagation surveys_;
  std::vector<std::int8_t> spins_;  // once the walk starts

  std::int64_t phase_ = settling, sweeps_ = 0, sweeps_of_round_ = 0, rounds_ = 0, walks_ = 0, converged_ = 0;
  double residual_ = 0;
  std::vector<double> first_fixed_point_;
  UnitBytes survey_bytes_, fixed_bytes_, spin_bytes_;
};

}  // namespace weiss
