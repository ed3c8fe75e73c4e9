#include "cavity/cavity_potts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/base/error.hpp"
#include "weiss/cavity/decimation.hpp"
#include "weiss/cavity/potts_bethe.hpp"
#include "weiss/cavity/potts_paramagnet.hpp"
#include "weiss/cavity/recolouring.hpp"
#include "weiss/cavity/shuffled_order.hpp"
#include "weiss/simulation/disorder_keys.hpp"
#include "weiss/simulation/exact_result.hpp"

#include "cavity/instance_keys.hpp"
#include "cavity/potts_keys.hpp"

namespace weiss {

namespace {

constexpr double response_tolerance = 1e-10;
constexpr std::int64_t response_steps = 300;
constexpr std::uint64_t tie_step = std::uint64_t{1}
                                   << 40U;  // of colours drawn at the end, beyond every sweep
constexpr double ties = 10;                 // preferences below so many tolerances are none

double beta_or_infinity(const Parameters& parameters) {
  return is_colouring(parameters) ? std::numeric_limits<double>::infinity()
                                  : 1 / parameters.real("model.temperature");
}

// The colours whose weights come within `margin` of the largest.
std::vector<int> best_colours(std::span<const double> weights, double margin) {
  const double most = *std::max_element(weights.begin(), weights.end());
  std::vector<int> best;
  for (std::size_t s = 0; s < weights.size(); ++s)
    if (weights[s] >= most - margin) best.push_back(static_cast<int>(s));
  return best;
}

// One of them, drawn.
int preferred(const std::vector<int>& best, const RandomSource& random, std::int64_t site) {
  return best[random.below(best.size(), static_cast<std::uint64_t>(site))];
}

}  // namespace

void CavityPotts::declare(Schema& schema) { declare_potts_keys(schema); }

void CavityPotts::validate(const Parameters& parameters, Problems& problems) {
  validate_potts_keys(parameters, problems);
}

TaskPlan CavityPotts::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  const auto q = static_cast<double>(parameters.integer("model.states"));
  plan.kernel = (is_colouring(parameters) ? "colouring_" : "potts_") + parameters.text("algorithm.schedule");
  plan.updates_per_step = messages_of(parameters);
  plan.updates_per_ns = (parameters.text("algorithm.schedule") == "parallel" ? 0.1 : 0.05) / q;
  plan.bytes = plan.updates_per_step * (16 * q + 28);
  return plan;
}

CavityPotts::CavityPotts(const TaskContext& context)
    : CavityPotts(context,
                  make_realisation(context.parameters, context.parameters.integer("model.realisation"))) {}

CavityPotts::CavityPotts(const TaskContext& context, const InteractionGraph& model)
    : graph_(model),
      messages_(graph_, model, static_cast<int>(context.parameters.integer("model.states")),
                beta_or_infinity(context.parameters), context.parameters.real("algorithm.damping")),
      colouring_(is_colouring(context.parameters)),
      has_fields_(!model.field.empty()),
      interactions_(model.interactions()),
      tolerance_(context.parameters.real("algorithm.tolerance")),
      decimation_(context.parameters.real("algorithm.decimation")),
      decimation_sweeps_(context.parameters.integer("algorithm.decimation_sweeps")),
      most_searches_(context.parameters.integer("algorithm.recolouring_sweeps")),
      noise_(context.parameters.real("algorithm.recolouring_noise")),
      wants_response_(context.parameters.boolean("output.response")),
      wants_marginals_(context.parameters.boolean("output.marginals")),
      order_stream_(context.seed, context.task_key, StreamId::message_order),
      decimation_stream_(context.seed, context.task_key, StreamId::decimation),
      colour_stream_(context.seed, context.task_key, StreamId::colour_choice),
      search_stream_(context.seed, context.task_key, StreamId::recolouring) {
  const std::string& schedule = context.parameters.text("algorithm.schedule");
  if (schedule == "sequential") schedule_ = Schedule::sequential;
  if (schedule == "residual") schedule_ = Schedule::residual;
  kernel_ = (colouring_ ? "colouring_" : "potts_") + schedule;
  graph_.interaction = {};
  if (decimation_ > 0) {
    site_of_.resize(static_cast<std::size_t>(graph_.slots()));
    for (std::int32_t site = 0; site < graph_.sites(); ++site)
      std::fill(site_of_.begin() + graph_.first_slot(site), site_of_.begin() + graph_.first_slot(site + 1),
                site);
  }
  start_messages(context.parameters.text("algorithm.message_start"),
                 Stream(context.seed, context.task_key, StreamId::initial_state));
}

