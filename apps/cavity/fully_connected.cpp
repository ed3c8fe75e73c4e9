#include "cavity/fully_connected.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "cavity/fully_connected_results.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_steps = 50;
constexpr double lowest_temperature = 2e-3;  // but 0, which is no limit
constexpr int most_spins = 10;
constexpr double rounding = 1e-14;

bool is_ising(const Parameters& parameters) { return parameters.text("model.fully_connected") == "ising"; }
bool asks_for_transitions(const Parameters& parameters) {
  return parameters.text("algorithm.target") == "transitions";
}
bool uses_replica_steps(const Parameters& parameters) {
  return is_ising(parameters) && !asks_for_transitions(parameters);
}

// Nothing where the text is neither a number of steps nor 'full'.
std::optional<std::int64_t> steps_asked(const Parameters& parameters) {
  const std::string& text = parameters.text("algorithm.replica_symmetry_breaking_steps");
  if (text == "full") return parameters.integer("algorithm.full_steps");
  std::int64_t steps = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
  if (error != std::errc() || end != text.data() + text.size() || steps < 0 || steps > most_steps) return {};
  return steps;
}

void validate_temperatures(const Parameters& parameters, Problems& problems) {
  const std::vector<double> temperatures = fully_connected_temperatures(parameters);
  const char* key =
      parameters.given("algorithm.temperatures") ? "algorithm.temperatures" : "model.temperature";
  const bool spherical = parameters.text("model.fully_connected") == "spherical";
  const bool line = is_ising(parameters) && asks_for_transitions(parameters);
  for (const double t : temperatures) {
    if (uses_replica_steps(parameters) && t > 0 && t < lowest_temperature)
      problems.add(key, "between 0 and 0.002 the grid would be too fine; take 0, which is exact");
    if (spherical && t == 0)
      problems.add(key,
                   "must be > 0 for the spherical model; its ground-state energy "
                   "is one of algorithm.target = transitions");
    if (line && !(t > 0 && t < 1))
      problems.add(key,
                   "must be between 0 and T_c = 1 on the line of de Almeida and "
                   "Thouless");
  }
}

// What would be ignored is refused.
void refuse_idle_keys(const Parameters& parameters, Problems& problems) {
  const std::string& kind = parameters.text("model.fully_connected");
  const bool random_energy = kind == "random_energy";
  if (!is_ising(parameters) && parameters.real("model.field") != 0)
    problems.add("model.field", "belongs to model.fully_connected = ising only; remove it");
  if (!random_energy && parameters.real("model.transverse_field") != 0)
    problems.add("model.transverse_field",
                 "belongs to model.fully_connected = random_energy only; remove it");
  if (random_energy && parameters.chosen("model.spins_per_interaction"))
    problems.add("model.spins_per_interaction", "has no meaning for random_energy; remove it");
  if (!uses_replica_steps(parameters))
    for (const char* key : {"algorithm.replica_symmetry_breaking_steps", "algorithm.full_steps",
                            "algorithm.grid_spacing", "algorithm.gradient_tolerance"})
      if (parameters.chosen(key))
        problems.add(key, "belongs to solutions of model.fully_connected = ising only; remove it");
}

}  // namespace

