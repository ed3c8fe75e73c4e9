#include "hubbard_dmft/hubbard_dmft.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/quasiparticle.hpp"
#include "weiss/simulation/lattice_keys.hpp"
#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

constexpr std::int64_t window = 4;  // iterations of Monte Carlo whose means are compared
constexpr double errors_allowed = 2;
constexpr double least_part = 0.02;  // of a step of mu

double updates_of(const Parameters& parameters) {
  return static_cast<double>(parameters.integer("algorithm.streams")) *
         static_cast<double>(parameters.integer("algorithm.updates"));
}

std::string kernel_of(const Parameters& parameters) {
  const ImpuritySolver solver = solver_of(parameters);
  return solver == ImpuritySolver::segments          ? "segment_double"
         : solver == ImpuritySolver::diagonalisation ? "diagonalisation_double"
                                                     : "perturbation_double";
}

}  // namespace

int HubbardDmft::usable_ranks(const Parameters& parameters, int ranks) {
  if (solver_of(parameters) != ImpuritySolver::segments) return 1;
  return static_cast<int>(std::min<std::int64_t>(ranks, parameters.integer("algorithm.streams")));
}

TaskPlan HubbardDmft::plan(const Parameters& parameters, int ranks) {
  TaskPlan plan;
  plan.kernel = kernel_of(parameters);
  plan.bytes = 2e6 * ranks;
  plan.updates_per_step = 1;
  plan.updates_per_ns = 2e-6;  // iterations
  if (solver_of(parameters) == ImpuritySolver::segments) {
    plan.updates_per_step = updates_of(parameters);
    plan.updates_per_ns = 5e-3;
    plan.bytes += 1e5 * static_cast<double>(parameters.integer("algorithm.streams"));
  } else if (solver_of(parameters) == ImpuritySolver::diagonalisation) {
    const std::int64_t orbitals = parameters.integer("model.orbitals");
    const std::int64_t sites = orbitals * (1 + parameters.integer("algorithm.bath_sites"));
    plan.updates_per_ns = 1e-9 * std::pow(4.0, 6 - static_cast<double>(sites));
  }
  return plan;
}

std::string HubbardDmft::kernel() const { return kernel_of(parameters_); }

double HubbardDmft::updates_per_step() const {
  return solver_of(parameters_) == ImpuritySolver::segments ? updates_of(parameters_) : 1;
}

HubbardDmft::HubbardDmft(const TaskContext& context)
    : parameters_(context.parameters),
      band_(band_of(parameters_)),
      two_band_(two_band_of(parameters_)),
      phase_(phase_of(parameters_)),
      beta_(beta_of(parameters_)),
      interaction_(parameters_.real("model.interaction")),
      tolerance_(parameters_.real("algorithm.tolerance")),
      particle_hole_symmetric_((two_band_ ? two_band_->symmetric() : band_.symmetric()) &&
                               !parameters_.given("model.density") &&
                               parameters_.real("model.chemical_potential") == 0),
      ranks_(context.communicator.size()),
      leads_(context.communicator.rank() == 0),
      basis_(beta_, basis_energy_of(parameters_, band_), parameters_.real("algorithm.basis_accuracy")),
      frequencies_(node_frequencies(basis_)),
      mixing_(mixing_of(parameters_)),
      chemical_potential_(parameters_.real("model.chemical_potential")),
      solver_(context, phase_, particle_hole_symmetric_),
      reported_(solver_of(parameters_) != ImpuritySolver::segments),
      spectra_(parameters_, phase_, continuation_frequencies(beta_, basis_.omega_max())),
      wanted_(solver_of(parameters_) == ImpuritySolver::segments
                  ? parameters_.integer("algorithm.measured_iterations")
                  : 0) {
  set_start();
  declare_results();
}

LocalFunctions HubbardDmft::local_green(double chemical_potential, const LocalFunctions& self_energy) const {
  if (two_band_) return two_band_->green(chemical_potential, self_energy, frequencies_);
  return lattice_green(band_, phase_, chemical_potential, self_energy, frequencies_);
}

LocalFunctions HubbardDmft::local_hybridisation(const LocalFunctions& self_energy,
                                                const LocalFunctions& green) const {
  if (two_band_) return two_band_->hybridisation(chemical_potential_, self_energy, green, frequencies_);
  return hybridisation_of(band_, phase_, chemical_potential_, self_energy, green, frequencies_);
}

