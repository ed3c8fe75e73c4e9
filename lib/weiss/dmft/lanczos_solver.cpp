#include "weiss/dmft/lanczos_solver.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/dmft/low_states.hpp"

namespace weiss {

namespace {

constexpr double equal_energies = 1e-9;  // poles at these are one
constexpr double negligible = 1e-16;     // weight of a pole
constexpr double most_neglected = 1e-3;
constexpr double most_asymmetric = 1e-6;  // of a density that should be 1/2

// sum_i factor_i c_i
using Combination = std::vector<std::pair<int, double>>;

// What the weighted states add to, sector by sector.
class Ensemble {
 public:
  Ensemble(const FermionCluster& cluster, const LanczosSettings& settings, const LowStates& low)
      : cluster_(cluster), settings_(settings), low_(low) {
    found_.ground_energy = low.ground_energy();
    found_.densities = DensityAverages(cluster.sites());
    found_.green_function.resize(settings.sites.size());
    found_.pair_green_function.resize(settings.pairs.size());
    if (settings.spin_correlation) found_.spin_correlation.resize(settings.sites.size());
    if (settings.charge_correlation) found_.charge_correlation.resize(settings.sites.size());
    found_.converged = true;
  }

  LanczosSolution solution();

 private:
  double boltzmann(double energy) const;
  double partition_sum();
  void add_state(Sector sector, const SectorStates& states, std::size_t n, double probability);
  void add_green_function(Sector sector, const std::vector<double>& vector, double energy, double weight);
  SpectralPoles half(Sector sector, const std::vector<double>& vector, double energy, Spin spin,
                     const Combination& operators, bool creates);
  SpectralPoles whole(Sector sector, const std::vector<double>& vector, double energy, Spin spin,
                      const Combination& operators);
  // Of up n_up + down n_down.
  void add_correlation(Sector sector, const SectorStates& states, std::size_t n, double weight, double up,
                       double down, std::vector<BosonicPoles>& correlation);
  SpectralPoles resolvent(Sector sector, std::vector<double> start, const std::vector<Complex>& probes);

