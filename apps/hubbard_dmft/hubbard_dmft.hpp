// The Hubbard model in dynamical mean-field theory,
//   H = -t sum c+ c + U sum (n_up - 1/2)(n_down - 1/2) - mu sum n,   k_B = hbar = 1
// (A. Georges, G. Kotliar, W. Krauth, M. J. Rozenberg, Rev. Mod. Phys. 68, 13 (1996)). A step is one
// iteration: the impurity in its Weiss field gives a self-energy, the lattice with that self-energy a new
// Weiss field, and mixing the next one. A task ends when nothing changes by more than algorithm.tolerance.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/impurity.hpp"
#include "weiss/simulation/model.hpp"

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
    v.scalar("potential_part", potential_part_);
    v.scalar("potential_step", potential_step_);
    v.group("mixing", mixing_);
    v.group("solver", solver_);
    v.group("reported", reported_);
    v.group("spectra", spectra_);
    v.vector("real_axis", real_axis_);
    v.vector("history", history_);
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
  // A row of the history; one an iteration.
  enum Row : std::size_t {
    density,
    order,  // order_name()
    double_occupancy,
    weight,
    potential,
    residual,
    double_occupancy_error,
    weight_error,
    second_weight,  // of the other spin or orbital
    second_weight_error,
    rows
  };

  void set_start();
  // Functions that are mixed: of one spin, of two, of two orbitals, or the normal and the anomalous one.
  std::size_t spins() const { return phase_ == Phase::paramagnetic && !two_band_ ? 1 : 2; }
  WeissField weiss_field() const;
  std::array<double, 2> densities() const;
  std::array<double, 2> densities_of(const ImpuritySolution& solution) const;
  // Where the function of a spin is: a superconductor's spins share the normal one.
  std::size_t part_of(std::size_t spin) const { return superconducting() ? normal_part : spin; }
  bool finds_potential() const { return parameters_.given("model.density"); }
  const char* order_name() const {
    return superconducting() ? "pair_amplitude" : two_band_ ? "orbital_polarisation" : "magnetisation";
  }
  bool superconducting() const { return phase_ == Phase::superconducting; }
  double potential_of(const ImpuritySolution& solution) const;
  LocalFunctions local_green(double chemical_potential, const LocalFunctions& self_energy) const;
  LocalFunctions local_hybridisation(const LocalFunctions& self_energy, const LocalFunctions& green) const;
  void symmetrise(LocalFunctions& hybridisation, std::array<double, 2>& densities) const;
  std::vector<double> flattened(LocalFunctions hybridisation, std::array<double, 2> densities) const;
  double damped_potential(double now, double found);
  bool settled(double change) const;

  void declare_results();
  void declare_scalars();
  void declare_functions();
  void report(const SolverAnswer& answer, double change);
  void report_scalars(const SolverAnswer& answer, double change);
  void report_functions(const ImpuritySolution& solution);
  void find_spectra(const SolverAnswer& answer);
  std::vector<SelfEnergyData> data_to_continue(const ImpuritySolution& solution) const;
  std::vector<SelfEnergyData> sampled_data_to_continue(std::array<double, 2>& constant) const;
  // What only a superconductor has.
  void declare_superconductor();
  void declare_anomalous_functions(const Axis& matsubara, const Axis& time);
  void declare_anomalous_spectrum(const Axis& real);
  void report_gap(const ImpuritySolution& solution);
  void report_anomalous_functions(const ImpuritySolution& solution);
  void report_superconducting_spectrum(const NambuDiagonalisationResult& found,
                                       const std::vector<double>& frequencies);
  // At i w_0 .. i w_(count - 1), from the nodes.
  NodeValues on_matsubara(const NodeValues& values, double constant, std::int64_t count) const;
  Axis component_axis() const { return two_band_ ? orbital_axis() : spin_axis(); }

  // Two orbitals: hubbard_orbitals.cpp.
  LocalFunctions first_orbital_self_energy(const std::array<double, 2>& density) const;
  void symmetrise_orbitals(LocalFunctions& hybridisation, std::array<double, 2>& densities) const;
  void declare_orbital_scalars();
  void report_orbital_scalars(const SolverAnswer& answer, double change);
  Estimate orbital_kinetic_energy(const SolverAnswer& answer) const;
  void report_orbital_spectrum(const SolverAnswer& answer);

  Parameters parameters_;
  Band band_;
  std::optional<TwoBand> two_band_;  // of two orbitals, then in place of band_; spins are equal
  Phase phase_;
  double beta_, interaction_, tolerance_;
  bool particle_hole_symmetric_;
  int ranks_;
  bool leads_;  // its messages are enough
  DiscreteLehmann basis_;
  std::vector<double> frequencies_;
  Mixing mixing_;
  // Weiss field as mixed: real and imaginary parts of Delta_s at the nodes, then <n_s>; a paramagnet has one
  // s, a superconductor the normal and the anomalous Delta, <n_s> and <c_down c_up>; of two orbitals s is the
  // orbital, as in all LocalFunctions. Last mu where it is found: unmixed it would swing between two values
  // where an attraction makes the density soft.
  std::vector<double> unknowns_;
  double chemical_potential_;
  double potential_part_ = 1,
         potential_step_ = 0;  // of Monte Carlo: what of a step of mu is done; the last one
  HubbardSolver solver_;
  Reported reported_;
  HubbardSpectra spectra_;
  std::vector<double> real_axis_;  // converged, deviation, Z; empty where not solved there
  std::vector<double> history_;    // iterations x rows
  // wanted: iterations averaged after convergence.
  std::int64_t wanted_, iterations_ = 0, converged_ = 0, measured_ = 0;
};

}  // namespace weiss