// The Weiss field of a first self-energy: Hartree's, with the atom's (U/2)^2/(i w) for an insulator.
void HubbardDmft::set_start() {
  const double flavours = two_band_ ? 4 : 2;
  const double filling =
      parameters_.given("model.density") ? parameters_.real("model.density") / flavours : 0.5;
  const double staggered =
      phase_ == Phase::antiferromagnetic ? parameters_.real("algorithm.staggered_start") / 2 : 0;
  std::array<double, 2> n{filling + staggered, filling - staggered};
  std::array<double, 2> hartree{n[down] - 0.5, n[up] - 0.5};
  if (superconducting()) {
    const double most = 0.9 * std::sqrt(filling * (1 - filling));
    n = {filling, std::clamp(parameters_.real("algorithm.pairing_start"), -most, most)};
    hartree = {filling - 0.5, n[anomalous_part]};
  }
  const double pole =
      parameters_.text("algorithm.solution_start") == "insulator" ? interaction_ * interaction_ / 4 : 0;
  LocalFunctions sigma;
  if (two_band_) sigma = first_orbital_self_energy(n);
  for (const std::size_t spin : {up, down})
    for (const double frequency : frequencies_)
      if (!two_band_)
        sigma[spin].push_back(interaction_ * hartree[spin] +
                              (superconducting() && spin == anomalous_part ? 0 : pole) /
                                  Complex(0, frequency));
  unknowns_ = flattened(local_hybridisation(sigma, local_green(chemical_potential_, sigma)), n);
}

void HubbardDmft::start_from(HubbardDmft& previous) {
  if (superconducting() != previous.superconducting()) return;  // other functions
  // The field of another temperature, at the frequencies of this one.
  LocalFunctions hybridisation;
  const WeissField field = previous.weiss_field();
  for (const std::size_t spin : {up, down}) {
    const SpectralPoles poles{previous.basis_.energies(),
                              previous.basis_.from_frequencies(field.hybridisation[spin])};
    for (const double frequency : frequencies_) hybridisation[spin].push_back(poles(Complex(0, frequency)));
  }
  if (finds_potential()) chemical_potential_ = previous.chemical_potential_;
  unknowns_ = flattened(hybridisation, previous.densities());
  solver_.start_from(previous.solver_);
}

