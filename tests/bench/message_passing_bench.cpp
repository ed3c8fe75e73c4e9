// Rates of parallel belief propagation on random regular graphs of degree 3 with +-J couplings, in directed
// messages per ns of CPU time on one core.
#include <benchmark/benchmark.h>

#include "weiss/cavity/message_passing.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

struct Regular {
  explicit Regular(std::int64_t sites) : model(drawn(sites)), graph(model) {}
  static InteractionGraph drawn(std::int64_t sites) {
    InteractionGraph graph =
        lattice_graph(Lattice::random_regular(sites, 3, Stream(1, 0, StreamId::random_graph)));
    draw_couplings(graph, {}, 1, 0);
    return graph;
  }
  InteractionGraph model;
  FactorGraph graph;
};

template <class Rule>
void parallel(benchmark::State& state, std::int64_t sites) {
  const Regular system(sites);
  MessagePassing<Rule> messages(system.graph, system.model, {0.8, 0.8, 20.8}, 0);
  messages.set_fields(std::vector<double>(static_cast<std::size_t>(sites), 0.08));
  for (auto _ : state) benchmark::DoNotOptimize(messages.parallel_sweep());
  report(state, static_cast<double>(system.graph.slots()), "messages_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const auto& [label, sites] :
       {std::pair("6400", 6400), std::pair("100000", 100000), std::pair("1000000", 1000000)}) {
    const std::string system = "/random_regular/" + std::string(label);
    const std::int64_t n = sites;
    add("belief_tanh_float" + system, [=](benchmark::State& s) { parallel<TanhRule<float>>(s, n); });
    add("belief_tanh_double" + system, [=](benchmark::State& s) { parallel<TanhRule<double>>(s, n); });
    add("belief_field_double" + system, [=](benchmark::State& s) { parallel<FieldRule<double>>(s, n); });
    add("belief_minimum_float" + system, [=](benchmark::State& s) { parallel<MinimumRule<float>>(s, n); });
  }
  return true;
}();

}  // namespace
