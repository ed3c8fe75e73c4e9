// The Hubbard model in dynamical mean-field theory,
//   H = -t sum c+ c + U sum (n_up - 1/2)(n_down - 1/2) - mu sum n,   k_B = hbar = 1
// (A. Georges, G. Kotliar, W. Krauth, M. J. Rozenberg, Rev. Mod. Phys. 68, 13 (1996)). A step is one
// iteration: the impurity in its Weiss field gives a self-energy, the lattice with that self-energy a new
// Weiss field, and mixing the next one. A task ends when nothing changes by more than algorithm.tolerance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/simulation/model.hpp"

#include "hubbard_dmft/hubbard_history.hpp"
#include "hubbard_dmft/hubbard_lattice.hpp"
#include "hubbard_dmft/hubbard_solver.hpp"
#include "hubbard_dmft/hubbard_spectra.hpp"

namespace weiss {

class HubbardDmft {
 public:
  static constexpr std::string_view program = "weiss-hubbard-dmft";
  static constexpr std::string_view description = "Hubbard models by dynamical mean-field theory";
  static void declare(Schema& schema) { declare_hubbard_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems) {
    validate_hubbard_keys(parameters, problems);
  }
  static bool thermalizes(const Parameters&) { return false; }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit HubbardDmft(const TaskContext& context);

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&) {}
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("unknowns", unknowns_);
    v.scalar("chemical_potential", chemical_potential_);
    v.group("potential_step", potential_step_);
    v.group("mixing", mixing_);
    v.group("solver", solver_);
    v.group("reported", reported_);
    v.group("spectra", spectra_);
    v.vector("real_axis", real_axis_);
    v.group("history", history_);
    v.scalar("iterations", iterations_);
    v.scalar("converged", converged_);
    v.scalar("measured", measured_);
  }
  // The next task of a chain begins with the Weiss field of the last one.
  void start_from(HubbardDmft& previous);
  void check() {}
  bool finished() const { return converged_ != 0 && measured_ >= wanted_; }
  std::string kernel() const;
  std::vector<int> grid() const { return {ranks_}; }
  double updates_per_step() const;
  std::vector<Result> own_results() const;
  std::vector<GreenFunction> green_functions() const;

 private:
  const char* order_name() const {
    return lattice_.superconducting() ? "pair_amplitude"
           : lattice_.two_band()      ? "orbital_polarisation"
                                      : "magnetisation";
  }
  WeissField weiss_field() const { return lattice_.field(unknowns_, chemical_potential_); }
  bool settled(double change) const;

  void declare_results();
  void declare_scalars();
  void declare_functions();
  void report(const SolverAnswer& answer, double change);
  void report_scalars(const SolverAnswer& answer, double change);
  void report_functions(const SolverAnswer& answer);
  // Spectra of the last step: hubbard_continuation.cpp.
  void find_spectra(const SolverAnswer& answer);
  ImpuritySolution averaged_solution() const;
  SelfEnergyData data_frame(const ImpuritySolution& solution, std::size_t function) const;
  std::vector<SelfEnergyData> data_to_continue(const ImpuritySolution& solution) const;
  std::vector<SelfEnergyData> sampled_data_to_continue(const ImpuritySolution& mean) const;
  // What only a superconductor has.
  void declare_superconductor();
  void declare_anomalous_functions(const Axis& matsubara, const Axis& time);
  void report_gap(const ImpuritySolution& solution);
  void report_anomalous_functions(const ImpuritySolution& solution);

  // Two orbitals: hubbard_orbitals.cpp.
  void declare_orbital_scalars();
  void report_orbital_scalars(const SolverAnswer& answer, double change);
  Estimate orbital_kinetic_energy(const SolverAnswer& answer) const;

  Parameters parameters_;
  double interaction_, tolerance_;
  int ranks_;
  bool leads_;  // its messages are enough
  HubbardLattice lattice_;
  Mixing mixing_;
  Unknowns unknowns_;
  double chemical_potential_;
  DampedStep potential_step_;  // of Monte Carlo
  HubbardSolver solver_;
  Reported reported_;
  HubbardSpectra spectra_;
  std::vector<double> real_axis_;  // converged, deviation, Z; empty where not solved there
  HubbardHistory history_;
  // wanted: iterations averaged after convergence.
  std::int64_t wanted_, iterations_ = 0, converged_ = 0, measured_ = 0;
};

}  // namespace weiss