void CavityPotts::start_messages(const std::string& start, const Stream& stream) {
  if (start == "uniform") return;
  messages_.start([&](std::int64_t slot, std::size_t colour) {
    if (start == "ordered") return colour == 0 ? 1.0 : 0.0;
    const std::uint64_t bits =
        stream.bits(0, static_cast<std::uint64_t>(slot), static_cast<std::uint32_t>(colour));
    return (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53;
  });
}

void CavityPotts::find_bytes() {
  message_bytes_ = whole_bytes(messages_.messages());
  colour_bytes_ = whole_bytes(messages_.colours());
}

// A task of a chain starts from the messages of the one before, where graphs and colours match.
void CavityPotts::start_from(CavityPotts& previous) {
  if (previous.graph_.first != graph_.first || previous.graph_.partner != graph_.partner ||
      previous.messages_.states() != messages_.states() || previous.rounds_ > 0)
    return;
  std::copy(previous.messages_.messages().begin(), previous.messages_.messages().end(),
            messages_.messages().begin());
}

void CavityPotts::check() {
  const std::size_t q = messages_.states();
  const std::span<const double> all = messages_.messages();
  for (std::size_t at = 0; at < all.size(); at += q) {
    double sum = 0;
    for (std::size_t s = 0; s < q; ++s) sum += all[at + s];
    if (!(std::fabs(sum - 1) < 1e-9))
      throw Error(ExitCode::internal, "algorithm.damping: a message of a Potts model is not normalised");
  }
}

double CavityPotts::sweep(std::int64_t t) {
  if (schedule_ == Schedule::parallel) return messages_.parallel_sweep();
  if (schedule_ == Schedule::residual) return messages_.residual_sweep(graph_.sites(), tolerance_);
  return messages_.sequential_sweep(
      shuffled_order(graph_.sites(), RandomSource(order_stream_, static_cast<std::uint64_t>(t))));
}

void CavityPotts::step(std::int64_t t) {
  if (searching_ != 0) {
    search(t);
    return;
  }
  residuals_.push_back(sweep(t));
  ++sweeps_;
  const bool settled = residuals_.back() <= tolerance_;
  if (decimation_ == 0) {
    converged_ = settled ? 1 : 0;
    done_ = converged_;
    return;
  }
  ++sweeps_of_round_;
  if (settled || sweeps_of_round_ >= decimation_sweeps_) decimate(t);
}

bool CavityPotts::clashes(std::int64_t site, int colour, const std::vector<std::int8_t>& fresh) const {
  for (std::int64_t k = graph_.first_slot(site); k < graph_.first_slot(site + 1); ++k) {
    const auto other = static_cast<std::size_t>(
        site_of_[static_cast<std::size_t>(graph_.partner[static_cast<std::size_t>(k)])]);
    if (fresh[other] < 0) continue;
    if (fresh[other] == colour ? messages_.coupling(k) < 0 : messages_.coupling(k) > 0) return true;
  }
  return false;
}

// Marginals say nothing of how sites depend on each other: what clashes with a neighbour of this round waits
// for the next one.
void CavityPotts::decimate(std::int64_t t) {
  if (rounds_ == 0) {
    first_fixed_point_ = fixed_point();
    converged_ = residuals_.back() <= tolerance_ ? 1 : 0;
  }
  const std::size_t q = messages_.states(), n = static_cast<std::size_t>(graph_.sites());
  std::vector<double> p(n * q), bias(n);
  std::vector<std::int8_t> fixed(n), fresh(n, -1);
  for (std::size_t i = 0; i < n; ++i) {
    fixed[i] = static_cast<std::int8_t>(messages_.colours()[i] + 1);
    if (fixed[i] != 0) continue;
    const auto weights = std::span(p).subspan(i * q, q);
    messages_.marginal(static_cast<std::int64_t>(i), weights);
    bias[i] = *std::max_element(weights.begin(), weights.end()) - 1 / static_cast<double>(q);
  }
  const auto count = std::max<std::int64_t>(1, std::llround(decimation_ * static_cast<double>(n)));
  const auto step = static_cast<std::uint64_t>(t);
  for (const FixedSpin& each : most_biased(bias, fixed, count, ties * tolerance_, decimation_stream_, step)) {
    const auto i = static_cast<std::size_t>(each.site);
    const std::vector<int> best = best_colours(std::span(p).subspan(i * q, q), ties * tolerance_);
    const int colour = preferred(best, RandomSource(colour_stream_, step), each.site);
    if (clashes(each.site, colour, fresh)) continue;
    fresh[i] = static_cast<std::int8_t>(colour);
    messages_.fix(each.site, colour);
  }
  ++rounds_;
  sweeps_of_round_ = 0;
  const auto all = messages_.colours();
  if (std::find(all.begin(), all.end(), -1) != all.end()) return;
  searching_ = most_searches_ > 0 && potts_energy(messages_, all).unsatisfied > 0 ? 1 : 0;
  done_ = 1 - searching_;
}

void CavityPotts::search(std::int64_t t) {
  const std::int64_t left =
      recolour(graph_, site_of_, static_cast<int>(messages_.states()), messages_.colours(), graph_.sites(),
               noise_, RandomSource(search_stream_, static_cast<std::uint64_t>(t)));
  ++searches_;
  done_ = left == 0 || searches_ >= most_searches_ ? 1 : 0;
}

std::vector<double> CavityPotts::fixed_point() const {
  const PottsAverages found = potts_averages(messages_);
  const auto n = static_cast<double>(graph_.sites());
  return {found.free_energy / n,
          found.energy / n,
          found.entropy / n,
          found.equal_pairs / static_cast<double>(std::max<std::int64_t>(1, interactions_)),
          found.overlap / n,
          found.magnetization / n,
          static_cast<double>(found.contradictions) / n};
}

// What is fixed, else the most probable colour.
std::vector<std::int8_t> CavityPotts::configuration() const {
  std::vector<std::int8_t> colours;
  std::vector<double> p(messages_.states());
  for (std::int64_t i = 0; i < graph_.sites(); ++i) {
    messages_.marginal(i, p);
    const int colour = messages_.colour(i);
    colours.push_back(static_cast<std::int8_t>(
        colour >= 0
            ? colour
            : preferred(best_colours(p, ties * tolerance_), RandomSource(colour_stream_, tie_step), i)));
  }
  return colours;
}

std::vector<Result> CavityPotts::own_results() const {
  std::vector<Result> all;
  all.push_back(exact_result("converged", "1 where the messages settled", "1",
                             "residual <= algorithm.tolerance", static_cast<double>(converged_), true));
  all.push_back(exact_result("sweeps", "sweeps done", "sweeps", "count", static_cast<double>(sweeps_)));
  all.push_back(exact_result("residual", "largest undamped change of a message in the last sweep", "1",
                             "max |c_new - c|", residuals_.empty() ? 0.0 : residuals_.back(), true));
  if (!residuals_.empty())
    all.push_back(
        exact_results("residual_of_sweeps", "residual of every sweep", "1", "max |c_new - c|", residuals_));
  add_fixed_point(all);
  if (!has_fields_) add_closed_forms(all);
  if (wants_response_ && decimation_ == 0) add_stability(all);
  add_configuration(all);
  if (!wants_marginals_) return all;
  const std::size_t q = messages_.states();
  std::vector<double> p(static_cast<std::size_t>(graph_.sites()) * q);
  for (std::int64_t i = 0; i < graph_.sites(); ++i)
    messages_.marginal(i, std::span(p).subspan(
                              static_cast<std::size_t>(graph_.original[static_cast<std::size_t>(i)]) * q, q));
  all.push_back(exact_results("marginal_of_sites", "distribution of the colour of every site", "1", "P_i(s)",
                              std::move(p)));
  all.back().info.dims = {static_cast<std::uint64_t>(graph_.sites()), q};
  return all;
}

void CavityPotts::add_fixed_point(std::vector<Result>& all) const {
  const std::vector<double> found = first_fixed_point_.empty() ? fixed_point() : first_fixed_point_;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       Averages which, bool headline) {
    all.push_back(exact_result(name, long_name, unit, formula, found[which], headline));
  };
  if (!colouring_) {
    add("free_energy", "Bethe free energy per site", "J", "-T ln Z/N", free_energy, true);
    add("energy", "energy per site", "J", "<H>/N of the marginals", energy, true);
  }
  add("entropy", colouring_ ? "Bethe entropy of proper colourings per site" : "Bethe entropy per site", "1",
      colouring_ ? "ln Z/N" : "(energy - free energy)/T", entropy, true);
  add("equal_pairs", "part of the interactions with equal colours", "1", "mean of P(s_i = s_j)", equal_pairs,
      false);
  add("overlap", "overlap of marginals", "1", "sum_i (q sum_s P_i(s)^2 - 1)/((q - 1) N)", overlap, true);
  add("magnetization", "order of the colour that leads", "1", "(q max_s sum_i P_i(s)/N - 1)/(q - 1)",
      magnetization, false);
  add("contradictions", "part of the sites without a colour left; entropies are NaN where there are any", "1",
      "#{i: Z_i = 0}/N", contradictions, false);
}

