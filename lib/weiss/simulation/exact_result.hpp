// Results of solvers without statistical errors: one sample, error 0, which the long name says.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "weiss/simulation/measurements.hpp"
#include "weiss/simulation/unit_bytes.hpp"

namespace weiss {

inline Result exact_result(std::string name, const std::string& long_name, std::string unit,
                           std::string formula, double value, bool headline = false) {
  Result result;
  result.name = std::move(name);
  result.info = {long_name + "; deterministic, no error", std::move(unit), std::move(formula), {}, headline};
  result.count = 1;
  result.bin_length = 1;
  result.mean = {value};
  result.error = {0.0};
  result.tau_int = {0.5};
  return result;
}

inline Result exact_results(std::string name, const std::string& long_name, std::string unit,
                            std::string formula, std::vector<double> values) {
  Result result = exact_result(std::move(name), long_name, std::move(unit), std::move(formula), 0);
  result.info.dims = {values.size()};
  result.error.assign(values.size(), 0.0);
  result.tau_int.assign(values.size(), 0.5);
  result.mean = std::move(values);
  return result;
}

// All of an array of one rank as a field of the state.
template <class T>
UnitBytes whole_bytes(std::span<T> values) {
  UnitBytes bytes;
  bytes.set({std::span(reinterpret_cast<std::uint8_t*>(values.data()), values.size_bytes())},
            values.size_bytes(), 0, 1);
  return bytes;
}

}  // namespace weiss
