#include "cavity/cavity_resolvent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "weiss/base/hash.hpp"
#include "weiss/cavity/transfer_grid.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/simulation/exact_result.hpp"
#include "weiss/statistics/jackknife.hpp"

#include "cavity/find_key.hpp"

namespace weiss {

namespace {

constexpr double most_members = 1 << 27;
constexpr double smallest_width = 1e-4;  // of W/t above 0: averages over less lose digits
constexpr double gain = 0.2;             // of the search: it forgets within some 10 generations

// A unit's ledger.
enum : std::size_t { ledger_width, eigenvalue_sum, eigenvalue_count, ledger_size };

bool finds(const Parameters& parameters) { return parameters.text("algorithm.find") != "none"; }
bool on_grid(const Parameters& parameters) {
  return finds(parameters) && parameters.text("algorithm.localisation_method") == "grid";
}
bool has_disorder(const Parameters& parameters) { return parameters.real("model.disorder_width") > 0; }

ResolventEnsemble ensemble_of(const Parameters& parameters) {
  ResolventEnsemble ensemble;
  ensemble.neighbours = static_cast<std::size_t>(parameters.integer("lattice.degree"));
  ensemble.disorder_width = parameters.real("model.disorder_width");
  ensemble.hopping = parameters.real("model.hopping");
  ensemble.energy = parameters.real("model.energy");
  ensemble.broadening = parameters.real("model.broadening");
  return ensemble;
}

std::size_t members_of(const Parameters& parameters) {
  constexpr auto chunk = static_cast<std::int64_t>(ResolventPopulation::chunk);
  return static_cast<std::size_t>((parameters.integer("algorithm.population") + chunk - 1) / chunk * chunk);
}

}  // namespace

void CavityResolvent::declare(Schema& schema) {
  schema.integer("lattice.degree",
                 {.unit = "bonds", .help = "bonds a site of random_regular", .minimum = 1, .maximum = 1000});
  schema.real("model.disorder_width",
              {.unit = "t", .help = "full width W of the box of site energies of a resolvent", .minimum = 0});
  schema.real("model.hopping", {.fallback = "1",
                                .unit = "t",
                                .help = "hopping of a resolvent",
                                .minimum = 0,
                                .exclusive_minimum = true});
  schema.real("model.energy", {.fallback = "0", .unit = "t", .help = "energy E of a resolvent"});
  schema.real("model.broadening", {.fallback = "1e-6",
                                   .unit = "t",
                                   .help = "imaginary part eta of the energy of a resolvent",
                                   .minimum = 1e-30});
  declare_find_key(schema);
  schema.choice("algorithm.localisation_method", {"population", "grid"},
                {.fallback = "population",
                 .help = "of localisation_transition: populations of paths, with statistical errors, or a "
                         "grid, without"});
  schema.real(
      "algorithm.localisation_spacing",
      {.fallback = "0.02",
       .help = "of the grid: spacing of the logarithm of |1/G|; the error is the change from twice it",
       .minimum = 0.005,
       .maximum = 0.08});
  schema.integer("algorithm.population", {.fallback = "100000",
                                          .unit = "messages",
                                          .help = "members of a population, rounded up to a multiple of 256",
                                          .minimum = 256,
                                          .maximum = most_members});
  schema.integer("algorithm.populations",
                 {.fallback = "4", .help = "independent populations", .minimum = 1, .maximum = 4096});
}

void CavityResolvent::validate(const Parameters& parameters, Problems& problems) {
  if (!parameters.given("lattice.degree"))
    problems.add("lattice.degree", "is missing; give the number of neighbours of a site");
  else if (parameters.integer("lattice.degree") < 3 || parameters.integer("lattice.degree") > 200)
    problems.add("lattice.degree", "must be 3 to 200 on a Bethe lattice");
  if (!parameters.given("model.disorder_width")) {
    problems.add("model.disorder_width", "is missing; give it, or 0");
    return;
  }
  const double relative = parameters.real("model.disorder_width") / parameters.real("model.hopping");
  if (relative > 0 && relative < smallest_width)
    problems.add("model.disorder_width", "must be 0 or at least 1e-4 of model.hopping");
  const std::string& find = parameters.text("algorithm.find");
  if (find != "none" && find != "localisation_transition")
    problems.add("algorithm.find", "takes localisation_transition or none for a resolvent");
  if (finds(parameters) && !has_disorder(parameters))
    problems.add("model.disorder_width", "must be > 0 with algorithm.find: it is where the search begins");
  if (finds(parameters) && parameters.chosen("model.broadening"))
    problems.add("model.broadening", "has no meaning with algorithm.find, where it is 0; remove it");
  if (!finds(parameters) && parameters.chosen("algorithm.localisation_method"))
    problems.add("algorithm.localisation_method", "needs algorithm.find = localisation_transition");
  if (!on_grid(parameters) && parameters.chosen("algorithm.localisation_spacing"))
    problems.add("algorithm.localisation_spacing", "needs algorithm.localisation_method = grid");
  if (on_grid(parameters))
    for (const char* key : {"algorithm.population", "algorithm.populations"})
      if (parameters.chosen(key)) problems.add(key, "has no meaning on a grid; remove it");
}

bool CavityResolvent::thermalizes(const Parameters& parameters) { return !on_grid(parameters); }

int CavityResolvent::usable_ranks(const Parameters& parameters, int ranks) {
  if (on_grid(parameters)) return 1;
  return static_cast<int>(std::min<std::int64_t>(ranks, parameters.integer("algorithm.populations")));
}

TaskPlan CavityResolvent::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  if (on_grid(parameters)) {
    const double cells = 40 / parameters.real("algorithm.localisation_spacing");
    plan.kernel = "transfer_grid";
    plan.bytes = 8 * cells * cells;
    plan.updates_per_step = 300 * cells * cells;
    return plan;
  }
  plan.kernel = finds(parameters) ? "transfer_population" : "resolvent_population";
  plan.updates_per_step = static_cast<double>(members_of(parameters)) *
                          static_cast<double>(parameters.integer("algorithm.populations"));
  plan.bytes = plan.updates_per_step * (finds(parameters) ? 40 : 72);
  plan.updates_per_ns = 0.08 / static_cast<double>(parameters.integer("lattice.degree"));
  return plan;
}

