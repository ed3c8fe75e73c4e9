// The Anderson model on the Bethe lattice by the resolvent cavity,
//   H = sum_i e_i |i><i| - t sum_(ij) (|i><j| + |j><i|), e_i uniform in [-W/2, W/2], z neighbours a site:
// densities of states and the Lyapunov exponent from populations of complex cavity Green functions
// (weiss/cavity/resolvent_population.hpp), localisation from the largest eigenvalue of the transfer operator,
// by populations of paths (transfer_population.hpp) or on a grid (transfer_grid.hpp).
//
// A unit is one population; a step is one generation of all of them; averages: unit_averages.hpp.
//
// algorithm.find = localisation_transition moves the disorder of each population by W <- W exp(g (lambda -
// 1)) a generation: the mean of W in time is where <lambda> = 1 (H. Robbins, S. Monro, Ann. Math. Stat. 22,
// 400 (1951), with a constant gain g and averages). On a grid it is a root, found in one step.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/cavity/resolvent_population.hpp"
#include "weiss/cavity/transfer_population.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "cavity/unit_averages.hpp"

namespace weiss {

class CavityResolvent {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description =
      "Resolvent cavity of the Anderson model on the Bethe lattice";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static bool thermalizes(const Parameters& parameters);
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit CavityResolvent(const TaskContext& context);
  CavityResolvent(const CavityResolvent&) = delete;
  CavityResolvent& operator=(const CavityResolvent&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&);
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("generation", generation_);
    v.scalar("solved", solved_);
    v.vector("root", root_);
    if (units_total_ == 0) return;
    set_unit_bytes();
    if (!finds_) v.bits("resolvents", resolvent_bytes_);
    if (ensemble_.disorder_width > 0) v.bits("paths", path_bytes_);
    v.bits("ledgers", ledger_bytes_);
    averages_.visit_state(v);
  }
  // The next disorder of a chain begins with the populations of the last one.
  void start_from(CavityResolvent& previous);
  void check() {}
  bool finished() const { return solved_ != 0; }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {ranks_}; }
  double updates_per_step() const { return updates_per_step_; }
  std::vector<Result> own_results() const;

 private:
  // What a row of averages of a population holds.
  enum Row : std::size_t { density, log_density, square, log_cavity, eigenvalue, width, row_size };

  struct Unit {
    std::optional<ResolventPopulation> resolvents;
    std::optional<TransferPopulation> paths;
    std::vector<double> ledger;  // W, sum of lambda and their number
  };

  // A number from the means of a row, and what it is called.
  struct Quantity {
    const char* name;
    const char* long_name;
    const char* unit;
    const char* formula;
    std::vector<std::size_t> inputs;
    MeansFunction value;
  };

  Unit make_unit(std::size_t number, const TaskContext& context) const;
  std::vector<double> row_of(const Unit& unit) const;
  void set_unit_bytes();
  std::vector<Quantity> quantities() const;
  std::vector<Result> root_results() const;

  const Communicator* communicator_;
  ResolventEnsemble ensemble_;
  bool finds_;
  int ranks_;
  std::int64_t thermalization_;
  double grid_spacing_ = 0;  // of ln |x|; 0: populations
  std::string kernel_;
  double updates_per_step_;
  std::int64_t generation_ = 0, solved_ = 0;
  std::vector<double> root_;
  std::size_t units_total_, first_unit_ = 0;
  std::vector<Unit> units_;  // of this rank
  UnitAverages averages_;
  UnitBytes resolvent_bytes_, path_bytes_, ledger_bytes_;
};

}  // namespace weiss
