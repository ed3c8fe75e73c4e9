#include "ising/parameters.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

constexpr double most_sites = 1e12;
constexpr double most_graph_sites = 1e8;
constexpr double most_complete_cluster_sites = 8192;  // cluster updates visit all N^2/2 bonds
constexpr std::int64_t most_histogram_levels = 65536;

bool is_graph(LatticeKind kind) {
  return kind == LatticeKind::random_regular || kind == LatticeKind::complete;
}

Update update_named(const std::string& name) {
  if (name == "metropolis") return Update::metropolis;
  if (name == "swendsen_wang") return Update::swendsen_wang;
  if (name == "wolff") return Update::wolff;
  if (name == "hybrid") return Update::hybrid;
  return Update::heat_bath;
}

void declare_lattice_keys(Schema& schema) {
  schema.choice("lattice.kind",
                {"chain", "square", "cubic", "hypercubic", "triangular", "honeycomb", "kagome", "bcc", "fcc",
                 "random_regular", "complete"},
                {.fallback = "square", .help = "lattice or graph; hypercubic is 4-dimensional"});
  schema.integer("lattice.L",
                 {.unit = "unit cells",
                  .help = "extent of every direction; honeycomb has 2 L^2 sites, kagome 3 L^2, bcc 2 L^3, "
                          "fcc 4 L^3",
                  .minimum = 1,
                  .maximum = 1e9});
  schema.integers("lattice.extents",
                  {.unit = "unit cells",
                   .help = "extent of each direction, such as 64,64,32; instead of lattice.L",
                   .minimum = 1,
                   .maximum = 1e9});
  schema.texts("lattice.boundary",
               {.fallback = "periodic", .help = "periodic or free, one for all directions or one for each"});
  schema.integer("lattice.N", {.unit = "sites",
                               .help = "sites of random_regular and complete",
                               .minimum = 2,
                               .maximum = most_graph_sites});
  schema.integer("lattice.degree",
                 {.unit = "bonds", .help = "bonds a site of random_regular", .minimum = 1, .maximum = 1000});
  schema.integer(
      "lattice.realisation",
      {.fallback = "0", .help = "number of the random graph; another number is another graph", .minimum = 0});
  schema.at_most_one_of({"lattice.L", "lattice.extents"});
}