// With particle-hole symmetry G_s(i w) = -conj G_s'(i w), s' the other spin where sublattices differ;
// rounding would leave it, as it is unstable in an insulator.
void HubbardDmft::symmetrise(LocalFunctions& hybridisation, std::array<double, 2>& densities) const {
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

std::vector<double> HubbardDmft::flattened(LocalFunctions hybridisation,
                                           std::array<double, 2> densities) const {
  if (superconducting())  // the gauge
    for (Complex& each : hybridisation[anomalous_part]) each = each.real();
  if (two_band_) symmetrise_orbitals(hybridisation, densities);
  if (particle_hole_symmetric_ && !two_band_) symmetrise(hybridisation, densities);
  std::vector<double> values;
  for (std::size_t spin = 0; spin < spins(); ++spin)
    for (const Complex each : hybridisation[spin]) {
      values.push_back(each.real());
      values.push_back(each.imag());
    }
  if (spins() == 1)
    values.push_back((densities[up] + densities[down]) / 2);
  else
    values.insert(values.end(), densities.begin(), densities.end());
  if (finds_potential()) values.push_back(chemical_potential_);
  return values;
}

WeissField HubbardDmft::weiss_field() const {
  WeissField field{interaction_, chemical_potential_, band_.mean(), {}};
  if (two_band_)
    field.orbitals =
        OrbitalPair{parameters_.real("model.hund_coupling"), two_band_->level(), two_band_->equivalent()};
  const std::size_t nodes = frequencies_.size();
  for (const std::size_t spin : {up, down})
    for (std::size_t node = 0; node < nodes; ++node) {
      const std::size_t place = 2 * ((spins() == 1 ? 0 : spin) * nodes + node);
      field.hybridisation[spin].emplace_back(unknowns_[place], unknowns_[place + 1]);
    }
  return field;
}

std::array<double, 2> HubbardDmft::densities() const {
  const std::size_t first = 2 * spins() * frequencies_.size();
  return {unknowns_[first], unknowns_[first + spins() - 1]};
}

std::array<double, 2> HubbardDmft::densities_of(const ImpuritySolution& solution) const {
  return {solution.density[up].value,
          superconducting() ? solution.pair_amplitude.value : solution.density[down].value};
}

// mu at which the lattice with this self-energy has the density asked for.
double HubbardDmft::potential_of(const ImpuritySolution& solution) const {
  if (!finds_potential()) return chemical_potential_;
  const double target = parameters_.real("model.density");
  const auto excess = [&](double potential) {
    return (two_band_ ? 2 : 1) * electrons_of(basis_, phase_, local_green(potential, solution.self_energy)) -
           target;
  };
  const double reach = basis_.omega_max();
  return root_between(excess, -reach, reach, 1e-13 * reach);
}

void HubbardDmft::step(std::int64_t t) {
  const SolverAnswer answer = solver_.solve(basis_, weiss_field(), densities(), iterations_);
  const ImpuritySolution& solution = answer.solution;
  chemical_potential_ = potential_of(solution);
  const LocalFunctions green = local_green(chemical_potential_, solution.self_energy);
  const std::vector<double> image =
      flattened(local_hybridisation(solution.self_energy, green), densities_of(solution));
  double change = 0;
  for (std::size_t i = 0; i < image.size(); ++i)
    change = std::fmax(change, std::fabs(image[i] - unknowns_[i]));
  ++iterations_;
  report(answer, change);
  measured_ += converged_;
  if (measured_ <= 1) reported_.forget_average();
  reported_.add_to_average();
  for (SelfEnergySeries& each : spectra_.series()) {
    if (measured_ <= 1) each.forget();
    each.add(answer.segments->results);
  }
  if (converged_ == 0 && settled(change)) converged_ = 1;
  spectra_.forget();
  real_axis_.clear();
  if (finished() || t + 1 == parameters_.integer("run.sweeps")) find_spectra(answer);
  if (finished()) return;
  const double potential = unknowns_.back();
  unknowns_ = mixing_.next(unknowns_, image);
  if (!finds_potential()) return;
  if (wanted_ > 0) unknowns_.back() = damped_potential(potential, image.back());
  chemical_potential_ = unknowns_.back();
}

// Where an attraction makes the density soft, whole steps of mu overshoot and swing. After a change of
// direction without a much shorter step only half as much of each step is done, more again while the
// direction stays; nothing changes once results are averaged.
double HubbardDmft::damped_potential(double now, double found) {
  const double step = found - now;
  if (measured_ == 0) {
    if (step * potential_step_ < 0 && std::fabs(step) > std::fabs(potential_step_) / 2)
      potential_part_ = std::fmax(potential_part_ / 2, least_part);
    else if (step * potential_step_ > 0)
      potential_part_ = std::fmin(potential_part_ * 1.25, 1);
    potential_step_ = step;
  }
  return now + potential_part_ * step;
}

// Deterministic solvers: nothing changes. Monte Carlo: the means of the last iterations and of as many before
// them agree within errors, and so do those of even and odd iterations.
bool HubbardDmft::settled(double change) const {
  if (wanted_ == 0) return change <= tolerance_;
  if (iterations_ < 2 * window) return false;
  const auto agrees = [&](Row row) {
    double difference = 0, swing = 0, variance = 0;
    for (std::int64_t back = 0; back < 2 * window; ++back) {
      const double* entry = &history_[static_cast<std::size_t>(iterations_ - 1 - back) * rows];
      const double error = entry[row == weight          ? weight_error
                                 : row == second_weight ? second_weight_error
                                                        : double_occupancy_error];
      difference += (back < window ? 1 : -1) * entry[row] / window;
      swing += (back % 2 == 0 ? 1 : -1) * entry[row] / window;
      // Densities are about twice as uncertain as the double occupancy.
      variance += (row == density || row == order ? 4 : 1) * error * error / (window * window);
    }
    return std::fmax(std::fabs(difference), std::fabs(swing)) <=
           errors_allowed * std::sqrt(variance) + tolerance_;
  };
  return agrees(double_occupancy) && agrees(weight) && agrees(second_weight) && agrees(density) &&
         agrees(order);
}

}  // namespace weiss
