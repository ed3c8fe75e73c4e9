#include "cavity/cavity_instance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "weiss/base/error.hpp"
#include "weiss/cavity/shuffled_order.hpp"
#include "weiss/lattice/instance_file.hpp"
#include "weiss/simulation/disorder_keys.hpp"
#include "weiss/simulation/exact_result.hpp"
#include "weiss/simulation/lattice_keys.hpp"

#include "cavity/instance_keys.hpp"

namespace weiss {

namespace {

constexpr double strongest_tanh_single = 6, strongest_tanh_double = 15;  // fields in T
constexpr double lossless_fields = 20;  // beyond the strongest coupling: exp(-2 * 20) is below rounding
constexpr double fixed_fields = 1000;   // of decimated spins, in ceilings
constexpr double polarised = 0.99;      // |m| of every spin at the end of a reinforcement
constexpr double response_tolerance = 1e-10;
constexpr std::int64_t response_steps = 500;
constexpr std::uint64_t tie_step = std::uint64_t{1} << 40U;  // of coins, beyond every sweep

double strongest_field(const FactorGraph& graph, const InteractionGraph& model) {
  double strongest = 0;
  for (std::int64_t i = 0; i < graph.sites(); ++i) {
    const auto site = static_cast<std::size_t>(graph.original[static_cast<std::size_t>(i)]);
    double sum = model.field.empty() ? 0 : std::fabs(model.field[site]);
    for (std::int64_t k = graph.first_slot(i); k < graph.first_slot(i + 1); ++k)
      sum +=
          std::fabs(model.coupling[static_cast<std::size_t>(graph.interaction[static_cast<std::size_t>(k)])]);
    strongest = std::max(strongest, sum);
  }
  return strongest;
}

}  // namespace

void CavityInstance::declare(Schema& schema) { declare_instance_keys(schema); }

void CavityInstance::validate(const Parameters& parameters, Problems& problems) {
  validate_instance_keys(parameters, problems);
}

TaskPlan CavityInstance::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  plan.kernel = parameters.text("algorithm.messages") + "_" + parameters.text("algorithm.schedule");
  plan.updates_per_step = messages_of(parameters);
  plan.updates_per_ns = parameters.text("algorithm.schedule") == "parallel" ? 0.1 : 0.02;
  plan.bytes = plan.updates_per_step * 32;
  return plan;
}

CavityInstance::CavityInstance(const TaskContext& context)
    : CavityInstance(context,
                     make_realisation(context.parameters, context.parameters.integer("model.realisation"))) {}

CavityInstance::CavityInstance(const TaskContext& context, const InteractionGraph& model)
    : graph_(model),
      thermal_(is_sum_product(context.parameters)),
      scale_(thermal_ ? beta_of(context.parameters) : 1),
      interactions_(model.interactions()),
      tolerance_(context.parameters.real("algorithm.tolerance")),
      reinforcement_(context.parameters.real("algorithm.reinforcement")),
      decimation_(context.parameters.real("algorithm.decimation")),
      decimation_sweeps_(context.parameters.integer("algorithm.decimation_sweeps")),
      correlations_with_(context.parameters.integer("output.correlations_with")),
      wants_response_(context.parameters.boolean("output.response")),
      wants_magnetizations_(context.parameters.boolean("output.magnetizations")),
      order_stream_(context.seed, context.task_key, StreamId::message_order),
      decimation_stream_(context.seed, context.task_key, StreamId::decimation),
      engine_(make_engine(context.parameters, model)) {
  const std::string& schedule = context.parameters.text("algorithm.schedule");
  if (schedule == "sequential") schedule_ = Schedule::sequential;
  if (schedule == "residual") schedule_ = Schedule::residual;
  kernel_ += "_" + schedule;
  graph_.interaction = {};
  set_external_fields(model, context.parameters.text("algorithm.precision") == "single");
  if (decimation_ > 0) fixed_.resize(static_cast<std::size_t>(graph_.sites()));
  start_messages(context.parameters.text("algorithm.message_start"),
                 Stream(context.seed, context.task_key, StreamId::initial_state));
}

