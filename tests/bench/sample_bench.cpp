// Rates of the many-sample heat bath of the cubic +-J model in updates per ns of CPU time on one core, 512
// updates a site, and of what goes with it: measurements and exchanges.
#include <benchmark/benchmark.h>

#include "weiss/montecarlo/sample_heat_bath.hpp"
#include "weiss/montecarlo/sample_measurement.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

Lattice cubic(std::int64_t L) {
  return Lattice::regular(LatticeKind::cubic, {L, L, L}, std::vector<Boundary>(3, Boundary::periodic));
}

SampleWords random_words(std::int64_t words, std::uint64_t seed) {
  const Stream stream(seed, 0, StreamId::initial_state);
  SampleWords result(static_cast<std::size_t>(words));
  for (std::size_t w = 0; w < result.size(); ++w)
    for (std::uint32_t e = 0; e < 8; ++e) result[w].element[e] = stream.bits(0, w, e);
  return result;
}

struct Samples {
  explicit Samples(std::int64_t L)
      : lattice(cubic(L)),
        topology(lattice),
        a(random_words(topology.sites(), 1)),
        b(random_words(topology.sites(), 2)),
        couplings(random_words(topology.bonds(), 3)),
        counts(sample_lanes) {}
  double updates() const { return 512.0 * static_cast<double>(topology.sites()); }

  Lattice lattice;
  SampleTopology topology;
  SampleWords a, b, couplings;
  std::vector<std::int32_t> counts;
};

void sweep(benchmark::State& state, std::int64_t L, SampleRandomness randomness, std::size_t configurations,
           SimdTarget target) {
  Samples samples(L);
  SampleHeatBath heat_bath(samples.topology, Stream(1, 0, StreamId::sample_heat_bath), randomness, target);
  std::vector<SampleWords> words(configurations, samples.a);
  std::vector<SampleConfiguration> all;
  for (std::size_t c = 0; c < configurations; ++c)
    all.push_back({words[c], sample_thresholds(1 / 1.1, samples.topology.degree()), c * samples.a.size()});
  std::int64_t step = 0;
  for (; step < 20; ++step) heat_bath.sweep(all, samples.couplings, step);
  for (auto _ : state) heat_bath.sweep(all, samples.couplings, step++);
  report(state, samples.updates() * static_cast<double>(configurations), "updates_per_ns");
}

void energy(benchmark::State& state, std::int64_t L, SimdTarget target) {
  Samples samples(L);
  const SampleMeasurement measurement(samples.topology, target);
  for (auto _ : state) measurement.unsatisfied_bonds(samples.a, samples.couplings, samples.counts);
  report(state, samples.updates(), "sites_per_ns");
}

void overlap(benchmark::State& state, std::int64_t L, SimdTarget target) {
  Samples samples(L);
  const SampleMeasurement measurement(samples.topology, target);
  for (auto _ : state) measurement.equal_sites(samples.a, samples.b, samples.counts);
  report(state, samples.updates(), "sites_per_ns");
}

void slices(benchmark::State& state, std::int64_t L, SimdTarget target) {
  Samples samples(L);
  const SampleMeasurement measurement(samples.topology, target);
  const SampleSlices along(samples.lattice, 0);
  samples.counts.resize(static_cast<std::size_t>(along.slices()) * sample_lanes);
  for (auto _ : state) measurement.equal_sites(samples.a, samples.b, along, samples.counts);
  report(state, samples.updates(), "sites_per_ns");
}

void link_overlap(benchmark::State& state, std::int64_t L, SimdTarget target) {
  Samples samples(L);
  const SampleMeasurement measurement(samples.topology, target);
  for (auto _ : state) measurement.equal_bonds(samples.a, samples.b, samples.counts);
  report(state, samples.updates(), "sites_per_ns");
}

void exchange(benchmark::State& state, std::int64_t L, SimdTarget target) {
  Samples samples(L);
  const SampleWord mask = random_words(1, 4).front();
  const SampleMeasurement measurement(samples.topology, target);
  for (auto _ : state) measurement.exchange(samples.a, samples.b, mask);
  report(state, samples.updates(), "sites_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const SimdTarget target : all_targets) {
    if (!supported(target)) continue;
    const std::string on = "/" + std::string(name(target));
    for (const std::int64_t L : {8, 10, 16, 24, 32}) {
      const std::string system = "/cubic/" + std::to_string(L);
      for (const std::size_t configurations : {1, 2, 4, 32})
        for (const auto randomness : {SampleRandomness::independent, SampleRandomness::shared})
          add((randomness == SampleRandomness::shared ? "samples_shared" : "samples_independent") + system +
                  "/configurations/" + std::to_string(configurations) + on,
              [=](benchmark::State& state) { sweep(state, L, randomness, configurations, target); });
      add("samples_energy" + system + on, [=](benchmark::State& state) { energy(state, L, target); });
      add("samples_overlap" + system + on, [=](benchmark::State& state) { overlap(state, L, target); });
      add("samples_overlap_slices" + system + on, [=](benchmark::State& state) { slices(state, L, target); });
      add("samples_link_overlap" + system + on,
          [=](benchmark::State& state) { link_overlap(state, L, target); });
      add("samples_exchange" + system + on, [=](benchmark::State& state) { exchange(state, L, target); });
    }
  }
  return true;
}();

}  // namespace