void declare_model_keys(Schema& schema) {
  schema.real("model.temperature",
              {.unit = "J", .help = "temperature (k_B = 1)", .minimum = 0, .exclusive_minimum = true});
  schema.real("model.beta",
              {.unit = "1/J", .help = "inverse temperature, instead of model.temperature", .minimum = 0});
  schema.exactly_one_of({"model.temperature", "model.beta"});
  schema.reals("model.coupling",
               {.fallback = "1",
                .unit = "J",
                .help = "J of H = -sum J s s - h sum s: one value, or one for each bond direction; "
                        "negative is antiferromagnetic"});
  schema.real("model.field", {.fallback = "0", .unit = "J", .help = "h"});
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

void validate_graph(const Parameters& parameters, LatticeKind kind, Problems& problems) {
  for (const char* key : {"lattice.L", "lattice.extents"})
    if (parameters.given(key)) problems.add(key, "does not belong to a graph; give lattice.N");
  if (!parameters.given("lattice.N")) {
    problems.add("lattice.kind", "needs lattice.N, the number of sites");
    return;
  }
  const std::int64_t sites = parameters.integer("lattice.N");
  if (kind == LatticeKind::complete) {
    if (parameters.given("lattice.degree")) problems.add("lattice.degree", "belongs to random_regular only");
    if (algorithm_of(parameters).uses_clusters() && static_cast<double>(sites) > most_complete_cluster_sites)
      problems.add("algorithm.update",
                   "cluster updates of the complete graph visit all N^2/2 bonds; use lattice.N <= " +
                       shortest(most_complete_cluster_sites) + " or heat_bath");
    return;
  }
  if (!parameters.given("lattice.degree")) {
    problems.add("lattice.kind", "random_regular needs lattice.degree, the bonds of a site");
    return;
  }
  const std::int64_t degree = parameters.integer("lattice.degree");
  if (degree >= sites) problems.add("lattice.degree", "must be smaller than lattice.N");
  if (sites % 2 != 0 && degree % 2 != 0)
    problems.add("lattice.degree", "lattice.N times lattice.degree must be even; each bond has two ends");
}

void validate_regular(const Parameters& parameters, LatticeKind kind, Problems& problems) {
  for (const char* key : {"lattice.N", "lattice.degree"})
    if (parameters.given(key))
      problems.add(key, "belongs to graphs; this lattice takes lattice.L or lattice.extents");
  const auto dimensions = static_cast<std::size_t>(dimension(kind));
  const bool by_extents = parameters.given("lattice.extents");
  if (!by_extents && !parameters.given("lattice.L")) {
    problems.add("lattice.kind", "needs lattice.L or lattice.extents");
    return;
  }
  const char* key = by_extents ? "lattice.extents" : "lattice.L";
  if (by_extents && parameters.integers("lattice.extents").size() != dimensions) {
    problems.add(key, "needs " + std::to_string(dimensions) + " extents for " + std::string(name(kind)));
    return;
  }
  const std::vector<std::string> names = parameters.texts("lattice.boundary");
  if (names.size() != 1 && names.size() != dimensions) {
    problems.add("lattice.boundary",
                 "needs one word, or " + std::to_string(dimensions) + " for " + std::string(name(kind)));
    return;
  }
  for (const std::string& each : names)
    if (each != "periodic" && each != "free") {
      problems.add("lattice.boundary", "'" + each + "' is neither periodic nor free");
      return;
    }
  const std::vector<std::int64_t> extents = extents_of(parameters);
  const std::vector<Boundary> boundary = boundary_of(parameters);
  for (std::size_t d = 0; d < dimensions; ++d)
    if (extents[d] == 1 && boundary[d] == Boundary::periodic) {
      problems.add(
          key,
          "a periodic extent of 1 would bond a site to itself; use at least 2, or lattice.boundary = free");
      return;
    }
  if (sites_of(parameters) > most_sites) problems.add(key, "more than 1e12 sites");
}

void validate_coupling(const Parameters& parameters, LatticeKind kind, Problems& problems) {
  const std::vector<double> coupling = parameters.reals("model.coupling");
  const int directions = weiss::directions(kind);
  if (coupling.size() != 1 && static_cast<int>(coupling.size()) != directions)
    problems.add("model.coupling", directions == 1 ? "needs one value for " + std::string(name(kind))
                                                   : "needs one value, or " + std::to_string(directions) +
                                                         " for " + std::string(name(kind)));
}

void validate_histogram(const Parameters& parameters, Problems& problems) {
  if (!parameters.boolean("output.energy_histogram")) return;
  const std::vector<double> coupling = parameters.reals("model.coupling");
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
  declare_lattice_keys(schema);
  declare_model_keys(schema);
  declare_algorithm_keys(schema);
  schema.boolean("output.energy_histogram",
                 {.fallback = "false", .help = "probability of each energy level"});
  schema.boolean("output.correlation_function",
                 {.fallback = "false", .help = "spin-spin correlation function along the axes"});
}

void validate_ising(const Parameters& parameters, Problems& problems) {
  const LatticeKind kind = kind_of(parameters);
  if (is_graph(kind))
    validate_graph(parameters, kind, problems);
  else
    validate_regular(parameters, kind, problems);
  validate_coupling(parameters, kind, problems);
  if (!problems.empty()) return;
  validate_histogram(parameters, problems);
  if (parameters.boolean("output.correlation_function") && is_graph(kind))
    problems.add("output.correlation_function", "a graph has no axes");
}

LatticeKind kind_of(const Parameters& parameters) { return *lattice_kind(parameters.text("lattice.kind")); }

std::vector<std::int64_t> extents_of(const Parameters& parameters) {
  if (parameters.given("lattice.extents")) return parameters.integers("lattice.extents");
  return std::vector<std::int64_t>(static_cast<std::size_t>(dimension(kind_of(parameters))),
                                   parameters.integer("lattice.L"));
}

std::vector<Boundary> boundary_of(const Parameters& parameters) {
  const std::vector<std::string> names = parameters.texts("lattice.boundary");
  std::vector<Boundary> boundary;
  for (int d = 0; d < dimension(kind_of(parameters)); ++d)
    boundary.push_back(names[names.size() == 1 ? 0 : static_cast<std::size_t>(d)] == "free"
                           ? Boundary::free
                           : Boundary::periodic);
  return boundary;
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

double beta_of(const Parameters& parameters) {
  return parameters.given("model.beta") ? parameters.real("model.beta")
                                        : 1 / parameters.real("model.temperature");
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

double sites_of(const Parameters& parameters) {
  const LatticeKind kind = kind_of(parameters);
  if (is_graph(kind)) return static_cast<double>(parameters.integer("lattice.N"));
  double sites = sites_per_cell(kind);
  for (const std::int64_t extent : extents_of(parameters)) sites *= static_cast<double>(extent);
  return sites;
}

}  // namespace weiss
