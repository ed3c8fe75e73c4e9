#include "weiss/cavity/degree_law.hpp"

#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

DegreeLaw given_degrees(std::span<const double> weights) {
  DegreeLaw law;
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (std::size_t d = 0; d < weights.size(); ++d) {
    law.site.push_back(weights[d] / sum);
    law.mean += static_cast<double>(d) * law.site.back();
  }
  if (!(law.mean > 0) || !std::isfinite(law.mean))
    throw Error(ExitCode::bad_deck,
                "degrees: no site has a neighbour; give weights with a positive mean degree");
  for (std::size_t d = 1; d < law.site.size(); ++d)
    law.excess.push_back(static_cast<double>(d) * law.site[d] / law.mean);
  return law;
}

DegreeLaw regular_degrees(std::int64_t z) {
  std::vector<double> weights(static_cast<std::size_t>(z) + 1, 0.0);
  weights.back() = 1;
  return given_degrees(weights);
}

DegreeLaw poisson_degrees(double c) {
  std::vector<double> weights{portable_exp(-c)};
  double left = 1 - weights.front();
  for (double d = 1; left > 1e-17 && (d <= c || weights.back() > 1e-18); ++d) {
    weights.push_back(weights.back() * c / d);
    left -= weights.back();
  }
  return given_degrees(weights);
}

std::vector<std::uint64_t> word_thresholds(std::span<const double> probabilities) {
  std::vector<std::uint64_t> thresholds;
  double sum = 0;
  for (const double probability : probabilities) {
    sum += probability;
    thresholds.push_back(
        static_cast<std::uint64_t>(std::min(std::llround(sum * 0x1p32), std::llround(0x1p32))));
  }
  thresholds.back() = std::uint64_t{1} << 32;
  return thresholds;
}

}  // namespace weiss
