#include "cavity/cavity_dense.hpp"

#include <algorithm>

#include "weiss/simulation/disorder_keys.hpp"
#include "weiss/simulation/exact_result.hpp"
#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr double most_dense_sites = 30000;  // a matrix of 7 GB

}  // namespace

void CavityDense::declare(Schema& schema) {
  declare_disorder_keys(schema);
  declare_temperature_keys(schema, {}, false);
  schema.real("algorithm.tap_damping", {.fallback = "0",
                                        .help = "part of the old magnetisations that stays in a step of TAP",
                                        .minimum = 0,
                                        .maximum = 0.999});
  schema.real("algorithm.tap_tolerance",
              {.fallback = "1e-10",
               .help = "TAP has converged when no undamped step would change a magnetisation by more",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.boolean("output.tap_magnetizations",
                 {.fallback = "false", .help = "the magnetisation of every site"});
}

void CavityDense::validate(const Parameters& parameters, Problems& problems) {
  validate_disorder(parameters, problems);
  if (!problems.empty()) return;
  if (parameters.integer("model.spins_per_interaction") != 2)
    problems.add("model.spins_per_interaction", "must be 2: TAP is for pairs");
  if (parameters.integer("model.realisations") != 1)
    problems.add("model.realisations", "must be 1, the instance; sweep model.realisation for more");
  if (!parameters.given("model.temperature") && !parameters.given("model.beta"))
    problems.add_general("needs model.temperature or model.beta");
  else if (beta_of(parameters) == 0)
    problems.add("model.beta", "must be > 0: free energies are in units of J");
  if (disordered_sites_of(parameters) > most_dense_sites)
    problems.add("lattice.N",
                 "gives more than 30000 sites, whose couplings are kept as a matrix; take fewer, or "
                 "message passing on a sparse graph");
}

TaskPlan CavityDense::plan(const Parameters& parameters, int) {
  TaskPlan plan;
  const double sites = disordered_sites_of(parameters);
  plan.kernel = "tap_double";
  plan.updates_per_step = sites * sites;
  plan.updates_per_ns = 0.3;
  plan.bytes = 8 * sites * sites;
  return plan;
}

CavityDense::CavityDense(const TaskContext& context)
    : sites_(disordered_sites_of(context.parameters)),
      tolerance_(context.parameters.real("algorithm.tap_tolerance")),
      wants_magnetizations_(context.parameters.boolean("output.tap_magnetizations")),
      tap_(make_realisation(context.parameters, context.parameters.integer("model.realisation")),
           beta_of(context.parameters), context.parameters.real("algorithm.tap_damping")) {}

void CavityDense::find_bytes() {
  magnetization_bytes_ = whole_bytes(tap_.magnetizations());
  earlier_bytes_ = whole_bytes(tap_.earlier());
}

void CavityDense::start_from(CavityDense& previous) {
  if (previous.sites_ != sites_) return;
  std::ranges::copy(previous.tap_.magnetizations(), tap_.magnetizations().begin());
  std::ranges::copy(previous.tap_.earlier(), tap_.earlier().begin());
}

void CavityDense::step(std::int64_t) {
  residual_ = tap_.step();
  ++steps_;
  converged_ = residual_ <= tolerance_ ? 1 : 0;
}

std::vector<Result> CavityDense::own_results() const {
  const TapAverages found = tap_.averages();
  std::vector<Result> all;
  const auto add = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       double value, bool headline = false) {
    all.push_back(exact_result(name, long_name, unit, formula, value, headline));
  };
  add("converged", "1 where the magnetisations settled", "1", "residual <= algorithm.tap_tolerance",
      static_cast<double>(converged_), true);
  add("steps", "steps done", "steps", "count", static_cast<double>(steps_));
  add("residual", "largest undamped change of a magnetisation in the last step", "1", "max |m_new - m|",
      residual_, true);
  add("free_energy", "TAP free energy per site", "J", "F(m)/N", found.free_energy / sites_, true);
  add("energy", "energy per site", "J", "d(beta F)/d(beta)/N", found.energy / sites_, true);
  add("entropy", "entropy per site", "1", "beta (energy - free energy)", found.entropy / sites_);
  add("magnetization", "magnetisation per site", "1", "sum_i m_i/N", found.magnetization / sites_);
  add("overlap", "Edwards-Anderson overlap", "1", "sum_i m_i^2/N", found.overlap / sites_, true);
  add("stability_eigenvalue", "beyond 1 replica symmetry is broken (de Almeida-Thouless)", "1",
      "beta^2 sum_ij J_ij^2 (1 - m_j^2)^2/N", found.stability, true);
  if (wants_magnetizations_) {
    const std::span<const double> m = tap_.magnetizations();
    all.push_back(exact_results("magnetization_of_sites", "magnetisation of every site", "1", "m_i",
                                std::vector<double>(m.begin(), m.end())));
  }
  return all;
}

}  // namespace weiss
