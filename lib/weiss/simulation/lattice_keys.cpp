#include "weiss/simulation/lattice_keys.hpp"

#include <utility>

namespace weiss {

namespace {

constexpr double most_graph_sites = 1e8;

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
  const std::vector<std::string>& names = parameters.texts("lattice.boundary");
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

}  // namespace

bool is_graph(LatticeKind kind) {
  return kind == LatticeKind::random_regular || kind == LatticeKind::complete;
}

void declare_lattice_keys(Schema& schema, std::vector<std::string> kinds, std::string fallback) {
  schema.choice("lattice.kind", std::move(kinds),
                {.fallback = std::move(fallback), .help = "lattice or graph; hypercubic is 4-dimensional"});
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
  schema.at_most_one_of({"lattice.L", "lattice.extents"});
}

void declare_temperature_keys(Schema& schema, const std::vector<std::string>& alternatives, bool required) {
  schema.real("model.temperature",
              {.unit = "J", .help = "temperature (k_B = 1)", .minimum = 0, .exclusive_minimum = true});
  schema.real("model.beta",
              {.unit = "1/J", .help = "inverse temperature, instead of model.temperature", .minimum = 0});
  std::vector<std::string> keys{"model.temperature", "model.beta"};
  keys.insert(keys.end(), alternatives.begin(), alternatives.end());
  if (required)
    schema.exactly_one_of(keys);
  else
    schema.at_most_one_of(keys);
}

void validate_lattice(const Parameters& parameters, Problems& problems) {
  const LatticeKind kind = kind_of(parameters);
  if (is_graph(kind))
    validate_graph(parameters, kind, problems);
  else
    validate_regular(parameters, kind, problems);
}

LatticeKind kind_of(const Parameters& parameters) { return *lattice_kind(parameters.text("lattice.kind")); }

std::vector<std::int64_t> extents_of(const Parameters& parameters) {
  if (parameters.given("lattice.extents")) return parameters.integers("lattice.extents");
  return std::vector<std::int64_t>(static_cast<std::size_t>(dimension(kind_of(parameters))),
                                   parameters.integer("lattice.L"));
}

std::vector<Boundary> boundary_of(const Parameters& parameters) {
  const std::vector<std::string>& names = parameters.texts("lattice.boundary");
  const int dimensions = dimension(kind_of(parameters));
  std::vector<Boundary> boundary;
  boundary.reserve(static_cast<std::size_t>(dimensions));
  for (int d = 0; d < dimensions; ++d)
    boundary.push_back(names[names.size() == 1 ? 0 : static_cast<std::size_t>(d)] == "free"
                           ? Boundary::free
                           : Boundary::periodic);
  return boundary;
}

double sites_of(const Parameters& parameters) {
  const LatticeKind kind = kind_of(parameters);
  if (is_graph(kind)) return static_cast<double>(parameters.integer("lattice.N"));
  double sites = sites_per_cell(kind);
  for (const std::int64_t extent : extents_of(parameters)) sites *= static_cast<double>(extent);
  return sites;
}

double beta_of(const Parameters& parameters) {
  return parameters.given("model.beta") ? parameters.real("model.beta")
                                        : 1 / parameters.real("model.temperature");
}

}  // namespace weiss