void FullyConnected::declare(Schema& schema) {
  schema.choice("model.fully_connected", {"ising", "spherical", "random_energy"},
                {.fallback = "ising",
                 .help = "spins of the fully connected model; random_energy is p = infinity, with its closed "
                         "forms"});
  schema.integer("model.spins_per_interaction",
                 {.fallback = "2",
                  .help = "p of H = -sum J s_1 .. s_p with [J^2] = p!/(2 N^(p-1)); 2 is the "
                          "Sherrington-Kirkpatrick model",
                  .minimum = 2,
                  .maximum = most_spins});
  schema.real("model.field", {.fallback = "0", .unit = "J", .help = "uniform field h"});
  schema.real("model.transverse_field",
              {.fallback = "0", .unit = "J", .help = "transverse field of the random energy model"});
  schema.real("model.temperature",
              {.unit = "J", .help = "temperature (k_B = 1); 0 is allowed", .minimum = 0});
  schema.reals(
      "algorithm.temperatures",
      {.unit = "J", .help = "temperatures of one task, solved in order; 0 is allowed", .minimum = 0});
  schema.at_most_one_of({"model.temperature", "algorithm.temperatures"});
  schema.choice(
      "algorithm.target", {"solution", "transitions"},
      {.fallback = "solution",
       .help = "solution: thermodynamics and q(x) at temperatures; transitions: critical temperatures "
               "(p >= 3), the line of de Almeida and Thouless (p = 2), transverse fields"});
  schema.text("algorithm.replica_symmetry_breaking_steps",
              {.fallback = "full", .help = "k = 0 (replica symmetric) to 50, or full"});
  schema.integer("algorithm.full_steps",
                 {.fallback = "32",
                  .help = "steps that stand for full replica symmetry breaking; the error of f falls as k^-4 "
                          "and is estimated from half as many",
                  .minimum = 4,
                  .maximum = most_steps});
  schema.real("algorithm.grid_spacing",
              {.fallback = "0.04",
               .unit = "J",
               .help = "largest spacing of local fields; sums converge exponentially, and the difference to "
                       "half the spacing is part of the error of f",
               .minimum = 0.002,
               .maximum = 0.2});
  schema.real(
      "algorithm.gradient_tolerance",
      {.fallback = "1e-8",
       .unit = "J",
       .help = "converged: every derivative of f by the logarithm of a step is smaller; iterations go on "
               "to 1e-4 of it or to rounding",
       .minimum = 1e-13,
       .maximum = 1e-3});
}

void FullyConnected::validate(const Parameters& parameters, Problems& problems) {
  const std::int64_t p = parameters.integer("model.spins_per_interaction");
  const bool any = !fully_connected_temperatures(parameters).empty();
  if (parameters.text("model.fully_connected") == "spherical" && p == 2)
    problems.add("model.spins_per_interaction",
                 "must be at least 3 for spherical; p = 2 has no replica symmetry breaking");
  if (!asks_for_transitions(parameters) && !any)
    problems.add("algorithm.target", "solution needs model.temperature or algorithm.temperatures");
  if (asks_for_transitions(parameters) && is_ising(parameters)) {
    if (p == 2 && !any && parameters.real("model.field") == 0)
      problems.add(
          "algorithm.target",
          "transitions of p = 2 need temperatures, to find fields, or model.field, to find a temperature");
    if (p > 2 && parameters.real("model.field") != 0)
      problems.add("model.field", "must be 0: transitions of p > 2 are those without a field");
    if (p > 2 && any)
      problems.add("algorithm.target", "transitions of p > 2 take no temperatures; remove them");
  }
  if (uses_replica_steps(parameters) && !steps_asked(parameters))
    problems.add("algorithm.replica_symmetry_breaking_steps", "must be a number from 0 to 50, or full");
  validate_temperatures(parameters, problems);
  refuse_idle_keys(parameters, problems);
}

TaskPlan FullyConnected::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  plan.kernel = uses_replica_steps(parameters) ? "replica_steps_libm" : "closed_form_libm";
  plan.updates_per_step = 1;
  plan.updates_per_ns = 5e-7;
  const double variables = 2.0 * most_steps;
  plan.bytes = uses_replica_steps(parameters) ? 8 * variables * variables : 8;
  return plan;
}

FullyConnected::FullyConnected(const TaskContext& context)
    : parameters_(context.parameters),
      temperatures_(fully_connected_temperatures(context.parameters)),
      by_replica_steps_(uses_replica_steps(context.parameters)),
      kernel_(plan(context.parameters, 1).kernel) {
  if (!by_replica_steps_) {
    temperatures_.clear();  // one step
    return;
  }
  full_ = parameters_.text("algorithm.replica_symmetry_breaking_steps") == "full";
  steps_ = steps_asked(parameters_).value();
  tolerance_ = parameters_.real("algorithm.gradient_tolerance");
  grid_.spacing = parameters_.real("algorithm.grid_spacing");
  prepare();
}

MeanFieldGlass FullyConnected::glass_at(std::int64_t point) const {
  return {static_cast<int>(parameters_.integer("model.spins_per_interaction")),
          temperatures_[static_cast<std::size_t>(point)], parameters_.real("model.field")};
}

// The solver of the present temperature, at its start.
void FullyConnected::prepare() {
  if (!by_replica_steps_ || prepared_ == current_) return;
  prepared_ = current_;
  solver_.reset();
  if (!finished()) solver_ = std::make_unique<ReplicaSolver>(glass_at(current_), steps_, tolerance_, grid_);
}

