#include "spinglass/parameters.hpp"

#include <algorithm>

#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_population = 131072;

void declare_annealing_keys(Schema& schema) {
  schema.choice(
      "algorithm.method",
      {"equilibrium", "population_annealing", "simulated_annealing", "exact_ground_state"},
      {.fallback = "equilibrium",
       .help = "equilibrium: heat bath at fixed temperatures, with replica exchange; annealing from infinite "
               "to the lowest temperature; or the exact ground state of a narrow or small system"});
  schema.integer("algorithm.population", {.fallback = "1000",
                                          .unit = "configurations",
                                          .help = "size of a population that is annealed, a multiple of 8",
                                          .minimum = 8,
                                          .maximum = most_population});
  schema.integer("algorithm.populations",
                 {.fallback = "1",
                  .help = "independent populations of each realisation, averaged with weights exp(-beta F)",
                  .minimum = 1,
                  .maximum = 4096});
  schema.integer("algorithm.sweeps_per_temperature", {.fallback = "10",
                                                      .unit = "sweeps",
                                                      .help = "sweeps at each temperature of an annealing",
                                                      .minimum = 1});
  schema.real("algorithm.culled_fraction",
              {.fallback = "0.1",
               .help = "part of a population that may vanish in one resampling; sets the temperature steps",
               .minimum = 0.001,
               .maximum = 0.9});
}

void declare_cluster_keys(Schema& schema) {
  schema.integer(
      "algorithm.cluster_every",
      {.fallback = "0",
       .unit = "sweeps",
       .help = "sweeps between isoenergetic cluster moves of pairs of replicas; 0 is never. They help "
               "where clusters do not percolate: two dimensions, diluted systems, sparse graphs",
       .minimum = 0});
  schema.real("algorithm.cluster_below",
              {.fallback = "0",
               .unit = "J",
               .help = "highest temperature of cluster moves; 0: every temperature",
               .minimum = 0});
}

void declare_glass_algorithm_keys(Schema& schema) {
  schema.reals("algorithm.temperatures",
               {.unit = "J",
                .help = "temperatures of one task, such as linspace(0.8,2.0,16); results get an axis",
                .minimum = 0,
                .exclusive_minimum = true});
  declare_temperature_keys(schema, {"algorithm.temperatures"}, false);
  schema.choice(
      "algorithm.temperature_set", {"given", "equal_acceptance", "feedback"},
      {.fallback = "given",
       .help = "where the temperatures between the lowest and the highest stand: as given, or as a pilot "
               "run finds best for exchanges"});
  schema.integer("algorithm.pilot_sweeps",
                 {.fallback = "2000",
                  .unit = "sweeps",
                  .help = "length of each of the two pilot runs of algorithm.temperature_set",
                  .minimum = 20});
  schema.boolean("algorithm.replica_exchange",
                 {.fallback = "true", .help = "neighbouring temperatures exchange configurations"});
  schema.integer("algorithm.replicas",
                 {.fallback = "2",
                  .help = "independent configurations of each realisation and temperature, for overlaps",
                  .minimum = 2,
                  .maximum = 8});
  schema.integer(
      "algorithm.exchange_every",
      {.fallback = "5", .unit = "sweeps", .help = "sweeps between two rounds of exchanges", .minimum = 1});
  schema.choice(
      "algorithm.random_bits", {"independent", "shared"},
      {.fallback = "independent",
       .help = "shared: the realisations of a word use the same random numbers; each is exact, but they "
               "are weakly correlated, so that errors over disorder may be too small"});
  schema.choice("algorithm.kernel", {"auto", "samples", "lanes", "packed"},
                {.fallback = "auto",
                 .help = "samples: 512 realisations a word (+-J lattices); lanes: 8 temperatures a register; "
                         "packed: 512 sites a word (one large square or cubic +-J lattice)"});
  schema.choice("algorithm.start", {"random", "ordered"},
                {.fallback = "random", .help = "first configuration; random is a quench"});
  schema.boolean(
      "algorithm.stop_when_equilibrated",
      {.fallback = "false",
       .help = "end a task when the verdict is 'equilibrated' at every temperature; run.sweeps is the "
               "budget"});
}

