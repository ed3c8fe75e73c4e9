#include "cavity/cavity_states.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/hash.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/statistics/jackknife.hpp"

#include "cavity/polynomial_maximum.hpp"

namespace weiss {

namespace {

constexpr double gain = 0.2;            // of the search for a static transition
constexpr double coldest = 0.02;        // temperature that a search reaches, of the coupling's size
constexpr double fastest_change = 0.1;  // of the logarithm of a temperature

// A unit's ledger.
enum : std::size_t { ledger_temperature, ledger_growth, ledger_effective, ledger_short, ledger_size };

std::size_t units_of(const Parameters& parameters) {
  return static_cast<std::size_t>(parameters.integer("algorithm.populations")) *
         message_means_of(parameters).size();
}

std::size_t states_of(const Parameters& parameters) {
  constexpr std::int64_t chunk = StatePopulation::chunk;
  return static_cast<std::size_t>((parameters.integer("algorithm.states") + chunk - 1) / chunk * chunk);
}

}  // namespace

int CavityStates::usable_ranks(const Parameters& parameters, int ranks) {
  return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(ranks), units_of(parameters)));
}

TaskPlan CavityStates::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  const bool one_step = breaking_of(parameters) == Breaking::one_step;
  plan.kernel = one_step ? "state_population" : "interaction_population";
  plan.updates_per_step = static_cast<double>(state_members_of(parameters) * units_of(parameters));
  plan.bytes = plan.updates_per_step * 16;
  const InteractionEnsemble ensemble = interaction_ensemble_of(parameters);
  plan.updates_per_ns = 0.1 / std::max(1.0, ensemble.degrees.mean * (ensemble.spins - 1));
  if (!one_step) return plan;
  const auto states = static_cast<double>(states_of(parameters));
  plan.bytes = plan.updates_per_step * states * 8;
  plan.updates_per_step *= states * static_cast<double>(StatePopulation::first_batches);
  return plan;
}

CavityStates::CavityStates(const TaskContext& context)
    : communicator_(&context.communicator),
      parameters_(context.parameters),
      breaking_(breaking_of(context.parameters)),
      find_(find_transition_of(context.parameters)),
      means_(message_means_of(context.parameters)),
      ranks_(context.communicator.size()),
      kernel_(plan(context.parameters, ranks_).kernel),
      updates_per_step_(plan(context.parameters, ranks_).updates_per_step),
      populations_(units_of(context.parameters) / means_.size()),
      averages_(populations_, means_.size() * row_width) {
  const auto rank = static_cast<std::size_t>(communicator_->rank());
  const auto ranks = static_cast<std::size_t>(ranks_);
  const std::size_t total = populations_ * means_.size();
  first_unit_ = total * rank / ranks;
  for (std::size_t u = first_unit_; u < total * (rank + 1) / ranks; ++u)
    units_.push_back(make_unit(u, context));
}

CavityStates::Unit CavityStates::make_unit(std::size_t number, const TaskContext& context) const {
  Unit unit{nullptr, nullptr, means_[number % means_.size()], std::vector<double>(ledger_size, 0.0)};
  const double T = parameters_.real("model.temperature");
  unit.ledger[ledger_temperature] = T;
  const std::uint64_t key = hash64("population " + std::to_string(number / means_.size()));
  if (breaking_ == Breaking::one_step) {
    unit.states =
        std::make_unique<StatePopulation>(state_ensemble_of(parameters_), state_members_of(parameters_),
                                          states_of(parameters_), context.seed, key);
    unit.states->start(1 / T);
  } else {
    unit.messages = std::make_unique<InteractionPopulation>(interaction_ensemble_of(parameters_),
                                                            state_members_of(parameters_), context.seed, key);
    unit.messages->start(interaction_start_of(parameters_), 1 / T);
  }
  return unit;
}

std::span<std::uint8_t> CavityStates::bytes_of(Unit& unit) {
  return unit.states ? unit.states->bytes() : unit.messages->bytes();
}

void CavityStates::step_messages(Unit& unit, std::uint64_t t) const {
  double& T = unit.ledger[ledger_temperature];
  if (find_ == FindTransition::dynamics) {
    T = 1 /
        unit.messages->sweep_at_mean(t, unit.mean, 1 / (coldest * parameters_.real("model.coupling_width")));
    return;
  }
  unit.ledger[ledger_growth] = unit.messages->sweep(t, 1 / T);
  if (find_ == FindTransition::none) return;
  const double above = unit.messages->measure(t + 1, 1 / T).above_paramagnet;
  T *= portable_exp(std::clamp(-gain * above, -fastest_change, fastest_change));
}

void CavityStates::step(std::int64_t t) {
  generation_ = t + 1;
  for (Unit& unit : units_) {
    if (!unit.states) {
      step_messages(unit, static_cast<std::uint64_t>(t));
      continue;
    }
    const Reweighting reweighting =
        unit.states->sweep(static_cast<std::uint64_t>(t), 1 / unit.ledger[ledger_temperature]);
    unit.ledger[ledger_effective] = reweighting.effective;
    unit.ledger[ledger_short] = reweighting.short_of;
  }
}

