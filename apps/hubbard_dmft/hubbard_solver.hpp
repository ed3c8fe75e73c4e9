// The impurity solver that the deck chose, with what it remembers between iterations: baths to start a fit
// from, configurations to go on from.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "weiss/dmft/diagonalisation.hpp"
#include "weiss/dmft/nambu_diagonalisation.hpp"
#include "weiss/dmft/orbital_impurity.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/reported.hpp"

#include "hubbard_dmft/hubbard_lattice.hpp"

namespace weiss {

struct SolverAnswer {
  ImpuritySolution solution;
  std::array<double, 2> first_self_energy_error{};  // of Im Sigma(i w_0) of each component
  // Sigma(z) at any z off the real axis, where the solver knows it: of a spin or orbital, or of the normal
  // and anomalous part.
  std::function<Complex(std::size_t function, Complex z)> self_energy_at;
  // At most one of them, where there is more to report.
  std::optional<DiagonalisationResult> diagonalisation;
  std::optional<NambuDiagonalisationResult> superconductor;
  std::optional<SegmentSolution> segments;
};

class HubbardSolver {
 public:
  HubbardSolver(const TaskContext& context, const HubbardLattice& lattice);

  // Collective. density: <n_s> of the last iteration; of a superconductor <n_s> and <c_down c_up>.
  SolverAnswer solve(const DiscreteLehmann& basis, const WeissField& field,
                     const std::array<double, 2>& density, std::int64_t iteration);
  void start_from(const HubbardSolver& previous);

  // What this solver reports beyond what all do.
  void declare(Reported& reported) const;
  // last: of the iterations; some results are made of it alone.
  void report(const SolverAnswer& answer, bool last, Reported& reported) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("baths", baths_);
    v.vector("configurations", configurations_);
  }

 private:
  SolverAnswer diagonalise(const DiscreteLehmann& basis, const WeissField& field);
  SolverAnswer diagonalise_superconductor(const DiscreteLehmann& basis, const WeissField& field);
  void declare_diagonalisation(Reported& reported) const;
  void report_diagonalisation(const DiagonalisationResult& found, bool last, Reported& reported) const;
  void declare_segments(Reported& reported) const;
  void report_segments(const SegmentSolution& found, Reported& reported) const;
  // Of the bath and the diagonalisation; distance: the formula that the fit minimises.
  static void declare_quality(Reported& reported, const char* distance);
  void declare_superconductor(Reported& reported) const;
  void report_superconductor(const NambuDiagonalisationResult& found, Reported& reported) const;
  SolverAnswer sample(const DiscreteLehmann& basis, const WeissField& field, std::int64_t iteration);
  std::array<DiscreteBath, 2> baths() const;
  void keep_baths(const DiagonalisationResult& result);
  std::array<double, 2> first_self_energy_errors(const SegmentSolution& found, bool equivalent) const;
  Axis component_axis() const { return two_orbitals_ ? orbital_axis() : spin_axis(); }

  ImpuritySolver kind_;
  const Communicator* communicator_;
  Phase phase_;
  bool paramagnetic_, particle_hole_symmetric_, two_orbitals_;
  DiagonalisationSettings diagonalisation_;
  SegmentSettings segments_;
  SegmentPlan plan_;
  double beta_, interaction_;
  Phonon phonon_;
  std::size_t frequencies_, legendre_;
  // Energies and couplings of up, then of down, or of the orbitals; of a superconductor energies, couplings,
  // pairings.
  std::vector<double> baths_;
  std::vector<std::int64_t> configurations_;
};

}  // namespace weiss
