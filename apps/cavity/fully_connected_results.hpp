// Results of fully connected models that are in closed form or roots of closed forms.
#pragma once

#include <string>
#include <vector>

#include "weiss/simulation/model.hpp"

namespace weiss {

// A number without statistical error, or an array of them along axes.
Result deterministic_result(std::string name, ObservableInfo info, std::vector<double> values,
                            std::vector<double> errors = {});
Axis fully_connected_axis(const std::vector<double>& temperatures);

// Temperatures of the deck, in its order; empty where none are given.
std::vector<double> fully_connected_temperatures(const Parameters& parameters);

// algorithm.target = transitions, and the spherical and random energy models
std::vector<Result> closed_form_results(const Parameters& parameters);

}  // namespace weiss
