#include "hubbard_dmft/hubbard_lattice.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/dmft/orbital_impurity.hpp"
#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/spectral_poles.hpp"
#include "weiss/simulation/lattice_keys.hpp"
#include "weiss/statistics/root.hpp"

namespace weiss {

HubbardLattice::HubbardLattice(const Parameters& parameters)
    : phase_(phase_of(parameters)),
      band_(band_of(parameters)),
      two_band_(two_band_of(parameters)),
      interaction_(parameters.real("model.interaction")),
      hund_(parameters.real("model.hund_coupling")),
      staggered_start_(parameters.real("algorithm.staggered_start")),
      pairing_start_(parameters.real("algorithm.pairing_start")),
      starts_as_insulator_(parameters.text("algorithm.solution_start") == "insulator"),
      particle_hole_symmetric_((two_band_ ? two_band_->symmetric() : band_.symmetric()) &&
                               !parameters.given("model.density") &&
                               parameters.real("model.chemical_potential") == 0),
      basis_(beta_of(parameters), basis_energy_of(parameters, band_),
             parameters.real("algorithm.basis_accuracy")),
      frequencies_(node_frequencies(basis_)) {
  if (parameters.given("model.density")) density_ = parameters.real("model.density");
}

LocalFunctions HubbardLattice::green(double chemical_potential, const LocalFunctions& self_energy) const {
  if (two_band_) return two_band_->green(chemical_potential, self_energy, frequencies_);
  return lattice_green(band_, phase_, chemical_potential, self_energy, frequencies_);
}

LocalFunctions HubbardLattice::hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                                             const LocalFunctions& green) const {
  if (two_band_) return two_band_->hybridisation(chemical_potential, self_energy, green, frequencies_);
  return hybridisation_of(band_, phase_, chemical_potential, self_energy, green, frequencies_);
}

double HubbardLattice::potential(double now, const LocalFunctions& self_energy) const {
  if (!density_) return now;
  const auto excess = [&](double mu) {
    return (two_band_ ? 2 : 1) * electrons_of(basis_, phase_, green(mu, self_energy)) - *density_;
  };
  const double reach = basis_.omega_max();
  return root_between(excess, -reach, reach, 1e-13 * reach);
}

std::array<double, 2> HubbardLattice::first_densities() const {
  const double filling = density_ ? *density_ / (two_band_ ? 4 : 2) : 0.5;
  if (superconducting()) {
    const double most = 0.9 * std::sqrt(filling * (1 - filling));
    return {filling, std::clamp(pairing_start_, -most, most)};
  }
  const double staggered = phase_ == Phase::antiferromagnetic ? staggered_start_ / 2 : 0;
  return {filling + staggered, filling - staggered};
}

// The pole of the half-filled atom's self-energy is that of its gap, U, or U + J of two orbitals.
LocalFunctions HubbardLattice::first_self_energy(const std::array<double, 2>& density) const {
  const HundInteraction hund(interaction_, hund_);
  const double gap = two_band_ ? hund.same + hund_ : interaction_;
  const double pole = starts_as_insulator_ ? gap * gap / 4 : 0;
  std::array<double, 2> hartree{interaction_ * (density[down] - 0.5), interaction_ * (density[up] - 0.5)};
  if (superconducting())
    hartree = {interaction_ * (density[0] - 0.5), interaction_ * density[anomalous_part]};
  if (two_band_) hartree = {hund.hartree(0, density), hund.hartree(1, density)};
  LocalFunctions sigma;
  for (const std::size_t part : {std::size_t{0}, std::size_t{1}})
    for (const double frequency : frequencies_)
      sigma[part].push_back(hartree[part] +
                            (superconducting() && part == anomalous_part ? 0 : pole) / Complex(0, frequency));
  return sigma;
}

Unknowns HubbardLattice::start(double chemical_potential) const {
  const std::array<double, 2> densities = first_densities();
  const LocalFunctions sigma = first_self_energy(densities);
  return flattened(hybridisation(chemical_potential, sigma, green(chemical_potential, sigma)), densities,
                   chemical_potential);
}

Unknowns HubbardLattice::image(double chemical_potential, const ImpuritySolution& solution) const {
  const LocalFunctions& sigma = solution.self_energy;
  return flattened(hybridisation(chemical_potential, sigma, green(chemical_potential, sigma)),
                   {solution.density[up].value,
                    superconducting() ? solution.pair_amplitude.value : solution.density[down].value},
                   chemical_potential);
}

