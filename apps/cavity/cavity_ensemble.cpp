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
// Of antiferromagnetic bonds, from which a search comes back.
constexpr double least_fraction = 1e-6;

// A unit's ledger.
enum : std::size_t {
  ledger_temperature,
  ledger_fraction,
  growth_sum,
  plain_growth_sum,
  growth_count,
  ledger_size
};

// Coefficients of values at N, 2N and 4N in a, and in b/N, of the least squares a + b/N with weights 1, 2, 4.
constexpr double infinite_part[] = {-5.0 / 13, 2.0 / 13, 16.0 / 13};
constexpr double bias_part[] = {16.0 / 13, 4.0 / 13, -20.0 / 13};

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

void clear_growth(std::vector<double>& ledger) {
  ledger[growth_sum] = ledger[plain_growth_sum] = ledger[growth_count] = 0;
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
  const double members = static_cast<double>(members_of(parameters)) *
                         static_cast<double>((1 << population_sizes_of(parameters)) - 1);
  plan.updates_per_step = members * static_cast<double>(parameters.integer("algorithm.populations"));
  plan.bytes = plan.updates_per_step * 16;
  plan.updates_per_ns = (surveys ? 0.05 : 0.15) / std::max(1.0, degree_law_of(parameters).mean);
  return plan;
}

CavityEnsemble::CavityEnsemble(const TaskContext& context)
    : communicator_(&context.communicator),
      parameters_(context.parameters),
      method_(ensemble_method_of(context.parameters)),
      line_(find_line_of(context.parameters)),
      variable_(find_variable_of(context.parameters)),
      cold_(context.parameters.real("model.temperature") == 0),
      perturbed_(false),
      ranks_(context.communicator.size()),
      thermalization_(context.parameters.integer("run.thermalization")),
      kernel_(kernel_of(context.parameters)),
      updates_per_step_(plan(context.parameters, context.communicator.size()).updates_per_step),
      sizes_(population_sizes_of(context.parameters)) {
  if (!has_populations(method_)) return;
  units_total_ = static_cast<std::size_t>(parameters_.integer("algorithm.populations"));
  const auto rank = static_cast<std::size_t>(communicator_->rank());
  const auto ranks = static_cast<std::size_t>(ranks_);
  first_unit_ = units_total_ * rank / ranks;
  perturbed_ = method_ == EnsembleMethod::population &&
               field_ensemble_of(parameters_).perturbation != Perturbation::none;
  for (std::size_t u = first_unit_; u < units_total_ * (rank + 1) / ranks; ++u)
    for (std::size_t size = 0; size < sizes_; ++size) units_.push_back(make_unit(u, size, context));
  averages_.emplace(units_total_, row_width * (sizes_ == 1 ? 1 : bias + 1));
}

CavityEnsemble::Unit CavityEnsemble::make_unit(std::size_t number, std::size_t size,
                                               const TaskContext& context) const {
  Unit unit{nullptr, nullptr, std::vector<double>(ledger_size, 0.0)};
  unit.ledger[ledger_temperature] = parameters_.real("model.temperature");
  unit.ledger[ledger_fraction] = parameters_.real("model.ferromagnetic_fraction");
  const std::string which = size == 0 ? "" : " of " + std::to_string(1 << size) + " times the members";
  const std::uint64_t key =
      hash64("population " + std::to_string(number) + which + " of " + std::to_string(context.task_key));
  const std::size_t members = static_cast<std::size_t>(members_of(parameters_)) << size;
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
    if (t == thermalization_) clear_growth(unit.ledger);
    // From the ledger, for the population of a restart does not know it.
    if (moves_fraction()) unit.population->set_ferromagnetic_fraction(unit.ledger[ledger_fraction]);
    move(unit, unit.population->sweep(static_cast<std::uint64_t>(t), beta_of(unit)));
  }
}

