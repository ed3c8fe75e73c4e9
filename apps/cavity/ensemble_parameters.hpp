// The deck keys of ensembles of sparse random graphs, and what they mean.
#pragma once

#include <cstdint>
#include <optional>

#include "weiss/cavity/field_population.hpp"
#include "weiss/cavity/survey_population.hpp"
#include "weiss/deck/deck.hpp"

namespace weiss {

enum class EnsembleMethod {
  population,  // replica symmetric, a population of messages
  integers,    // replica symmetric at T = 0, +-J: exact distributions on integers
  surveys,     // one step of replica symmetry breaking at T = 0, a population of surveys
  factorised,  // the same with every message alike
  xorsat,      // p-spin equations on Poisson hypergraphs
};

enum class FindLine { none, spin_glass, ferromagnet, multicritical };

// What a search moves.
enum class FindVariable { temperature, ferromagnetic_fraction };

void declare_ensemble_keys(Schema& schema);
void validate_ensemble(const Parameters& parameters, Problems& problems);

EnsembleMethod ensemble_method_of(const Parameters& parameters);
// Whether it holds populations, moved on generation by generation.
bool has_populations(EnsembleMethod method);
FindLine find_line_of(const Parameters& parameters);
FindVariable find_variable_of(const Parameters& parameters);
// Whether the search goes on within the magnetised solution, or a field.
bool finds_in_magnetised_solution(const Parameters& parameters);
DegreeLaw degree_law_of(const Parameters& parameters);
// zero_temperature_beta at T = 0.
double ensemble_beta_of(const Parameters& parameters);
// The field in units of |J| when it is an integer.
std::optional<std::int64_t> integer_field_of(const Parameters& parameters);
FieldEnsemble field_ensemble_of(const Parameters& parameters);
SurveyEnsemble survey_ensemble_of(const Parameters& parameters);
FieldPopulation::Start population_start_of(const Parameters& parameters);
// Members, a multiple of 256.
std::int64_t members_of(const Parameters& parameters);
// Sizes of populations side by side, each twice the one before: 3 of a study, else 1.
std::size_t population_sizes_of(const Parameters& parameters);

}  // namespace weiss
