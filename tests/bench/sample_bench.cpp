// Rates of the spin glass of 512 samples on one core, on every instruction set.
#include <benchmark/benchmark.h>

#include "weiss/montecarlo/sample_heat_bath.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

struct Samples {
  Samples(std::int64_t length, SimdTarget target)
      : topology(Lattice::regular(LatticeKind::cubic, {length, length, length},
                                  {Boundary::periodic, Boundary::periodic, Boundary::periodic})),
        a(random_words(topology.sites(), 1)),
        b(random_words(topology.sites(), 2)),
        heat_bath(topology, random_words(topology.interactions(), 3),
                  Stream(1, 0, StreamId::sample_heat_bath), target) {}

  static std::vector<SampleWord> random_words(std::int64_t count, std::uint64_t key) {
    const Stream stream(99, key, StreamId::initial_state);
    std::vector<SampleWord> words(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < words.size(); ++i)
      for (std::uint32_t e = 0; e < 8; ++e) words[i].element[e] = stream.bits(0, i, e);
    return words;
  }
  double updates() const { return 512 * static_cast<double>(topology.sites()); }

  SampleTopology topology;
  std::vector<SampleWord> a, b;
  SampleHeatBath heat_bath;
};

void sweep(benchmark::State& state, std::int64_t length, SimdTarget target, bool shared) {
  Samples samples(length, target);
  const auto thresholds = SampleHeatBath::thresholds(1 / 1.1);
  std::int64_t step = 0;
  for (; step < 20; ++step) samples.heat_bath.sweep(samples.a, thresholds, step, 0, shared);
  for (auto _ : state) samples.heat_bath.sweep(samples.a, thresholds, step++, 0, shared);
  report(state, samples.updates(), "updates_per_ns");
}

void energy(benchmark::State& state, std::int64_t length, SimdTarget target) {
  const Samples samples(length, target);
  for (auto _ : state) benchmark::DoNotOptimize(samples.heat_bath.satisfied(samples.a));
  report(state, samples.updates(), "sites_per_ns");
}

void overlap(benchmark::State& state, std::int64_t length, SimdTarget target) {
  const Samples samples(length, target);
  for (auto _ : state) benchmark::DoNotOptimize(samples.heat_bath.unequal(samples.a, samples.b));
  report(state, samples.updates(), "sites_per_ns");
}

void exchange(benchmark::State& state, std::int64_t length, SimdTarget target) {
  Samples samples(length, target);
  const SampleWord mask = Samples::random_words(1, 4).front();
  for (auto _ : state) samples.heat_bath.exchange(samples.a, samples.b, mask);
  report(state, samples.updates(), "sites_per_ns");
}

const int registered = [] {
  for (const SimdTarget target : all_targets) {
    if (!supported(target)) continue;
    for (const std::int64_t length : {8, 10, 16, 24, 32}) {
      const std::string end = "cubic/" + std::to_string(length) + "/" + std::string(name(target));
      add("sample_heat_bath/independent/" + end,
          [=](benchmark::State& state) { sweep(state, length, target, false); });
      add("sample_heat_bath/shared/" + end,
          [=](benchmark::State& state) { sweep(state, length, target, true); });
      add("sample_energy/" + end, [=](benchmark::State& state) { energy(state, length, target); });
      add("sample_overlap/" + end, [=](benchmark::State& state) { overlap(state, length, target); });
      add("sample_exchange/" + end, [=](benchmark::State& state) { exchange(state, length, target); });
    }
  }
  return 0;
}();

}  // namespace
