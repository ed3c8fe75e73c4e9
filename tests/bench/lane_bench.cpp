// Rates of the octet heat bath of disordered systems in updates per ns of CPU time on one core, on every
// instruction set; for the dense kernel also the rate at which couplings are read, beside a plain read.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <benchmark/benchmark.h>

#include "weiss/montecarlo/lane_heat_bath.hpp"
#include "weiss/montecarlo/lane_overlap.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

double coupling(std::int64_t e) {
  const Stream stream(3, 0, StreamId::coupling);
  double sum = -6;  // near a normal deviate: the sum of 12 uniform ones
  for (std::uint32_t draw = 0; draw < 12; ++draw)
    sum += static_cast<double>(stream.bits(0, static_cast<std::uint64_t>(e), draw) >> 11) * 0x1p-53;
  return sum;
}

InteractionGraph empty(std::int64_t sites, int order) {
  InteractionGraph graph;
  graph.sites = sites;
  graph.order = order;
  return graph;
}

void join(InteractionGraph& graph, std::initializer_list<std::int64_t> members) {
  for (const std::int64_t member : members) graph.members.push_back(static_cast<std::int32_t>(member));
  graph.coupling.push_back(coupling(graph.interactions()));
}

InteractionGraph cubic(std::int64_t L) {
  InteractionGraph graph = empty(L * L * L, 2);
  for (std::int64_t site = 0; site < graph.sites; ++site)
    for (std::int64_t stride = 1; stride < graph.sites; stride *= L) {
      const bool last = site / stride % L == L - 1;
      join(graph, {site, site + stride - (last ? L * stride : 0)});
    }
  return graph;
}

InteractionGraph complete(std::int64_t sites) {
  InteractionGraph graph = empty(sites, 2);
  for (std::int64_t i = 0; i < sites; ++i)
    for (std::int64_t j = i + 1; j < sites; ++j) join(graph, {i, j});
  for (double& each : graph.coupling) each *= 1 / std::sqrt(static_cast<double>(sites));
  return graph;
}

// Three interactions of three spins a site, on average nine at each.
InteractionGraph triples(std::int64_t sites) {
  InteractionGraph graph = empty(sites, 3);
  for (std::int64_t site = 0; site < sites; ++site)
    for (const std::int64_t shift : {1, 37, 411})
      join(graph, {site, (site + shift) % sites, (site + 2 * shift + 1) % sites});
  return graph;
}

struct LaneCase {
  std::string label;
  InteractionGraph (*graph)(std::int64_t);
  std::int64_t size;
  std::int64_t octets;
};

const LaneCase cases[] = {{"cubic/8/x8", cubic, 8, 1},
                          {"cubic/8/x16", cubic, 8, 2},
                          {"cubic/16/x8", cubic, 16, 1},
                          {"cubic/16/x16", cubic, 16, 2},
                          {"cubic/16/x64", cubic, 16, 8},
                          {"complete/64/x32", complete, 64, 4},
                          {"complete/1024/x8", complete, 1024, 1},
                          {"complete/1024/x16", complete, 1024, 2},
                          {"complete/1024/x64", complete, 1024, 8},
                          {"triples/640/x16", triples, 640, 2}};

// Temperatures around the transition of the cubic lattice.
std::vector<double> betas(std::int64_t configurations) {
  std::vector<double> result;
  for (std::int64_t c = 0; c < configurations; ++c)
    result.push_back(1 / (0.6 + 1.2 * static_cast<double>(c) / static_cast<double>(configurations)));
  return result;
}

struct Setup {
  explicit Setup(const LaneCase& lane_case, SimdTarget target)
      : graph(lane_case.graph(lane_case.size)),
        field(graph.sites, lane_case.octets),
        update(graph, Stream(1, 0, StreamId::lane_heat_bath), target),
        beta(betas(field.configurations())) {
    for (; step < 20; ++step) update.sweep(field, beta, step);
  }
  double updates() const { return static_cast<double>(field.sites() * field.configurations()); }

  InteractionGraph graph;
  LaneField field;
  LaneHeatBath update;
  std::vector<double> beta;
  std::int64_t step = 0;
};

void sweep(benchmark::State& state, const LaneCase& lane_case, SimdTarget target) {
  Setup setup(lane_case, target);
  for (auto _ : state) setup.update.sweep(setup.field, setup.beta, setup.step++);
  report(state, setup.updates(), "updates_per_ns");
  if (lane_dense(setup.graph))
    report(state, 8 * static_cast<double>(setup.graph.sites * setup.graph.sites), "coupling_bytes_per_ns");
}

void energies(benchmark::State& state, const LaneCase& lane_case, SimdTarget target) {
  Setup setup(lane_case, target);
  for (auto _ : state) benchmark::DoNotOptimize(setup.update.energies(setup.field));
  report(state, setup.updates(), "sites_per_ns");
}

// Overlaps and link overlaps of configurations 2 i and 2 i + 1.
void overlaps(benchmark::State& state, const LaneCase& lane_case) {
  Setup setup(lane_case, simd_target());
  LanePlanes planes(setup.field);
  for (auto _ : state) {
    planes.read(setup.field);
    std::vector<std::pair<LanePlane, LanePlane>> pairs;
    for (std::int64_t c = 0; c < setup.field.configurations(); c += 2) {
      pairs.emplace_back(planes.of(c), planes.of(c + 1));
      benchmark::DoNotOptimize(count_unequal(pairs.back().first, pairs.back().second));
    }
    for (std::size_t first = 0; first < pairs.size(); first += 8)
      benchmark::DoNotOptimize(count_unequal_links(
          setup.graph, std::span(pairs).subspan(first, std::min<std::size_t>(8, pairs.size() - first))));
  }
  report(state, setup.updates(), "sites_per_ns");
}

// The bytes of the couplings of complete/1024 and nothing else.
void plain_read(benchmark::State& state) {
  const std::vector<std::uint64_t> data(1024 * 1024, 1);
  for (auto _ : state) benchmark::DoNotOptimize(std::accumulate(data.begin(), data.end(), std::uint64_t{0}));
  report(state, 8 * static_cast<double>(data.size()), "coupling_bytes_per_ns");
}

[[maybe_unused]] const bool registered = [] {
  for (const LaneCase& lane_case : cases) {
    add("lane_overlaps/" + lane_case.label,
        [&lane_case](benchmark::State& state) { overlaps(state, lane_case); });
    for (const SimdTarget target : all_targets)
      if (supported(target)) {
        const std::string label = lane_case.label + "/" + std::string(name(target));
        add("lane_heat_bath/" + label,
            [&lane_case, target](benchmark::State& state) { sweep(state, lane_case, target); });
        add("lane_energies/" + label,
            [&lane_case, target](benchmark::State& state) { energies(state, lane_case, target); });
      }
  }
  add("lane_plain_read/64", plain_read);
  return true;
}();

}  // namespace