CavityInstance::AnyEngine CavityInstance::make_engine(const Parameters& parameters,
                                                      const InteractionGraph& model) {
  ScaledModel scaled{scale_, 0, 0};
  for (const double each : model.coupling)
    scaled.strongest = std::max(scaled.strongest, scale_ * std::fabs(each));
  scaled.ceiling = scaled.strongest + (thermal_ ? lossless_fields : 0);
  const bool single = parameters.text("algorithm.precision") == "single";
  const std::string& arithmetic = parameters.text("algorithm.arithmetic");
  const double limit = single ? strongest_tanh_single : strongest_tanh_double;
  const bool weak = scale_ * strongest_field(graph_, model) <= limit;
  const bool searches = reinforcement_ > 0 || decimation_ > 0;
  const bool tanh = arithmetic == "tanh" || (arithmetic == "auto" && weak && !searches);
  kernel_ = thermal_ ? tanh ? "sum_product_tanh" : "sum_product_field" : "max_product";
  kernel_ += single ? "_single" : "_double";
  const double damping = parameters.real("algorithm.damping");
  const auto make = [&]<class Rule>(Rule) -> AnyEngine {
    return std::make_unique<MessagePassing<Rule>>(graph_, model, scaled, damping);
  };
  if (!thermal_) return single ? make(MinimumRule<float>()) : make(MinimumRule<double>());
  if (tanh) return single ? make(TanhRule<float>()) : make(TanhRule<double>());
  return single ? make(FieldRule<float>()) : make(FieldRule<double>());
}

// Kept beside the messages' own only where those change or have fewer digits.
void CavityInstance::set_external_fields(const InteractionGraph& model, bool single) {
  std::vector<double> scaled;
  if (!model.field.empty())
    for (const std::int32_t site : graph_.original)
      scaled.push_back(scale_ * model.field[static_cast<std::size_t>(site)]);
  const bool searches = reinforcement_ > 0 || decimation_ > 0;
  if (!model.field.empty() && (searches || single))
    for (const std::int32_t site : graph_.original)
      external_.push_back(model.field[static_cast<std::size_t>(site)]);
  if (searches) scaled.resize(static_cast<std::size_t>(graph_.sites()));
  visit([&](auto& engine) { engine.set_fields(scaled); });
}

std::vector<double> CavityInstance::external_fields() const {
  if (!external_.empty() || reinforcement_ > 0 || decimation_ > 0) return external_;
  std::vector<double> fields(static_cast<std::size_t>(graph_.sites()));
  visit([&](const auto& engine) {
    for (std::int64_t i = 0; i < graph_.sites(); ++i)
      fields[static_cast<std::size_t>(i)] = engine.field(i) / scale_;
  });
  return fields;
}

void CavityInstance::start_messages(const std::string& start, const Stream& stream) {
  if (start == "uniform") return;
  visit([&](auto& engine) {
    const double size = engine.scaled().strongest;
    engine.start([&](std::int64_t slot) {
      if (start == "ordered") return size;
      const std::uint64_t bits = stream.bits(0, static_cast<std::uint64_t>(slot));
      return size * (static_cast<double>(bits >> 11U) * 0x1p-52 - 1);
    });
  });
}

void CavityInstance::find_bytes() {
  visit([&](auto& engine) {
    message_bytes_ = whole_bytes(engine.messages());
    field_bytes_ = whole_bytes(engine.fields());
  });
  fixed_bytes_ = whole_bytes(std::span(fixed_));
}

// A task of a chain starts from the cavity fields of the one before, where the graphs match.
void CavityInstance::start_from(CavityInstance& previous) {
  if (previous.graph_.first != graph_.first || previous.graph_.partner != graph_.partner ||
      previous.rounds_ > 0)
    return;
  previous.visit([&](const auto& from) {
    visit([&](auto& to) { to.start([&](std::int64_t slot) { return from.cavity_field(slot); }); });
  });
}

void CavityInstance::check() {
  visit([&](auto& engine) {
    for (const auto message : engine.messages())
      if (!std::isfinite(message))
        throw Error(ExitCode::internal, "algorithm.arithmetic: a message is no finite number; use field");
  });
}

double CavityInstance::sweep(std::int64_t t) {
  return visit([&](auto& engine) {
    if (schedule_ == Schedule::parallel) return engine.parallel_sweep();
    if (schedule_ == Schedule::residual) return engine.residual_sweep(graph_.sites(), tolerance_);
    return engine.sequential_sweep(
        shuffled_order(graph_.sites(), RandomSource(order_stream_, static_cast<std::uint64_t>(t))));
  });
}

