#include "cavity/potts_keys.hpp"

#include "weiss/cavity/potts_messages.hpp"
#include "weiss/simulation/disorder_keys.hpp"

#include "cavity/instance_keys.hpp"

namespace weiss {

void declare_potts_keys(Schema& schema) {
  declare_disorder_keys(schema);
  schema.integer(
      "model.states",
      {.fallback = "3", .help = "q, colours of the Potts model", .minimum = 2, .maximum = most_potts_states});
  schema.real("model.temperature", {.unit = "J", .help = "temperature (k_B = 1), 0 allowed", .minimum = 0});
  declare_schedule_keys(schema);
  declare_decimation_keys(schema);
  schema.integer(
      "algorithm.recolouring_sweeps",
      {.fallback = "0",
       .unit = "sweeps",
       .help = "longest local search that mends the conflicts that decimation leaves in a colouring; "
               "N moves a sweep",
       .minimum = 0});
  schema.real("algorithm.recolouring_noise",
              {.fallback = "0.3",
               .help = "probability, for each conflict more, of a move of that search",
               .minimum = 0,
               .maximum = 1});
  schema.boolean("output.marginals",
                 {.fallback = "false", .help = "the distribution of the colour of every site"});
}

void validate_potts_keys(const Parameters& parameters, Problems& problems) {
  validate_disorder(parameters, problems);
  if (!parameters.given("model.temperature"))
    problems.add("model.temperature", "is missing; give it, or 0 for colourings");
  if (parameters.integer("model.realisations") != 1)
    problems.add("model.realisations", "must be 1, the instance; sweep model.realisation for more");
  if (parameters.integer("model.spins_per_interaction") != 2)
    problems.add("model.spins_per_interaction", "must be 2 for Potts models; remove it");
  const bool file = is_instance(parameters), bimodal = parameters.text("model.couplings") == "bimodal";
  if (!file && bimodal && !parameters.chosen("model.ferromagnetic_fraction"))
    problems.add("model.ferromagnetic_fraction",
                 "is missing; give 1 for a ferromagnet, 0 for an antiferromagnet, between them a glass");
  if (is_colouring(parameters)) {
    if (!file && !(bimodal && parameters.real("model.ferromagnetic_fraction") == 0 &&
                   parameters.real("model.coupling_width") > 0))
      problems.add("model.temperature",
                   "0 means proper colourings; it needs model.ferromagnetic_fraction = 0 and "
                   "model.coupling_width > 0, or take a temperature above 0");
    if (parameters.real("model.field") != 0 || parameters.text("model.random_field") != "none")
      problems.add("model.field", "must be 0, and model.random_field none, at temperature 0");
  }
  const bool mends = parameters.integer("algorithm.recolouring_sweeps") > 0;
  if (mends && !(is_colouring(parameters) && parameters.real("algorithm.decimation") > 0))
    problems.add("algorithm.recolouring_sweeps",
                 "needs model.temperature = 0 and algorithm.decimation; remove it");
  if (!mends && parameters.chosen("algorithm.recolouring_noise"))
    problems.add("algorithm.recolouring_noise", "needs algorithm.recolouring_sweeps; remove it");
  const bool decimates = parameters.real("algorithm.decimation") > 0;
  if (!decimates && parameters.chosen("algorithm.decimation_sweeps"))
    problems.add("algorithm.decimation_sweeps", "needs algorithm.decimation; remove it");
  if (decimates)
    for (const char* key : {"output.response", "output.marginals"})
      if (parameters.chosen(key)) problems.add(key, "has no meaning where decimation fixes sites; remove it");
}

bool is_colouring(const Parameters& parameters) { return parameters.real("model.temperature") == 0; }

}  // namespace weiss
