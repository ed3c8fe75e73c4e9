// Rates of the packed +-J heat bath in updates per ns of CPU time on one core, on every instruction set, and
// of measurements.
#include <benchmark/benchmark.h>

#include "weiss/lattice/disorder.hpp"
#include "weiss/montecarlo/packed_glass_heat_bath.hpp"
#include "weiss/montecarlo/packed_glass_measurement.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

const System systems[] = {{"square/64", {64, 64}, 0.5},       {"square/1024", {1024, 1024}, 0.5},
                          {"cubic/32", {32, 32, 32}, 1.1},    {"cubic/48", {48, 48, 48}, 1.1},
                          {"cubic/64", {64, 64, 64}, 1.1},    {"cubic/64/hot", {64, 64, 64}, 3.0},
                          {"cubic/128", {128, 128, 128}, 1.1}};

struct Glass {
  explicit Glass(const System& system)
      : topology(PackedLayout(system.extents)),
        couplings(topology.couplings(positive_couplings(topology.bonds(), 0.5, 1, 0))),
        a(random_words(1)),
        b(random_words(2)),
        thresholds(sample_thresholds(1 / system.temperature, topology.degree())) {}
  SampleWords random_words(std::uint64_t seed) const {
    const Stream stream(seed, 0, StreamId::initial_state);
    SampleWords words(static_cast<std::size_t>(topology.words()));
    for (std::size_t w = 0; w < words.size(); ++w)
      for (std::uint32_t e = 0; e < 8; ++e) words[w].element[e] = stream.bits(0, w, e);
    return words;
  }
  double sites() const { return static_cast<double>(topology.sites()); }

  PackedGlassTopology topology;
  SampleWords couplings, a, b;
  SampleThresholds thresholds;
};

void sweep(benchmark::State& state, const System& system, SimdTarget target) {
  Glass glass(system);
  PackedGlassHeatBath heat_bath(glass.topology, Stream(1, 0, StreamId::packed_glass), target);
  const SampleConfiguration configuration{glass.a, glass.thresholds, 0};
  std::int64_t step = 0;
  for (; step < 20; ++step) heat_bath.sweep(configuration, glass.couplings, step);
  for (auto _ : state) heat_bath.sweep(configuration, glass.couplings, step++);
  report(state, glass.sites(), "updates_per_ns");
}

void energy(benchmark::State& state, const System& system, SimdTarget target) {
  Glass glass(system);
  const PackedGlassMeasurement measurement(glass.topology, target);
  for (auto _ : state) benchmark::DoNotOptimize(measurement.unsatisfied_bonds(glass.a, glass.couplings));
  report(state, glass.sites(), "sites_per_ns");
}

void overlap(benchmark::State& state, const System& system, SimdTarget target) {
  Glass glass(system);
  PackedGlassMeasurement measurement(glass.topology, target);
  for (auto _ : state) {
    measurement.compare(glass.a, glass.b);
    benchmark::DoNotOptimize(measurement.unequal_sites());
    benchmark::DoNotOptimize(measurement.unequal_bonds());
    for (std::size_t d = 0; d < system.extents.size(); ++d)
      benchmark::DoNotOptimize(measurement.unequal_sites(static_cast<int>(d)).data());
  }
  report(state, glass.sites(), "sites_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const System& system : systems)
    for (const SimdTarget target : all_targets) {
      if (!supported(target)) continue;
      const std::string on = "/" + system.label + "/" + std::string(name(target));
      add("packed_glass" + on, [&system, target](benchmark::State& state) { sweep(state, system, target); });
      add("packed_glass_energy" + on,
          [&system, target](benchmark::State& state) { energy(state, system, target); });
      add("packed_glass_overlaps" + on,
          [&system, target](benchmark::State& state) { overlap(state, system, target); });
    }
  return true;
}();

}  // namespace