std::vector<double> CavityStates::row_of(const Unit& unit) const {
  std::vector<double> row(row_width, 0.0);
  const auto step = static_cast<std::uint64_t>(generation_);
  const double T = unit.ledger[ledger_temperature];
  row[temperature] = T;
  row[growth] = unit.ledger[ledger_growth];
  if (unit.states) {
    const StateAverages averages = unit.states->measure(step, 1 / T);
    row[free_energy] = averages.free_energy;
    row[state_free_energy] = averages.state_free_energy;
    row[energy] = averages.energy;
    row[complexity] = averages.complexity;
    row[inner_overlap] = averages.inner_overlap;
    row[outer_overlap] = averages.outer_overlap;
    row[effective] = unit.ledger[ledger_effective];
    row[short_of] = unit.ledger[ledger_short];
    return row;
  }
  const InteractionAverages averages = unit.messages->measure(step, 1 / T);
  row[state_free_energy] = averages.free_energy;
  row[energy] = averages.energy;
  row[overlap] = averages.overlap;
  row[magnetisation] = averages.magnetisation;
  if (breaking_ == Breaking::none) {
    row[free_energy] = averages.free_energy;
    row[entropy] = (averages.energy - averages.free_energy) / T;
  } else {
    row[free_energy] = averages.free_energy - T * averages.above_paramagnet;
    row[complexity] = averages.above_paramagnet;
  }
  return row;
}

void CavityStates::measure(Measurements&) {
  std::vector<double> own;
  for (const Unit& unit : units_) {
    const std::vector<double> row = row_of(unit);
    own.insert(own.end(), row.begin(), row.end());
  }
  averages_.add(*communicator_, own);
}

void CavityStates::set_unit_bytes() {
  std::vector<std::span<std::uint8_t>> populations, ledgers;
  for (Unit& unit : units_) {
    populations.push_back(bytes_of(unit));
    ledgers.emplace_back(reinterpret_cast<std::uint8_t*>(unit.ledger.data()), ledger_size * sizeof(double));
  }
  const std::size_t piece_bytes = populations.front().size(), total = populations_ * means_.size();
  population_bytes_.set(std::move(populations), piece_bytes, first_unit_, total);
  ledger_bytes_.set(std::move(ledgers), ledger_size * sizeof(double), first_unit_, total);
}

void CavityStates::start_from(CavityStates& previous) {
  if (find_ != FindTransition::none || breaking_ != previous.breaking_ ||
      units_.size() != previous.units_.size())
    return;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const std::span<const std::uint8_t> from = bytes_of(previous.units_[u]);
    const std::span<std::uint8_t> to = bytes_of(units_[u]);
    if (from.size() == to.size()) std::copy(from.begin(), from.end(), to.begin());
  }
}

Result CavityStates::result(const std::string& name, const ObservableInfo& info, Row row) const {
  const std::vector<double> mean = averages_.mean();
  // Entropies and complexities are differences of free energies.
  const double scale = row == complexity ? std::fabs(mean[state_free_energy]) / mean[temperature] : 0;
  return averages_.result(name, info, {row}, scale);
}

Result CavityStates::curve(const std::string& name, ObservableInfo info, Row row) const {
  info.dims = {means_.size()};
  info.axes = {{"message_mean", "1", means_}};
  std::vector<std::size_t> columns;
  for (std::size_t g = 0; g < means_.size(); ++g) columns.push_back(g * row_width + row);
  return averages_.result(name, info, columns, row == complexity ? 1 : 0);
}

// The maximum of T(mean), of all populations together and of each.
Result CavityStates::top_of_curve() const {
  const auto top = [&](const std::vector<double>& row) {
    std::vector<double> temperatures;
    for (std::size_t g = 0; g < means_.size(); ++g) temperatures.push_back(row[g * row_width + temperature]);
    return polynomial_maximum(means_, temperatures).value;
  };
  Result result = curve("dynamic_transition", {}, temperature);
  result.info = {"highest temperature T_d with states, NaN where none of the message means is near its own",
                 "J",
                 "maximum of T(mean), by a polynomial through five means",
                 {},
                 true};
  const std::vector<double> temperatures = result.mean;
  const std::size_t largest = static_cast<std::size_t>(
      std::max_element(temperatures.begin(), temperatures.end()) - temperatures.begin());
  std::vector<double> each;
  for (std::size_t p = 0; p < populations_; ++p) each.push_back(top(averages_.unit_mean(p)));
  const double in_time = result.error[largest];
  result.mean = {top(averages_.mean())};
  result.error = {std::fmax(in_time, standard_error(each))};
  result.tau_int = {result.tau_int[largest]};
  result.bins = each;
  return result;
}

std::vector<Result> CavityStates::own_results() const {
  if (averages_.count() == 0) return {};
  if (breaking_ == Breaking::none) return symmetric_results();
  if (breaking_ == Breaking::one_step) return one_step_results();
  return find_ == FindTransition::dynamics ? dynamic_results() : reconstruction_results();
}

}  // namespace weiss
