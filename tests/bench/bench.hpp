// What every benchmark shares: systems, targets, rates in CPU time. The statistic `best` is the best of the
// repetitions: take it on a machine that does other work as well.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "weiss/base/cpu.hpp"

namespace weiss {

inline constexpr SimdTarget all_targets[] = {SimdTarget::avx512, SimdTarget::vaes256, SimdTarget::aes128,
                                             SimdTarget::portable};

struct System {
  std::string label;
  std::vector<std::int64_t> extents;
  double temperature;
};

// per_iteration: sites, or flipped spins.
inline void report(benchmark::State& state, double per_iteration, const char* unit) {
  state.counters[unit] = benchmark::Counter(1e-9 * static_cast<double>(state.iterations()) * per_iteration,
                                            benchmark::Counter::kIsRate);
}

inline void add(const std::string& label, auto run) {
  benchmark::RegisterBenchmark(label.c_str(), run)
      ->MinTime(0.05)
      ->Repetitions(5)
      ->ReportAggregatesOnly()
      ->ComputeStatistics("best",
                          [](const std::vector<double>& v) { return *std::max_element(v.begin(), v.end()); });
}

}  // namespace weiss
