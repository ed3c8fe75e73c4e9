// Lanczos on Anderson impurities of 8, 10 and 12 sites (dimension 4900, 63504, 853776) at half filling:
// vector components per ns of one application of H, and solutions a second: ground state, the check of its
// neighbours in particle number and of its degeneracy, and G at T = 0 settled down to i pi/100
// (half-bandwidth 1).
#include <numbers>

#include <benchmark/benchmark.h>

#include "weiss/dmft/anderson_impurity.hpp"
#include "weiss/dmft/lanczos_solver.hpp"
#include "weiss/dmft/sector_hamiltonian.hpp"

#include "bench.hpp"

namespace {

using namespace weiss;

FermionCluster impurity(int sites) {
  DiscreteBath bath;
  for (int k = 0; k < sites - 1; ++k) {
    const double energy = -1 + 2.0 * k / (sites - 2);
    bath.energy.push_back(energy);
    bath.coupling.push_back(0.2 + 0.1 / (1 + 4 * energy * energy));
  }
  return anderson_cluster(paramagnetic_orbital(0, bath), 2);
}

void apply(benchmark::State& state, int sites) {
  const SectorHamiltonian hamiltonian(impurity(sites), {sites / 2, sites / 2});
  std::vector<double> x(hamiltonian.dimension(), 1), y(x.size());
  for (auto _ : state) {
    hamiltonian.apply(x.data(), y.data());
    benchmark::DoNotOptimize(y.data());
  }
  report(state, static_cast<double>(x.size()), "components_per_ns");
}

void solve(benchmark::State& state, int sites, bool symmetric) {
  const FermionCluster cluster = impurity(sites);
  LanczosSettings settings;
  settings.probes = imaginary_probes(std::numbers::pi / 100);
  settings.particle_hole_symmetric = symmetric;
  for (auto _ : state)
    if (!lanczos_solution(cluster, settings).converged) state.SkipWithError("not converged");
  state.counters["solutions_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool registered = [] {
  for (const int sites : {8, 10, 12}) {
    const std::string system = "/impurity/" + std::to_string(sites);
    add("lanczos_apply" + system, [=](benchmark::State& s) { apply(s, sites); });
    add("lanczos_solution" + system, [=](benchmark::State& s) { solve(s, sites, false); });
    add("lanczos_solution_symmetric" + system, [=](benchmark::State& s) { solve(s, sites, true); });
  }
  return true;
}();

}  // namespace