void FullyConnected::step(std::int64_t) {
  if (!by_replica_steps_) {
    current_ = 1;
    return;
  }
  solver_->iterate();
  if (!solver_->finished()) return;
  const std::vector<double> done = row();
  rows_.insert(rows_.end(), done.begin(), done.end());
  ++current_;
  prepare();
}

// The difference to a grid twice as fine, how far from stationary it may be, and of full breaking a bound on
// what more steps would change.
double FullyConnected::free_energy_error_of(const MeanFieldGlass& glass, const ReplicaSteps& steps,
                                            double f) const {
  ReplicaGrid finer = grid_;
  finer.refinement = 2;
  const double of_grid = std::fabs(f - replica_free_energy(glass, steps, finer).free_energy);
  return of_grid + solver_->residual() + rounding + error_of_steps(solver_->ladder_free_energies()) / 8;
}

// Of full breaking the difference to about half as many steps, else 0.
double FullyConnected::error_of_steps(const std::vector<double>& ladder) const {
  return full_ && ladder.size() > 1 ? std::fabs(ladder.back() - ladder[ladder.size() - 2]) : 0;
}

std::vector<double> FullyConnected::row() const {
  const MeanFieldGlass glass = glass_at(current_);
  ReplicaSteps steps = solver_->steps();
  const ReplicaFreeEnergy at = replica_free_energy(glass, steps, grid_);
  std::vector<double> row(first_height);
  row[free_energy] = at.free_energy;
  row[free_energy_error] = free_energy_error_of(glass, steps, at.free_energy);
  row[energy] = replica_energy(glass, steps, at);
  row[energy_again] = glass.temperature == 0 ? at.free_energy : energy_from_free_energy(glass, steps, grid_);
  row[energy_error] = std::fabs(row[energy] - row[energy_again]) + solver_->residual() + rounding +
                      error_of_steps(solver_->ladder_energies()) / 4;
  row[entropy] = replica_entropy(glass, steps, at);
  row[magnetization] = at.magnetization;
  row[largest_overlap] = steps.q.back();
  row[susceptibility] = replica_susceptibility(steps, at);
  double distance = 0;  // from q_i = E m_i^2
  for (std::size_t i = 0; i < steps.q.size(); ++i)
    distance = std::max(distance, std::fabs(steps.q[i] - at.overlaps[i]));
  const double largest_mu = steps.mu.empty() ? 1 : steps.mu.back();
  row[overlap_error] = distance + rounding + error_of_steps(solver_->ladder_overlaps());
  row[susceptibility_error] =
      (distance + rounding) * largest_mu + error_of_steps(solver_->ladder_susceptibilities());
  row[mean_overlap] = 1 - glass.temperature * row[susceptibility];
  row[state_susceptibility] = at.susceptibility;
  row[residual] = solver_->residual();
  row[converged] = solver_->converged() ? 1 : 0;
  // A rung of the ladder that is not the last has fewer steps: the others have no weight.
  const auto k = static_cast<std::size_t>(steps_);
  const double top = glass.temperature > 0 ? 1 / glass.temperature : steps.mu.empty() ? 0 : steps.mu.back();
  while (steps.mu.size() < k) {
    steps.q.push_back(steps.q.back());
    steps.mu.push_back(top);
  }
  row.insert(row.end(), steps.q.begin(), steps.q.end());
  row.insert(row.end(), steps.mu.begin(), steps.mu.end());
  for (std::size_t i = 0; i <= k; ++i) {
    const double below = i == 0 ? 0 : steps.mu[i - 1] * glass.temperature;
    row.push_back((i == k ? 1 : steps.mu[i] * glass.temperature) - below);
  }
  return row;
}

std::vector<Result> FullyConnected::own_results() const {
  if (!by_replica_steps_) return finished() ? closed_form_results(parameters_) : std::vector<Result>{};
  std::vector<double> rows = rows_;
  if (!finished()) {  // not converged yet: a result too
    const std::vector<double> present = row();
    rows.insert(rows.end(), present.begin(), present.end());
  }
  std::vector<Result> all = thermodynamics_of(rows);
  add_overlap_function(rows, all);
  return all;
}