std::vector<double> temperatures_of(const Parameters& parameters) {
  std::vector<double> temperatures = parameters.reals("algorithm.temperatures");
  std::sort(temperatures.begin(), temperatures.end());
  return temperatures;
}

// Keys that a method would ignore are refused.
void validate_method(const Parameters& parameters, Problems& problems) {
  const GlassMethod method = glass_method_of(parameters);
  const bool equilibrium = method == GlassMethod::equilibrium;
  const bool annealing =
      method == GlassMethod::population_annealing || method == GlassMethod::simulated_annealing;
  const std::string named = "has no meaning for algorithm.method = " + parameters.text("algorithm.method");
  const auto refuse_unless = [&](bool allowed, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
      if (!allowed && parameters.chosen(key)) problems.add(key, named + "; remove it");
  };
  refuse_unless(equilibrium,
                {"run.thermalization", "run.measure_every", "algorithm.replicas",
                 "algorithm.replica_exchange", "algorithm.exchange_every", "algorithm.random_bits",
                 "algorithm.kernel", "algorithm.start", "algorithm.temperature_set", "algorithm.pilot_sweeps",
                 "algorithm.stop_when_equilibrated", "algorithm.cluster_every", "algorithm.cluster_below"});
  refuse_unless(annealing,
                {"algorithm.population", "algorithm.populations", "algorithm.sweeps_per_temperature"});
  refuse_unless(method == GlassMethod::population_annealing, {"algorithm.culled_fraction"});
  refuse_unless(!equilibrium, {"output.ground_states"});
  refuse_unless(equilibrium || annealing, {"output.overlap_histogram"});
  const bool has_temperature = parameters.given("algorithm.temperatures") ||
                               parameters.given("model.temperature") || parameters.given("model.beta");
  refuse_unless(equilibrium || annealing, {"algorithm.temperatures", "model.temperature", "model.beta"});
  if ((equilibrium || annealing) && !has_temperature)
    problems.add_general("needs model.temperature or model.beta or algorithm.temperatures");
  if (parameters.integer("algorithm.population") % 8 != 0)
    problems.add("algorithm.population", "must be a multiple of 8");
  if (annealing && parameters.integer("model.realisations") == 1 &&
      parameters.integer("algorithm.populations") == 1)
    problems.add("algorithm.populations",
                 "must be 2 or more for a single realisation: errors come from them");
  const bool tunes = parameters.text("algorithm.temperature_set") != "given";
  if (!tunes && parameters.chosen("algorithm.pilot_sweeps"))
    problems.add("algorithm.pilot_sweeps", "needs algorithm.temperature_set = equal_acceptance or feedback");
  if (tunes &&
      (!parameters.given("algorithm.temperatures") || parameters.reals("algorithm.temperatures").size() < 3 ||
       !parameters.boolean("algorithm.replica_exchange")))
    problems.add("algorithm.temperature_set",
                 "needs three algorithm.temperatures or more, and replica_exchange");
  if (parameters.chosen("algorithm.cluster_below") && parameters.integer("algorithm.cluster_every") == 0)
    problems.add("algorithm.cluster_below", "needs algorithm.cluster_every");
}

}  // namespace

void declare_glass_keys(Schema& schema) {
  declare_disorder_keys(schema);
  declare_glass_algorithm_keys(schema);
  declare_annealing_keys(schema);
  declare_cluster_keys(schema);
  schema.boolean("output.ground_states",
                 {.fallback = "false", .help = "spins of the lowest energy found in each realisation"});
  schema.boolean("output.overlap_histogram", {.fallback = "false", .help = "P(q) at every temperature"});
}