void CavityPotts::add_closed_forms(std::vector<Result>& all) const {
  const PottsParamagnet closed = potts_paramagnet(messages_);
  if (!colouring_)
    all.push_back(exact_result("paramagnetic_free_energy", "free energy per site of the paramagnet", "J",
                               "-T [ln q + (M/N) mean ln((e^{J/T} + q - 1)/q)]", closed.free_energy));
  all.push_back(exact_result("paramagnetic_entropy", "entropy per site of the paramagnet", "1",
                             colouring_ ? "ln q + (c/2) ln(1 - 1/q)" : "(e - f)/T", closed.entropy));
  all.push_back(exact_result("kesten_stigum_temperature",
                             "temperature below which the paramagnet is unstable to a glass, NaN where it is "
                             "stable down to 0",
                             "J", "k mean lambda^2 = 1", kesten_stigum_temperature(messages_)));
  all.push_back(exact_result("ferromagnetic_temperature",
                             "temperature below which the paramagnet is unstable to order, NaN where "
                             "couplings are not all positive",
                             "J", "k mean lambda = 1", ferromagnetic_temperature(messages_)));
}

void CavityPotts::add_stability(std::vector<Result>& all) const {
  const double none = std::numeric_limits<double>::quiet_NaN();
  all.push_back(exact_result(
      "stability_eigenvalue",
      "growth of squared perturbations a sweep, beyond 1 the fixed point is unstable to replica symmetry "
      "breaking, NaN where there is no fixed point",
      "1", "k lambda^2 of a paramagnet",
      converged_ != 0 ? potts_stability(messages_, response_tolerance, response_steps) : none, true));
  all.push_back(exact_result(
      "uniform_growth",
      "growth a sweep of a perturbation towards colour 0, NaN where there is no fixed point", "1",
      "k lambda of a paramagnet",
      converged_ != 0 ? potts_uniform_growth(messages_, response_tolerance, response_steps) : none));
}