void CavityInstance::step(std::int64_t t) {
  residuals_.push_back(sweep(t));
  ++sweeps_;
  const bool settled = residuals_.back() <= tolerance_;
  if (decimation_ > 0) {
    ++sweeps_of_round_;
    if (settled || sweeps_of_round_ >= decimation_sweeps_) decimate(t);
    return;
  }
  converged_ = settled ? 1 : 0;
  if (reinforcement_ > 0) {
    reinforce();
    return;
  }
  done_ = converged_;
}

// Fields beta h_i + (1 - (1 - r)^t) H_i; the end is where messages rest and every spin has made up its mind.
void CavityInstance::reinforce() {
  const std::vector<double> fields = local_fields();
  const double share = 1 - std::pow(1 - reinforcement_, static_cast<double>(sweeps_));
  bool all_polarised = true;
  visit([&](auto& engine) {
    const double most = fixed_fields * engine.scaled().ceiling;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const double own = external_.empty() ? 0 : scale_ * external_[i];
      engine.set_field(static_cast<std::int64_t>(i), std::clamp(own + share * fields[i], -most, most));
      const double size = std::fabs(fields[i]);
      all_polarised = all_polarised && (thermal_ ? std::tanh(size) > polarised : size > 0);
    }
  });
  converged_ = converged_ != 0 && all_polarised ? 1 : 0;
  done_ = converged_;
}

void CavityInstance::decimate(std::int64_t t) {
  if (rounds_ == 0) {
    first_fixed_point_ = fixed_point();
    converged_ = residuals_.back() <= tolerance_ ? 1 : 0;
  }
  const auto count =
      static_cast<std::int64_t>(std::llround(decimation_ * static_cast<double>(graph_.sites())));
  const std::vector<FixedSpin> chosen =
      most_biased(local_fields(), fixed_, std::max<std::int64_t>(1, count), 10 * tolerance_,
                  decimation_stream_, static_cast<std::uint64_t>(t));
  visit([&](auto& engine) {
    for (const FixedSpin& each : chosen) {
      fixed_[static_cast<std::size_t>(each.site)] = each.spin;
      engine.set_field(each.site, each.spin * fixed_fields * engine.scaled().ceiling);
    }
  });
  ++rounds_;
  sweeps_of_round_ = 0;
  done_ = std::find(fixed_.begin(), fixed_.end(), 0) == fixed_.end() ? 1 : 0;
}

std::vector<double> CavityInstance::local_fields() const {
  std::vector<double> fields(static_cast<std::size_t>(graph_.sites()));
  visit([&](const auto& engine) {
    for (std::int64_t i = 0; i < graph_.sites(); ++i)
      fields[static_cast<std::size_t>(i)] = engine.local_field(i);
  });
  return fields;
}

std::vector<double> CavityInstance::fixed_point() const {
  const BetheAverages found = visit([](const auto& engine) { return bethe_averages(engine); });
  return {found.free_energy, found.energy, found.entropy, found.magnetization, found.overlap};
}

// What is fixed, else the sign of the field; a coin where there is none.
std::vector<std::int8_t> CavityInstance::configuration() const {
  std::vector<std::int8_t> spins(fixed_);
  spins.resize(static_cast<std::size_t>(graph_.sites()));
  const std::vector<double> fields = local_fields();
  for (std::size_t i = 0; i < spins.size(); ++i) {
    if (spins[i] != 0) continue;
    const bool up = fields[i] != 0 ? fields[i] > 0 : decimation_stream_.bits(tie_step, i) >> 63U != 0;
    spins[i] = static_cast<std::int8_t>(up ? 1 : -1);
  }
  return spins;
}

