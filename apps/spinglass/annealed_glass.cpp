#include "spinglass/annealed_glass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "weiss/lattice/wave_vectors.hpp"
#include "weiss/montecarlo/population_annealing.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/statistics/jackknife.hpp"

#include "spinglass/lowest_energies.hpp"

namespace weiss {

namespace {

constexpr double zero_temperature_beta = 1e100;
constexpr double equal_energies = 1e-9;        // relative: two ways to the same state
constexpr double largest_family_share = 0.01;  // of rho in R: Wang, Machta, Katzgraber, section IV
constexpr double rough_rate = 0.6;             // updates a nanosecond

std::uint64_t population_key(std::int64_t realisation, std::size_t population) {
  return static_cast<std::uint64_t>(realisation) | static_cast<std::uint64_t>(population) << 40U;
}

// What counts as the same energy, summed in another order.
double as_low_as(double energy) { return energy + equal_energies * std::fabs(energy); }

double uniform_of(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

std::size_t units_of(const Parameters& parameters) {
  return static_cast<std::size_t>(parameters.integer("model.realisations") *
                                  annealing_algorithm_of(parameters).populations);
}

template <class T>
std::span<std::uint8_t> bytes_of(std::vector<T>& values) {
  return {reinterpret_cast<std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

int AnnealedGlass::usable_ranks(const Parameters& parameters, int ranks) {
  return static_cast<int>(std::min(static_cast<std::size_t>(ranks), units_of(parameters)));
}

TaskPlan AnnealedGlass::plan(const Parameters& parameters) {
  const AnnealingAlgorithm algorithm = annealing_algorithm_of(parameters);
  const double configurations =
      static_cast<double>(units_of(parameters)) * static_cast<double>(algorithm.population);
  TaskPlan plan;
  plan.kernel = "lanes";
  plan.updates_per_step = disordered_sites_of(parameters) * configurations;
  plan.updates_per_ns = rough_rate;
  plan.bytes = configurations * (disordered_sites_of(parameters) / 8 + 4);
  return plan;
}

AnnealedGlass::AnnealedGlass(const TaskContext& context)
    : communicator_(&context.communicator),
      algorithm_(annealing_algorithm_of(context.parameters)),
      realisations_(static_cast<std::size_t>(context.parameters.integer("model.realisations"))),
      samples_(realisations_ > 1 ? realisations_ : static_cast<std::size_t>(algorithm_.populations)),
      shape_{samples_, algorithm_.temperatures.size(), 2},
      sites_(disordered_sites_of(context.parameters)),
      keep_spins_(context.parameters.boolean("output.ground_states")),
      measurement_(context.parameters) {
  const auto populations = static_cast<std::size_t>(algorithm_.populations);
  const std::size_t count = realisations_ * populations;
  const auto ranks = static_cast<std::size_t>(communicator_->size());
  const auto rank = static_cast<std::size_t>(communicator_->rank());
  first_unit_ = count * rank / ranks;
  const std::size_t last = count * (rank + 1) / ranks;
  const std::vector<std::int64_t> numbers = realisations_of(context.parameters);
  const auto octets = static_cast<std::int64_t>(algorithm_.population / 8);
  units_.reserve(last - first_unit_);
  for (std::size_t number = first_unit_; number < last; ++number) {
    const std::size_t realisation = number / populations, population = number % populations;
    if (units_.empty() || units_.back().realisation != realisation)
      graphs_.push_back(
          std::make_unique<InteractionGraph>(make_realisation(context.parameters, numbers[realisation])));
    const std::uint64_t key = population_key(numbers[realisation], population);
    const InteractionGraph* graph = graphs_.back().get();
    units_.push_back(
        {realisation,
         population,
         graph,
         std::make_unique<LaneHeatBath>(*graph, Stream(context.seed, key, StreamId::lane_heat_bath)),
         LaneField(graph->sites, octets),
         {},
         {},
         std::vector<std::uint8_t>(static_cast<std::size_t>(graph->sites)),
         {},
         Stream(context.seed, key, StreamId::population_resampling)});
    start(units_.back(), Stream(context.seed, key, StreamId::initial_state));
  }
  const std::vector<double> interactions =
      of_samples([](const InteractionGraph& graph) { return static_cast<double>(graph.interactions()); });
  const std::vector<double> field_sums = of_samples([](const InteractionGraph& graph) {
    return std::accumulate(graph.field.begin(), graph.field.end(), 0.0);
  });
  observables_.emplace(shape_, glass_system_of(context.parameters, interactions, field_sums),
                       context.parameters.boolean("output.overlap_histogram"));
}

// f(graph) of every sample, on every rank.
std::vector<double> AnnealedGlass::of_samples(double (*f)(const InteractionGraph&)) const {
  std::vector<double> own;
  for (const Unit& unit : units_) own.push_back(f(*unit.graph));
  const std::vector<double> all = communicator_->all_gather_varying(std::span<const double>(own));
  std::vector<double> result;
  for (std::size_t unit = 0; unit < all.size(); unit += all.size() / samples_) result.push_back(all[unit]);
  return result;
}

void AnnealedGlass::start(Unit& unit, const Stream& stream) {
  for (std::int64_t octet = 0; octet < unit.field.octets(); ++octet) {
    const std::span<std::uint8_t> bytes = unit.field.octet(octet);
    for (std::size_t site = 0; site < bytes.size(); ++site)
      bytes[site] = static_cast<std::uint8_t>(stream.bits(0, site, static_cast<std::uint32_t>(octet)));
  }
  for (std::int64_t i = 0; i < algorithm_.population; ++i)
    unit.families.push_back(static_cast<std::int32_t>(i));
}

void AnnealedGlass::declare_observables(Measurements& measurements) {
  observables_->declare(measurements);
  const auto own = [&](const char* name, const char* long_name, const char* unit, const char* formula) {
    own_handles_.push_back(measurements.sample_observable(
        name,
        {long_name, unit, formula, {temperatures()}, false, {temperature_axis(algorithm_.temperatures)}},
        samples_));
  };
  if (algorithm_.resampling) {
    own("free_energy", "free energy per site", "J", "-ln Z/(beta N)");
    own("family_entropy", "entropy of the families of a population", "1", "-sum nu ln nu");
    own("family_size", "mean square size of a family", "configurations", "rho = R sum nu^2");
    own("families", "families that are left of a population", "1", "number of nu > 0");
  }
  const std::size_t length = ledger_length();
  std::vector<std::span<std::uint8_t>> spins, families, ledgers, lowest;
  for (Unit& unit : units_) {
    unit.ledger.assign(length, 0.0);
    unit.ledger[log_partition] = sites_ * portable_log(2);
    unit.ledger[lowest_energy] = std::numeric_limits<double>::max();
    for (std::int64_t octet = 0; octet < unit.field.octets(); ++octet)
      spins.push_back(unit.field.octet(octet));
    families.push_back(bytes_of(unit.families));
    ledgers.push_back(bytes_of(unit.ledger));
    lowest.emplace_back(unit.lowest);
  }
  const std::size_t count = realisations_ * static_cast<std::size_t>(algorithm_.populations);
  const auto sites = static_cast<std::size_t>(sites_), size = static_cast<std::size_t>(algorithm_.population);
  spin_bytes_.set(std::move(spins), sites, first_unit_ * size / 8, count * size / 8);
  family_bytes_.set(std::move(families), size * sizeof(std::int32_t), first_unit_, count);
  ledger_bytes_.set(std::move(ledgers), length * sizeof(double), first_unit_, count);
  lowest_bytes_.set(std::move(lowest), sites, first_unit_, count);
}

const std::vector<double>& AnnealedGlass::energies(Unit& unit) {
  if (unit.energies.empty()) unit.energies = unit.heat_bath->energies(unit.field);
  return unit.energies;
}

void AnnealedGlass::change_temperature(Unit& unit, std::int64_t t) {
  if (quenches(unit)) {
    unit.ledger[beta] = zero_temperature_beta;
    return;
  }
  const double target = 1 / algorithm_.temperatures[temperature_of(unit.ledger[stage])];
  if (!algorithm_.resampling) {
    unit.ledger[beta] = target;
    return;
  }
  const double next =
      next_inverse_temperature(energies(unit), unit.ledger[beta], target, algorithm_.culled_fraction);
  const Resampling resampling = resample(energies(unit), next - unit.ledger[beta],
                                         uniform_of(unit.resampling.bits(static_cast<std::uint64_t>(t), 0)));
  unit.ledger[log_partition] += resampling.log_ratio;
  unit.ledger[beta] = next;
  unit.field.select(resampling.parents);
  std::vector<std::int32_t> families;
  for (const std::int32_t parent : resampling.parents)
    families.push_back(unit.families[static_cast<std::size_t>(parent)]);
  std::copy(families.begin(), families.end(), unit.families.begin());
}

void AnnealedGlass::note_lowest(Unit& unit) {
  const std::vector<double>& all = energies(unit);
  const auto lowest = std::min_element(all.begin(), all.end());
  if (*lowest < unit.ledger[lowest_energy]) {
    unit.ledger[lowest_energy] = *lowest;
    for (std::size_t site = 0; site < unit.lowest.size(); ++site)
      unit.lowest[site] = unit.field.up(lowest - all.begin(), static_cast<std::int64_t>(site)) ? 1 : 0;
  }
  const double limit = as_low_as(unit.ledger[lowest_energy]);
  unit.ledger[lowest_count] =
      static_cast<double>(std::count_if(all.begin(), all.end(), [&](double each) { return each <= limit; }));
}

void AnnealedGlass::advance(Unit& unit, std::int64_t t) {
  if (done(unit)) return;
  if (unit.ledger[sweeps] == 0) change_temperature(unit, t);
  const std::vector<double> betas(static_cast<std::size_t>(algorithm_.population), unit.ledger[beta]);
  unit.heat_bath->sweep(unit.field, betas, t);
  unit.energies.clear();
  unit.ledger[sweeps] += 1;
  if (unit.ledger[sweeps] < static_cast<double>(algorithm_.sweeps_per_temperature)) return;
  unit.ledger[sweeps] = 0;
  note_lowest(unit);
  if (quenches(unit)) {
    unit.ledger[stage] += 1;
  } else if (unit.ledger[beta] == 1 / algorithm_.temperatures[temperature_of(unit.ledger[stage])]) {
    measure_unit(unit);
    unit.ledger[stage] += 1;
  }
}

void AnnealedGlass::step(std::int64_t t) {
  for (Unit& unit : units_) advance(unit, t);
  const bool all = std::all_of(units_.begin(), units_.end(), [&](const Unit& unit) { return done(unit); });
  finished_ = communicator_->minimum(all ? 1 : 0);
}

void AnnealedGlass::measure_unit(Unit& unit) {
  const std::span<double> row =
      std::span(unit.ledger).subspan(averages + temperature_of(unit.ledger[stage]) * width(), width());
  measure_pairs(unit, row);
  const FamilyStatistics statistics = family_statistics(unit.families);
  double* own = row.data() + observables_->values();
  own[free_energy] = unit.ledger[log_partition];  // becomes one when all populations are known
  own[family_entropy] = statistics.entropy;
  own[family_size] = statistics.mean_square_size;
  own[families_left] = statistics.count;
}

// Configuration k with k + R/2: of different families, unless none is.
void AnnealedGlass::measure_pairs(Unit& unit, std::span<double> row) {
  const auto half = static_cast<std::size_t>(algorithm_.population / 2);
  std::vector<std::size_t> firsts;
  for (std::size_t k = 0; k < half; ++k)
    if (unit.families[k] != unit.families[k + half]) firsts.push_back(k);
  if (firsts.empty())
    for (std::size_t k = 0; k < half; ++k) firsts.push_back(k);
  const std::vector<double>& all = energies(unit);
  const LanePlanes planes(unit.field);
  const std::size_t sample = realisations_ > 1 ? unit.realisation : unit.population;
  const std::size_t temperature = temperature_of(unit.ledger[stage]);
  std::vector<double> raw(shape_.width());
  std::vector<LanePair> pairs;
  for (std::size_t first = 0; first < firsts.size(); first += 8) {
    const std::size_t count = std::min<std::size_t>(8, firsts.size() - first);
    pairs.clear();
    for (std::size_t k = 0; k < count; ++k)
      pairs.emplace_back(planes.of(static_cast<std::int64_t>(firsts[first + k])),
                         planes.of(static_cast<std::int64_t>(firsts[first + k] + half)));
    const auto values = measurement_.of_pairs(*unit.graph, pairs);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t a = firsts[first + k], b = a + half;
      raw[RawRow::energy(0)] = all[a];
      raw[RawRow::energy(1)] = all[b];
      raw[RawRow::magnetization(shape_, 0)] = static_cast<double>(2 * count_up(pairs[k].first)) - sites_;
      raw[RawRow::magnetization(shape_, 1)] = static_cast<double>(2 * count_up(pairs[k].second)) - sites_;
      raw[RawRow::overlap(shape_, 0)] = values[k].overlap;
      raw[RawRow::link_overlap(shape_, 0)] = values[k].link_overlap;
      raw[RawRow::overlap_at_kmin(shape_, 0)] = values[k].overlap_at_kmin;
      observables_->add_values(raw.data(), sample, temperature, row);
    }
  }
  for (double& each : row.first(observables_->values())) each /= static_cast<double>(firsts.size());
}

// One column of one temperature and realisation, from its populations: a value a sample.
std::vector<double> AnnealedGlass::combined_column(std::span<const double> ledgers, std::size_t realisation,
                                                   std::size_t temperature, std::size_t column) const {
  const auto populations = static_cast<std::size_t>(algorithm_.populations);
  const auto of_populations = [&](std::size_t place) {
    std::vector<double> values;
    for (std::size_t m = 0; m < populations; ++m)
      values.push_back(ledgers[(realisation * populations + m) * ledger_length() + averages +
                               temperature * width() + place]);
    return values;
  };
  const std::size_t free_energy_column = observables_->values() + free_energy;
  const PopulationWeights weights(of_populations(free_energy_column));
  const std::vector<double> values = of_populations(column);
  const auto estimate = [&](std::size_t without) {
    if (column != free_energy_column) return weights.mean(values, without);
    return -algorithm_.temperatures[temperature] / sites_ * weights.log_mean_partition(without);
  };
  if (realisations_ > 1) return {estimate(PopulationWeights::none)};
  // The pseudo-values of the jackknife: their mean and spread are its value and error.
  const auto n = static_cast<double>(populations);
  std::vector<double> pseudo_values;
  for (std::size_t m = 0; m < populations; ++m)
    pseudo_values.push_back(n * estimate(PopulationWeights::none) - (n - 1) * estimate(m));
  return pseudo_values;
}

std::vector<double> AnnealedGlass::combined(std::span<const double> ledgers) const {
  std::vector<double> all(samples_ * temperatures() * width());
  for (std::size_t r = 0; r < realisations_; ++r)
    for (std::size_t t = 0; t < temperatures(); ++t)
      for (std::size_t column = 0; column < width(); ++column) {
        const std::vector<double> values = combined_column(ledgers, r, t, column);
        for (std::size_t k = 0; k < values.size(); ++k)
          all[((r + k) * temperatures() + t) * width() + column] = values[k];
      }
  return all;
}

void AnnealedGlass::measure(Measurements& measurements) {
  if (!finished()) return;
  const std::vector<double> all = combined(all_ledgers());
  const std::size_t rows = samples_ * temperatures();
  std::vector<double> of_observables, column(rows);
  for (std::size_t row = 0; row < rows; ++row)
    of_observables.insert(of_observables.end(), all.begin() + static_cast<std::ptrdiff_t>(row * width()),
                          all.begin() + static_cast<std::ptrdiff_t>(row * width() + observables_->values()));
  observables_->measure_averages(measurements, of_observables);
  for (std::size_t k = 0; k < own_handles_.size(); ++k) {
    for (std::size_t row = 0; row < rows; ++row)
      column[row] = all[row * width() + observables_->values() + k];
    measurements.add(own_handles_[k], column);
  }
}

double AnnealedGlass::updates_per_step() const {
  return sites_ * static_cast<double>(realisations_) *
         static_cast<double>(algorithm_.populations * algorithm_.population);
}

// Of population annealing: whether families are small enough everywhere, and how much beta F of one
// realisation varies between populations, which bounds the systematic error.
void AnnealedGlass::free_energy_results(std::span<const double> ledgers, std::vector<Result>& all) const {
  const auto populations = static_cast<std::size_t>(algorithm_.populations);
  const auto own = [&](std::size_t unit, std::size_t t, std::size_t place) {
    return ledgers[unit * ledger_length() + averages + t * width() + observables_->values() + place];
  };
  const Axis axis = temperature_axis(algorithm_.temperatures);
  Result verdict, variance;
  verdict.name = "equilibrated";
  verdict.info = {"verdict on equilibration: 1 equilibrated, 0 not",
                  "1",
                  "families: rho < R/100 in every population",
                  {temperatures()},
                  true,
                  {axis}};
  variance.name = "free_energy_variance";
  variance.info = {
      "variance of beta F between populations of a realisation; below 1 where populations are large "
      "enough",
      "1",
      "[var(beta F)]",
      {temperatures()},
      false,
      {axis}};
  const double largest = largest_family_share * static_cast<double>(algorithm_.population);
  for (std::size_t t = 0; t < temperatures(); ++t) {
    bool good = true;
    std::vector<double> variances;
    for (std::size_t r = 0; r < realisations_; ++r) {
      std::vector<double> log_z;
      for (std::size_t m = 0; m < populations; ++m) {
        good = good && own(r * populations + m, t, family_size) < largest;
        log_z.push_back(own(r * populations + m, t, free_energy));
      }
      const double error = standard_error(log_z);
      variances.push_back(error * error * static_cast<double>(populations));
    }
    verdict.mean.push_back(good ? 1 : 0);
    double sum = 0;
    for (const double each : variances) sum += each;
    const double mean = sum / static_cast<double>(realisations_);
    variance.mean.push_back(mean);
    // Of one realisation that of a variance of Gaussian numbers.
    variance.error.push_back(realisations_ > 1
                                 ? standard_error(variances)
                                 : mean * std::sqrt(2 / (static_cast<double>(populations) - 1)));
  }
  verdict.error.assign(temperatures(), 0.0);
  for (Result* each : {&verdict, &variance}) {
    each->tau_int.assign(temperatures(), 0.5);
    each->count = static_cast<std::int64_t>(realisations_ * populations);
  }
  all.push_back(std::move(verdict));
  if (populations > 1) all.push_back(std::move(variance));
}

// The lowest energy of each realisation over its populations, and who found it.
void AnnealedGlass::lowest_energy_results(std::span<const double> ledgers,
                                          std::span<const std::uint8_t> unit_spins,
                                          std::vector<Result>& all) const {
  const auto populations = static_cast<std::size_t>(algorithm_.populations);
  const auto sites = static_cast<std::size_t>(sites_);
  const auto of = [&](std::size_t unit, Ledger entry) { return ledgers[unit * ledger_length() + entry]; };
  std::vector<double> lowest, shares;
  std::vector<std::uint8_t> spins;
  for (std::size_t r = 0; r < realisations_; ++r) {
    const std::size_t first = r * populations, last = first + populations;
    std::size_t best = first;
    for (std::size_t unit = first; unit < last; ++unit)
      if (of(unit, lowest_energy) < of(best, lowest_energy)) best = unit;
    lowest.push_back(of(best, lowest_energy));
    double hits = 0;
    for (std::size_t unit = first; unit < last; ++unit)
      if (of(unit, lowest_energy) <= as_low_as(lowest.back())) hits += of(unit, lowest_count);
    shares.push_back(hits / static_cast<double>(algorithm_.populations * algorithm_.population));
    const std::span<const std::uint8_t> found = unit_spins.subspan(best * sites, sites);
    spins.insert(spins.end(), found.begin(), found.end());
  }
  all.push_back(energy_result("lowest_energy", "lowest energy per site that was found", lowest, sites_));
  Result share = energy_result("lowest_energy_share",
                               "configurations that end in the lowest energy found, of all", shares, 1);
  share.info.unit = "1";
  share.info.formula = "after sweeps at temperature zero";
  all.push_back(std::move(share));
  if (keep_spins_) all.push_back(spins_result("ground_states", spins, realisations_));
}

std::vector<double> AnnealedGlass::all_ledgers() const {
  std::vector<double> own;
  for (const Unit& unit : units_) own.insert(own.end(), unit.ledger.begin(), unit.ledger.end());
  return communicator_->all_gather_varying(std::span<const double>(own));
}

std::vector<Result> AnnealedGlass::own_results() const {
  if (!finished()) return {};
  const std::vector<double> ledgers = all_ledgers();
  std::vector<std::uint8_t> own_spins;
  for (const Unit& unit : units_) own_spins.insert(own_spins.end(), unit.lowest.begin(), unit.lowest.end());
  const std::vector<std::uint8_t> spins =
      communicator_->all_gather_varying(std::span<const std::uint8_t>(own_spins));
  std::vector<Result> all;
  if (algorithm_.resampling) free_energy_results(ledgers, all);
  lowest_energy_results(ledgers, spins, all);
  return all;
}

}  // namespace weiss
