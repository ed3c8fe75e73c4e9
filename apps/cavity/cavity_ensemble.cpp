#include "cavity/cavity_ensemble.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/hash.hpp"
#include "weiss/cavity/paramagnet.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/simulation/disorder_keys.hpp"
#include "weiss/statistics/jackknife.hpp"

#include "cavity/closed_ensemble.hpp"

namespace weiss {

namespace {

// Of the search for a line: small enough for populations to follow, and long memories of a start are gone
// after a few hundred generations.
constexpr double gain = 0.05;

// Members are single precision: no average is better than this, however small its noise.
constexpr double rounding = 0x1p-22;

// A unit's ledger.
enum : std::size_t { ledger_temperature, growth_sum, growth_count, ledger_size };

std::string kernel_of(const Parameters& parameters) {
  switch (ensemble_method_of(parameters)) {
    case EnsembleMethod::integers:
      return "integer_fields_exact";
    case EnsembleMethod::factorised:
      return "factorised_exact";
    case EnsembleMethod::xorsat:
      return "xorsat_exact";
    case EnsembleMethod::surveys:
      return "survey_population";
    default:
      return std::string(name(field_ensemble_of(parameters).kernel));
  }
}

}  // namespace

int CavityEnsemble::usable_ranks(const Parameters& parameters, int ranks) {
  if (!has_populations(ensemble_method_of(parameters))) return 1;
  return static_cast<int>(std::min<std::int64_t>(ranks, parameters.integer("algorithm.populations")));
}

TaskPlan CavityEnsemble::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  plan.kernel = kernel_of(parameters);
  if (!has_populations(ensemble_method_of(parameters))) return plan;
  const bool surveys = ensemble_method_of(parameters) == EnsembleMethod::surveys;
  plan.updates_per_step = static_cast<double>(members_of(parameters)) *
                          static_cast<double>(parameters.integer("algorithm.populations"));
  plan.bytes = plan.updates_per_step * 16;
  plan.updates_per_ns = (surveys ? 0.05 : 0.15) / std::max(1.0, degree_law_of(parameters).mean);
  return plan;
}

CavityEnsemble::CavityEnsemble(const TaskContext& context)
    : communicator_(&context.communicator),
      parameters_(context.parameters),
      method_(ensemble_method_of(context.parameters)),
      line_(find_line_of(context.parameters)),
      cold_(context.parameters.real("model.temperature") == 0),
      perturbed_(false),
      ranks_(context.communicator.size()),
      thermalization_(context.parameters.integer("run.thermalization")),
      kernel_(kernel_of(context.parameters)),
      updates_per_step_(plan(context.parameters, context.communicator.size()).updates_per_step) {
  if (!has_populations(method_)) return;
  units_total_ = static_cast<std::size_t>(parameters_.integer("algorithm.populations"));
  const auto rank = static_cast<std::size_t>(communicator_->rank());
  const auto ranks = static_cast<std::size_t>(ranks_);
  first_unit_ = units_total_ * rank / ranks;
  perturbed_ = method_ == EnsembleMethod::population &&
               field_ensemble_of(parameters_).perturbation != Perturbation::none;
  for (std::size_t u = first_unit_; u < units_total_ * (rank + 1) / ranks; ++u)
    units_.push_back(make_unit(u, context));
  series_.emplace(row_length);
  sums_.assign(units_total_ * row_length, 0.0);
}

CavityEnsemble::Unit CavityEnsemble::make_unit(std::size_t number, const TaskContext& context) const {
  Unit unit{nullptr, nullptr, std::vector<double>(ledger_size, 0.0)};
  unit.ledger[ledger_temperature] = parameters_.real("model.temperature");
  const std::uint64_t key =
      hash64("population " + std::to_string(number) + " of " + std::to_string(context.task_key));
  const auto members = static_cast<std::size_t>(members_of(parameters_));
  if (method_ == EnsembleMethod::surveys) {
    unit.surveys =
        std::make_unique<SurveyPopulation>(survey_ensemble_of(parameters_), members, context.seed, key);
    unit.surveys->start();
  } else {
    unit.population =
        std::make_unique<FieldPopulation>(field_ensemble_of(parameters_), members, context.seed, key);
    unit.population->start(population_start_of(parameters_), ensemble_beta_of(parameters_));
  }
  return unit;
}