  const FermionCluster& cluster_;
  const LanczosSettings& settings_;
  const LowStates& low_;
  LanczosSolution found_;
};

double Ensemble::boltzmann(double energy) const {
  const double excitation = energy - low_.ground_energy();
  if (energy > low_.highest_energy()) return 0;
  return std::isinf(settings_.beta) ? 1 : std::exp(-settings_.beta * excitation);
}

// Of the states held; the bound on those left out is over the same sum.
double Ensemble::partition_sum() {
  double sum = 0, outside = 0;
  for (const auto& [sector, states] : low_.sectors()) {
    const int copies = low_.copies(sector);
    std::size_t held = 0;
    for (; held < states.energy.size() && boltzmann(states.energy[held]) > 0; ++held)
      sum += copies * boltzmann(states.energy[held]);
    if (states.cut) found_.converged = false;
    if (std::isinf(settings_.beta) || held == states.dimension) continue;
    const double next = held < states.energy.size() ? states.energy[held] : states.passed;
    outside += copies * static_cast<double>(states.dimension - held) *
               std::exp(-settings_.beta * (next - low_.ground_energy()));
  }
  found_.neglected = outside / sum;
  return sum;
}

LanczosSolution Ensemble::solution() {
  const double sum = partition_sum();
  for (const auto& [sector, states] : low_.sectors())
    for (std::size_t n = 0; n < states.energy.size(); ++n) {
      const double factor = boltzmann(states.energy[n]);
      if (factor > 0) add_state(sector, states, n, factor * low_.copies(sector) / sum);
    }
  found_.interaction_energy = found_.densities.interaction_energy(cluster_);
  found_.free_energy =
      found_.ground_energy - (std::isinf(settings_.beta) ? 0 : std::log(sum) / settings_.beta);
  for (const LowState& state : found_.states)
    found_.entropy -= state.probability * std::log(state.probability / state.copies);
  for (auto& both : found_.green_function)
    for (SpectralPoles& poles : both) poles.merge(equal_energies, negligible);
  for (auto& both : found_.pair_green_function)
    for (SpectralPoles& poles : both) poles.merge(equal_energies, negligible);
  for (auto* all : {&found_.spin_correlation, &found_.charge_correlation})
    for (BosonicPoles& poles : *all) poles.poles.merge(equal_energies, negligible);
  found_.converged = found_.converged && found_.neglected <= most_neglected &&
                     found_.green_change <= settings_.green_tolerance;
  if (settings_.particle_hole_symmetric && found_.converged)
    for (const int site : settings_.sites)
      for (const Spin spin : {Spin::up, Spin::down})
        if (std::fabs(found_.densities.density(site, spin) - 0.5) > most_asymmetric)
          throw Error(ExitCode::internal, "Lanczos: the cluster is not particle-hole symmetric as was said");
  return std::move(found_);
}

void Ensemble::add_state(Sector sector, const SectorStates& states, std::size_t n, double probability) {
  const int copies = low_.copies(sector);
  const double energy = states.energy[n], residual = states.residual[n];
  found_.states.push_back({sector, copies, energy, probability, residual});
  found_.converged =
      found_.converged && residual <= 10 * settings_.tolerance * std::max(1.0, std::fabs(energy));
  found_.energy += probability * energy;
  DensityAverages densities(cluster_.sites());
  densities.add(SpinBasis(cluster_.sites(), sector.up), SpinBasis(cluster_.sites(), sector.down),
                states.vector[n].data(), probability);
  found_.densities.add(densities, copies == 2 ? 0.5 : 1);
  if (copies == 2) found_.densities.add(densities.with_spins_exchanged(), 0.5);
  add_green_function(sector, states.vector[n], energy, probability);
  if (settings_.spin_correlation)
    add_correlation(sector, states, n, probability, 0.5, -0.5, found_.spin_correlation);
  if (settings_.charge_correlation)
    add_correlation(sector, states, n, probability, 1, 1, found_.charge_correlation);
}

SpectralPoles Ensemble::resolvent(Sector sector, std::vector<double> start,
                                  const std::vector<Complex>& probes) {
  const SectorHamiltonian hamiltonian(cluster_, sector);
  const Vectors nothing;
  LanczosChain chain([&](const double* x, double* y) { hamiltonian.apply(x, y); }, std::move(start), nothing);
  if (!chain.complete())
    found_.green_change =
        std::max(found_.green_change,
                 run_resolvent(chain, probes, settings_.green_tolerance, settings_.most_green_steps));
  return chain.poles();
}

// The part of G that adds a particle, or takes one away.
SpectralPoles Ensemble::half(Sector sector, const std::vector<double>& vector, double energy, Spin spin,
                             const Combination& operators, bool creates) {
  const Sector next = after_ladder(sector, spin, creates);
  if (!exists(cluster_, next)) return {};
  const double sign = creates ? 1 : -1;
  std::vector<Complex> probes;
  for (const Complex z : settings_.probes) {
    probes.push_back(energy + sign * z);
    if (settings_.particle_hole_symmetric) probes.push_back(energy - sign * z);  // the mirrored half is there
  }
  std::vector<double> start;
  for (const auto& [site, factor] : operators) {
    const std::vector<double> image = ladder(cluster_, sector, spin, site, creates, vector);
    start.resize(image.size());
    for (std::size_t i = 0; i < image.size(); ++i) start[i] += factor * image[i];
  }
  SpectralPoles poles = resolvent(next, std::move(start), probes);
  for (double& x : poles.position) x = sign * (x - energy);
  return poles;
}

SpectralPoles Ensemble::whole(Sector sector, const std::vector<double>& vector, double energy, Spin spin,
                              const Combination& operators) {
  SpectralPoles poles = half(sector, vector, energy, spin, operators, true);
  const int sites = cluster_.sites();
  const bool mirrored = settings_.particle_hole_symmetric && operators.size() == 1 &&
                        2 * sector.up == sites && 2 * sector.down == sites;
  SpectralPoles holes = mirrored ? poles : half(sector, vector, energy, spin, operators, false);
  if (mirrored)
    for (double& x : holes.position) x = -x;
  poles.add(holes, 1);
  return poles;
}

// Where spins are equivalent the second one is copied, or both are averaged when copies stands for two
// sectors.
void Ensemble::add_green_function(Sector sector, const std::vector<double>& vector, double energy,
                                  double weight) {
  const bool symmetric = cluster_.spin_symmetric(), balanced = sector.up == sector.down;
  const auto add = [&](std::array<SpectralPoles, 2>& both, const Combination& operators, double factor) {
    for (const Spin spin : {Spin::up, Spin::down}) {
      if (symmetric && balanced && spin == Spin::down) continue;
      const SpectralPoles poles = whole(sector, vector, energy, spin, operators);
      if (!symmetric)
        both[index_of(spin)].add(poles, factor * weight);
      else
        for (SpectralPoles& each : both) each.add(poles, factor * weight / (balanced ? 1 : 2));
    }
  };
  for (std::size_t k = 0; k < settings_.sites.size(); ++k)
    add(found_.green_function[k], {{settings_.sites[k], 1}}, 1);
  for (std::size_t k = 0; k < settings_.pairs.size(); ++k) {
    const auto [i, j] = settings_.pairs[k];
    add(found_.pair_green_function[k], {{i, 0.5}, {j, 0.5}}, 1);
    add(found_.pair_green_function[k], {{i, 0.5}, {j, -0.5}}, -1);
  }
}

// Poles of negative energy are those of lower states seen from above, which carry them already.
void Ensemble::add_correlation(Sector sector, const SectorStates& states, std::size_t n, double weight,
                               double up_factor, double down_factor, std::vector<BosonicPoles>& correlation) {
  const SpinBasis up(cluster_.sites(), sector.up), down(cluster_.sites(), sector.down);
  const double energy = states.energy[n];
  const double width = 10 * equal_energies * std::max(1.0, std::fabs(low_.ground_energy()));
  for (std::size_t k = 0; k < settings_.sites.size(); ++k) {
    std::vector<double> start = states.vector[n];
    const int site = settings_.sites[k];
    for (std::size_t u = 0; u < up.size(); ++u)
      for (std::size_t d = 0; d < down.size(); ++d)
        start[u * down.size() + d] *=
            (occupied(up.state(u), site) ? up_factor : 0) + (occupied(down.state(d), site) ? down_factor : 0);
    std::vector<Complex> probes;
    for (const Complex z : settings_.probes) probes.push_back(energy + z);
    const SpectralPoles poles = resolvent(sector, std::move(start), probes);
    for (std::size_t p = 0; p < poles.position.size(); ++p) {
      const double gap = poles.position[p] - energy;
      if (std::fabs(gap) <= width)
        correlation[k].constant += weight * poles.weight[p];
      else if (gap > 0)
        correlation[k].poles.add(gap, weight * poles.weight[p]);
    }
  }
}

}  // namespace

std::vector<Complex> imaginary_probes(double w) { return {Complex(0, w), Complex(0, 10 * w)}; }

std::vector<Complex> real_axis_probes(double lowest, double highest, double broadening) {
  if (!(broadening > 0) || !(highest >= lowest))
    throw Error(ExitCode::internal,
                "real-axis probes: a positive broadening and lowest <= highest are needed");
  std::vector<Complex> probes;
  const auto steps = static_cast<std::int64_t>(std::ceil((highest - lowest) / (broadening / 2)));
  for (std::int64_t k = 0; k <= steps; ++k)
    probes.emplace_back(std::min(highest, lowest + static_cast<double>(k) * broadening / 2), broadening);
  return probes;
}

LanczosSolution lanczos_solution(const FermionCluster& cluster, const LanczosSettings& settings) {
  cluster.validate();
  std::vector<int> asked = settings.sites;
  for (const auto& [i, j] : settings.pairs) asked.insert(asked.end(), {i, j});
  for (const int site : asked)
    if (site < 0 || site >= cluster.sites())
      throw Error(ExitCode::internal,
                  "Lanczos: a site whose Green function is asked for is not in the cluster");
  const LowStates low(cluster, settings);
  return Ensemble(cluster, settings, low).solution();
}

}  // namespace weiss