CavityResolvent::CavityResolvent(const TaskContext& context)
    : communicator_(&context.communicator),
      ensemble_(ensemble_of(context.parameters)),
      finds_(finds(context.parameters)),
      ranks_(context.communicator.size()),
      thermalization_(context.parameters.integer("run.thermalization")),
      units_total_(on_grid(context.parameters)
                       ? 0
                       : static_cast<std::size_t>(context.parameters.integer("algorithm.populations"))),
      averages_(units_total_, row_size, UnitAverages::double_precision) {
  const TaskPlan planned = plan(context.parameters, ranks_);
  kernel_ = planned.kernel;
  updates_per_step_ = planned.updates_per_step;
  if (on_grid(context.parameters)) {
    grid_spacing_ = context.parameters.real("algorithm.localisation_spacing");
    return;
  }
  const auto rank = static_cast<std::size_t>(communicator_->rank());
  const auto ranks = static_cast<std::size_t>(ranks_);
  first_unit_ = units_total_ * rank / ranks;
  for (std::size_t u = first_unit_; u < units_total_ * (rank + 1) / ranks; ++u)
    units_.push_back(make_unit(u, context));
}

CavityResolvent::Unit CavityResolvent::make_unit(std::size_t number, const TaskContext& context) const {
  Unit unit;
  unit.ledger.assign(ledger_size, 0.0);
  unit.ledger[ledger_width] = ensemble_.disorder_width;
  const std::uint64_t key =
      hash64("population " + std::to_string(number) + " of " + std::to_string(context.task_key));
  const std::size_t members = members_of(context.parameters);
  if (!finds_) unit.resolvents.emplace(ensemble_, members, context.seed, key);
  if (ensemble_.disorder_width > 0) unit.paths.emplace(ensemble_, members, context.seed, key);
  return unit;
}

void CavityResolvent::step(std::int64_t t) {
  generation_ = t + 1;
  if (units_total_ == 0) {
    const LocalisationTransition found = localisation_transition(ensemble_, grid_spacing_);
    root_ = {found.disorder_width, found.error, found.eigenvalue, found.converged ? 1.0 : 0.0};
    solved_ = 1;
    return;
  }
  for (Unit& unit : units_) {
    if (unit.resolvents) unit.resolvents->sweep(static_cast<std::uint64_t>(t));
    if (!unit.paths) continue;
    if (t == thermalization_) unit.ledger[eigenvalue_sum] = unit.ledger[eigenvalue_count] = 0;
    const double largest = unit.paths->sweep(static_cast<std::uint64_t>(t), unit.ledger[ledger_width]);
    unit.ledger[eigenvalue_sum] += largest;
    unit.ledger[eigenvalue_count] += 1;
    if (!finds_) continue;
    const double factor = portable_exp(gain * std::fmin(largest - 1, 1));
    unit.ledger[ledger_width] =
        std::fmax(unit.ledger[ledger_width] * factor, smallest_width * ensemble_.hopping);
  }
}

std::vector<double> CavityResolvent::row_of(const Unit& unit) const {
  std::vector<double> row(row_size, 0.0);
  if (unit.resolvents) {
    const ResolventAverages averages = unit.resolvents->measure(static_cast<std::uint64_t>(generation_));
    row[density] = averages.density;
    row[log_density] = averages.log_density;
    row[square] = averages.square;
    row[log_cavity] = averages.log_cavity;
  }
  if (unit.paths) row[eigenvalue] = unit.ledger[eigenvalue_sum] / unit.ledger[eigenvalue_count];
  row[width] = unit.ledger[ledger_width];
  return row;
}

