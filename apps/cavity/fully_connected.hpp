// Fully connected models, solved by replicas: Ising p-spin (p = 2: Sherrington-Kirkpatrick), spherical
// p-spin, random energy. algorithm.target = solution gives thermodynamics and q(x) at the temperatures of the
// deck, transitions gives critical temperatures and lines.
//
// A step is one iteration of the solver of replica symmetry breaking (weiss/cavity/replica_solver.hpp), one
// temperature after the other; run.sweeps is the budget. What is in closed form takes one step. All numbers
// are deterministic; their errors are differences between two ways to them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/cavity/replica_solver.hpp"
#include "weiss/simulation/model.hpp"

namespace weiss {

class FullyConnected {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "Fully connected disordered models by replicas";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static bool thermalizes(const Parameters&) { return false; }
  static int usable_ranks(const Parameters&, int) { return 1; }
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit FullyConnected(const TaskContext& context);
  FullyConnected(const FullyConnected&) = delete;
  FullyConnected& operator=(const FullyConnected&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("current", current_);
    v.vector("rows", rows_);
    prepare();
    if (solver_) v.group("solver", *solver_);
  }
  void start_from(FullyConnected&) {}
  void check() {}
  bool finished() const { return current_ == static_cast<std::int64_t>(points()); }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {1}; }
  double updates_per_step() const { return 1; }
  std::vector<Result> own_results() const;

 private:
  // One row of results a temperature; then k + 1 heights, k parameters mu, k + 1 weights of P(q).
  enum Column : std::size_t {
    free_energy,
    free_energy_error,
    energy,
    energy_again,
    energy_error,
    entropy,
    magnetization,
    largest_overlap,
    overlap_error,
    mean_overlap,
    susceptibility,
    susceptibility_error,
    state_susceptibility,
    residual,
    converged,
    first_height
  };
  std::size_t points() const { return temperatures_.empty() ? 1 : temperatures_.size(); }
  std::size_t width() const { return first_height + 3 * static_cast<std::size_t>(steps_) + 2; }
  MeanFieldGlass glass_at(std::int64_t point) const;
  void prepare();
  std::vector<double> row() const;
  double free_energy_error_of(const MeanFieldGlass& glass, const ReplicaSteps& steps, double f) const;
  double error_of_steps(const std::vector<double>& ladder) const;
  std::vector<double> columns(const std::vector<double>& rows, std::size_t first, std::size_t length) const;
  Axis solved_temperatures(const std::vector<double>& rows) const;
  std::vector<Result> thermodynamics_of(const std::vector<double>& rows) const;
  void add_overlap_function(const std::vector<double>& rows, std::vector<Result>& all) const;

  Parameters parameters_;
  std::vector<double> temperatures_;
  bool by_replica_steps_;  // else closed forms
  bool full_ = false;
  std::int64_t steps_ = 0;
  double tolerance_ = 0;
  ReplicaGrid grid_;
  std::string kernel_;
  std::int64_t current_ = 0;    // temperature that is being solved
  std::int64_t prepared_ = -1;  // temperature that the solver is for
  std::vector<double> rows_;    // of the temperatures that are done
  std::unique_ptr<ReplicaSolver> solver_;
};

}  // namespace weiss
