// The exact ground state of each realisation, by dynamic programming (montecarlo/exact_ground_state.hpp).
// Realisations are shared out over the ranks, a fixed number of them a step.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "spinglass/parameters.hpp"

namespace weiss {

class ExactGlass {
 public:
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters);
  // The frontier of every realisation of a task that has none of its own is that of the first one.
  static void validate(const Parameters& parameters, Problems& problems);

  explicit ExactGlass(const TaskContext& context);
  ExactGlass(const ExactGlass&) = delete;
  ExactGlass& operator=(const ExactGlass&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("solved", solved_);
    v.bits("energies", energy_bytes_);
    v.bits("ground_states", spin_bytes_);
  }
  bool finished() const { return solved_ == realisations_; }
  double updates_per_step() const { return static_cast<double>(sites_); }
  std::vector<Result> own_results() const;

 private:
  const Communicator* communicator_;
  Parameters parameters_;
  std::int64_t realisations_, sites_;
  bool keep_spins_;
  std::int64_t first_ = 0;        // of this rank's realisations
  std::int64_t solved_ = 0;       // of all ranks
  std::vector<double> energies_;  // of this rank
  std::vector<std::uint8_t> spins_;
  UnitBytes energy_bytes_, spin_bytes_;
};

}  // namespace weiss
