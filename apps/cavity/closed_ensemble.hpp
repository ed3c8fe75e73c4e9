// Ensembles that need no population: exact populations of integers at T = 0, factorised states, XORSAT. Every
// number is deterministic; errors are 0.
#pragma once

#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/simulation/measurements.hpp"

namespace weiss {

std::vector<Result> closed_ensemble_results(const Parameters& parameters);

// A number without error.
Result exact_result(const std::string& name, const std::string& long_name, const std::string& unit,
                    const std::string& formula, double value, bool headline = true);

}  // namespace weiss
