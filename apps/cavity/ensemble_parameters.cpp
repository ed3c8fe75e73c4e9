#include "cavity/ensemble_parameters.hpp"

#include <cmath>

#include "weiss/cavity/paramagnet.hpp"
#include "weiss/simulation/disorder_keys.hpp"

#include "cavity/find_key.hpp"

namespace weiss {

namespace {

constexpr double most_members = 1 << 27;
constexpr double most_mean_degree = 100;
constexpr double largest_tanh_argument = 5;  // single precision holds 1 - tanh to 1e-3 there

bool is(const Parameters& parameters, const char* key, const char* value) {
  return parameters.text(key) == value;
}

bool bimodal(const Parameters& parameters) { return is(parameters, "model.couplings", "bimodal"); }

bool cold(const Parameters& parameters) {
  return parameters.given("model.temperature") && parameters.real("model.temperature") == 0;
}

void declare_population_keys(Schema& schema) {
  schema.integer("algorithm.population", {.fallback = "100000",
                                          .unit = "messages",
                                          .help = "members of a population, rounded up to a multiple of 256",
                                          .minimum = 256,
                                          .maximum = most_members});
  schema.integer("algorithm.populations",
                 {.fallback = "4",
                  .help = "independent populations, shared out over ranks; errors come from their spread and "
                          "from the series in time, whichever is larger",
                  .minimum = 1,
                  .maximum = 4096});
  schema.boolean("algorithm.population_study",
                 {.fallback = "false",
                  .help = "populations of twice and four times the members beside the others, and every "
                          "quantity extrapolated to infinite ones by a + b/N"});
  schema.choice(
      "algorithm.field_kernel", {"auto", "tanh", "field"},
      {.fallback = "auto",
       .help = "how a population stores messages: tanh(beta u), fast, at moderate fields; or u, at "
               "any temperature. auto takes tanh up to beta u = 5, and at T = 0 exact integers where "
               "+-J and the field allow"});
  schema.choice("algorithm.population_start", {"random", "magnetised"},
                {.fallback = "random", .help = "first messages of a population"});
  schema.boolean(
      "algorithm.symmetric",
      {.fallback = "false", .help = "keep the solution without magnetisation at h = 0, stable or not"});
  schema.boolean("algorithm.stability",
                 {.fallback = "true", .help = "measure the stability exponent of replica symmetry"});
}

}  // namespace

void declare_ensemble_keys(Schema& schema) {
  if (schema.find("lattice.kind") == nullptr) declare_disorder_keys(schema);
  if (schema.find("model.temperature") == nullptr)
    schema.real("model.temperature", {.unit = "J", .help = "temperature (k_B = 1), 0 allowed", .minimum = 0});
  schema.reals(
      "model.degree_weights",
      {.help = "weights of degrees 0, 1, 2, ...; instead of the degrees of lattice.kind", .minimum = 0});
  schema.choice("algorithm.solution", {"replica_symmetric", "one_step", "factorised"},
                {.fallback = "replica_symmetric",
                 .help = "one_step: one step of replica symmetry breaking of +-J at T = 0, by populations of "
                         "surveys; factorised: the same with every edge alike, random_regular, exact"});
  schema.real("algorithm.reweighting",
              {.fallback = "0",
               .unit = "1/J",
               .help = "y of one_step, > 0, and of factorised, where 0 is the y of the largest free energy",
               .minimum = 0,
               .maximum = 20});
  declare_find_key(schema);
  schema.choice("algorithm.find_variable", {"temperature", "ferromagnetic_fraction"},
                {.fallback = "temperature",
                 .help = "what the search moves, from its value in the deck; the other one is fixed"});
  declare_population_keys(schema);
}

EnsembleMethod ensemble_method_of(const Parameters& parameters) {
  if (is(parameters, "lattice.kind", "hypergraph")) return EnsembleMethod::xorsat;
  if (is(parameters, "algorithm.solution", "factorised")) return EnsembleMethod::factorised;
  if (is(parameters, "algorithm.solution", "one_step")) return EnsembleMethod::surveys;
  const bool integers = cold(parameters) && integer_field_of(parameters) &&
                        is(parameters, "algorithm.field_kernel", "auto") &&
                        find_line_of(parameters) == FindLine::none;
  return integers ? EnsembleMethod::integers : EnsembleMethod::population;
}

bool has_populations(EnsembleMethod method) {
  return method == EnsembleMethod::population || method == EnsembleMethod::surveys;
}

FindLine find_line_of(const Parameters& parameters) {
  if (is(parameters, "algorithm.find", "none")) return FindLine::none;
  if (is(parameters, "algorithm.find", "multicritical_point")) return FindLine::multicritical;
  return is(parameters, "algorithm.find", "spin_glass_line") ? FindLine::spin_glass : FindLine::ferromagnet;
}

FindVariable find_variable_of(const Parameters& parameters) {
  return is(parameters, "algorithm.find_variable", "temperature") ? FindVariable::temperature
                                                                  : FindVariable::ferromagnetic_fraction;
}

bool finds_in_magnetised_solution(const Parameters& parameters) {
  return find_line_of(parameters) == FindLine::spin_glass &&
         (parameters.real("model.field") != 0 || is(parameters, "algorithm.population_start", "magnetised"));
}

DegreeLaw degree_law_of(const Parameters& parameters) {
  if (parameters.given("model.degree_weights"))
    return given_degrees(parameters.reals("model.degree_weights"));
  if (is(parameters, "lattice.kind", "random_regular"))
    return regular_degrees(parameters.integer("lattice.degree"));
  return poisson_degrees(parameters.real("lattice.mean_degree"));
}

double ensemble_beta_of(const Parameters& parameters) {
  return cold(parameters) ? zero_temperature_beta : 1 / parameters.real("model.temperature");
}

std::optional<std::int64_t> integer_field_of(const Parameters& parameters) {
  const double width = parameters.real("model.coupling_width");
  if (!bimodal(parameters) || !(width > 0)) return std::nullopt;
  const double field = parameters.real("model.field") / width;
  if (field != std::round(field) || std::abs(field) > 1000) return std::nullopt;
  return static_cast<std::int64_t>(field);
}

FieldEnsemble field_ensemble_of(const Parameters& parameters) {
  FieldEnsemble ensemble;
  ensemble.degrees = degree_law_of(parameters);
  ensemble.couplings = coupling_distribution_of(parameters);
  ensemble.field = parameters.real("model.field");
  ensemble.symmetrised = parameters.boolean("algorithm.symmetric");
  const FindLine line = find_line_of(parameters);
  const bool fraction = find_variable_of(parameters) == FindVariable::ferromagnetic_fraction;
  if (line == FindLine::multicritical)
    ensemble.perturbation = Perturbation::both;
  else if (line == FindLine::ferromagnet)
    ensemble.perturbation = Perturbation::linear;
  else if (line == FindLine::spin_glass || parameters.boolean("algorithm.stability"))
    ensemble.perturbation = Perturbation::square;
  // Without magnetisation +-J messages do not depend on p, and their plain perturbations grow by 2p - 1 times
  // what they do at p = 1.
  if (line == FindLine::multicritical || (line == FindLine::ferromagnet && fraction)) {
    ensemble.couplings.ferromagnetic_fraction = 1;
    ensemble.symmetrised = true;
  }
  const bool moderate =
      ensemble_beta_of(parameters) * message_reach(ensemble.couplings) <= largest_tanh_argument;
  const std::string& kernel = parameters.text("algorithm.field_kernel");
  ensemble.kernel =
      kernel == "tanh" || (kernel == "auto" && moderate) ? FieldKernel::tanh : FieldKernel::field;
  return ensemble;
}

SurveyEnsemble survey_ensemble_of(const Parameters& parameters) {
  SurveyEnsemble ensemble;
  ensemble.degrees = degree_law_of(parameters);
  ensemble.ferromagnetic_fraction = parameters.real("model.ferromagnetic_fraction");
  ensemble.field = *integer_field_of(parameters);
  ensemble.reweighting = parameters.real("algorithm.reweighting") * parameters.real("model.coupling_width");
  return ensemble;
}

FieldPopulation::Start population_start_of(const Parameters& parameters) {
  const FindLine line = find_line_of(parameters);
  const bool glass =
      line == FindLine::ferromagnet && find_variable_of(parameters) == FindVariable::ferromagnetic_fraction;
  // Other lines without a field are instabilities of the paramagnet.
  if (line != FindLine::none && !glass && !finds_in_magnetised_solution(parameters))
    return FieldPopulation::Start::zero;
  return is(parameters, "algorithm.population_start", "magnetised") ? FieldPopulation::Start::magnetised
                                                                    : FieldPopulation::Start::random;
}

std::int64_t members_of(const Parameters& parameters) {
  const auto chunk = static_cast<std::int64_t>(FieldPopulation::chunk);
  return (parameters.integer("algorithm.population") + chunk - 1) / chunk * chunk;
}

std::size_t population_sizes_of(const Parameters& parameters) {
  return parameters.boolean("algorithm.population_study") ? 3 : 1;
}

namespace {

void validate_degrees(const Parameters& parameters, Problems& problems) {
  if (parameters.given("model.degree_weights")) {
    const std::vector<double>& weights = parameters.reals("model.degree_weights");
    double ends = 0;
    for (std::size_t d = 1; d < weights.size(); ++d) ends += weights[d];
    if (!(ends > 0)) problems.add("model.degree_weights", "needs a positive weight of a degree above 0");
    if (weights.size() > 251) problems.add("model.degree_weights", "takes degrees up to 250");
    return;
  }
  if (is(parameters, "lattice.kind", "random_regular")) {
    if (!parameters.given("lattice.degree"))
      problems.add("lattice.kind", "random_regular needs lattice.degree, the bonds of a site");
    else if (parameters.integer("lattice.degree") > 250)
      problems.add("lattice.degree", "must be at most 250 here");
    return;
  }
  if (!is(parameters, "lattice.kind", "viana_bray") && !is(parameters, "lattice.kind", "hypergraph")) {
    problems.add(
        "lattice.kind",
        "ensembles are random_regular (lattice.degree), viana_bray or hypergraph (lattice.mean_degree), "
        "or any degrees by model.degree_weights");
    return;
  }
  if (!parameters.given("lattice.mean_degree"))
    problems.add("lattice.kind", "needs lattice.mean_degree, the mean number of interactions a site");
  else if (parameters.real("lattice.mean_degree") > most_mean_degree)
    problems.add("lattice.mean_degree", "must be at most 100 here; use the solvers of dense systems");
}

void validate_disorder_of_ensemble(const Parameters& parameters, Problems& problems) {
  const char* not_here = "does not belong to ensembles; use model.degree_weights for dilution";
  if (parameters.real("model.bond_probability") != 1) problems.add("model.bond_probability", not_here);
  if (parameters.real("model.site_probability") != 1) problems.add("model.site_probability", not_here);
  if (!is(parameters, "model.random_field", "none"))
    problems.add("model.random_field", "ensembles take a uniform model.field only");
  if (parameters.real("model.coupling_width") == 0 && parameters.real("model.coupling_mean") == 0)
    problems.add("model.coupling_width", "must be > 0");
  const bool xorsat = ensemble_method_of(parameters) == EnsembleMethod::xorsat;
  const std::int64_t spins = parameters.integer("model.spins_per_interaction");
  if (xorsat && spins < 3)
    problems.add("model.spins_per_interaction",
                 "hypergraph takes at least 3 spins; use viana_bray for pairs");
  if (!xorsat && spins != 2)
    problems.add("model.spins_per_interaction", "more than 2 spins need lattice.kind = hypergraph");
  if (xorsat && !cold(parameters))
    problems.add("model.temperature", "must be 0 on hypergraphs: the ensemble there is XORSAT");
}

void validate_factorised(const Parameters& parameters, Problems& problems) {
  if (!is(parameters, "lattice.kind", "random_regular") || parameters.given("model.degree_weights"))
    problems.add("algorithm.solution",
                 "factorised needs lattice.kind = random_regular, where all edges are alike");
  else if (parameters.integer("lattice.degree") < 3)
    problems.add("lattice.degree", "a factorised solution needs at least 3");
  if (!cold(parameters)) problems.add("model.temperature", "must be 0 for algorithm.solution = factorised");
  if (!bimodal(parameters) || parameters.real("model.field") != 0 ||
      parameters.real("model.ferromagnetic_fraction") != 0.5)
    problems.add("algorithm.solution",
                 "factorised takes +-J couplings with ferromagnetic_fraction = 0.5 and no field");
}

void validate_surveys(const Parameters& parameters, Problems& problems) {
  if (!cold(parameters)) problems.add("model.temperature", "must be 0 for algorithm.solution = one_step");
  if (!integer_field_of(parameters)) {
    problems.add("algorithm.solution",
                 "one_step takes +-J couplings and a field that is a multiple of model.coupling_width");
    return;
  }
  const SurveyEnsemble ensemble = survey_ensemble_of(parameters);
  if (!(ensemble.reweighting > 0))
    problems.add("algorithm.reweighting", "must be > 0 for algorithm.solution = one_step");
  const auto largest =
      static_cast<double>(ensemble.degrees.site.size()) + std::abs(static_cast<double>(ensemble.field));
  if (ensemble.reweighting * largest > largest_survey_exponent)
    problems.add("algorithm.reweighting", "times the largest degree must stay below 80; take a smaller one");
}

// The two instabilities of the paramagnet, 0 where there is none.
double instability(const Parameters& parameters, int n) {
  return paramagnetic_instability(degree_law_of(parameters), coupling_distribution_of(parameters), n);
}

void require_instability(double line, Problems& problems) {
  if (line == 0)
    problems.add("algorithm.find",
                 "the paramagnet of this ensemble is stable at every temperature; raise the "
                 "degree or the mean of the couplings");
}

void validate_moving_fraction(const Parameters& parameters, Problems& problems) {
  const char* key = "algorithm.find_variable";
  if (!bimodal(parameters)) {
    problems.add(key, "ferromagnetic_fraction needs model.couplings = bimodal");
    return;
  }
  const double temperature = parameters.real("model.temperature");
  const double glass = instability(parameters, 2);
  require_instability(glass, problems);
  if (find_line_of(parameters) == FindLine::spin_glass) {
    if (!finds_in_magnetised_solution(parameters))
      problems.add(key,
                   "ferromagnetic_fraction changes nothing where there is no magnetisation; give "
                   "algorithm.population_start = magnetised, or a field");
    else if (parameters.real("model.field") == 0 && glass > 0 && temperature >= glass)
      problems.add("model.temperature",
                   "must be below the spin-glass transition, above which the ferromagnet is stable");
    return;
  }
  if (parameters.chosen("model.ferromagnetic_fraction"))
    problems.add("model.ferromagnetic_fraction", "is what is looked for; remove it");
  const double bonds = mean_excess_degree(degree_law_of(parameters));
  if (!(bonds * std::tanh(parameters.real("model.coupling_width") / temperature) > 1))
    problems.add("model.temperature",
                 "must be below the ferromagnetic transition without antiferromagnetic bonds");
}

void validate_multicritical(const Parameters& parameters, Problems& problems) {
  if (!bimodal(parameters))
    problems.add("algorithm.find", "multicritical_point needs model.couplings = bimodal");
  if (parameters.chosen("model.ferromagnetic_fraction"))
    problems.add("model.ferromagnetic_fraction", "is looked for by multicritical_point; remove it");
  if (parameters.chosen("algorithm.find_variable"))
    problems.add("algorithm.find_variable", "multicritical_point moves both; remove it");
  require_instability(instability(parameters, 2), problems);
}

void validate_line(const Parameters& parameters, Problems& problems) {
  if (cold(parameters)) {
    problems.add("algorithm.find", "starts from a model.temperature above 0");
    return;
  }
  const FindLine line = find_line_of(parameters);
  if (line != FindLine::spin_glass && parameters.real("model.field") != 0) {
    problems.add("algorithm.find", parameters.text("algorithm.find") + " needs model.field = 0");
    return;
  }
  if (line != FindLine::spin_glass && is(parameters, "algorithm.population_start", "magnetised"))
    problems.add("algorithm.population_start",
                 "magnetised has no meaning here: " + parameters.text("algorithm.find") +
                     " is an instability of the state without magnetisation");
  if (finds_in_magnetised_solution(parameters) && parameters.boolean("algorithm.symmetric"))
    problems.add("algorithm.symmetric", "contradicts the magnetised solution; remove it");
  if (line == FindLine::multicritical) return validate_multicritical(parameters, problems);
  if (find_variable_of(parameters) == FindVariable::ferromagnetic_fraction)
    return validate_moving_fraction(parameters, problems);
  const double found = instability(parameters, line == FindLine::ferromagnet ? 1 : 2);
  require_instability(found, problems);
  if (line == FindLine::ferromagnet && found > 0 && found < instability(parameters, 2))
    problems.add("algorithm.find",
                 "ferromagnetic_line lies below the spin glass here, where it is not an instability of the "
                 "paramagnet; give algorithm.find_variable = ferromagnetic_fraction, or take more "
                 "ferromagnetic bonds");
}

}  // namespace

void validate_ensemble(const Parameters& parameters, Problems& problems) {
  validate_degrees(parameters, problems);
  if (!parameters.given("model.temperature")) problems.add("model.temperature", "is missing; give it, or 0");
  validate_disorder_of_ensemble(parameters, problems);
  if (is(parameters, "algorithm.find", "localisation_transition"))
    problems.add("algorithm.find", "localisation_transition belongs to model.problem = resolvent");
  if (!problems.empty()) return;
  if (ensemble_method_of(parameters) == EnsembleMethod::factorised) validate_factorised(parameters, problems);
  if (find_line_of(parameters) != FindLine::none &&
      ensemble_method_of(parameters) != EnsembleMethod::population)
    problems.add("algorithm.find", "needs algorithm.solution = replica_symmetric of pairs");
  if (find_line_of(parameters) == FindLine::none && parameters.chosen("algorithm.find_variable"))
    problems.add("algorithm.find_variable", "has no meaning without algorithm.find; remove it");
  if (parameters.boolean("algorithm.population_study") && !has_populations(ensemble_method_of(parameters)))
    problems.add("algorithm.population_study",
                 "this ensemble is solved without populations; remove it, or give algorithm.field_kernel = "
                 "field for integers by populations");
  if (ensemble_method_of(parameters) == EnsembleMethod::surveys) validate_surveys(parameters, problems);
  if (ensemble_method_of(parameters) != EnsembleMethod::population) return;
  if (find_line_of(parameters) != FindLine::none) validate_line(parameters, problems);
  if (parameters.boolean("algorithm.symmetric") && parameters.real("model.field") != 0)
    problems.add("algorithm.symmetric", "needs model.field = 0");
  if (is(parameters, "algorithm.field_kernel", "tanh") && cold(parameters))
    problems.add("algorithm.field_kernel", "tanh needs a temperature above 0; use field or auto");
}

}  // namespace weiss