std::optional<Unknowns> HubbardLattice::adopt(const HubbardLattice& other, const Unknowns& unknowns,
                                              double chemical_potential) const {
  if (superconducting() != other.superconducting()) return {};
  LocalFunctions hybridisation;
  const WeissField field = other.field(unknowns, chemical_potential);
  for (const std::size_t part : {std::size_t{0}, std::size_t{1}}) {
    const SpectralPoles poles{other.basis_.energies(),
                              other.basis_.from_frequencies(field.hybridisation[part])};
    for (const double frequency : frequencies_) hybridisation[part].push_back(poles(Complex(0, frequency)));
  }
  return flattened(hybridisation, other.densities(unknowns), chemical_potential);
}

void HubbardLattice::symmetrise(LocalFunctions& hybridisation, std::array<double, 2>& densities) const {
  if (superconducting())  // the gauge
    for (Complex& each : hybridisation[anomalous_part]) each = each.real();
  if (two_band_)
    symmetrise_orbitals(hybridisation, densities);
  else if (particle_hole_symmetric_)
    symmetrise_spins(hybridisation, densities);
}

// Equivalent orbitals are equal; with particle-hole symmetry each has Delta(i w) = -conj Delta(i w).
void HubbardLattice::symmetrise_orbitals(LocalFunctions& hybridisation,
                                         std::array<double, 2>& densities) const {
  for (std::size_t node = 0; node < frequencies_.size(); ++node) {
    Complex &first = hybridisation[0][node], &second = hybridisation[1][node];
    if (two_band_->equivalent()) first = second = (first + second) / 2.0;
    if (particle_hole_symmetric_) {
      first.real(0);
      second.real(0);
    }
  }
  if (two_band_->equivalent()) densities.fill((densities[0] + densities[1]) / 2);
  if (particle_hole_symmetric_) densities.fill(0.5);
}

// With particle-hole symmetry G_s(i w) = -conj G_s'(i w), s' the other spin where sublattices differ;
// rounding would leave it, as it is unstable in an insulator.
void HubbardLattice::symmetrise_spins(LocalFunctions& hybridisation, std::array<double, 2>& densities) const {
  const std::size_t partner = phase_ == Phase::antiferromagnetic ? down : up;
  for (std::size_t node = 0; node < frequencies_.size(); ++node) {
    const Complex mean = (hybridisation[up][node] - std::conj(hybridisation[partner][node])) / 2.0;
    hybridisation[up][node] = mean;
    if (!superconducting()) hybridisation[down][node] = partner == up ? mean : -std::conj(mean);
  }
  if (superconducting()) {
    densities[0] = 0.5;
    return;
  }
  const double excess = partner == up ? 0 : (densities[up] - densities[down]) / 2;
  densities = {0.5 + excess, 0.5 - excess};
}

Unknowns HubbardLattice::flattened(LocalFunctions hybridisation, std::array<double, 2> densities,
                                   double chemical_potential) const {
  symmetrise(hybridisation, densities);
  Unknowns values;
  for (std::size_t part = 0; part < functions(); ++part)
    for (const Complex each : hybridisation[part]) append(values, each);
  if (functions() == 1)
    values.push_back((densities[up] + densities[down]) / 2);
  else
    values.insert(values.end(), densities.begin(), densities.end());
  if (finds_potential()) values.push_back(chemical_potential);
  return values;
}

WeissField HubbardLattice::field(const Unknowns& unknowns, double chemical_potential) const {
  WeissField field{interaction_, chemical_potential, band_.mean(), {}};
  if (two_band_) field.orbitals = OrbitalPair{hund_, two_band_->level(), two_band_->equivalent()};
  const std::size_t nodes = frequencies_.size();
  for (const std::size_t part : {std::size_t{0}, std::size_t{1}})
    for (std::size_t node = 0; node < nodes; ++node) {
      const std::size_t place = 2 * ((functions() == 1 ? 0 : part) * nodes + node);
      field.hybridisation[part].emplace_back(unknowns[place], unknowns[place + 1]);
    }
  return field;
}

std::array<double, 2> HubbardLattice::densities(const Unknowns& unknowns) const {
  const std::size_t first = 2 * functions() * frequencies_.size();
  return {unknowns[first], unknowns[first + functions() - 1]};
}

NodeValues HubbardLattice::on_matsubara(const NodeValues& values, double constant, std::int64_t count) const {
  NodeValues dynamic = values;
  for (Complex& each : dynamic) each -= constant;
  const std::vector<double> coefficients = basis_.from_frequencies(dynamic);
  NodeValues all;
  for (std::int64_t n = 0; n < count; ++n) all.push_back(constant + basis_.on_matsubara(coefficients, n));
  return all;
}

}  // namespace weiss
