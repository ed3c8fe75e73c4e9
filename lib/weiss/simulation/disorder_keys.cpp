#include "weiss/simulation/disorder_keys.hpp"

#include <cmath>
#include <numeric>

#include "weiss/base/error.hpp"
#include "weiss/lattice/graph_builders.hpp"
#include "weiss/lattice/instance_file.hpp"
#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr double most_disordered_sites = 1e8;
constexpr double most_interactions = 2e9;
constexpr std::int64_t most_realisations = 65536;

bool is_dilute_graph(const Parameters& parameters) {
  const std::string& kind = parameters.text("lattice.kind");
  return kind == "viana_bray" || kind == "hypergraph";
}
bool is_complete(const Parameters& parameters) { return parameters.text("lattice.kind") == "complete"; }

std::int64_t spins_per_interaction(const Parameters& parameters) {
  return parameters.integer("model.spins_per_interaction");
}

void declare_graph_keys(Schema& schema) {
  declare_lattice_keys(schema,
                       {"chain", "square", "cubic", "hypercubic", "triangular", "honeycomb", "kagome", "bcc",
                        "fcc", "random_regular", "viana_bray", "complete", "hypergraph", "instance"},
                       "cubic");
  schema.real("lattice.mean_degree",
              {.unit = "interactions",
               .help = "mean number of interactions a site of viana_bray and hypergraph; "
                       "there are N mean_degree / p in all",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.text("lattice.file", {.help = "edge list of kind = instance: lines 'i j J', sites from 0"});
}

void declare_coupling_keys(Schema& schema) {
  schema.integer("model.spins_per_interaction", {.fallback = "2",
                                                 .help = "p of the p-spin model, on complete and hypergraph",
                                                 .minimum = 2,
                                                 .maximum = 8});
  schema.choice("model.couplings", {"bimodal", "gaussian"},
                {.fallback = "bimodal", .help = "distribution of the couplings"});
  schema.real("model.ferromagnetic_fraction",
              {.fallback = "0.5",
               .help = "probability that a bimodal coupling is positive; 1 is a ferromagnet",
               .minimum = 0,
               .maximum = 1});
  schema.real(
      "model.coupling_width",
      {.fallback = "1",
       .unit = "J",
       .help = "size of bimodal couplings, standard deviation of gaussian ones; of complete graphs: J, "
               "where couplings have variance J^2 p!/(2 N^(p-1))",
       .minimum = 0});
  schema.real("model.coupling_mean",
              {.fallback = "0",
               .unit = "J",
               .help = "mean of gaussian couplings; J0 of complete graphs, where pairs have mean J0/N"});
  schema.real("model.bond_probability", {.fallback = "1",
                                         .help = "probability that an interaction is there",
                                         .minimum = 0,
                                         .maximum = 1,
                                         .exclusive_minimum = true});
  schema.real("model.site_probability",
              {.fallback = "1",
               .help = "probability that a site is magnetic; the others have no interactions",
               .minimum = 0,
               .maximum = 1,
               .exclusive_minimum = true});
  schema.real("model.field", {.fallback = "0", .unit = "J", .help = "uniform field h"});
  schema.choice("model.random_field", {"none", "gaussian", "bimodal"},
                {.fallback = "none", .help = "distribution of random fields, with mean model.field"});
  schema.real("model.random_field_width", {.fallback = "0",
                                           .unit = "J",
                                           .help = "standard deviation of gaussian, size of bimodal fields",
                                           .minimum = 0});
  schema.integer("model.realisation",
                 {.fallback = "0", .help = "number of the first realisation of the disorder", .minimum = 0});
  schema.integer("model.realisations",
                 {.fallback = "1",
                  .help = "realisations of a task; results are means over them, samples are kept as bins",
                  .minimum = 1,
                  .maximum = most_realisations});
}

// J and J0 of a complete graph mean a mean of J0 p!/(2 N^(p-1)) and a variance of J^2 p!/(2 N^(p-1)).
double complete_scale(const Parameters& parameters) {
  const std::int64_t p = spins_per_interaction(parameters);
  double scale = 0.5;
  for (std::int64_t k = 1; k <= p; ++k) scale *= static_cast<double>(k);
  for (std::int64_t k = 1; k < p; ++k) scale /= static_cast<double>(parameters.integer("lattice.N"));
  return scale;
}

InteractionGraph topology_of(const Parameters& parameters, std::uint64_t seed, std::uint64_t realisation) {
  const Stream stream(seed, realisation, StreamId::random_graph);
  const auto order = static_cast<int>(spins_per_interaction(parameters));
  if (is_complete(parameters)) return complete_graph(parameters.integer("lattice.N"), order);
  if (is_dilute_graph(parameters)) {
    const std::int64_t sites = parameters.integer("lattice.N");
    const double interactions =
        std::floor(parameters.real("lattice.mean_degree") * static_cast<double>(sites) / order + 0.5);
    return random_graph(sites, order, static_cast<std::int64_t>(interactions), stream);
  }
  if (parameters.text("lattice.kind") == "random_regular")
    return lattice_graph(Lattice::random_regular(
        parameters.integer("lattice.N"), static_cast<int>(parameters.integer("lattice.degree")), stream));
  return lattice_graph(
      Lattice::regular(kind_of(parameters), extents_of(parameters), boundary_of(parameters)));
}

void validate_dilute_graph(const Parameters& parameters, Problems& problems) {
  if (!parameters.given("lattice.N")) {
    problems.add("lattice.kind", "needs lattice.N, the number of sites");
    return;
  }
  if (!parameters.given("lattice.mean_degree")) {
    problems.add("lattice.kind", "needs lattice.mean_degree, the mean number of interactions a site");
    return;
  }
  const auto sites = static_cast<double>(parameters.integer("lattice.N"));
  double tuples = 1;
  const auto p = spins_per_interaction(parameters);
  for (std::int64_t k = 0; k < p; ++k)
    tuples *= (sites - static_cast<double>(k)) / static_cast<double>(k + 1);
  if (parameters.real("lattice.mean_degree") * sites / static_cast<double>(p) > tuples)
    problems.add("lattice.mean_degree", "asks for more interactions than there are sets of sites");
}

void validate_instance(const Parameters& parameters, Problems& problems) {
  try {
    const InteractionGraph graph = read_instance(parameters.file("lattice.file"));
    if (static_cast<double>(graph.sites) > most_disordered_sites)
      problems.add("lattice.file", "has more than 1e8 sites; lower '# sites' or the highest site");
  } catch (const Error& error) {
    problems.add("lattice.file", error.what());
  }
}

void validate_topology(const Parameters& parameters, Problems& problems) {
  const std::string& kind = parameters.text("lattice.kind");
  if (parameters.given("lattice.file") != is_instance(parameters))
    problems.add(
        is_instance(parameters) ? "lattice.kind" : "lattice.file",
        is_instance(parameters) ? "needs lattice.file, the edge list" : "belongs to kind = instance only");
  if (parameters.given("lattice.mean_degree") && !is_dilute_graph(parameters))
    problems.add("lattice.mean_degree", "belongs to viana_bray and hypergraph only");
  if (spins_per_interaction(parameters) != 2 && kind != "complete" && kind != "hypergraph" &&
      kind != "instance")
    problems.add("model.spins_per_interaction", "must be 2 on " + kind + "; use complete or hypergraph");
  if (!problems.empty()) return;
  if (is_instance(parameters)) {
    validate_instance(parameters, problems);
    return;
  }
  if (is_dilute_graph(parameters))
    validate_dilute_graph(parameters, problems);
  else
    validate_lattice(parameters, problems);
  if (!problems.empty()) return;
  if (disordered_sites_of(parameters) > most_disordered_sites)
    problems.add("lattice.kind", "more than 1e8 sites, beyond what couplings of their own allow");
  if (is_complete(parameters)) {
    double interactions = 1;
    for (std::int64_t k = 0; k < spins_per_interaction(parameters); ++k)
      interactions *= (disordered_sites_of(parameters) - static_cast<double>(k)) / static_cast<double>(k + 1);
    if (interactions > most_interactions)
      problems.add("lattice.N", "gives more than 2e9 interactions of the complete graph");
  }
}

void validate_distributions(const Parameters& parameters, Problems& problems) {
  const bool gaussian = parameters.text("model.couplings") == "gaussian";
  if (!gaussian && parameters.real("model.coupling_mean") != 0)
    problems.add("model.coupling_mean", "belongs to gaussian couplings; use model.ferromagnetic_fraction");
  if (gaussian && parameters.real("model.ferromagnetic_fraction") != 0.5)
    problems.add("model.ferromagnetic_fraction", "belongs to bimodal couplings; use model.coupling_mean");
  if (parameters.text("model.random_field") == "none" && parameters.real("model.random_field_width") != 0)
    problems.add("model.random_field_width", "needs model.random_field = gaussian or bimodal");
  if (is_instance(parameters) && parameters.integer("model.realisations") != 1)
    problems.add("model.realisations", "an instance file is one realisation");
}

}  // namespace

void declare_disorder_keys(Schema& schema) {
  declare_graph_keys(schema);
  declare_coupling_keys(schema);
}

void validate_disorder(const Parameters& parameters, Problems& problems) {
  validate_topology(parameters, problems);
  validate_distributions(parameters, problems);
}

bool is_instance(const Parameters& parameters) { return parameters.text("lattice.kind") == "instance"; }

CouplingDistribution coupling_distribution_of(const Parameters& parameters) {
  CouplingDistribution distribution;
  if (parameters.text("model.couplings") == "gaussian")
    distribution.kind = CouplingDistribution::Kind::gaussian;
  distribution.width = parameters.real("model.coupling_width");
  distribution.mean = parameters.real("model.coupling_mean");
  distribution.ferromagnetic_fraction = parameters.real("model.ferromagnetic_fraction");
  if (is_complete(parameters)) {
    distribution.width *= std::sqrt(complete_scale(parameters));
    distribution.mean *= complete_scale(parameters);
  }
  return distribution;
}

FieldDistribution field_distribution_of(const Parameters& parameters) {
  FieldDistribution distribution;
  const std::string& kind = parameters.text("model.random_field");
  if (kind == "gaussian") distribution.kind = FieldDistribution::Kind::gaussian;
  if (kind == "bimodal") distribution.kind = FieldDistribution::Kind::bimodal;
  distribution.mean = parameters.real("model.field");
  distribution.width = parameters.real("model.random_field_width");
  return distribution;
}

std::vector<std::int64_t> realisations_of(const Parameters& parameters) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(parameters.integer("model.realisations")));
  std::iota(numbers.begin(), numbers.end(), parameters.integer("model.realisation"));
  return numbers;
}

double disordered_sites_of(const Parameters& parameters) {
  if (is_instance(parameters))
    return static_cast<double>(read_instance(parameters.file("lattice.file")).sites);
  if (is_dilute_graph(parameters)) return static_cast<double>(parameters.integer("lattice.N"));
  return sites_of(parameters);
}

InteractionGraph make_realisation(const Parameters& parameters, std::int64_t realisation) {
  if (is_instance(parameters)) return read_instance(parameters.file("lattice.file"));
  const auto seed = static_cast<std::uint64_t>(parameters.integer("run.seed"));
  const auto number = static_cast<std::uint64_t>(realisation);
  InteractionGraph graph = topology_of(parameters, seed, number);
  draw_couplings(graph, coupling_distribution_of(parameters), seed, number);
  dilute(graph, parameters.real("model.bond_probability"), parameters.real("model.site_probability"), seed,
         number);
  draw_fields(graph, field_distribution_of(parameters), seed, number);
  return graph;
}

}  // namespace weiss