std::span<std::uint8_t> CavityEnsemble::bytes_of(Unit& unit) {
  return unit.surveys ? unit.surveys->bytes() : unit.population->bytes();
}

double CavityEnsemble::beta_of(const Unit& unit) const {
  return cold_ ? zero_temperature_beta : 1 / unit.ledger[ledger_temperature];
}

void CavityEnsemble::step(std::int64_t t) {
  if (units_total_ == 0) {
    solved_ = 1;
    return;
  }
  generation_ = t + 1;
  for (Unit& unit : units_) {
    if (unit.surveys) {
      unit.surveys->sweep(static_cast<std::uint64_t>(t));
      continue;
    }
    if (t == thermalization_) unit.ledger[growth_sum] = unit.ledger[growth_count] = 0;
    const double growth = unit.population->sweep(static_cast<std::uint64_t>(t), beta_of(unit));
    unit.ledger[growth_sum] += growth;
    unit.ledger[growth_count] += 1;
    if (line_ != FindLine::none) unit.ledger[ledger_temperature] *= portable_exp(gain * growth);
  }
}

std::vector<double> CavityEnsemble::row_of(const Unit& unit) const {
  std::vector<double> row(row_length, 0.0);
  if (unit.surveys) {
    const SurveyAverages averages = unit.surveys->measure(static_cast<std::uint64_t>(generation_));
    row[free_energy] = averages.free_energy;
    row[energy] = averages.energy;
    row[entropy] = averages.complexity;
    row[magnetisation] = averages.zero_message;
    row[overlap] = averages.polarisation;
    return row;
  }
  row[growth] = unit.ledger[growth_sum] / unit.ledger[growth_count];
  row[temperature] = unit.ledger[ledger_temperature];
  if (line_ != FindLine::none) return row;
  const double beta = beta_of(unit);
  std::vector<std::int64_t> fields(local_field_parts, 0);
  const FieldAverages averages =
      unit.population->measure(static_cast<std::uint64_t>(generation_), beta, fields);
  row[free_energy] = averages.free_energy;
  row[energy] = averages.energy;
  row[entropy] = cold_ ? 0 : beta * (averages.energy - averages.free_energy);
  row[magnetisation] = averages.magnetisation;
  row[overlap] = averages.overlap;
  const std::vector<std::int64_t> counts = unit.population->histogram(distribution_parts, beta);
  const auto members = static_cast<double>(unit.population->members());
  for (std::size_t i = 0; i < distribution_parts; ++i)
    row[histogram + i] = static_cast<double>(counts[i]) / members;
  for (std::size_t i = 0; i < local_field_parts; ++i)
    row[local_fields + i] = static_cast<double>(fields[i]) / members;
  return row;
}

void CavityEnsemble::measure(Measurements&) {
  if (units_total_ == 0) return;
  std::vector<double> own;
  for (Unit& unit : units_) {
    const std::vector<double> row = row_of(unit);
    own.insert(own.end(), row.begin(), row.end());
    unit.ledger[growth_sum] = unit.ledger[growth_count] = 0;
  }
  const std::vector<double> rows = communicator_->all_gather_varying(std::span<const double>(own));
  std::vector<double> mean(series_->length(), 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sums_[i] += rows[i];
    mean[i % mean.size()] += rows[i];
  }
  for (double& each : mean) each /= static_cast<double>(units_total_);
  series_->add(mean);
}

