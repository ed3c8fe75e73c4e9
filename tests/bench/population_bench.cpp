// Rates of replica-symmetric population dynamics, in updates of a member per ns of CPU time on one core, and
// of its measurements: z = 3, beta = 0.8, h = 0.1.
#include <benchmark/benchmark.h>

#include "weiss/cavity/field_population.hpp"
#include "weiss/cavity/survey_population.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

struct PopulationCase {
  std::string label;
  FieldKernel kernel;
  bool poisson, gaussian;
  Perturbation perturbation;
};

const PopulationCase cases[] = {
    {"regular/tanh", FieldKernel::tanh, false, false, Perturbation::none},
    {"regular/tanh_perturbed", FieldKernel::tanh, false, false, Perturbation::square},
    {"regular/field", FieldKernel::field, false, false, Perturbation::none},
    {"gaussian/field", FieldKernel::field, false, true, Perturbation::none},
    {"poisson/tanh", FieldKernel::tanh, true, false, Perturbation::none}};

FieldPopulation population_of(const PopulationCase& each, std::size_t members) {
  FieldEnsemble ensemble;
  ensemble.degrees = each.poisson ? poisson_degrees(3) : regular_degrees(3);
  ensemble.kernel = each.kernel;
  ensemble.field = 0.1;
  ensemble.perturbation = each.perturbation;
  if (each.gaussian) ensemble.couplings.kind = CouplingDistribution::Kind::gaussian;
  FieldPopulation population(ensemble, members, 1, 1);
  population.start(FieldPopulation::Start::random, 0.8);
  for (std::uint64_t step = 0; step < 10; ++step) population.sweep(step, 0.8);
  return population;
}

void sweep(benchmark::State& state, const PopulationCase& each, std::size_t members) {
  FieldPopulation population = population_of(each, members);
  std::uint64_t step = 10;
  for (auto _ : state) benchmark::DoNotOptimize(population.sweep(step++, 0.8));
  report(state, static_cast<double>(members), "updates_per_ns");
}

void measure(benchmark::State& state, const PopulationCase& each, std::size_t members) {
  const FieldPopulation population = population_of(each, members);
  std::uint64_t step = 10;
  for (auto _ : state) benchmark::DoNotOptimize(population.measure(step++, 0.8));
  report(state, static_cast<double>(members), "members_per_ns");
}

void survey_sweep(benchmark::State& state, std::size_t members) {
  SurveyPopulation population({regular_degrees(3), 0.5, 0, 0.7}, members, 1, 1);
  population.start();
  std::uint64_t step = 0;
  for (auto _ : state) population.sweep(step++);
  report(state, static_cast<double>(members), "updates_per_ns");
}

void survey_measure(benchmark::State& state, std::size_t members) {
  SurveyPopulation population({regular_degrees(3), 0.5, 0, 0.7}, members, 1, 1);
  population.start();
  for (std::uint64_t step = 0; step < 10; ++step) population.sweep(step);
  std::uint64_t step = 10;
  for (auto _ : state) benchmark::DoNotOptimize(population.measure(step++));
  report(state, static_cast<double>(members), "members_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const PopulationCase& each : cases)
    for (const std::size_t members : {std::size_t{256 * 390}, std::size_t{256 * 3906}}) {
      const std::string label = each.label + (members < 500000 ? "/1e5" : "/1e6");
      add("population_sweep/" + label,
          [&each, members](benchmark::State& state) { sweep(state, each, members); });
      add("population_measure/" + label,
          [&each, members](benchmark::State& state) { measure(state, each, members); });
    }
  for (const std::size_t members : {std::size_t{256 * 390}, std::size_t{256 * 3906}}) {
    const std::string label = members < 500000 ? "regular/1e5" : "regular/1e6";
    add("survey_sweep/" + label, [members](benchmark::State& state) { survey_sweep(state, members); });
    add("survey_measure/" + label, [members](benchmark::State& state) { survey_measure(state, members); });
  }
  return true;
}();

}  // namespace
