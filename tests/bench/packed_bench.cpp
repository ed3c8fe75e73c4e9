// Rates of the packed heat bath in updates per ns of CPU time on one core, on every instruction set.
#include <benchmark/benchmark.h>

#include "weiss/montecarlo/packed_heat_bath.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

const System systems[] = {{"square/64", {64, 64}, 2.269185},       {"square/1024", {1024, 1024}, 2.269185},
                          {"square/4096", {4096, 4096}, 2.269185}, {"cubic/64", {64, 64, 64}, 4.5},
                          {"cubic/64/cold", {64, 64, 64}, 1.1},    {"cubic/256", {256, 256, 256}, 4.5}};

PackedHeatBath heat_bath(const System& system, SimdTarget target) {
  const IsingInteractions interactions{.beta = 1 / system.temperature,
                                       .coupling = std::vector<double>(system.extents.size(), 1.0),
                                       .field = 0};
  return PackedHeatBath(interactions, Stream(1, 0, StreamId::heat_bath), target);
}

void sweep(benchmark::State& state, const System& system, SimdTarget target) {
  const Communicator world = Communicator::world();
  PackedField field(world, system.extents, {}, target);
  field.finish_load();
  PackedHeatBath update = heat_bath(system, target);
  std::int64_t step = 0;
  for (; step < 20; ++step) update.sweep(field, step);
  for (auto _ : state) update.sweep(field, step++);
  report(state, static_cast<double>(field.sites()), "updates_per_ns");
}

void refresh(benchmark::State& state, const System& system) {
  const Communicator world = Communicator::world();
  PackedField field(world, system.extents);
  for (auto _ : state) field.finish_load();
  report(state, static_cast<double>(field.sites()), "sites_per_ns");
}

void measure(benchmark::State& state, const System& system, bool slices, SimdTarget target) {
  const Communicator world = Communicator::world();
  PackedField field(world, system.extents, {}, target);
  field.finish_load();
  for (auto _ : state) benchmark::DoNotOptimize(field.local_sums(slices));
  report(state, static_cast<double>(field.sites()), "sites_per_ns");
}

void convert(benchmark::State& state, const System& system) {
  const Communicator world = Communicator::world();
  PackedField field(world, system.extents);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(field.sites() / 8));
  for (auto _ : state) {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    field.fill_bits(0, bytes);
    field.load_bits(0, bytes);
    field.finish_load();
  }
  report(state, static_cast<double>(field.sites()), "sites_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const System& system : systems) {
    for (const SimdTarget target : all_targets)
      if (supported(target))
        add("packed_heat_bath/" + system.label + "/" + std::string(name(target)),
            [&system, target](benchmark::State& state) { sweep(state, system, target); });
    for (const SimdTarget target : all_targets)
      if (supported(target))
        add("packed_sums_with_slices/" + system.label + "/" + std::string(name(target)),
            [&system, target](benchmark::State& state) { measure(state, system, true, target); });
    add("packed_sums/" + system.label,
        [&system](benchmark::State& state) { measure(state, system, false, simd_target()); });
    add("packed_ghosts/" + system.label, [&system](benchmark::State& state) { refresh(state, system); });
    add("packed_to_sites_and_back/" + system.label,
        [&system](benchmark::State& state) { convert(state, system); });
  }
  return true;
}();

}  // namespace