void CavityEnsemble::set_unit_bytes() {
  std::vector<std::span<std::uint8_t>> populations, ledgers;
  for (Unit& unit : units_) {
    populations.push_back(bytes_of(unit));
    ledgers.emplace_back(reinterpret_cast<std::uint8_t*>(unit.ledger.data()), ledger_size * sizeof(double));
  }
  const std::size_t piece_bytes = populations.front().size();
  population_bytes_.set(std::move(populations), piece_bytes, first_unit_, units_total_);
  ledger_bytes_.set(std::move(ledgers), ledger_size * sizeof(double), first_unit_, units_total_);
}

void CavityEnsemble::start_from(CavityEnsemble& previous) {
  if (line_ != FindLine::none || kernel_ != previous.kernel_ || units_.size() != previous.units_.size())
    return;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const std::span<const std::uint8_t> from = bytes_of(previous.units_[u]);
    const std::span<std::uint8_t> to = bytes_of(units_[u]);
    if (from.size() == to.size()) std::copy(from.begin(), from.end(), to.begin());
  }
}

// The largest number of those that a row is made of, whose rounding it inherits.
double CavityEnsemble::largest_part(std::size_t row, const std::vector<double>& mean) const {
  if (row == growth) return 1;
  if (row != entropy || cold_) return std::abs(mean[row]);
  return std::abs(mean[free_energy]) / parameters_.real("model.temperature");
}

Result CavityEnsemble::summary(const std::string& name, const ObservableInfo& info, std::size_t row,
                               std::size_t entries) const {
  Result result;
  result.name = name;
  result.info = info;
  result.count = series_->count();
  result.bin_length = series_->count();
  const std::vector<double> mean = series_->mean(), error = series_->error(), tau = series_->tau_int();
  const auto measurements = static_cast<double>(series_->count());
  for (std::size_t u = 0; u < units_total_; ++u)
    for (std::size_t i = row; i < row + entries; ++i)
      result.bins.push_back(sums_[u * series_->length() + i] / measurements);
  for (std::size_t i = 0; i < entries; ++i) {
    std::vector<double> populations;
    for (std::size_t u = 0; u < units_total_; ++u) populations.push_back(result.bins[u * entries + i]);
    result.mean.push_back(mean[row + i]);
    // Whichever is known, and the larger of both.
    const double noise = std::fmax(error[row + i], standard_error(populations));
    result.error.push_back(std::fmax(noise, rounding * largest_part(row + i, mean)));
    result.tau_int.push_back(tau[row + i]);
    result.enough = result.enough && measurements >= 50 * tau[row + i];
  }
  return result;
}

void CavityEnsemble::add_distributions(std::vector<Result>& all) const {
  const FieldEnsemble ensemble = field_ensemble_of(parameters_);
  const auto add = [&](const char* name, const char* what, const char* formula, const char* axis,
                       double reach, std::size_t row, std::size_t parts) {
    std::vector<double> centres;
    for (std::size_t i = 0; i < parts; ++i)
      centres.push_back(reach * ((2 * static_cast<double>(i) + 1) / static_cast<double>(parts) - 1));
    const std::string long_name =
        std::string("distribution of ") + what +
        ": part of them in each interval about the axis' value, outer ones in the last";
    all.push_back(summary(name, {long_name, "1", formula, {parts}, false, {{axis, "J", std::move(centres)}}},
                          row, parts));
  };
  add("message_distribution", "cavity messages", "P(u), tanh(beta u) = tanh(beta J) tanh(beta x)", "message",
      message_reach(ensemble.couplings), histogram, distribution_parts);
  add("local_field_distribution", "fields of sites", "P(X), X = h + sum u", "local_field",
      local_field_reach(ensemble), local_fields, local_field_parts);
}

