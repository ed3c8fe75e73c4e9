#include "cavity/closed_ensemble.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "weiss/cavity/integer_fields.hpp"
#include "weiss/cavity/xorsat.hpp"

#include "cavity/ensemble_parameters.hpp"

namespace weiss {

Result exact_result(const std::string& name, const std::string& long_name, const std::string& unit,
                    const std::string& formula, double value, bool headline) {
  Result result;
  result.name = name;
  result.info = {long_name + " (exact to rounding)", unit, formula, {}, headline};
  result.mean = {value};
  result.error = {0.0};
  result.tau_int = {0.5};
  result.count = 1;
  result.bin_length = 1;
  return result;
}

namespace {

// Fields of sites that occur.
Result integer_field_distribution(const IntegerFields& fields, double width) {
  constexpr double rare = 1e-12;
  const auto reach = static_cast<std::ptrdiff_t>(fields.local_field.size() / 2);
  std::ptrdiff_t most = 0;
  for (std::ptrdiff_t x = -reach; x <= reach; ++x)
    if (fields.local_field[static_cast<std::size_t>(x + reach)] > rare) most = std::max(most, std::abs(x));
  Result result = exact_result("local_field_distribution", "probability of the field of a site", "1",
                               "P(X), X = h + sum u", 0, false);
  Axis axis{"local_field", "J", {}};
  result.mean.clear();
  for (std::ptrdiff_t x = -most; x <= most; ++x) {
    axis.values.push_back(static_cast<double>(x) * width);
    result.mean.push_back(fields.local_field[static_cast<std::size_t>(x + reach)]);
  }
  result.info.dims = {result.mean.size()};
  result.info.axes = {axis};
  result.error.assign(result.mean.size(), 0.0);
  result.tau_int.assign(result.mean.size(), 0.5);
  return result;
}

std::vector<Result> integer_results(const Parameters& parameters) {
  const double width = parameters.real("model.coupling_width");
  // A start with bias finds the magnetised solution where there is one.
  const double bias = population_start_of(parameters) == FieldPopulation::Start::magnetised ? 0.5 : 0.0;
  const IntegerFields fields =
      replica_symmetric_integers(degree_law_of(parameters), parameters.real("model.ferromagnetic_fraction"),
                                 *integer_field_of(parameters), bias);
  std::vector<Result> all{
      exact_result("energy", "replica-symmetric ground-state energy per site", "J",
                   "<dE_site> - (c/2) <dE_edge>", fields.energy * width),
      exact_result("magnetization", "magnetisation", "1", "<sign X>", fields.magnetisation),
      exact_result("overlap", "fraction of sites with a field", "1", "<sign^2 X>", fields.overlap),
      exact_result("residual", "largest change of a probability in the last iteration", "1",
                   "max |P'(u) - P(u)|", fields.residual, false)};
  Result messages = exact_result("message_distribution", "probability of a message", "1", "P(u)", 0, false);
  messages.info.dims = {3};
  messages.info.axes = {{"message", "J", {-width, 0, width}}};
  messages.mean.assign(fields.message.begin(), fields.message.end());
  messages.error.assign(3, 0.0);
  messages.tau_int.assign(3, 0.5);
  all.push_back(std::move(messages));
  all.push_back(integer_field_distribution(fields, width));
  return all;
}

std::vector<Result> factorised_results(const Parameters& parameters) {
  const double width = parameters.real("model.coupling_width");
  const double y = parameters.real("algorithm.reweighting") * width;
  const std::int64_t z = parameters.integer("lattice.degree");
  const FactorisedState state = y > 0 ? factorised_state(z, y) : factorised_ground_state(z);
  return {
      exact_result("free_energy", "factorised free energy per site of states at y", "J", "Phi(y)",
                   state.free_energy * width),
      exact_result("energy", "energy per site of the states that y selects", "J", "d(y Phi)/dy",
                   state.energy * width),
      exact_result("complexity", "logarithm of their number per site", "1", "y^2 dPhi/dy", state.complexity),
      exact_result("reweighting", "reweighting", "1/J", "y", state.reweighting / width),
      exact_result("zero_message", "probability over states of a message without sign", "1", "Q(u = 0)",
                   state.zero_message, false)};
}

std::vector<Result> xorsat_results(const Parameters& parameters) {
  const std::int64_t p = parameters.integer("model.spins_per_interaction");
  const DegreeLaw degrees = degree_law_of(parameters);
  const bool poisson = !parameters.given("model.degree_weights");
  const double alpha = degrees.mean / static_cast<double>(p);
  const XorsatPoint point = poisson ? xorsat_point(p, alpha) : xorsat_point(p, degrees);
  std::vector<Result> all{
      exact_result("equations_per_variable", "equations a variable", "1", "alpha = c/p", alpha),
      exact_result("complexity", "logarithm of the number of clusters of solutions per variable", "1",
                   "Sigma = ln 2 (variables of the 2-core - its equations) per variable, 0 without a core",
                   point.complexity),
      exact_result("frozen", "probability of a frozen message", "1", "phi = 1 - E(1 - phi^(p-1))",
                   point.frozen),
      exact_result("entropy", "logarithm of the number of solutions per variable, below satisfiability", "1",
                   "(1 - alpha) ln 2", point.entropy, false)};
  if (!poisson) return all;
  const XorsatThresholds thresholds = xorsat_thresholds(p);
  all.push_back(exact_result("dynamic_threshold", "equations a variable where solutions cluster", "1",
                             "min over phi of -ln(1 - phi)/(p phi^(p-1))", thresholds.dynamic));
  all.push_back(exact_result("satisfiability_threshold", "equations a variable where solutions vanish", "1",
                             "Sigma(alpha_c) = 0", thresholds.satisfiability));
  return all;
}

}  // namespace

std::vector<Result> closed_ensemble_results(const Parameters& parameters) {
  switch (ensemble_method_of(parameters)) {
    case EnsembleMethod::integers:
      return integer_results(parameters);
    case EnsembleMethod::factorised:
      return factorised_results(parameters);
    default:
      return xorsat_results(parameters);
  }
}

}  // namespace weiss
