#include "hubbard_dmft/hubbard_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "weiss/dmft/nambu_perturbation.hpp"
#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/phonon_energy.hpp"
#include "weiss/simulation/lattice_keys.hpp"

#include "hubbard_dmft/hubbard_susceptibility.hpp"

namespace weiss {

namespace {

std::uint64_t bath_sites_of(const DiagonalisationSettings& settings) {
  return static_cast<std::uint64_t>(settings.fit.bath_sites);
}

}  // namespace

HubbardSolver::HubbardSolver(const TaskContext& context, const HubbardLattice& lattice)
    : kind_(solver_of(context.parameters)),
      communicator_(&context.communicator),
      phase_(lattice.phase()),
      paramagnetic_(phase_ == Phase::paramagnetic),
      particle_hole_symmetric_(lattice.particle_hole_symmetric()),
      two_orbitals_(lattice.two_band().has_value()),
      beta_(lattice.beta()),
      interaction_(context.parameters.real("model.interaction")),
      phonon_(phonon_of(context.parameters)),
      frequencies_(static_cast<std::size_t>(context.parameters.integer("output.frequencies"))),
      legendre_(static_cast<std::size_t>(context.parameters.integer("output.legendre_coefficients"))) {
  const Parameters& parameters = context.parameters;
  diagonalisation_.fit.bath_sites = static_cast<int>(parameters.integer("algorithm.bath_sites"));
  diagonalisation_.fit.alpha = parameters.real("algorithm.fit_exponent");
  diagonalisation_.fit.particle_hole_symmetric =
      particle_hole_symmetric_ && phase_ != Phase::antiferromagnetic;
  diagonalisation_.fit_frequencies = parameters.integer("algorithm.fit_frequencies");
  diagonalisation_.ground_state = parameters.boolean("algorithm.ground_state");
  diagonalisation_.antiferromagnetic = phase_ == Phase::antiferromagnetic;
  plan_.seed = context.seed;
  plan_.task_key = context.task_key;
  plan_.streams = static_cast<std::uint32_t>(parameters.integer("algorithm.streams"));
  plan_.updates = parameters.integer("algorithm.updates");
  plan_.most_warm_up = std::max<std::int64_t>(plan_.updates / 2, 10000);
}

void HubbardSolver::start_from(const HubbardSolver& previous) {
  baths_ = previous.baths_;
  if (two_orbitals_ == previous.two_orbitals_) configurations_ = previous.configurations_;
}

SolverAnswer HubbardSolver::solve(const DiscreteLehmann& basis, const WeissField& field,
                                  const std::array<double, 2>& density, std::int64_t iteration) {
  const bool pairs = phase_ == Phase::superconducting;
  if (kind_ == ImpuritySolver::diagonalisation)
    return pairs ? diagonalise_superconductor(basis, field) : diagonalise(basis, field);
  if (kind_ == ImpuritySolver::segments) return sample(basis, field, iteration);
  SolverAnswer answer;
  answer.solution = pairs ? solve_superconductor_by_perturbation(basis, field, density[0], density[1])
                          : solve_by_perturbation(basis, field, density);
  return answer;
}

std::array<DiscreteBath, 2> HubbardSolver::baths() const {
  std::array<DiscreteBath, 2> baths;
  const std::size_t sites = baths_.size() / 4;
  for (const std::size_t spin : {up, down})
    for (std::size_t k = 0; k < sites; ++k) {
      baths[spin].energy.push_back(baths_[(2 * spin) * sites + k]);
      baths[spin].coupling.push_back(baths_[(2 * spin + 1) * sites + k]);
    }
  return baths;
}

void HubbardSolver::keep_baths(const DiagonalisationResult& result) {
  baths_.clear();
  for (const BathFit& fit : result.fit) {
    baths_.insert(baths_.end(), fit.bath.energy.begin(), fit.bath.energy.end());
    baths_.insert(baths_.end(), fit.bath.coupling.begin(), fit.bath.coupling.end());
  }
}

SolverAnswer HubbardSolver::diagonalise(const DiscreteLehmann& basis, const WeissField& field) {
  SolverAnswer answer;
  answer.diagonalisation = two_orbitals_
                               ? solve_orbitals_by_diagonalisation(basis, field, diagonalisation_, baths())
                               : solve_by_diagonalisation(basis, field, diagonalisation_, baths());
  answer.solution = answer.diagonalisation->solution;
  keep_baths(*answer.diagonalisation);
  answer.self_energy_at = [result = *answer.diagonalisation](std::size_t spin, Complex z) {
    return self_energy_at(result, spin, z);
  };
  return answer;
}

SolverAnswer HubbardSolver::sample(const DiscreteLehmann& basis, const WeissField& field,
                                   std::int64_t iteration) {
  std::vector<SegmentConfiguration> configurations =
      unpack_configurations(configurations_, two_orbitals_ ? 4 : 2);
  SegmentPlan plan = plan_;
  plan.iteration = static_cast<std::uint32_t>(iteration);
  const bool symmetric = particle_hole_symmetric_ && paramagnetic_;
  SolverAnswer answer;
  answer.segments = two_orbitals_ ? solve_orbitals_by_segments(field, basis, symmetric, segments_, plan,
                                                               *communicator_, configurations)
                                  : solve_by_segments(field, basis, symmetric, segments_, plan,
                                                      *communicator_, configurations, phonon_);
  configurations_ = pack(configurations);
  answer.solution = answer.segments->solution;
  answer.first_self_energy_error =
      first_self_energy_errors(*answer.segments, two_orbitals_ && field.orbitals->equivalent);
  return answer;
}

// Of spins each its own; of orbitals that of the mean over spins, and over both where they are equivalent.
std::array<double, 2> HubbardSolver::first_self_energy_errors(const SegmentSolution& found,
                                                              bool equivalent) const {
  const SegmentResults& results = found.results;
  std::array<double, 2> errors{};
  const std::size_t together = results.flavours() / 2;
  for (std::size_t flavour = 0; flavour < results.flavours(); ++flavour) {
    double error = results.self_energy(flavour, std::size_t{1}).error[1];
    // The moments stand alone: all of U^2/(4 w_0) is uncertain.
    if (!found.informed[flavour / together] || !std::isfinite(error))
      error = interaction_ * interaction_ * beta_ / (4 * std::numbers::pi);
    errors[flavour / together] += error * error;
  }
  if (equivalent) errors.fill((errors[0] + errors[1]) / 4);
  for (double& each : errors) each = std::sqrt(each) / static_cast<double>(together);
  return errors;
}

void HubbardSolver::declare(Reported& reported) const {
  if (phase_ == Phase::superconducting) return declare_superconductor(reported);
  if (kind_ == ImpuritySolver::diagonalisation) declare_diagonalisation(reported);
  if (kind_ == ImpuritySolver::segments) declare_segments(reported);
}

void HubbardSolver::declare_diagonalisation(Reported& reported) const {
  const std::uint64_t sites = bath_sites_of(diagonalisation_);
  const std::vector<Axis> axes = {component_axis(), counted_axis("site", sites)};
  reported.declare("bath_energy", {"energies of the bath sites", "energy", "e_k", {2, sites}, false, axes});
  reported.declare("bath_coupling",
                   {"hopping between impurity and bath sites", "energy", "V_k", {2, sites}, false, axes});
  declare_quality(reported,
                  "sqrt(sum_n w_n^-a |Delta - fit|^2/sum_n w_n^-a |Delta|^2), the larger component");
  if (!two_orbitals_) declare_susceptibilities(reported);
}

void HubbardSolver::declare_quality(Reported& reported, const char* distance) {
  reported.declare("bath_misfit",
                   {"relative distance of the bath from the Weiss field", "1", distance, {}, true});
  reported.declare("bath_deviation", {"largest deviation of the bath from the Weiss field", "energy",
                                      "max_n |Delta - fit|(i w_n)"});
  reported.declare("solver_converged",
                   {"1 where the fit of the bath and the diagonalisation settled", "1", "both"});
  reported.declare("neglected_weight", {"Boltzmann weight of the states left out, at most", "1", "bound"});
}

void HubbardSolver::declare_segments(Reported& reported) const {
  const Axis component = component_axis();
  const char* order = "<k> = -beta <H_hyb>/2, mean of spins";
  if (two_orbitals_)
    reported.declare("order",
                     {"segments of a flavour of each orbital", "1", order, {2}, false, {orbital_axis()}});
  else
    reported.declare("order", {"segments of a spin", "1", order, {}, true});
  reported.declare("sign", {"mean sign of the weights", "1", "<s>"});
  declare_susceptibilities(reported);
  reported.declare("self_energy_misfit",
                   {"chi^2 of the fit of the self-energy over its data; about 1 is good", "1",
                    "larger of the components"});
  reported.declare("clipped_hybridisation",
                   {"largest Delta(tau) > 0 that was cut off, relative to max |Delta|", "1", "noise"});
  reported.declare("order_histogram", {"probability of each number of segments",
                                       "1",
                                       "P(k) of each component, of orbitals with spin up",
                                       {2, segment_histogram},
                                       false,
                                       {component, counted_axis("segments", segment_histogram)}});
  reported.declare("acceptance", {"accepted part of the moves",
                                  "1",
                                  "insertions, removals, ... of segments and antisegments, shifts, exchanges",
                                  {segment_moves},
                                  false,
                                  {counted_axis("move", segment_moves)}});
  reported.declare("legendre_coefficients", {"Green function as measured, in Legendre polynomials",
                                             "1",
                                             "sqrt(2 l + 1) int_0^beta P_l(2 tau/beta - 1) G_s(tau) dtau",
                                             {2, legendre_},
                                             false,
                                             {component, counted_axis("l", legendre_)}});
  if (phonon_.couples()) {
    reported.declare("coupling_energy",
                     {"energy of electrons and phonons together a site", "energy", "g <(n - 1)(b+ + b)>"});
    reported.declare("phonon_energy", {"energy of the phonons a site", "energy", "w <b+b>"});
  }
  reported.declare("measured_self_energy",
                   {"self-energy F/G as measured, real and imaginary part",
                    "energy",
                    two_orbitals_ ? "F_a/G_a - (3U - 5J)/2 at i w_n, spin up" : "F_s/G_s - U/2 at i w_n",
                    {2, frequencies_, 2},
                    false,
                    {component, counted_axis("n", frequencies_)}});
}

void HubbardSolver::report(const SolverAnswer& answer, bool last, Reported& reported) const {
  if (answer.diagonalisation) report_diagonalisation(*answer.diagonalisation, last, reported);
  if (answer.superconductor) report_superconductor(*answer.superconductor, reported);
  if (answer.segments) report_segments(*answer.segments, reported);
}

void HubbardSolver::report_diagonalisation(const DiagonalisationResult& found, bool last,
                                           Reported& reported) const {
  std::vector<double> energies, couplings;
  double misfit = 0, deviation = 0;
  for (const BathFit& fit : found.fit) {
    energies.insert(energies.end(), fit.bath.energy.begin(), fit.bath.energy.end());
    couplings.insert(couplings.end(), fit.bath.coupling.begin(), fit.bath.coupling.end());
    misfit = std::max(misfit, fit.misfit);
    deviation = std::max(deviation, fit.largest_deviation);
  }
  reported.put("bath_energy", energies);
  reported.put("bath_coupling", couplings);
  reported.put("bath_misfit", misfit);
  reported.put("bath_deviation", deviation);
  reported.put("solver_converged", found.converged ? 1 : 0);
  reported.put("neglected_weight", found.neglected);
  if (two_orbitals_) return;
  std::optional<LocalCorrelations> correlations;
  const bool ground_state = diagonalisation_.ground_state;
  if (last)
    correlations = local_correlations(found.orbital, interaction_,
                                      ground_state ? std::numeric_limits<double>::infinity() : beta_);
  report_susceptibilities(correlations, beta_, ground_state, reported);
}

void HubbardSolver::report_segments(const SegmentSolution& found, Reported& reported) const {
  const SegmentResults& results = found.results;
  const Estimates order = results.order(), sign = results.sign(), histogram = results.histogram();
  std::vector<double> orders, order_errors;
  for (std::size_t f = 0; f < results.flavours(); f += 2) {
    orders.push_back((order.mean[f] + order.mean[f + 1]) / 2);
    order_errors.push_back(std::hypot(order.error[f], order.error[f + 1]) / 2);
  }
  reported.put("order", orders, order_errors);
  reported.put("sign", sign.mean[0], sign.error[0]);
  report_susceptibilities(results, reported);
  reported.put("self_energy_misfit", std::max(found.misfit[up], found.misfit[down]));
  reported.put("clipped_hybridisation", found.clipped);
  // A component's flavour: spins, or spin up of both orbitals.
  const std::array<std::size_t, 2> flavour{0, two_orbitals_ ? std::size_t{2} : down};
  std::vector<double> values, errors;
  for (const std::size_t s : flavour)
    for (std::size_t k = s * segment_histogram; k < (s + 1) * segment_histogram; ++k) {
      values.push_back(histogram.mean[k]);
      errors.push_back(histogram.error[k]);
    }
  reported.put("order_histogram", values, errors);
  reported.put("acceptance", results.acceptance());
  values.clear();
  errors.clear();
  for (const std::size_t s : flavour) {
    const Estimates green = results.green_legendre(s, legendre_);
    values.insert(values.end(), green.mean.begin(), green.mean.end());
    errors.insert(errors.end(), green.error.begin(), green.error.end());
  }
  reported.put("legendre_coefficients", values, errors);
  values.clear();
  errors.clear();
  for (const std::size_t s : flavour) {
    const Estimates sigma = results.self_energy(s, frequencies_);
    for (std::size_t n = 0; n < frequencies_; ++n)
      for (const std::size_t part : {n, n + frequencies_}) {
        values.push_back(sigma.mean[part] - (part == n ? found.self_energy_shift : 0));
        errors.push_back(sigma.error[part]);
      }
  }
  if (phonon_.couples()) {
    const PhononEnergies energies = phonon_energies(results, beta_, phonon_, 1);
    reported.put("coupling_energy", energies.coupling.value, energies.coupling.error);
    reported.put("phonon_energy", energies.phonon.value, energies.phonon.error);
  }
  reported.put("measured_self_energy", values, errors);
}

}  // namespace weiss