void CavityPotts::add_configuration(std::vector<Result>& all) const {
  const std::vector<std::int8_t> colours = configuration();
  const PottsEnergy found = potts_energy(messages_, colours);
  const bool headline = decimation_ > 0;
  all.push_back(exact_result("configuration_energy", "energy per site of the most probable colours", "J",
                             "H(s)/N", found.energy / static_cast<double>(graph_.sites()), headline));
  all.push_back(exact_result(
      "unsatisfied_interactions", "interactions that this configuration does not satisfy; 0 is a colouring",
      "1", "#{J < 0, s_i = s_j} + #{J > 0, s_i != s_j}", static_cast<double>(found.unsatisfied), headline));
  if (decimation_ > 0)
    all.push_back(exact_result("decimation_rounds", "rounds of decimation", "1", "count",
                               static_cast<double>(rounds_)));
  if (most_searches_ > 0)
    all.push_back(exact_result("recolouring_sweeps", "sweeps of local search after decimation", "sweeps",
                               "count", static_cast<double>(searches_)));
  if (decimation_ == 0 && !wants_marginals_) return;
  std::vector<double> by_site(colours.size());
  for (std::size_t i = 0; i < colours.size(); ++i)
    by_site[static_cast<std::size_t>(graph_.original[i])] = colours[i];
  all.push_back(
      exact_results("configuration", "colour of every site", "1", "s_i = 0 ... q - 1", std::move(by_site)));
}

}  // namespace weiss
