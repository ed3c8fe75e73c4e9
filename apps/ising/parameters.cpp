#include "ising/parameters.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

constexpr double largest_coupling = 1e100;            // squares of energies stay finite
constexpr double most_complete_cluster_sites = 8192;  // cluster updates visit all N^2/2 bonds
constexpr std::int64_t most_histogram_levels = 65536;

Update update_named(const std::string& name) {
  if (name == "metropolis") return Update::metropolis;
  if (name == "swendsen_wang") return Update::swendsen_wang;
  if (name == "wolff") return Update::wolff;
  if (name == "hybrid") return Update::hybrid;
  return Update::heat_bath;
}

void declare_model_keys(Schema& schema) {
  declare_temperature_keys(schema);
  schema.reals("model.coupling",
               {.fallback = "1",
                .unit = "J",
                .help = "J of H = -sum J s s - h sum s: one value, or one for each bond direction; "
                        "negative is antiferromagnetic",
                .minimum = -largest_coupling,
                .maximum = largest_coupling});
  schema.real(
      "model.field",
      {.fallback = "0", .unit = "J", .help = "h", .minimum = -largest_coupling, .maximum = largest_coupling});
}

void declare_algorithm_keys(Schema& schema) {
  schema.choice("algorithm.update", {"heat_bath", "metropolis", "swendsen_wang", "wolff", "hybrid"},
                {.fallback = "heat_bath", .help = "what one step does"});
  schema.choice("algorithm.local_update", {"heat_bath", "metropolis"},
                {.fallback = "heat_bath", .help = "local part of hybrid"});
  schema.choice("algorithm.cluster_update", {"swendsen_wang", "wolff"},
                {.fallback = "swendsen_wang", .help = "cluster part of hybrid"});
  schema.integer(
      "algorithm.local_sweeps",
      {.fallback = "1", .unit = "sweeps", .help = "local sweeps in a step of hybrid", .minimum = 1});
  schema.integer(
      "algorithm.cluster_sweeps",
      {.fallback = "1", .unit = "updates", .help = "cluster updates in a step of hybrid", .minimum = 1});
  schema.integer("algorithm.clusters_per_sweep",
                 {.fallback = "1", .unit = "clusters", .help = "Wolff clusters in a step", .minimum = 1});
  schema.choice(
      "algorithm.start", {"ordered", "random"},
      {.fallback = "ordered",
       .help = "first configuration; ordered is staggered for antiferromagnets on bipartite lattices"});
}

void validate_coupling(const Parameters& parameters, LatticeKind kind, Problems& problems) {
  const std::vector<double>& coupling = parameters.reals("model.coupling");
  const int directions = weiss::directions(kind);
  if (coupling.size() != 1 && static_cast<int>(coupling.size()) != directions)
    problems.add("model.coupling", directions == 1 ? "needs one value for " + std::string(name(kind))
                                                   : "needs one value, or " + std::to_string(directions) +
                                                         " for " + std::string(name(kind)));
}

void validate_histogram(const Parameters& parameters, Problems& problems) {
  if (!parameters.boolean("output.energy_histogram")) return;
  const std::vector<double>& coupling = parameters.reals("model.coupling");
  if (parameters.real("model.field") != 0 ||
      std::any_of(coupling.begin(), coupling.end(), [&](double j) { return j != coupling.front(); }))
    problems.add("output.energy_histogram",
                 "needs one coupling and no field, so that energies are equally spaced");
  else if (sites_of(parameters) * 4 > static_cast<double>(most_histogram_levels))
    problems.add("output.energy_histogram", "this lattice has too many energy levels; use at most " +
                                                std::to_string(most_histogram_levels / 4) + " sites");
}

}  // namespace

void declare_ising_keys(Schema& schema) {
  declare_lattice_keys(schema,
                       {"chain", "square", "cubic", "hypercubic", "triangular", "honeycomb", "kagome", "bcc",
                        "fcc", "random_regular", "complete"},
                       "square");
  schema.integer(
      "lattice.realisation",
      {.fallback = "0", .help = "number of the random graph; another number is another graph", .minimum = 0});
  declare_model_keys(schema);
  declare_algorithm_keys(schema);
  schema.boolean("output.energy_histogram",
                 {.fallback = "false", .help = "probability of each energy level"});
  schema.boolean("output.correlation_function",
                 {.fallback = "false", .help = "spin-spin correlation function along the axes"});
}

void validate_ising(const Parameters& parameters, Problems& problems) {
  const LatticeKind kind = kind_of(parameters);
  validate_lattice(parameters, problems);
  if (kind == LatticeKind::complete && parameters.given("lattice.N") &&
      algorithm_of(parameters).uses_clusters() && sites_of(parameters) > most_complete_cluster_sites)
    problems.add("algorithm.update",
                 "cluster updates of the complete graph visit all N^2/2 bonds; use lattice.N <= " +
                     shortest(most_complete_cluster_sites) + " or heat_bath");
  validate_coupling(parameters, kind, problems);
  if (!std::isfinite(beta_of(parameters)))
    problems.add("model.temperature", "is so small that its inverse overflows");
  if (!problems.empty()) return;
  validate_histogram(parameters, problems);
  if (parameters.boolean("output.correlation_function") && is_graph(kind))
    problems.add("output.correlation_function", "a graph has no axes");
}

Lattice make_lattice(const Parameters& parameters) {
  const LatticeKind kind = kind_of(parameters);
  if (kind == LatticeKind::complete) return Lattice::complete(parameters.integer("lattice.N"));
  if (kind == LatticeKind::random_regular) {
    const Stream stream(static_cast<std::uint64_t>(parameters.integer("run.seed")),
                        static_cast<std::uint64_t>(parameters.integer("lattice.realisation")),
                        StreamId::random_graph);
    return Lattice::random_regular(parameters.integer("lattice.N"),
                                   static_cast<int>(parameters.integer("lattice.degree")), stream);
  }
  return Lattice::regular(kind, extents_of(parameters), boundary_of(parameters));
}

IsingInteractions interactions_of(const Parameters& parameters, int directions) {
  IsingInteractions interactions;
  interactions.beta = beta_of(parameters);
  interactions.coupling = parameters.reals("model.coupling");
  if (interactions.coupling.size() == 1)
    interactions.coupling.assign(static_cast<std::size_t>(directions), interactions.coupling.front());
  interactions.field = parameters.real("model.field");
  interactions.complete_graph = kind_of(parameters) == LatticeKind::complete;
  return interactions;
}

IsingAlgorithm algorithm_of(const Parameters& parameters) {
  IsingAlgorithm algorithm;
  algorithm.update = update_named(parameters.text("algorithm.update"));
  algorithm.local = update_named(parameters.text("algorithm.local_update"));
  algorithm.cluster = update_named(parameters.text("algorithm.cluster_update"));
  algorithm.local_sweeps = parameters.integer("algorithm.local_sweeps");
  algorithm.cluster_steps = parameters.integer("algorithm.cluster_sweeps");
  algorithm.clusters_per_sweep = parameters.integer("algorithm.clusters_per_sweep");
  return algorithm;
}

}  // namespace weiss
