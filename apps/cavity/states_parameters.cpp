#include "cavity/states_parameters.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/simulation/disorder_keys.hpp"

namespace weiss {

namespace {

constexpr double most_mean_degree = 100;
constexpr std::int64_t most_degree = 250;

bool is(const Parameters& parameters, const char* key, const char* value) {
  return parameters.text(key) == value;
}

void declare_size_keys(Schema& schema) {
  schema.integer("algorithm.population", {.fallback = "100000",
                                          .unit = "messages",
                                          .help = "members of a population, rounded up to a multiple of 256",
                                          .minimum = 256,
                                          .maximum = 1 << 27});
  schema.integer("algorithm.populations",
                 {.fallback = "4", .help = "independent populations", .minimum = 1, .maximum = 4096});
  schema.integer("algorithm.members",
                 {.fallback = "1000",
                  .help = "of one_step: spins in a population; 1 is exact where all are alike, with +-J, "
                          "random_regular and algorithm.symmetric",
                  .minimum = 1,
                  .maximum = 1 << 24});
  schema.integer("algorithm.states", {.fallback = "512",
                                      .help = "of one_step: states of a member, rounded up to a multiple of "
                                              "256; more where the effective number is small",
                                      .minimum = 256,
                                      .maximum = 1 << 24});
}

// Keys that only some kinds of breaking read.
void refuse_unread(const Parameters& parameters, Problems& problems) {
  const Breaking breaking = breaking_of(parameters);
  const auto belongs = [&](const char* key, bool read, const char* where) {
    if (parameters.chosen(key) && !read)
      problems.add(key, std::string("belongs to ") + where + "; remove it");
  };
  const bool one_step = breaking == Breaking::one_step, none = breaking == Breaking::none;
  for (const char* key : {"algorithm.members", "algorithm.states", "algorithm.symmetric"})
    belongs(key, one_step, "algorithm.breaking = one_step");
  belongs("algorithm.breaking_point", one_step, "algorithm.breaking = one_step");
  belongs("algorithm.population", !one_step, "algorithm.breaking = none or reconstruction");
  belongs("algorithm.population_start", none, "algorithm.breaking = none");
  belongs("algorithm.stability", none, "algorithm.breaking = none");
  belongs("algorithm.message_means", find_transition_of(parameters) == FindTransition::dynamics,
          "algorithm.find_transition = dynamic");
  belongs("model.ferromagnetic_fraction", is(parameters, "model.couplings", "bimodal"),
          "model.couplings = bimodal");
  belongs("model.coupling_mean", is(parameters, "model.couplings", "gaussian"), "model.couplings = gaussian");
}

void validate_hypergraph(const Parameters& parameters, Problems& problems) {
  const std::int64_t spins = parameters.integer("model.spins_per_interaction");
  if (is(parameters, "lattice.kind", "random_regular")) {
    if (!parameters.given("lattice.degree"))
      problems.add("lattice.kind", "random_regular needs lattice.degree, the interactions of a spin");
    else if (parameters.integer("lattice.degree") > most_degree)
      problems.add("lattice.degree", "must be at most 250 here");
    return;
  }
  if (!is(parameters, "lattice.kind", "viana_bray") && !is(parameters, "lattice.kind", "hypergraph")) {
    problems.add("lattice.kind",
                 "must be random_regular (lattice.degree), viana_bray or hypergraph (lattice.mean_degree)");
    return;
  }
  if (is(parameters, "lattice.kind", "viana_bray") && spins != 2)
    problems.add("lattice.kind", "viana_bray has pairs; use hypergraph");
  if (!parameters.given("lattice.mean_degree"))
    problems.add("lattice.kind", "needs lattice.mean_degree, the mean number of interactions of a spin");
  else if (parameters.real("lattice.mean_degree") > most_mean_degree)
    problems.add("lattice.mean_degree", "must be at most 100 here; use the solvers of dense systems");
}

void validate_disorder_of_states(const Parameters& parameters, Problems& problems) {
  if (parameters.real("model.bond_probability") != 1)
    problems.add("model.bond_probability", "must be 1 here; use hypergraph or viana_bray for dilution");
  if (parameters.real("model.site_probability") != 1)
    problems.add("model.site_probability", "must be 1 here; use hypergraph or viana_bray for dilution");
  if (!is(parameters, "model.random_field", "none"))
    problems.add("model.random_field", "must be none here; a uniform model.field is taken");
  if (!(parameters.real("model.coupling_width") > 0)) problems.add("model.coupling_width", "must be > 0");
  if (!parameters.given("model.temperature"))
    problems.add("model.temperature", "is missing; give one above 0");
  else if (!(parameters.real("model.temperature") > 0))
    problems.add("model.temperature", "must be > 0 here; model.problem = ensemble has solutions at 0");
}

void validate_reconstruction(const Parameters& parameters, Problems& problems) {
  if (parameters.real("model.field") != 0)
    problems.add("model.field", "must be 0 for algorithm.breaking = reconstruction");
  if (parameters.real("model.ferromagnetic_fraction") != 0.5 || parameters.real("model.coupling_mean") != 0)
    problems.add("algorithm.breaking",
                 "reconstruction needs couplings of both signs alike: there the paramagnet is the "
                 "replica-symmetric solution");
}

void validate_one_step(const Parameters& parameters, Problems& problems) {
  if (!parameters.given("algorithm.breaking_point"))
    problems.add("algorithm.breaking_point", "is missing; give m, 0 < m <= 1");
  if (parameters.boolean("algorithm.symmetric") && parameters.real("model.field") != 0)
    problems.add("algorithm.symmetric", "needs model.field = 0");
  const InteractionEnsemble ensemble = interaction_ensemble_of(parameters);
  if (ensemble.degrees.site.size() * static_cast<std::size_t>(ensemble.spins - 1) >
      StatePopulation::most_inputs)
    problems.add("model.spins_per_interaction",
                 "less 1, times the largest degree, must stay below 256 for one_step; take a smaller degree");
}

}  // namespace

void declare_states_keys(Schema& schema) {
  declare_disorder_keys(schema);
  schema.real("model.temperature", {.unit = "J", .help = "temperature (k_B = 1)", .minimum = 0});
  schema.choice(
      "algorithm.breaking", {"none", "one_step", "reconstruction"},
      {.fallback = "none",
       .help = "none: replica symmetric; one_step: states reweighted with algorithm.breaking_point; "
               "reconstruction: one step at m = 1 in the paramagnet, with complexity, without reweighting"});
  schema.real("algorithm.breaking_point",
              {.help = "m of one_step", .minimum = 0, .maximum = 1, .exclusive_minimum = true});
  schema.choice("algorithm.find_transition", {"none", "static", "dynamic"},
                {.fallback = "none",
                 .help = "of reconstruction: move the temperature to where the complexity vanishes, from a "
                         "model.temperature below the dynamic transition; or find the highest "
                         "temperature at which there are states"});
  schema.reals(
      "algorithm.message_means",
      {.fallback = "0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8",
       .help = "of find_transition = dynamic: mean messages, rising, at each of which the temperature "
               "is found; its largest value is the transition",
       .minimum = 0,
       .maximum = 1});
  declare_size_keys(schema);
  schema.choice("algorithm.population_start", {"random", "magnetised"},
                {.fallback = "random", .help = "first messages of a population"});
  schema.boolean(
      "algorithm.symmetric",
      {.fallback = "false", .help = "one_step: every member's states come in mirrored pairs, q0 = 0"});
  schema.boolean("algorithm.stability",
                 {.fallback = "true", .help = "measure the stability exponent of replica symmetry"});
}

void validate_states(const Parameters& parameters, Problems& problems) {
  validate_hypergraph(parameters, problems);
  validate_disorder_of_states(parameters, problems);
  refuse_unread(parameters, problems);
  if (!problems.empty()) return;
  const Breaking breaking = breaking_of(parameters);
  if (breaking == Breaking::reconstruction) validate_reconstruction(parameters, problems);
  if (breaking == Breaking::one_step) validate_one_step(parameters, problems);
  const FindTransition find = find_transition_of(parameters);
  if (find == FindTransition::none) return;
  if (breaking != Breaking::reconstruction)
    problems.add("algorithm.find_transition", "needs algorithm.breaking = reconstruction");
  if (parameters.integer("model.spins_per_interaction") < 3)
    problems.add("algorithm.find_transition",
                 "needs model.spins_per_interaction >= 3; pairs freeze continuously, see algorithm.find of "
                 "model.problem = ensemble");
  if (find != FindTransition::dynamics) return;
  const std::vector<double>& means = parameters.reals("algorithm.message_means");
  if (means.size() < 5 || !(means.front() > 0) || !(means.back() < 1) ||
      std::adjacent_find(means.begin(), means.end(), [](double a, double b) { return a >= b; }) !=
          means.end())
    problems.add("algorithm.message_means", "takes at least 5 rising values between 0 and 1");
}

Breaking breaking_of(const Parameters& parameters) {
  if (is(parameters, "algorithm.breaking", "none")) return Breaking::none;
  return is(parameters, "algorithm.breaking", "one_step") ? Breaking::one_step : Breaking::reconstruction;
}

FindTransition find_transition_of(const Parameters& parameters) {
  if (is(parameters, "algorithm.find_transition", "none")) return FindTransition::none;
  return is(parameters, "algorithm.find_transition", "static") ? FindTransition::statics
                                                               : FindTransition::dynamics;
}

InteractionEnsemble interaction_ensemble_of(const Parameters& parameters) {
  InteractionEnsemble ensemble;
  ensemble.degrees = is(parameters, "lattice.kind", "random_regular")
                         ? regular_degrees(parameters.integer("lattice.degree"))
                         : poisson_degrees(parameters.real("lattice.mean_degree"));
  ensemble.spins = static_cast<int>(parameters.integer("model.spins_per_interaction"));
  ensemble.couplings = coupling_distribution_of(parameters);
  ensemble.field = parameters.real("model.field");
  ensemble.planted = breaking_of(parameters) == Breaking::reconstruction;
  ensemble.perturbed = breaking_of(parameters) == Breaking::none && parameters.boolean("algorithm.stability");
  return ensemble;
}

StateEnsemble state_ensemble_of(const Parameters& parameters) {
  return {interaction_ensemble_of(parameters), parameters.real("algorithm.breaking_point"),
          parameters.boolean("algorithm.symmetric")};
}

InteractionPopulation::Start interaction_start_of(const Parameters& parameters) {
  const bool magnetised = breaking_of(parameters) == Breaking::reconstruction ||
                          is(parameters, "algorithm.population_start", "magnetised");
  return magnetised ? InteractionPopulation::Start::magnetised : InteractionPopulation::Start::random;
}

std::size_t state_members_of(const Parameters& parameters) {
  if (breaking_of(parameters) == Breaking::one_step)
    return static_cast<std::size_t>(parameters.integer("algorithm.members"));
  constexpr std::int64_t chunk = InteractionPopulation::chunk;
  return static_cast<std::size_t>((parameters.integer("algorithm.population") + chunk - 1) / chunk * chunk);
}

std::vector<double> message_means_of(const Parameters& parameters) {
  if (find_transition_of(parameters) != FindTransition::dynamics) return {0};
  return parameters.reals("algorithm.message_means");
}

}  // namespace weiss