std::vector<Result> CavityInstance::own_results() const {
  const auto sites = static_cast<double>(graph_.sites());
  std::vector<Result> all;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       double value, bool headline = false) {
    all.push_back(exact_result(name, long_name, unit, formula, value, headline));
  };
  add("converged", "1 where the messages settled", "1", "residual <= algorithm.tolerance",
      static_cast<double>(converged_), true);
  add("sweeps", "sweeps done", "sweeps", "count", static_cast<double>(sweeps_));
  add("residual", "largest undamped change of a message in the last sweep", "1", "max |x_new - x|",
      residuals_.empty() ? 0.0 : residuals_.back(), true);
  if (!residuals_.empty())
    all.push_back(
        exact_results("residual_of_sweeps", "residual of every sweep", "1", "max |x_new - x|", residuals_));
  if (reinforcement_ == 0) {
    const std::vector<double> found = first_fixed_point_.empty() ? fixed_point() : first_fixed_point_;
    if (thermal_)
      add("free_energy", "Bethe free energy per site", "J", "-Phi/(beta N)", found[free_energy] / sites,
          true);
    add("energy", "energy per site", "J", thermal_ ? "<H>/N of the marginals" : "Bethe energy/N at T = 0",
        found[energy] / sites, true);
    if (thermal_)
      add("entropy", "Bethe entropy per site", "1", "beta (energy - free energy)", found[entropy] / sites);
    add("magnetization", "magnetisation per site", "1", "sum_i m_i/N", found[magnetization] / sites);
    add("overlap", "Edwards-Anderson overlap", "1", "sum_i m_i^2/N", found[overlap] / sites, true);
  }
  const ConfigurationEnergy best = visit(
      [&](const auto& engine) { return configuration_energy(engine, configuration(), external_fields()); });
  add("configuration_energy", "energy per site of the configuration that follows the fields", "J", "H(s)/N",
      best.energy / sites, !thermal_ || decimation_ > 0 || reinforcement_ > 0);
  add("unsatisfied_interactions", "part of the interactions that this configuration does not satisfy", "1",
      "#{e: J_e prod s < 0}/M", static_cast<double>(best.unsatisfied) / static_cast<double>(interactions_));
  if (decimation_ > 0)
    add("decimation_rounds", "rounds of decimation", "1", "count", static_cast<double>(rounds_));
  if (thermal_ && reinforcement_ == 0 && decimation_ == 0) add_responses(all);
  if (wants_magnetizations_) add_sites(all);
  return all;
}

void CavityInstance::add_responses(std::vector<Result>& all) const {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto sites = static_cast<std::size_t>(graph_.sites());
  const auto respond = [&](const std::vector<double>& direction) {
    return visit([&](const auto& engine) {
      return linear_response(engine, direction, response_tolerance, response_steps);
    });
  };
  if (wants_response_) {
    double susceptibility = none, eigenvalue = none;
    if (converged_ != 0) {
      const Response response = respond(std::vector<double>(sites, 1.0));
      if (response.converged)
        susceptibility = scale_ * std::accumulate(response.of_sites.begin(), response.of_sites.end(), 0.0) /
                         static_cast<double>(sites);
      eigenvalue = visit([](const auto& engine) {
        return stability_eigenvalue(engine, response_tolerance, response_steps);
      });
    }
    all.push_back(exact_result(
        "susceptibility", "uniform susceptibility by susceptibility propagation, NaN where it finds none",
        "1/J", "dm/dh", susceptibility));
    all.push_back(exact_result(
        "stability_eigenvalue",
        "growth of squared perturbations a sweep, beyond 1 the fixed point is unstable to replica symmetry "
        "breaking, NaN where there is no fixed point",
        "1", "largest eigenvalue of (du/dx)^2", eigenvalue, true));
  }
  if (correlations_with_ < 0) return;
  std::vector<double> direction(sites), correlations(sites, none);
  for (std::size_t i = 0; i < sites; ++i) direction[i] = graph_.original[i] == correlations_with_ ? 1 : 0;
  const Response response = respond(direction);
  if (converged_ != 0 && response.converged)
    for (std::size_t i = 0; i < sites; ++i)
      correlations[static_cast<std::size_t>(graph_.original[i])] = response.of_sites[i];
  all.push_back(exact_results("correlation_of_sites",
                              "connected correlation of every site with output.correlations_with", "1",
                              "<s_i s_j> - m_i m_j", std::move(correlations)));
}

void CavityInstance::add_sites(std::vector<Result>& all) const {
  std::vector<double> m(static_cast<std::size_t>(graph_.sites())), spins(m);
  const std::vector<double> found = visit([](const auto& engine) { return magnetizations(engine); });
  const std::vector<std::int8_t> s = configuration();
  for (std::size_t i = 0; i < m.size(); ++i) {
    m[static_cast<std::size_t>(graph_.original[i])] = found[i];
    spins[static_cast<std::size_t>(graph_.original[i])] = s[i];
  }
  all.push_back(
      exact_results("magnetization_of_sites", "magnetisation of every site", "1", "m_i", std::move(m)));
  all.push_back(exact_results("configuration", "spin of every site along its field", "1", "s_i = +-1",
                              std::move(spins)));
}

}  // namespace weiss
