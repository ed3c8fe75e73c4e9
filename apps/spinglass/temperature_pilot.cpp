#include "spinglass/temperature_pilot.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/montecarlo/replica_exchange.hpp"

#include "spinglass/engines.hpp"

namespace weiss {

namespace {

constexpr std::int64_t pilot_realisations = 32;
constexpr std::int64_t pilot_rounds = 2;  // the second one with the set that the first one found
constexpr std::int64_t pilot_first_step = std::int64_t{1} << 40;  // random numbers of its own
constexpr double least_share = 0.1;
constexpr double digits = 1e6;

// Points that cut the integral of a piecewise constant density into equal parts: between ascending x with the
// weight of each interval.
std::vector<double> equal_parts(std::span<const double> x, std::span<const double> weights) {
  double total = 0;
  for (const double weight : weights) total += weight;
  const auto steps = static_cast<double>(x.size() - 1);
  std::vector<double> points{x.front()};
  double before = 0;
  std::size_t interval = 0;
  for (std::size_t k = 1; k + 1 < x.size(); ++k) {
    const double wanted = total * static_cast<double>(k) / steps;
    while (interval + 1 < weights.size() && before + weights[interval] < wanted)
      before += weights[interval++];
    const double part = std::min(1.0, (wanted - before) / weights[interval]);
    points.push_back(x[interval] + part * (x[interval + 1] - x[interval]));
  }
  points.push_back(x.back());
  return points;
}

std::vector<double> rounded(std::vector<double> temperatures, std::span<const double> given) {
  for (double& each : temperatures) each = std::round(each * digits) / digits;
  temperatures.front() = given.front();
  temperatures.back() = given.back();
  // Temperatures closer than the digits would coincide; then the given ones serve as well.
  for (std::size_t k = 0; k + 1 < temperatures.size(); ++k)
    if (!(temperatures[k] < temperatures[k + 1])) return {given.begin(), given.end()};
  return temperatures;
}

struct Pilot {
  std::vector<double> deviations, from_hot;  // a temperature each
};

// The thermal variance of the energy at each temperature, mean over samples and replicas.
class EnergySpread {
 public:
  explicit EnergySpread(const GlassShape& shape)
      : shape_(shape), sums_(shape.samples * shape.temperatures * shape.replicas), squares_(sums_.size()) {}

  void add(std::span<const double> energies) {
    ++count_;
    for (std::size_t i = 0; i < energies.size(); ++i) {
      sums_[i] += energies[i];
      squares_[i] += energies[i] * energies[i];
    }
  }

  std::vector<double> deviations() const {
    const auto n = static_cast<double>(count_);
    std::vector<double> variance(shape_.temperatures);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      const double mean = sums_[i] / n;
      variance[i / shape_.replicas % shape_.temperatures] += squares_[i] / n - mean * mean;
    }
    for (double& each : variance)
      each = std::sqrt(std::max(each, 0.0) / static_cast<double>(shape_.samples * shape_.replicas));
    return variance;
  }

 private:
  GlassShape shape_;
  std::int64_t count_ = 0;
  std::vector<double> sums_, squares_;
};

Pilot run_pilot(const TaskContext& context, std::int64_t round) {
  const Parameters& parameters = context.parameters;
  const GlassAlgorithm algorithm = glass_algorithm_of(parameters);
  const GlassShape shape = glass_shape_of(parameters);
  GlassEngine engine = make_glass_engine(context, shape);
  ReplicaExchange exchange(algorithm.betas, realisations_of(parameters), algorithm.replicas,
                           Stream(context.seed, 0, StreamId::replica_exchange));
  EnergySpread spread(shape);
  std::vector<double> energies(shape.samples * shape.temperatures * shape.replicas);
  const std::int64_t sweeps = parameters.integer("algorithm.pilot_sweeps");
  const std::int64_t first = pilot_first_step * (round + 1);
  for (std::int64_t t = 0; t < sweeps; ++t)
    std::visit(
        [&](auto& each) {
          each->sweep(first + t);
          each->energies(energies);
          each->units().complete(energies, shape.replicas);
          if (2 * t >= sweeps) spread.add(energies);
          each->exchange(exchange.decide(first + t, energies));
        },
        engine);
  return {spread.deviations(), exchange.fraction_from_hot()};
}

}  // namespace

std::vector<double> equal_acceptance_temperatures(std::span<const double> temperatures,
                                                  std::span<const double> deviations) {
  std::vector<double> betas, weights;
  for (std::size_t k = temperatures.size(); k-- > 0;) betas.push_back(1 / temperatures[k]);
  for (std::size_t k = temperatures.size(); k-- > 1;)
    weights.push_back((deviations[k] + deviations[k - 1]) / 2 *
                      (1 / temperatures[k - 1] - 1 / temperatures[k]));
  if (*std::min_element(weights.begin(), weights.end()) <= 0)
    return {temperatures.begin(), temperatures.end()};  // nothing fluctuates: any set is as good
  std::vector<double> result = equal_parts(betas, weights);
  std::reverse(result.begin(), result.end());
  for (double& each : result) each = 1 / each;
  return rounded(std::move(result), temperatures);
}

std::vector<double> feedback_temperatures(std::span<const double> temperatures,
                                          std::span<const double> from_hot) {
  const double least = least_share / static_cast<double>(temperatures.size() - 1);
  std::vector<double> weights;
  for (std::size_t k = 0; k + 1 < temperatures.size(); ++k) {
    const double rise = from_hot[k + 1] - from_hot[k];
    // sqrt((df/dT)/dT) dT; a fraction that no walker has told yet is not a number.
    weights.push_back(std::sqrt(rise > least ? rise : least));
  }
  return rounded(equal_parts(temperatures, weights), temperatures);
}

Parameters with_tuned_temperatures(const TaskContext& context) {
  Parameters tuned = context.parameters;
  const std::string& set = tuned.text("algorithm.temperature_set");
  if (set == "given") return tuned;
  Parameters pilot = tuned;
  pilot.replace("model.realisations", std::min(pilot_realisations, tuned.integer("model.realisations")));
  for (std::int64_t round = 0; round < pilot_rounds; ++round) {
    const Pilot found = run_pilot({pilot, context.communicator, context.seed, context.task_key}, round);
    const std::vector<double> temperatures = glass_algorithm_of(pilot).temperatures;
    pilot.replace("algorithm.temperatures",
                  set == "feedback" ? feedback_temperatures(temperatures, found.from_hot)
                                    : equal_acceptance_temperatures(temperatures, found.deviations));
  }
  tuned.replace("algorithm.temperatures", pilot.reals("algorithm.temperatures"));
  return tuned;
}

}  // namespace weiss
