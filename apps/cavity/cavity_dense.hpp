// The TAP equations (cavity/tap.hpp) of one realisation of the Sherrington-Kirkpatrick model, or of any pair
// model with many weak couplings: a step updates every site. That it does not converge beyond the de
// Almeida-Thouless line is a result. One rank a task: functions of libm.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/cavity/tap.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

namespace weiss {

class CavityDense {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "TAP equations for dense couplings";
  static void declare(Schema& schema);
  static void validate(const Parameters& parameters, Problems& problems);
  static int usable_ranks(const Parameters&, int) { return 1; }
  static TaskPlan plan(const Parameters& parameters, int ranks);
  static bool thermalizes(const Parameters&) { return false; }

  explicit CavityDense(const TaskContext& context);
  CavityDense(const CavityDense&) = delete;
  CavityDense& operator=(const CavityDense&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("steps", steps_);
    v.scalar("residual", residual_);
    v.scalar("converged", converged_);
    find_bytes();
    v.bits("magnetizations", magnetization_bytes_);
    v.bits("earlier", earlier_bytes_);
  }
  void start_from(CavityDense& previous);
  void check() {}
  bool finished() const { return converged_ != 0; }
  std::string kernel() const { return "tap_double"; }
  std::vector<int> grid() const { return {1}; }
  double updates_per_step() const { return sites_ * sites_; }
  std::vector<Result> own_results() const;

 private:
  void find_bytes();

  double sites_, tolerance_;
  bool wants_magnetizations_;
  TapIteration tap_;
  std::int64_t steps_ = 0, converged_ = 0;
  double residual_ = 0;
  UnitBytes magnetization_bytes_, earlier_bytes_;
};

}  // namespace weiss
