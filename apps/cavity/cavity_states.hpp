// Ising models with interactions of p spins on infinite sparse random graphs at T > 0 by the cavity method,
//   H = -sum_a J_a prod_{i in a} s_i - h sum_i s_i, s = +-1, k_B = 1:
// replica symmetric and by reconstruction (weiss/cavity/interaction_population.hpp), or with one step of
// replica symmetry breaking (state_population.hpp).
//
// A unit is one population; a step is one generation of all of them; averages: unit_averages.hpp. The random
// numbers of population n are the same in all tasks of a deck, so that neighbouring temperatures or m share
// most of their noise.
//
// find_transition = static moves the temperature of each population by T <- T exp(-g Sigma) a generation: the
// mean of T in time is the root of <Sigma> (H. Robbins, S. Monro, Ann. Math. Stat. 22, 400 (1951)).
// dynamic has a population for every message mean, kept there by the choice of the temperature of every
// generation. On both sides of the maximum of T(mean), which is the dynamic transition, that is stable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "cavity/states_parameters.hpp"
#include "cavity/unit_averages.hpp"

namespace weiss {

class CavityStates {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description =
      "Cavity method for p-spin interactions on sparse random graphs, up to one step of replica symmetry "
      "breaking";
  static void declare(Schema& schema) { declare_states_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems) {
    validate_states(parameters, problems);
  }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit CavityStates(const TaskContext& context);
  CavityStates(const CavityStates&) = delete;
  CavityStates& operator=(const CavityStates&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&);
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("generation", generation_);
    set_unit_bytes();
    v.bits("populations", population_bytes_);
    v.bits("ledgers", ledger_bytes_);
    averages_.visit_state(v);
  }
  // The next task of a chain begins with the populations of the last one.
  void start_from(CavityStates& previous);
  void check() {}
  bool finished() const { return false; }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {ranks_}; }
  double updates_per_step() const { return updates_per_step_; }
  std::vector<Result> own_results() const;

 private:
  // A unit's row. Replica symmetric: entropy in place of the complexity, magnetisation in place of q0.
  enum Row : std::size_t {
    free_energy,
    state_free_energy,
    energy,
    complexity,
    inner_overlap,
    outer_overlap,
    effective,
    short_of,
    growth,
    temperature,
    row_width
  };
  static constexpr Row entropy = complexity, overlap = inner_overlap, magnetisation = outer_overlap;

  struct Unit {
    std::unique_ptr<InteractionPopulation> messages;  // or
    std::unique_ptr<StatePopulation> states;
    double mean = 0;             // of messages, kept
    std::vector<double> ledger;  // temperature, what a step leaves to the next measurement
  };

  Unit make_unit(std::size_t number, const TaskContext& context) const;
  static std::span<std::uint8_t> bytes_of(Unit& unit);
  void step_messages(Unit& unit, std::uint64_t t) const;
  std::vector<double> row_of(const Unit& unit) const;
  void set_unit_bytes();
  Result result(const std::string& name, const ObservableInfo& info, Row row) const;
  Result curve(const std::string& name, ObservableInfo info, Row row) const;
  Result top_of_curve() const;
  std::vector<Result> symmetric_results() const;
  std::vector<Result> one_step_results() const;
  std::vector<Result> reconstruction_results() const;
  std::vector<Result> dynamic_results() const;

  const Communicator* communicator_;
  Parameters parameters_;
  Breaking breaking_;
  FindTransition find_;
  std::vector<double> means_;  // of messages; a unit each, in every population
  int ranks_;
  std::string kernel_;
  double updates_per_step_;
  std::size_t populations_, first_unit_ = 0;
  std::int64_t generation_ = 0;
  std::vector<Unit> units_;  // of this rank
  UnitAverages averages_;    // of populations, a row for each of their units
  UnitBytes population_bytes_, ledger_bytes_;
};

}  // namespace weiss