void validate_glass(const Parameters& parameters, Problems& problems) {
  validate_disorder(parameters, problems);
  validate_method(parameters, problems);
  if (!problems.empty()) return;
  if (!parameters.given("algorithm.temperatures")) return;
  const std::vector<double> temperatures = temperatures_of(parameters);
  if (temperatures.empty()) problems.add("algorithm.temperatures", "has no temperature");
  if (std::adjacent_find(temperatures.begin(), temperatures.end()) != temperatures.end())
    problems.add("algorithm.temperatures", "has a temperature twice");
}

GlassMethod glass_method_of(const Parameters& parameters) {
  const std::string& method = parameters.text("algorithm.method");
  if (method == "population_annealing") return GlassMethod::population_annealing;
  if (method == "simulated_annealing") return GlassMethod::simulated_annealing;
  return method == "exact_ground_state" ? GlassMethod::exact_ground_state : GlassMethod::equilibrium;
}

AnnealingAlgorithm annealing_algorithm_of(const Parameters& parameters) {
  AnnealingAlgorithm algorithm;
  algorithm.temperatures = glass_algorithm_of(parameters).temperatures;
  algorithm.resampling = glass_method_of(parameters) == GlassMethod::population_annealing;
  algorithm.population = parameters.integer("algorithm.population");
  algorithm.populations = parameters.integer("algorithm.populations");
  algorithm.sweeps_per_temperature = parameters.integer("algorithm.sweeps_per_temperature");
  algorithm.culled_fraction = parameters.real("algorithm.culled_fraction");
  return algorithm;
}

GlassAlgorithm glass_algorithm_of(const Parameters& parameters) {
  GlassAlgorithm algorithm;
  if (parameters.given("algorithm.temperatures"))
    algorithm.temperatures = temperatures_of(parameters);
  else
    algorithm.temperatures = {parameters.given("model.temperature") ? parameters.real("model.temperature")
                                                                    : 1 / parameters.real("model.beta")};
  for (const double temperature : algorithm.temperatures) algorithm.betas.push_back(1 / temperature);
  if (parameters.given("model.beta")) algorithm.betas = {parameters.real("model.beta")};
  algorithm.exchange = algorithm.betas.size() > 1 && parameters.boolean("algorithm.replica_exchange");
  algorithm.replicas = static_cast<int>(parameters.integer("algorithm.replicas"));
  algorithm.exchange_every = parameters.integer("algorithm.exchange_every");
  algorithm.shared_random_bits = parameters.text("algorithm.random_bits") == "shared";
  algorithm.cluster_every = parameters.integer("algorithm.cluster_every");
  algorithm.cluster_below = parameters.real("algorithm.cluster_below");
  return algorithm;
}

bool has_lattice(const Parameters& parameters) {
  const auto kind = lattice_kind(parameters.text("lattice.kind"));
  return kind && !is_graph(*kind);
}

GaussianCouplings gaussian_couplings_of(const Parameters& parameters) {
  if (is_instance(parameters) || parameters.text("model.couplings") != "gaussian") return {};
  const CouplingDistribution distribution = coupling_distribution_of(parameters);
  return {distribution.mean == 0, distribution.width};
}

Lattice glass_lattice_of(const Parameters& parameters) {
  return Lattice::regular(kind_of(parameters), extents_of(parameters), boundary_of(parameters));
}

bool is_plain_bimodal(const Parameters& parameters) {
  if (!has_lattice(parameters)) return false;
  const std::vector<Boundary> boundary = boundary_of(parameters);
  return parameters.text("model.couplings") == "bimodal" && parameters.real("model.coupling_width") > 0 &&
         parameters.real("model.bond_probability") == 1 && parameters.real("model.site_probability") == 1 &&
         parameters.real("model.field") == 0 && parameters.text("model.random_field") == "none" &&
         std::all_of(boundary.begin(), boundary.end(), [](Boundary b) { return b == Boundary::periodic; });
}

}  // namespace weiss