std::vector<Result> CavityEnsemble::thermal_results() const {
  std::vector<Result> all;
  const std::string replica_symmetric = "replica-symmetric ";
  if (cold_) {
    all.push_back(summary(
        "energy",
        {replica_symmetric + "ground-state energy per site", "J", "<dE_site> - (c/2) <dE_edge>", {}, true},
        free_energy));
  } else {
    all.push_back(summary(
        "free_energy",
        {replica_symmetric + "free energy per site", "J", "-T (<ln Z_site> - (c/2) <ln Z_edge>)", {}, true},
        free_energy));
    all.push_back(summary("energy",
                          {replica_symmetric + "energy per site",
                           "J",
                           "-(c/2) <J (t + m m')/(1 + t m m')> - h <tanh X/T>",
                           {},
                           true},
                          energy));
    all.push_back(summary("entropy",
                          {replica_symmetric + "entropy per site; negative where replica symmetry fails",
                           "1",
                           "(e - f)/T",
                           {},
                           true},
                          entropy));
  }
  all.push_back(summary("magnetization", {"magnetisation", "1", cold_ ? "<sign X>" : "<tanh X/T>", {}, true},
                        magnetisation));
  all.push_back(summary(
      "overlap", {"Edwards-Anderson order parameter", "1", cold_ ? "<sign^2 X>" : "<tanh^2 X/T>", {}, true},
      overlap));
  if (perturbed_)
    all.push_back(
        summary("stability_exponent",
                {"growth of squared perturbations a generation; replica symmetry is unstable above 0",
                 "1",
                 "lambda = ln sum_i (du'/du_i)^2 w_i / <w>",
                 {},
                 true},
                growth));
  add_distributions(all);
  return all;
}

std::vector<Result> CavityEnsemble::survey_results() const {
  const double width = parameters_.real("model.coupling_width");
  std::vector<Result> all{
      summary("free_energy",
              {"free energy per site of states at y; its largest value is the ground-state energy",
               "J",
               "-y Phi = <ln Z_site> - (c/2) <ln Z_edge> + y c/2",
               {},
               true},
              free_energy),
      summary("energy",
              {"energy per site of the states that y selects", "J", "d(y Phi)/dy at fixed surveys", {}, true},
              energy),
      summary("complexity", {"logarithm of their number per site", "1", "y (e - Phi)", {}, true}, entropy),
      summary("zero_message",
              {"probability over states of a message without sign", "1", "<Q(u = 0)>", {}, false},
              magnetisation),
      summary("polarisation",
              {"spread of surveys, 0 where all are alike", "1", "<(Q(1) - Q(-1))^2>", {}, false}, overlap)};
  for (Result* result : {&all[0], &all[1]})
    for (std::vector<double>* values : {&result->mean, &result->error, &result->bins})
      for (double& each : *values) each *= width;
  return all;
}

std::vector<Result> CavityEnsemble::line_results() const {
  const bool glass = line_ == FindLine::spin_glass;
  std::vector<Result> all;
  all.push_back(summary("critical_temperature",
                        {glass ? "temperature where replica symmetry becomes unstable"
                               : "temperature where the paramagnet begins to magnetise",
                         "J",
                         "<lambda(T)> = 0",
                         {},
                         true},
                        temperature));
  all.push_back(
      summary(glass ? "stability_exponent" : "ferromagnetic_exponent",
              {"growth of perturbations a generation, 0 when the search has settled",
               "1",
               glass ? "lambda = ln sum_i (du'/du_i)^2 w_i / <w>" : "lambda = ln sum_i du'/du_i w_i / <w>",
               {},
               true},
              growth));
  if (parameters_.real("model.field") == 0)
    all.push_back(exact_result(
        "paramagnetic_line", "the same in closed form", "J",
        glass ? "B <tanh^2 J/T> = 1, B the mean excess degree" : "B <tanh J/T> = 1, B the mean excess degree",
        paramagnetic_instability(degree_law_of(parameters_), coupling_distribution_of(parameters_),
                                 glass ? 2 : 1)));
  return all;
}

std::vector<Result> CavityEnsemble::own_results() const {
  if (units_total_ == 0) return solved_ != 0 ? closed_ensemble_results(parameters_) : std::vector<Result>{};
  if (series_->count() == 0) return {};
  if (method_ == EnsembleMethod::surveys) return survey_results();
  return line_ == FindLine::none ? thermal_results() : line_results();
}

}  // namespace weiss