void CavityEnsemble::move(Unit& unit, const PerturbationGrowth& growth) const {
  unit.ledger[growth_sum] += growth.square;
  unit.ledger[plain_growth_sum] += growth.linear;
  unit.ledger[growth_count] += 1;
  // The first perturbations of a start may die out all at once.
  const double lambda = std::clamp(line_ == FindLine::ferromagnet ? growth.linear : growth.square, -1.0, 1.0);
  if (variable_ == FindVariable::temperature && line_ != FindLine::none)
    unit.ledger[ledger_temperature] *= portable_exp(gain * lambda);
  if (moves_fraction()) {
    const double others = (1 - unit.ledger[ledger_fraction]) * portable_exp(-gain * lambda);
    unit.ledger[ledger_fraction] = 1 - std::fmin(std::fmax(others, least_fraction), 0.5);
  }
}

// Only there the magnetisation is news: whether the solution of the root has one.
bool CavityEnsemble::measures_at_root() const {
  return finds_in_magnetised_solution(parameters_) && parameters_.real("model.field") == 0;
}

std::vector<double> CavityEnsemble::row_of(const Unit& unit) const {
  std::vector<double> row(row_width, 0.0);
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
  row[plain_growth] = unit.ledger[plain_growth_sum] / unit.ledger[growth_count];
  row[temperature] = unit.ledger[ledger_temperature];
  row[fraction] = unit.ledger[ledger_fraction];
  if (line_ != FindLine::none && !measures_at_root()) return row;
  const double beta = beta_of(unit);
  std::vector<std::int64_t> fields(local_field_parts, 0);
  const FieldAverages averages =
      unit.population->measure(static_cast<std::uint64_t>(generation_), beta, fields);
  row[free_energy] = averages.free_energy;
  row[energy] = averages.energy;
  row[entropy] = cold_ ? 0 : beta * (averages.energy - averages.free_energy);
  // Of a search without a field populations of either sign are alike.
  row[magnetisation] = measures_at_root() ? std::abs(averages.magnetisation) : averages.magnetisation;
  row[overlap] = averages.overlap;
  const std::vector<std::int64_t> counts = unit.population->histogram(distribution_parts, beta);
  const auto members = static_cast<double>(unit.population->members());
  for (std::size_t i = 0; i < distribution_parts; ++i)
    row[histogram + i] = static_cast<double>(counts[i]) / members;
  for (std::size_t i = 0; i < local_field_parts; ++i)
    row[local_fields + i] = static_cast<double>(fields[i]) / members;
  return row;
}

// Rows of all sizes of each number, followed by the fit's limit of infinite populations and the difference.
std::vector<double> CavityEnsemble::with_limits(const std::vector<double>& rows) const {
  std::vector<double> all;
  for (std::size_t start = 0; start < rows.size(); start += sizes_ * row_width) {
    all.insert(all.end(), rows.begin() + static_cast<std::ptrdiff_t>(start),
               rows.begin() + static_cast<std::ptrdiff_t>(start + sizes_ * row_width));
    for (const auto& part : {infinite_part, bias_part})
      for (std::size_t i = start; i < start + row_width; ++i) {
        double value = 0;
        for (std::size_t size = 0; size < sizes_; ++size) value += part[size] * rows[i + size * row_width];
        all.push_back(value);
      }
  }
  return all;
}

void CavityEnsemble::measure(Measurements&) {
  if (units_total_ == 0) return;
  std::vector<double> own;
  for (Unit& unit : units_) {
    const std::vector<double> row = row_of(unit);
    own.insert(own.end(), row.begin(), row.end());
    clear_growth(unit.ledger);
  }
  if (sizes_ > 1) own = with_limits(own);
  averages_->add(*communicator_, own);
}

void CavityEnsemble::set_unit_bytes() {
  for (std::size_t size = 0; size < sizes_; ++size) {
    std::vector<std::span<std::uint8_t>> own;
    for (std::size_t u = size; u < units_.size(); u += sizes_) own.push_back(bytes_of(units_[u]));
    const std::size_t piece_bytes = own.front().size();
    population_bytes_[size].set(std::move(own), piece_bytes, first_unit_, units_total_);
  }
  std::vector<std::span<std::uint8_t>> ledgers;
  for (Unit& unit : units_)
    ledgers.emplace_back(reinterpret_cast<std::uint8_t*>(unit.ledger.data()), ledger_size * sizeof(double));
  ledger_bytes_.set(std::move(ledgers), ledger_size * sizeof(double), first_unit_ * sizes_,
                    units_total_ * sizes_);
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

}  // namespace weiss
