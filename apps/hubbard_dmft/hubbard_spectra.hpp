// Spectra of a task of weiss-hubbard-dmft after its last step: the self-energy at w + i b (b =
// output.broadening), exact or continued from the imaginary axis, and what follows from it,
//   A_s(w) = -Im G_s(w + i b)/pi, local;   A(k, w) along a path of high symmetry;   A(k, 0) on a plane.
// Errors are |dG/dSigma| times the spread that the method gives Sigma (self_energy_continuation.hpp): bounds
// by Nevanlinna's, standard deviations by the other methods; none where the solver knows Sigma.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "weiss/dmft/brillouin_zone.hpp"
#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/self_energy_continuation.hpp"
#include "weiss/dmft/self_energy_series.hpp"
#include "weiss/simulation/measurements.hpp"

#include "hubbard_dmft/hubbard_lattice.hpp"

namespace weiss {

void declare_spectrum_keys(Schema& schema);
void validate_spectrum_keys(const Parameters& parameters, Problems& problems);

class HubbardSpectra {
 public:
  HubbardSpectra(const Parameters& parameters, const HubbardLattice& lattice);

  // None where the solver has spectra of its own, or none are asked for.
  std::optional<ContinuationMethod> method() const { return method_; }
  const Axis& frequencies() const { return asked_; }  // real ones, of the results
  // Spectra belong to the last step only.
  void forget();
  // From the solver's own Sigma_s(z).
  void evaluate(const std::function<Complex(std::size_t spin, Complex z)>& self_energy, double potential);
  // From Sigma_s - constant_s on the imaginary axis; a paramagnet has one s. Says on stderr what cannot be
  // trusted where `loud`.
  void continue_from(const std::vector<SelfEnergyData>& data, const std::array<double, 2>& constant,
                     double potential, bool loud);

  // The iterations of Monte Carlo that are averaged, where maximum entropy needs them: one a spin that
  // differs.
  std::vector<SelfEnergySeries>& series() { return series_; }
  const std::vector<SelfEnergySeries>& series() const { return series_; }

  // Empty unless there are spectra; converged: the iteration.
  std::vector<Result> results(const Band& band, bool converged) const;

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
  // z_A and z_B = w + i b + mu - Sigma of both sublattices for a spin, equal without order, and how far off
  // they may be.
  struct Arguments {
    Complex a, b;
    double spread_a, spread_b;
  };
  Arguments arguments(std::size_t spin, std::size_t point) const;
  using Green = std::function<Complex(Complex z_a, Complex z_b)>;
  // Spectrum and error, appended to the result.
  static void append(Result& result, const Green& green, const Arguments& at);
  std::size_t spins() const { return phase_ == Phase::antiferromagnetic ? 2 : 1; }
  Complex self_energy(std::size_t spin, std::size_t point) const;
  Result local(const Band& band) const;
  Result self_energies() const;
  void add_path(std::vector<Result>& all, const Band& band) const;
  Result fermi_surface(const Band& band) const;
  void add_trust(std::vector<Result>& all, bool converged) const;

  Phase phase_;
  std::optional<ContinuationMethod> method_;
  Axis asked_;                      // frequencies of the results
  std::vector<double> mesh_;        // those, and 0
  std::vector<std::size_t> place_;  // of each frequency asked for in the mesh
  std::size_t zero_ = 0;            // place of 0
  double broadening_;
  std::int64_t path_points_, surface_points_;  // 0: not wanted
  std::vector<SelfEnergySeries> series_;
  // spins x mesh x (Re, Im) of Sigma; spins x mesh; spins x trust numbers; text.
  std::vector<double> values_, spread_, trust_;
  std::vector<std::int64_t> reason_;
  double potential_ = 0;
};

}  // namespace weiss
