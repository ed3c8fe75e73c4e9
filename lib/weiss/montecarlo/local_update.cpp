#include "weiss/montecarlo/local_update.hpp"

#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_classes = 1 << 22;
constexpr std::uint64_t one_half = std::uint64_t{1} << 63;
constexpr double draw_resolution = 0x1p-64;
constexpr double rounding = 0x1p-48;

}  // namespace

LocalDecision local_decision(double beta, double field) {
  LocalDecision decision;
  decision.aligned = static_cast<std::int8_t>(field > 0 ? 1 : field < 0 ? -1 : 0);
  decision.against_threshold = heat_bath_threshold(beta, field);
  for (const int up : {0, 1}) {
    const double energy_change = 2 * (up == 1 ? field : -field);
    // At beta = 0 every flip would be sure, and the sweep periodic: what no draw can tell from 0 counts as 0.
    const double exponent = beta * energy_change;
    decision.flip_surely[up] = exponent <= -draw_resolution;
    decision.flip_threshold[up] =
        exponent >= draw_resolution ? boltzmann_threshold(beta, energy_change) : one_half;
  }
  return decision;
}

double cancelled_sum(std::span<const double> terms) {
  double sum = 0;
  double size = 0;
  for (const double term : terms) {
    sum += term;
    size += std::abs(term);
  }
  return std::abs(sum) <= rounding * size ? 0 : sum;
}

LocalUpdate::LocalUpdate(LocalRule rule, const IsingInteractions& interactions, const Lattice& lattice)
    : rule_(rule) {
  std::int64_t classes = 1;
  std::vector<int> degree;
  for (int d = 0; d < lattice.directions(); ++d) {
    degree.push_back(lattice.max_degree(d));
    stride_.push_back(classes);
    centre_ += classes * degree.back();
    classes *= 2 * degree.back() + 1;
    if (classes > most_classes)
      throw Error(ExitCode::bad_deck,
                  "lattice.degree: too many local fields for the table kernel; use a smaller degree");
  }
  std::vector<double> terms(degree.size() + 1, interactions.field);
  for (std::int64_t index = 0; index < classes; ++index) {
    std::int64_t rest = index;
    for (std::size_t d = 0; d < degree.size(); ++d) {
      const std::int64_t values = 2 * degree[d] + 1;
      terms[d + 1] = interactions.coupling[d] * static_cast<double>(rest % values - degree[d]);
      rest /= values;
    }
    table_.push_back(local_decision(interactions.beta, cancelled_sum(terms)));
  }
}

}  // namespace weiss