// `length` columns from `first` on of every row.
std::vector<double> FullyConnected::columns(const std::vector<double>& rows, std::size_t first,
                                            std::size_t length) const {
  std::vector<double> values;
  for (std::size_t start = first; start < rows.size(); start += width())
    for (std::size_t c = 0; c < length; ++c) values.push_back(rows[start + c]);
  return values;
}

Axis FullyConnected::solved_temperatures(const std::vector<double>& rows) const {
  const auto count = static_cast<std::ptrdiff_t>(rows.size() / width());
  return fully_connected_axis({temperatures_.begin(), temperatures_.begin() + count});
}

std::vector<Result> FullyConnected::thermodynamics_of(const std::vector<double>& rows) const {
  const Axis axis = solved_temperatures(rows);
  std::vector<Result> all;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       Column column, std::vector<double> errors, bool headline) {
    all.push_back(deterministic_result(name,
                                       {long_name, unit, formula, {axis.values.size()}, headline, {axis}},
                                       columns(rows, column, 1), std::move(errors)));
  };
  const std::vector<double> of_f = columns(rows, free_energy_error, 1), of_e = columns(rows, energy_error, 1);
  const std::vector<double> of_q = columns(rows, overlap_error, 1),
                            of_chi = columns(rows, susceptibility_error, 1);
  std::vector<double> of_s;
  for (std::size_t i = 0; i < of_f.size(); ++i) {
    const double t = axis.values[i];
    // At T = 0 the entropy of full breaking is 0: what is left of it is its error.
    of_s.push_back(t > 0 ? (of_e[i] + of_f[i]) / t : full_ ? std::fabs(rows[i * width() + entropy]) : 0);
  }
  add("free_energy", "free energy per site; error: of the grid and, of full breaking, of the number of steps",
      "J", "-T ln Z/N", free_energy, of_f, true);
  add("energy",
      "energy per site; error: difference to energy_from_free_energy and, of full breaking, to fewer steps",
      "J", "-int mu xi'(q) dq - h m", energy, of_e, true);
  add("energy_from_free_energy", "energy per site from the free energy", "J", "d(beta f)/d beta; f at T = 0",
      energy_again, of_e, false);
  add("entropy", "entropy per site; negative where more steps are needed", "1", "-df/dT", entropy, of_s,
      true);
  add("magnetization", "magnetization per site", "1", "E m_0", magnetization, of_q, false);
  add("largest_overlap",
      "overlap of two configurations of one state; error: distance from stationary and, of full breaking, to "
      "fewer steps",
      "1", "q(1)", largest_overlap, of_q, true);
  add("mean_overlap", "mean overlap of two configurations", "1", "int q(x) dx", mean_overlap, of_q, false);
  add("susceptibility", "magnetic susceptibility", "1/J", "(1 - int q(x) dx)/T", susceptibility, of_chi,
      false);
  add("state_susceptibility", "magnetic susceptibility of one state", "1/J", "(1 - q(1))/T",
      state_susceptibility, of_chi, false);
  add("residual", "largest derivative of f by the logarithm of a step", "J", "max |df/d ln step|", residual,
      {}, false);
  add("converged", "verdict: 1 the residual is below algorithm.gradient_tolerance, 0 not", "1",
      "residual <= tolerance", converged, {}, true);
  return all;
}

void FullyConnected::add_overlap_function(const std::vector<double>& rows, std::vector<Result>& all) const {
  const Axis axis = solved_temperatures(rows);
  const auto k = static_cast<std::size_t>(steps_);
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       std::size_t first, std::size_t length) {
    all.push_back(
        deterministic_result(name, {long_name, unit, formula, {axis.values.size(), length}, false, {axis}},
                             columns(rows, first, length)));
  };
  add("overlaps", "heights of q(x), from the lowest; their error is not estimated, see largest_overlap", "1",
      "q_i, i = 0..k", first_height, k + 1);
  if (k > 0)
    add("breaking_points", "between q_(i-1) and q_i, x divided by T, finite at T = 0; error not estimated",
        "1/J", "mu_i = x_i/T, i = 1..k", first_height + k + 1, k);
  add("overlap_weights", "P(q): weights of the overlaps q_i; error not estimated", "1",
      "x_(i+1) - x_i, x_0 = 0, x_(k+1) = 1", first_height + 2 * k + 1, k + 1);
}

}  // namespace weiss
