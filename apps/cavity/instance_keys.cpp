#include "cavity/instance_keys.hpp"

#include <initializer_list>

#include "weiss/lattice/instance_file.hpp"
#include "weiss/simulation/disorder_keys.hpp"
#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr double finest_single = 1e-6;  // rounding of single precision leaves residuals of some 1e-7

void declare_message_keys(Schema& schema) {
  schema.choice("algorithm.messages", {"sum_product", "max_product"},
                {.fallback = "sum_product",
                 .help = "sum_product: marginals at model.temperature; max_product: the ground state"});
  schema.choice(
      "algorithm.precision", {"single", "double"},
      {.fallback = "double", .help = "of the messages; single is faster and takes half the memory"});
  schema.choice(
      "algorithm.arithmetic", {"auto", "tanh", "field"},
      {.fallback = "auto",
       .help = "messages as tanh of cavity fields (fast) or as fields (for strong ones); auto takes "
               "tanh where no field exceeds 6 T in single, 15 T in double precision"});
}

void declare_search_keys(Schema& schema) {
  schema.real(
      "algorithm.reinforcement",
      {.fallback = "0",
       .help = "rate r of reinforcement: in sweep t every spin also feels 1 - (1 - r)^t of its own field",
       .minimum = 0,
       .maximum = 0.5});
  schema.boolean("output.magnetizations", {.fallback = "false", .help = "the magnetisation of every site"});
  schema.integer("output.correlations_with",
                 {.fallback = "-1",
                  .unit = "site",
                  .help = "site whose connected correlations with every other are given; -1: none",
                  .minimum = -1});
}

void refuse(const Parameters& parameters, Problems& problems, std::initializer_list<const char*> keys,
            const std::string& why) {
  for (const char* key : keys)
    if (parameters.chosen(key)) problems.add(key, why + "; remove it");
}

void validate_temperature(const Parameters& parameters, Problems& problems) {
  if (!is_sum_product(parameters)) {
    refuse(parameters, problems,
           {"model.temperature", "model.beta", "algorithm.arithmetic", "output.correlations_with",
            "output.response"},
           "has no meaning for algorithm.messages = max_product, which is at temperature zero");
    return;
  }
  if (!parameters.given("model.temperature") && !parameters.given("model.beta"))
    problems.add_general("needs model.temperature or model.beta for algorithm.messages = sum_product");
  else if (beta_of(parameters) == 0)
    problems.add("model.beta", "must be > 0: free energies are in units of J");
}

void validate_search(const Parameters& parameters, Problems& problems) {
  const bool reinforces = parameters.real("algorithm.reinforcement") > 0;
  const bool decimates = parameters.real("algorithm.decimation") > 0;
  if (reinforces && decimates)
    problems.add("algorithm.reinforcement", "cannot go with algorithm.decimation; choose one");
  if (!decimates && parameters.chosen("algorithm.decimation_sweeps"))
    problems.add("algorithm.decimation_sweeps", "needs algorithm.decimation; remove it");
  if ((reinforces || decimates) && parameters.text("algorithm.arithmetic") == "tanh")
    problems.add("algorithm.arithmetic",
                 "must be field where reinforcement or decimation makes fields strong");
  if (reinforces || decimates)
    refuse(parameters, problems, {"output.response", "output.correlations_with"},
           "has no meaning where spins are fixed by reinforcement or decimation");
}

}  // namespace

double messages_of(const Parameters& parameters) {
  const std::string& kind = parameters.text("lattice.kind");
  const double sites = disordered_sites_of(parameters);
  if (kind == "instance")
    return static_cast<double>(read_instance(parameters.file("lattice.file")).members.size());
  if (kind == "random_regular") return sites * static_cast<double>(parameters.integer("lattice.degree"));
  if (kind == "viana_bray" || kind == "hypergraph") return sites * parameters.real("lattice.mean_degree");
  if (kind == "complete") {
    double messages = sites;
    for (std::int64_t k = 1; k < parameters.integer("model.spins_per_interaction"); ++k)
      messages *= (sites - static_cast<double>(k)) / static_cast<double>(k);
    return messages;
  }
  return sites * 2 * dimension(kind_of(parameters));
}

void declare_schedule_keys(Schema& schema) {
  schema.choice(
      "algorithm.schedule", {"parallel", "sequential", "residual"},
      {.fallback = "parallel",
       .help = "which messages are updated when: all at once, site after site in random order, or the "
               "site that would change most"});
  schema.choice("algorithm.message_start", {"uniform", "random", "ordered"},
                {.fallback = "uniform",
                 .help = "first messages: without a preference, random, or all for spin up or colour 0"});
  schema.real("algorithm.damping", {.fallback = "0",
                                    .help = "part of the old message that stays in an update",
                                    .minimum = 0,
                                    .maximum = 0.999});
  schema.real("algorithm.tolerance",
              {.fallback = "1e-6",
               .help = "converged when no undamped update would change a message by more",
               .minimum = 0,
               .exclusive_minimum = true});
}

void declare_decimation_keys(Schema& schema) {
  schema.real("algorithm.decimation",
              {.fallback = "0",
               .help = "part of the sites that is fixed whenever the messages have settled, the most biased "
                       "first; one site at least; 0: no decimation",
               .minimum = 0,
               .maximum = 1});
  schema.integer("algorithm.decimation_sweeps",
                 {.fallback = "100",
                  .unit = "sweeps",
                  .help = "sweeps after which decimation goes on even where messages have not settled",
                  .minimum = 1});
  schema.boolean("output.response", {.fallback = "true",
                                     .help = "susceptibility and stability of the fixed point; costs 16 "
                                             "bytes a message, 16 q^2 of Potts models"});
}

bool is_sum_product(const Parameters& parameters) {
  return parameters.text("algorithm.messages") == "sum_product";
}

void declare_instance_keys(Schema& schema) {
  declare_disorder_keys(schema);
  declare_temperature_keys(schema, {}, false);
  declare_message_keys(schema);
  declare_schedule_keys(schema);
  declare_search_keys(schema);
  declare_decimation_keys(schema);
}

void validate_instance_keys(const Parameters& parameters, Problems& problems) {
  validate_disorder(parameters, problems);
  if (parameters.integer("model.realisations") != 1)
    problems.add("model.realisations", "must be 1, the instance; sweep model.realisation for more");
  validate_temperature(parameters, problems);
  validate_search(parameters, problems);
  if (parameters.text("algorithm.precision") == "single" &&
      parameters.real("algorithm.tolerance") < finest_single)
    problems.add("algorithm.tolerance", "must be at least 1e-6 in single precision; use precision = double");
  if (problems.empty() &&
      static_cast<double>(parameters.integer("output.correlations_with")) >= disordered_sites_of(parameters))
    problems.add("output.correlations_with", "is no site; sites count from 0");
}

}  // namespace weiss
