// Rates of the cluster updates on rows of bits, at the critical point, in spins and flipped spins per ns.
#include <benchmark/benchmark.h>

#include "weiss/montecarlo/row_swendsen_wang.hpp"
#include "weiss/montecarlo/row_wolff.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

const System systems[] = {{"square/64", {64, 64}, 2.269185},
                          {"square/1024", {1024, 1024}, 2.269185},
                          {"square/4096", {4096, 4096}, 2.269185},
                          {"cubic/64", {64, 64, 64}, 4.5115},
                          {"cubic/256", {256, 256, 256}, 4.5115}};

IsingInteractions interactions(const System& system) {
  return {.beta = 1 / system.temperature,
          .coupling = std::vector<double>(system.extents.size(), 1.0),
          .field = 0};
}

void swendsen_wang(benchmark::State& state, const System& system, SimdTarget target) {
  const Communicator world = Communicator::world();
  RowField field(world, system.extents);
  RowSwendsenWang update(interactions(system), field, Stream(1, 0, StreamId::cluster_bond),
                         Stream(1, 0, StreamId::cluster_flip), target);
  std::int64_t step = 0;
  for (; step < 30; ++step) update.step(field, step);
  for (auto _ : state) update.step(field, step++);
  report(state, static_cast<double>(field.sites()), "spins_per_ns");
}

void wolff(benchmark::State& state, const System& system, SimdTarget target) {
  const Communicator world = Communicator::world();
  RowField field(world, system.extents);
  const IsingInteractions model = interactions(system);
  RowSwendsenWang start(model, field, Stream(1, 0, StreamId::cluster_bond),
                        Stream(1, 0, StreamId::cluster_flip));
  for (std::int64_t step = 0; step < 100; ++step) start.step(field, step);
  RowWolff update(model, field, Stream(1, 0, StreamId::wolff), target);
  std::int64_t step = 0;
  double flipped = 0;
  for (auto _ : state) flipped += static_cast<double>(update.step(field, step++));
  report(state, flipped / static_cast<double>(state.iterations()), "flipped_spins_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const System& system : systems)
    for (const SimdTarget target : all_targets)
      if (supported(target)) {
        add("row_swendsen_wang/" + system.label + "/" + std::string(name(target)),
            [&system, target](benchmark::State& state) { swendsen_wang(state, system, target); });
        add("row_wolff/" + system.label + "/" + std::string(name(target)),
            [&system, target](benchmark::State& state) { wolff(state, system, target); });
      }
  return true;
}();

}  // namespace
