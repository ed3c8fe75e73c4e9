#include "weiss/montecarlo/local_update.hpp"

#include "weiss/base/error.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_classes = 1 << 22;
constexpr std::uint64_t one_half = std::uint64_t{1} << 63;

}  // namespace

LocalDecision local_decision(double beta, double field) {
  LocalDecision decision;
  decision.aligned = static_cast<std::int8_t>(field > 0 ? 1 : field < 0 ? -1 : 0);
  decision.against_threshold = heat_bath_threshold(beta, field);
  for (const int up : {0, 1}) {
    const double energy_change = 2 * (up == 1 ? field : -field);
    decision.flip_surely[up] = energy_change < 0;
    decision.flip_threshold[up] = energy_change > 0 ? boltzmann_threshold(beta, energy_change) : one_half;
  }
  return decision;
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
  for (std::int64_t index = 0; index < classes; ++index) {
    double field = interactions.field;
    std::int64_t rest = index;
    for (std::size_t d = 0; d < degree.size(); ++d) {
      const std::int64_t values = 2 * degree[d] + 1;
      field += interactions.coupling[d] * static_cast<double>(rest % values - degree[d]);
      rest /= values;
    }
    table_.push_back(local_decision(interactions.beta, field));
  }
}

}  // namespace weiss
