// Rates of survey propagation on random 3-SAT, in surveys per ns of CPU time on one core.
#include <benchmark/benchmark.h>

#include "weiss/cavity/survey_propagation.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

void sweep(benchmark::State& state, std::int64_t variables) {
  const Formula formula =
      random_formula(variables, 3, static_cast<std::int64_t>(4.2 * static_cast<double>(variables)), 1, 0);
  SurveyPropagation surveys(formula, 1, Stream(1, 0, StreamId::initial_state));
  const Stream order(1, 0, StreamId::survey_order);
  std::uint64_t t = 0;
  for (auto _ : state) benchmark::DoNotOptimize(surveys.sweep(RandomSource(order, t++)));
  report(state, static_cast<double>(formula.literals()), "surveys_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const auto& [label, variables] : {std::pair("6400", 6400), std::pair("100000", 100000)}) {
    const std::int64_t n = variables;
    add("surveys/3sat/" + std::string(label), [=](benchmark::State& s) { sweep(s, n); });
  }
  return true;
}();

}  // namespace
