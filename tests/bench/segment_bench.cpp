// Rates of the segment-picture solver with all default measurements, in millions of updates per second of CPU
// time on one core; case A of the literature's semicircular bath (U = 2 D, beta D = 50), one of twice the
// order, and two orbitals with Hund's coupling.
#include <benchmark/benchmark.h>

#include "weiss/dmft/segment_stream.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

SegmentProblem band(double beta, double u) {
  SegmentProblem problem{beta, {u / 2, u / 2}, {0, u, u, 0}, {}};
  problem.hybridization.assign(2, semicircle_hybridization(beta, 1));
  return problem;
}

SegmentProblem two_orbitals() {
  // Half filling: mu_a = sum_b U_ab / 2.
  SegmentProblem problem{50, {2.5, 2.5, 2.5, 2.5}, hund_interaction(2, 2, 0.2), {}};
  problem.hybridization.assign(4, semicircle_hybridization(50, 1));
  return problem;
}

void updates(benchmark::State& state, const SegmentProblem& problem, SimdTarget target) {
  constexpr std::int64_t batch = 20000;
  SegmentStream stream(problem, {}, 1, 0, 0, target);
  stream.warm_up(batch);
  for (auto _ : state) stream.run(batch);
  benchmark::DoNotOptimize(stream.take_block());
  state.counters["million_updates_per_s"] =
      benchmark::Counter(1e-6 * static_cast<double>(state.iterations() * batch), benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool registered = [] {
  for (const SimdTarget target : all_targets) {
    if (!supported(target)) continue;
    const std::string suffix = "/" + std::string(name(target));
    add("segments/band_beta50_U2" + suffix, [=](benchmark::State& s) { updates(s, band(50, 2), target); });
    add("segments/band_beta100_U2.4" + suffix,
        [=](benchmark::State& s) { updates(s, band(100, 2.4), target); });
    add("segments/two_orbitals_beta50" + suffix,
        [=](benchmark::State& s) { updates(s, two_orbitals(), target); });
  }
  return true;
}();

}  // namespace
