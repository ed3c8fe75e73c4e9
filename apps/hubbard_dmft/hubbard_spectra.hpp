// Spectra of a task of weiss-hubbard-dmft after its last step, of every solver, phase and number of orbitals:
// the self-energy at w + i b (b = output.broadening), exact or continued from the imaginary axis, and what
// follows from it,
//   A(w) = -Im G(w + i b)/pi, local, of each spin or orbital;   A(k, w) along a path of high symmetry;
//   A(k, 0) on a plane.
// What is continued are functions with a positive spectrum of known weight: Sigma_s, Sigma_a of orbitals,
// each less its constant, and in a superconductor Sigma_11 and
//   Sigma_+ = (Sigma_11 + Sigma_22)/2 + Sigma_12,   Sigma_12(w) = [Sigma_+(w) + conj Sigma_+(-w)]/2,
// Sigma_22(w) = -conj Sigma_11(-w), all at w + i b (nambu_matrix.hpp). Both also know the mean of Sigma_11
// and Sigma_22: by how much they differ there counts as an error of Sigma_12. Errors are |dG/dSigma| times
// the spread that the method gives Sigma (self_energy_continuation.hpp): bounds by Nevanlinna's, standard
// deviations by the other methods; none where the solver knows Sigma.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "weiss/dmft/self_energy_continuation.hpp"
#include "weiss/dmft/self_energy_series.hpp"
#include "weiss/simulation/measurements.hpp"

#include "hubbard_dmft/hubbard_retarded.hpp"

namespace weiss {

class HubbardSpectra {
 public:
  HubbardSpectra(const Parameters& parameters, const HubbardLattice& lattice);

  // None where the solver has spectra of its own, or none are asked for.
  std::optional<ContinuationMethod> method() const { return method_; }
  // Spectra belong to the last step only.
  void forget();
  // From the solver's own functions at z: those of spins or orbitals, or Sigma_11 and Sigma_12.
  void evaluate(const std::function<Complex(std::size_t function, Complex z)>& self_energy, double potential);
  // From the functions that differ, less their constants, on the imaginary axis: of spins or orbitals, or
  // Sigma_11 and Sigma_+. Says on stderr why it cannot be trusted where `loud`.
  void continue_from(const std::vector<SelfEnergyData>& data, const std::array<double, 2>& constant,
                     double potential, bool loud);

  // The iterations of Monte Carlo that are averaged, where maximum entropy needs them: one each function that
  // differs.
  std::vector<SelfEnergySeries>& series() { return series_; }
  const std::vector<SelfEnergySeries>& series() const { return series_; }

  // Empty unless there are spectra; converged: the iteration.
  std::vector<Result> results(const HubbardLattice& lattice, bool converged) const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("values", values_);
    v.vector("spread", spread_);
    v.vector("trust", trust_);
    v.vector("reason", reason_);
    v.scalar("potential", potential_);
    for (std::size_t s = 0; s < series_.size(); ++s) v.group("series_" + std::to_string(s), series_[s]);
  }

 private:
  // Self-energies at a point that a component's Green function depends on, and how far off they may be.
  struct Arguments {
    Complex z;
    SelfEnergies sigma{};
    std::array<double, 3> spread{};
  };
  std::size_t function_of(std::size_t component) const {
    return functions_ == 1 || superconducting_ ? 0 : component;
  }
  Arguments arguments(std::size_t component, std::size_t point) const;
  Complex self_energy(std::size_t function, std::size_t point) const;
  double spread(std::size_t function, std::size_t point) const;
  double rounding() const;  // of frequencies
  std::size_t place_of(double frequency) const;
  void insert(double frequency);  // into the mesh, unless it is there
  SelfEnergyContinuation continued(const SelfEnergyData& data);
  std::string reason() const { return {reason_.begin(), reason_.end()}; }
  // Sigma_12 in place of Sigma_+.
  void resolve_pairing();

  using Green = std::function<Complex(Complex z, const SelfEnergies& sigma)>;
  static Result named(std::string name, std::string long_name, std::string unit, std::string formula,
                      std::vector<Axis> axes);
  static Result& finish(Result& result);
  // Spectrum and error, appended to the result.
  static void append(Result& result, const Green& green, const Arguments& at);
  Result local(const RetardedGreen& lattice) const;
  void append_self_energies(Result& result, std::size_t function) const;
  void add_self_energies(std::vector<Result>& all) const;
  void add_trust(std::vector<Result>& all, bool converged) const;
  // hubbard_spectra_of_momentum.cpp
  void add_path(std::vector<Result>& all, BandKind kind, const RetardedGreen& lattice) const;
  Result fermi_surface(BandKind kind, const RetardedGreen& lattice) const;

  bool superconducting_, antiferromagnetic_;
  std::size_t functions_;  // that differ, 1 or 2
  Axis component_;         // spins or orbitals
  std::optional<ContinuationMethod> method_;
  Axis asked_;                      // frequencies of the results
  std::vector<double> mesh_;        // those, 0, and of a superconductor their negatives
  std::vector<std::size_t> place_;  // of each frequency asked for in the mesh
  double broadening_;
  std::int64_t path_points_, surface_points_;  // 0: not wanted
  std::vector<SelfEnergySeries> series_;
  // functions x mesh x (Re, Im) of Sigma; functions x mesh; functions x trust numbers; text.
  std::vector<double> values_, spread_, trust_;
  std::vector<std::int64_t> reason_;
  double potential_ = 0;
};

// From one to the other with so many points.
Axis uniform_axis(const char* name, const char* unit, double from, double to, std::int64_t points);

}  // namespace weiss
