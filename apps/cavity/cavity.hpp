// weiss-cavity: cavity and replica solvers for disordered Ising models; the deck's model.problem says which.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weiss/simulation/model.hpp"

#include "cavity/cavity_dense.hpp"
#include "cavity/cavity_ensemble.hpp"
#include "cavity/cavity_instance.hpp"
#include "cavity/cavity_potts.hpp"
#include "cavity/cavity_resolvent.hpp"
#include "cavity/cavity_satisfiability.hpp"
#include "cavity/cavity_states.hpp"
#include "cavity/fully_connected.hpp"

namespace weiss {

class Cavity {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "cavity and replica solvers for disordered Ising models";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static bool thermalizes(const Parameters& parameters);
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit Cavity(const TaskContext& context);

  void declare_observables(Measurements& measurements) {
    visit([&](auto& solver) { solver.declare_observables(measurements); });
  }
  void step(std::int64_t t) {
    visit([&](auto& solver) { solver.step(t); });
  }
  void measure(Measurements& measurements) {
    visit([&](auto& solver) { solver.measure(measurements); });
  }
  template <class Visitor>
  void visit_state(Visitor& v) {
    visit([&](auto& solver) { solver.visit_state(v); });
  }
  void start_from(Cavity& previous);
  void check() {
    visit([](auto& solver) { solver.check(); });
  }
  bool finished() const {
    return std::visit([](const auto& solver) { return solver->finished(); }, solver_);
  }
  std::string kernel() const {
    return std::visit([](const auto& solver) { return solver->kernel(); }, solver_);
  }
  std::vector<int> grid() const {
    return std::visit([](const auto& solver) { return solver->grid(); }, solver_);
  }
  double updates_per_step() const {
    return std::visit([](const auto& solver) { return solver->updates_per_step(); }, solver_);
  }
  std::vector<Result> own_results() const {
    return std::visit(
        [](const auto& solver) -> std::vector<Result> {
          if constexpr (requires { solver->own_results(); })
            return solver->own_results();
          else
            return {};
        },
        solver_);
  }

 private:
  using AnySolver = std::variant<std::unique_ptr<CavityInstance>, std::unique_ptr<CavityEnsemble>,
                                 std::unique_ptr<CavitySatisfiability>, std::unique_ptr<CavityDense>,
                                 std::unique_ptr<FullyConnected>, std::unique_ptr<CavityResolvent>,
                                 std::unique_ptr<CavityStates>, std::unique_ptr<CavityPotts>>;
  template <class F>
  void visit(F&& f) {
    std::visit([&](auto& solver) { f(*solver); }, solver_);
  }

  AnySolver solver_;
};

}  // namespace weiss
