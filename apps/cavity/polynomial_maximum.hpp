// The maximum of a smooth function known at some places: of the polynomial through the five of them about the
// largest value, between the neighbours of that one.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

namespace weiss {

struct PlaceAndValue {
  double place, value;
};

// places rising, at least five. NaN where the largest value stands at an end.
inline PlaceAndValue polynomial_maximum(const std::vector<double>& places,
                                        const std::vector<double>& values) {
  const auto top = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
  if (top == 0 || top + 1 == places.size())
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  const std::size_t first = std::min(top < 2 ? 0 : top - 2, places.size() - 5);
  const auto at = [&](double x) {
    double sum = 0;
    for (std::size_t i = first; i < first + 5; ++i) {
      double term = values[i];
      for (std::size_t j = first; j < first + 5; ++j)
        if (j != i) term *= (x - places[j]) / (places[i] - places[j]);
      sum += term;
    }
    return sum;
  };
  double low = places[top - 1], high = places[top + 1];
  for (int i = 0; i < 100; ++i) {
    const double left = low + (high - low) / 3, right = high - (high - low) / 3;
    (at(left) < at(right) ? low : high) = at(left) < at(right) ? left : right;
  }
  return {(low + high) / 2, at((low + high) / 2)};
}

}  // namespace weiss
