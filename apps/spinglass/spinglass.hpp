// weiss-spinglass: disordered Ising systems by the method that the deck names.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weiss/simulation/model.hpp"

#include "spinglass/annealed_glass.hpp"
#include "spinglass/equilibrium_glass.hpp"
#include "spinglass/exact_glass.hpp"
#include "spinglass/parameters.hpp"

namespace weiss {

class SpinGlass {
 public:
  static constexpr std::string_view program = "weiss-spinglass";
  static constexpr std::string_view description =
      "Monte Carlo of spin glasses and other disordered Ising systems";
  static void declare(Schema& schema) { declare_glass_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems);
  static bool thermalizes(const Parameters& parameters) {
    return glass_method_of(parameters) == GlassMethod::equilibrium;
  }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit SpinGlass(const TaskContext& context);

  void declare_observables(Measurements& measurements) {
    visit([&](auto& glass) { glass.declare_observables(measurements); });
  }
  void step(std::int64_t t) {
    visit([&](auto& glass) { glass.step(t); });
  }
  void measure(Measurements& measurements) {
    visit([&](auto& glass) { glass.measure(measurements); });
  }
  template <class Visitor>
  void visit_state(Visitor& v) {
    visit([&](auto& glass) { glass.visit_state(v); });
  }
  void start_from(SpinGlass& previous);
  void check() {}
  bool finished() const {
    return std::visit([](const auto& glass) { return glass->finished(); }, method_);
  }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {ranks_}; }
  double updates_per_step() const {
    return std::visit([](const auto& glass) { return glass->updates_per_step(); }, method_);
  }
  std::vector<Result> own_results() const {
    return std::visit([](const auto& glass) { return glass->own_results(); }, method_);
  }

 private:
  using Method = std::variant<std::unique_ptr<EquilibriumGlass>, std::unique_ptr<AnnealedGlass>,
                              std::unique_ptr<ExactGlass>>;
  static Method make(const TaskContext& context);
  template <class F>
  void visit(F&& f) {
    std::visit([&](auto& glass) { f(*glass); }, method_);
  }

  Method method_;
  std::string kernel_;
  int ranks_;
};

}  // namespace weiss