void CavityResolvent::measure(Measurements&) {
  if (units_total_ == 0) return;
  std::vector<double> own;
  for (Unit& unit : units_) {
    const std::vector<double> row = row_of(unit);
    own.insert(own.end(), row.begin(), row.end());
    unit.ledger[eigenvalue_sum] = unit.ledger[eigenvalue_count] = 0;
  }
  averages_.add(*communicator_, own);
}

void CavityResolvent::set_unit_bytes() {
  std::vector<std::span<std::uint8_t>> resolvents, paths, ledgers;
  const std::span<std::uint8_t> nothing;
  for (Unit& unit : units_) {
    resolvents.push_back(unit.resolvents ? unit.resolvents->bytes() : nothing);
    paths.push_back(unit.paths ? unit.paths->bytes() : nothing);
    ledgers.emplace_back(reinterpret_cast<std::uint8_t*>(unit.ledger.data()), ledger_size * sizeof(double));
  }
  const std::size_t resolvent_piece = resolvents.front().size(), path_piece = paths.front().size();
  resolvent_bytes_.set(std::move(resolvents), resolvent_piece, first_unit_, units_total_);
  path_bytes_.set(std::move(paths), path_piece, first_unit_, units_total_);
  ledger_bytes_.set(std::move(ledgers), ledger_size * sizeof(double), first_unit_, units_total_);
}

void CavityResolvent::start_from(CavityResolvent& previous) {
  if (finds_ || previous.finds_ || units_.size() != previous.units_.size()) return;
  const auto copy = [](auto& from, auto& to) {
    if (!from || !to || from->members() != to->members()) return;
    const std::span<const std::uint8_t> bytes = from->bytes();
    std::copy(bytes.begin(), bytes.end(), to->bytes().begin());
  };
  for (std::size_t u = 0; u < units_.size(); ++u) {
    copy(previous.units_[u].resolvents, units_[u].resolvents);
    copy(previous.units_[u].paths, units_[u].paths);
  }
}

std::vector<CavityResolvent::Quantity> CavityResolvent::quantities() const {
  using Means = std::span<const double>;
  const auto itself = [](Means m, std::size_t) { return m[0]; };
  const auto exponential = [](Means m, std::size_t) { return std::exp(m[0]); };
  const double eta = ensemble_.broadening;
  std::vector<Quantity> all;
  if (finds_)
    all.push_back({"critical_disorder",
                   "disorder at which the states at this energy localise",
                   "t",
                   "<lambda(W)> = 1",
                   {width},
                   itself});
  if (!finds_) {
    all.push_back(
        {"density_of_states", "mean density of states of a site", "1/t", "<-Im G>/pi", {density}, itself});
    all.push_back({"typical_density_of_states",
                   "typical density of states of a site",
                   "1/t",
                   "exp(<ln(-Im G/pi)>)",
                   {log_density},
                   exponential});
    all.push_back({"inverse_participation",
                   "inverse participation ratio of states seen at this broadening",
                   "1",
                   "eta <|G|^2>/<-Im G>",
                   {square, density},
                   [eta](Means m, std::size_t) { return eta * m[0] / (std::numbers::pi * m[1]); }});
    all.push_back({"lyapunov_exponent",
                   "decay of Green functions along a path, a step",
                   "1",
                   "-<ln |t G|>",
                   {log_cavity},
                   [](Means m, std::size_t) { return -m[0]; }});
  }
  if (ensemble_.disorder_width > 0)
    all.push_back({"transfer_eigenvalue",
                   finds_ ? "largest eigenvalue of the transfer operator, 1 when the search has settled"
                          : "largest eigenvalue of the transfer operator; states are localised below 1",
                   "1",
                   "lambda = K^n <|t^n G_0n|> / (the same at n - 1)",
                   {eigenvalue},
                   itself});
  return all;
}

std::vector<Result> CavityResolvent::root_results() const {
  if (root_.empty()) return {};
  const bool converged = root_[3] != 0;
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  Result critical = exact_result("critical_disorder", "disorder at which the states at this energy localise",
                                 "t", "lambda(W) = 1", converged ? root_[0] : nothing, true);
  critical.info.long_name += " but that of the grid, the change from twice the spacing";
  critical.error = {converged ? root_[1] : 0.0};
  return {std::move(critical),
          exact_result("transfer_eigenvalue", "largest eigenvalue of the transfer operator at the root", "1",
                       "K t int p(E - x - y) chi(t^2/y)/|y| dy = lambda chi(x)", root_[2]),
          exact_result("converged", "1 where a root was found", "1", "lambda(W) = 1", root_[3], true)};
}

std::vector<Result> CavityResolvent::own_results() const {
  if (units_total_ == 0) return root_results();
  std::vector<Result> all;
  if (averages_.count() == 0) return all;
  for (const Quantity& each : quantities())
    all.push_back(averages_.derived(each.name, {each.long_name, each.unit, each.formula, {}, true},
                                    each.inputs, each.value));
  return all;
}

}  // namespace weiss
