#include "hubbard_dmft/hubbard_dmft.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

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
  plan.expected_steps = 30;
  if (solver_of(parameters) == ImpuritySolver::segments) {
    plan.updates_per_step = updates_of(parameters);
    plan.updates_per_ns = 8e-3;
    plan.expected_steps += parameters.integer("algorithm.measured_iterations");
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
      interaction_(parameters_.real("model.interaction")),
      tolerance_(parameters_.real("algorithm.tolerance")),
      ranks_(context.communicator.size()),
      leads_(context.communicator.rank() == 0),
      lattice_(parameters_),
      mixing_(mixing_of(parameters_)),
      chemical_potential_(parameters_.real("model.chemical_potential")),
      solver_(context, lattice_),
      reported_(solver_of(parameters_) != ImpuritySolver::segments),
      spectra_(parameters_, lattice_),
      wanted_(solver_of(parameters_) == ImpuritySolver::segments
                  ? parameters_.integer("algorithm.measured_iterations")
                  : 0) {
  unknowns_ = lattice_.start(chemical_potential_);
  declare_results();
}

void HubbardDmft::start_from(HubbardDmft& previous) {
  const double potential = lattice_.finds_potential() ? previous.chemical_potential_ : chemical_potential_;
  const std::optional<Unknowns> adopted = lattice_.adopt(previous.lattice_, previous.unknowns_, potential);
  if (!adopted) return;
  unknowns_ = *adopted;
  chemical_potential_ = potential;
  solver_.start_from(previous.solver_);
}

void HubbardDmft::step(std::int64_t t) {
  const SolverAnswer answer =
      solver_.solve(lattice_.basis(), weiss_field(), lattice_.densities(unknowns_), iterations_);
  chemical_potential_ = lattice_.potential(chemical_potential_, answer.solution.self_energy);
  const Unknowns image = lattice_.image(chemical_potential_, answer.solution);
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
  if (!lattice_.finds_potential()) return;
  if (measured_ > 0) potential_step_.settle();
  if (wanted_ > 0) unknowns_.back() = potential_step_.next(potential, image.back());
  chemical_potential_ = unknowns_.back();
}

// Deterministic solvers: nothing changes.
bool HubbardDmft::settled(double change) const {
  return wanted_ == 0 ? change <= tolerance_ : history_.agrees(tolerance_);
}

}  // namespace weiss
