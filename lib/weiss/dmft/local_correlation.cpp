#include "weiss/dmft/local_correlation.hpp"

#include <cmath>
#include <limits>

#include "weiss/dmft/full_diagonalisation.hpp"
#include "weiss/dmft/lanczos_solver.hpp"

namespace weiss {

namespace {

constexpr double no_moment = 1e-8;  // of a constant part, rounding and the tolerance of Lanczos

}  // namespace

LocalCorrelations local_correlations(const ImpurityOrbital& orbital, double interaction, double beta) {
  const FermionCluster cluster = anderson_cluster(orbital, interaction);
  LocalCorrelations found;
  DensityAverages densities(cluster.sites());
  if (std::isfinite(beta) && cluster.sites() <= most_full_sites) {
    const FullDiagonalisation exact(cluster);
    densities = exact.averages(beta).densities;
    found.spin = exact.spin_correlation(beta, 0);
    found.charge = exact.correlation(beta, {{1}, {1}}, {{1}, {1}});
  } else {
    LanczosSettings settings;
    settings.beta = beta;
    settings.spin_correlation = settings.charge_correlation = true;
    if (std::isfinite(beta)) settings.probes = imaginary_probes(bosonic_frequency(1, beta));
    LanczosSolution solution = lanczos_solution(cluster, settings);
    densities = solution.densities;
    found.spin = std::move(solution.spin_correlation[0]);
    found.charge = std::move(solution.charge_correlation[0]);
  }
  const double up = densities.density(0, Spin::up), down = densities.density(0, Spin::down);
  found.spin.constant -= (up - down) * (up - down) / 4;
  found.charge.constant -= (up + down) * (up + down);
  return found;
}

double static_susceptibility(const BosonicPoles& correlation, double beta) {
  if (std::isfinite(beta)) return correlation.susceptibility(0, beta);
  if (correlation.constant > no_moment) return std::numeric_limits<double>::infinity();
  BosonicPoles dynamic = correlation;
  dynamic.constant = 0;
  return dynamic.susceptibility(0, beta);
}

}  // namespace weiss
