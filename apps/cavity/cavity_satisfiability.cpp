#include "cavity/cavity_satisfiability.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/cavity/decimation.hpp"
#include "weiss/simulation/exact_result.hpp"

namespace weiss {

namespace {

// Below this mean bias of the most biased variables surveys say nothing: the walk is better.
constexpr double vanishing_bias = 0.01;

std::int64_t clauses_of(const Parameters& parameters) {
  return static_cast<std::int64_t>(std::floor(parameters.real("model.clause_density") *
                                                  static_cast<double>(parameters.integer("model.variables")) +
                                              0.5));
}

void declare_formula_keys(Schema& schema) {
  schema.integer(
      "model.variables",
      {.fallback = "10000", .help = "N, variables of a K-SAT formula", .minimum = 8, .maximum = 1e8});
  schema.integer("model.clause_length",
                 {.fallback = "3", .help = "K, variables of a clause", .minimum = 2, .maximum = 8});
  schema.real(
      "model.clause_density",
      {.fallback = "4.2", .help = "M/N, clauses a variable", .minimum = 0, .exclusive_minimum = true});
  schema.integer("model.formula", {.fallback = "0", .help = "number of the random formula", .minimum = 0});
}

void declare_survey_keys(Schema& schema) {
  schema.real("algorithm.joker_weight",
              {.fallback = "1",
               .help = "1: survey propagation, 0: belief propagation; between them their interpolation",
               .minimum = 0,
               .maximum = 1});
  schema.real("algorithm.survey_tolerance",
              {.fallback = "1e-3",
               .help = "surveys have settled when none changes by more in a sweep",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.integer("algorithm.survey_sweeps",
                 {.fallback = "1000",
                  .unit = "sweeps",
                  .help = "sweeps after which surveys that do not settle are given up",
                  .minimum = 1});
  schema.real("algorithm.survey_fixing",
              {.fallback = "0",
               .help = "part of the variables that is fixed whenever the surveys have settled; 0: no search",
               .minimum = 0,
               .maximum = 0.5});
  schema.integer(
      "algorithm.walk_sweeps",
      {.fallback = "1000", .unit = "flips a variable", .help = "length of the final WalkSAT", .minimum = 0});
  schema.real("algorithm.walk_noise",
              {.fallback = "0.5",
               .help = "probability of a random flip where every flip breaks a clause",
               .minimum = 0,
               .maximum = 1});
}

}  // namespace

void CavitySatisfiability::declare(Schema& schema) {
  declare_formula_keys(schema);
  declare_survey_keys(schema);
}

void CavitySatisfiability::validate(const Parameters& parameters, Problems& problems) {
  const auto n = static_cast<double>(parameters.integer("model.variables"));
  double sets = 1;
  for (std::int64_t k = 0; k < parameters.integer("model.clause_length"); ++k)
    sets *= (n - static_cast<double>(k)) / static_cast<double>(k + 1);
  if (static_cast<double>(clauses_of(parameters)) > sets)
    problems.add("model.clause_density", "asks for more clauses than there are sets of variables; lower it");
  if (clauses_of(parameters) < 1)
    problems.add("model.clause_density", "gives no clause; raise it or model.variables");
  if (static_cast<double>(clauses_of(parameters) * parameters.integer("model.clause_length")) > 2e9)
    problems.add("model.variables", "gives more than 2e9 literals; lower it");
  if (parameters.real("algorithm.survey_fixing") == 0)
    for (const char* key : {"algorithm.walk_sweeps", "algorithm.walk_noise"})
      if (parameters.chosen(key)) problems.add(key, "needs algorithm.survey_fixing; remove it");
}

TaskPlan CavitySatisfiability::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  plan.kernel = "survey_propagation_double";
  plan.updates_per_step =
      static_cast<double>(clauses_of(parameters) * parameters.integer("model.clause_length"));
  plan.updates_per_ns = 0.03;
  plan.bytes = plan.updates_per_step * 17 + static_cast<double>(parameters.integer("model.variables")) * 42;
  return plan;
}

CavitySatisfiability::CavitySatisfiability(const TaskContext& context)
    : formula_(random_formula(context.parameters.integer("model.variables"),
                              static_cast<int>(context.parameters.integer("model.clause_length")),
                              clauses_of(context.parameters),
                              static_cast<std::uint64_t>(context.parameters.integer("run.seed")),
                              static_cast<std::uint64_t>(context.parameters.integer("model.formula")))),
      joker_weight_(context.parameters.real("algorithm.joker_weight")),
      tolerance_(context.parameters.real("algorithm.survey_tolerance")),
      fraction_(context.parameters.real("algorithm.survey_fixing")),
      noise_(context.parameters.real("algorithm.walk_noise")),
      beliefs_(joker_weight_ == 0),
      sweeps_a_round_(context.parameters.integer("algorithm.survey_sweeps")),
      most_walks_(context.parameters.integer("algorithm.walk_sweeps")),
      order_stream_(context.seed, context.task_key, StreamId::survey_order),
      fixing_stream_(context.seed, context.task_key, StreamId::decimation),
      walk_stream_(context.seed, context.task_key, StreamId::focused_search),
      surveys_(formula_, joker_weight_, Stream(context.seed, context.task_key, StreamId::initial_state)),
      spins_(static_cast<std::size_t>(formula_.variables), 1) {}

void CavitySatisfiability::find_bytes() {
  survey_bytes_ = whole_bytes(surveys_.surveys());
  fixed_bytes_ = whole_bytes(surveys_.fixed_spins());
  spin_bytes_ = whole_bytes(std::span(spins_));
}

void CavitySatisfiability::step(std::int64_t t) {
  if (phase_ == walking) {
    walk(t);
    return;
  }
  residual_ = surveys_.sweep(RandomSource(order_stream_, static_cast<std::uint64_t>(t)));
  ++sweeps_;
  ++sweeps_of_round_;
  const bool settled = residual_ <= tolerance_;
  if (!settled && sweeps_of_round_ < sweeps_a_round_) return;
  if (phase_ == settling) {
    converged_ = settled ? 1 : 0;
    first_fixed_point_ = fixed_point();
    if (fraction_ == 0) {
      phase_ = settled ? done : settling;  // without a search the run's sweeps are the budget
      return;
    }
    phase_ = fixing;
  }
  if (settled)
    fix_most_biased(t);
  else
    start_walk();
}

// The 'fraction' most biased free variables, at least one, along their bias.
void CavitySatisfiability::fix_most_biased(std::int64_t t) {
  const auto n = static_cast<std::size_t>(formula_.variables);
  std::vector<double> bias(n);
  bool contradicts = false;
  for (std::size_t i = 0; i < n; ++i) {
    if (surveys_.fixed()[i] != 0) continue;
    const VariableWeights weights = surveys_.weights(static_cast<std::int64_t>(i));
    contradicts = contradicts || weights.plus + weights.minus + weights.joker == 0;
    bias[i] = weights.plus - weights.minus;
  }
  const auto count = std::max<std::int64_t>(1, std::llround(fraction_ * static_cast<double>(n)));
  const std::vector<FixedSpin> chosen = most_biased(bias, surveys_.fixed(), count, vanishing_bias,
                                                    fixing_stream_, static_cast<std::uint64_t>(t));
  const bool vanished =
      chosen.empty() || std::fabs(bias[static_cast<std::size_t>(chosen.front().site)]) <= vanishing_bias;
  if (vanished || contradicts) {
    start_walk();
    return;
  }
  for (const FixedSpin& each : chosen) surveys_.fix(each.site, each.spin);
  ++rounds_;
  sweeps_of_round_ = 0;
}

// From what is fixed and, for the rest, the side that the messages prefer.
void CavitySatisfiability::start_walk() {
  for (std::size_t i = 0; i < spins_.size(); ++i) {
    const std::int8_t fixed = surveys_.fixed()[i];
    const VariableWeights weights = surveys_.weights(static_cast<std::int64_t>(i));
    spins_[i] = fixed != 0 ? fixed : static_cast<std::int8_t>(weights.minus > weights.plus ? -1 : 1);
  }
  const bool solved = unsatisfied_clauses(formula_, spins_) == 0;
  phase_ = solved || most_walks_ == 0 ? done : walking;
}

void CavitySatisfiability::walk(std::int64_t t) {
  const std::int64_t left = focused_search(formula_, spins_, surveys_.fixed(), formula_.variables, noise_,
                                           RandomSource(walk_stream_, static_cast<std::uint64_t>(t)));
  ++walks_;
  if (left == 0 || walks_ >= most_walks_) phase_ = done;
}

std::vector<double> CavitySatisfiability::fixed_point() const {
  double survey = 0, bias = 0;
  for (const double each : surveys_.surveys()) survey += each;
  for (std::int64_t i = 0; i < formula_.variables; ++i) {
    const VariableWeights weights = surveys_.weights(i);
    bias += std::fabs(weights.plus - weights.minus);
  }
  const auto n = static_cast<double>(formula_.variables);
  return {surveys_.potential() / n, survey / static_cast<double>(formula_.literals()), bias / n};
}

std::vector<Result> CavitySatisfiability::own_results() const {
  std::vector<Result> all;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       double value, bool headline = false) {
    all.push_back(exact_result(name, long_name, unit, formula, value, headline));
  };
  const std::vector<double> found = first_fixed_point_.empty() ? fixed_point() : first_fixed_point_;
  add("converged", "1 where the messages of the whole formula settled", "1",
      "residual <= algorithm.survey_tolerance", static_cast<double>(converged_), true);
  add("sweeps", "sweeps done", "sweeps", "count", static_cast<double>(sweeps_));
  add("residual", "largest change of a survey in the last sweep", "1", "max |eta_new - eta|", residual_,
      true);
  if (joker_weight_ == 1)
    add("complexity", "complexity per variable", "1", "Sigma = Phi/N", found[potential], true);
  else
    add(beliefs_ ? "entropy" : "potential",
        beliefs_ ? "entropy of solutions per variable" : "potential per variable", "1", "Phi/N",
        found[potential], true);
  add("mean_survey", "mean survey", "1", "mean of eta", found[mean_survey]);
  add("mean_bias", "mean bias of a variable", "1", "mean of |plus - minus|", found[mean_bias]);
  if (fraction_ == 0) return all;
  const auto clauses = static_cast<double>(formula_.clauses());
  const auto count =
      std::count_if(surveys_.fixed().begin(), surveys_.fixed().end(), [](auto s) { return s != 0; });
  add("decimation_rounds", "rounds of fixing", "1", "count", static_cast<double>(rounds_));
  add("fixed_fraction", "part of the variables that surveys fixed", "1", "fixed/N",
      static_cast<double>(count) / static_cast<double>(formula_.variables));
  if (phase_ == walking || phase_ == done)
    add("unsatisfied_clauses", "part of the clauses that stay unsatisfied; 0 is a solution", "1",
        "unsatisfied/M", static_cast<double>(unsatisfied_clauses(formula_, spins_)) / clauses, true);
  return all;
}

}  // namespace weiss
