#include "weiss/dmft/low_states.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

constexpr double degenerate = 1e-8;  // relative to max(1, |E_0|)
constexpr double screening = 1e-5;   // residual of an energy that only decides which sector is lower
constexpr double doubtful = 1e-6;    // sectors whose screened energies are this near are all looked at

std::vector<double> start_vector(std::size_t dimension, std::size_t state) {
  const Stream stream(0, 0, StreamId::lanczos_start);
  std::vector<double> start(dimension);
  for (std::size_t i = 0; i < dimension; ++i)
    start[i] = static_cast<double>(stream.bits(state, i) >> 11) * 0x1p-52 - 1;
  return start;
}

SectorStates dense_states(const SectorHamiltonian& hamiltonian) {
  const Eigen::MatrixXd matrix = hamiltonian.dense();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  SectorStates states;
  states.complete = true;
  for (Eigen::Index n = 0; n < solver.eigenvalues().size(); ++n) {
    const Eigen::VectorXd vector = solver.eigenvectors().col(n);
    states.energy.push_back(solver.eigenvalues()(n));
    states.residual.push_back((matrix * vector - solver.eigenvalues()(n) * vector).norm());
    states.vector.emplace_back(vector.begin(), vector.end());
  }
  return states;
}

LinearMap map_of(const SectorHamiltonian& hamiltonian) {
  return [&hamiltonian](const double* x, double* y) { hamiltonian.apply(x, y); };
}

}  // namespace

LowStates::LowStates(const FermionCluster& cluster, const LanczosSettings& settings)
    : cluster_(cluster), settings_(settings), spin_symmetric_(cluster.spin_symmetric()) {
  const int sites = cluster.sites();
  if (std::isinf(settings.beta) && !settings.every_sector) {
    descend();
  } else {
    // From the middle outwards, so that what lies too high is soon known.
    std::vector<Sector> all;
    for (Sector sector; sector.up <= sites; ++sector.up)
      for (sector.down = 0; exists(cluster, sector); ++sector.down)
        if (representative(sector) == sector) all.push_back(sector);
    std::stable_sort(all.begin(), all.end(), [&](Sector a, Sector b) {
      return std::abs(2 * a.up - sites) + std::abs(2 * a.down - sites) <
             std::abs(2 * b.up - sites) + std::abs(2 * b.down - sites);
    });
    for (const Sector sector : all)
      add_lowest(sector, highest_energy() + doubtful * std::max(1.0, std::fabs(ground_energy_)));
  }
  for (auto& [sector, states] : sectors_) extend(sector);
}

double LowStates::highest_energy() const {
  if (std::isinf(settings_.beta))
    return ground_energy_ + degenerate * std::max(1.0, std::fabs(ground_energy_));
  return ground_energy_ - std::log(settings_.boltzmann_cutoff) / settings_.beta;
}

Sector LowStates::representative(Sector sector) const {
  if (spin_symmetric_ && sector.up < sector.down) std::swap(sector.up, sector.down);
  return sector;
}

double LowStates::screened_energy(Sector sector) {
  Sector key = representative(sector);
  const int sites = cluster_.sites();
  if (settings_.particle_hole_symmetric)
    key = std::min(key, representative({sites - key.up, sites - key.down}));
  const auto known = screened_.find(key);
  if (known != screened_.end()) return known->second;
  const SectorHamiltonian hamiltonian(cluster_, key);
  double energy = 0;
  if (static_cast<int>(hamiltonian.dimension()) <= settings_.dense_dimension)
    energy = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(hamiltonian.dense(), Eigen::EigenvaluesOnly)
                 .eigenvalues()(0);
  else
    energy = lowest_energy(map_of(hamiltonian), start_vector(hamiltonian.dimension(), 0), {}, screening,
                           settings_.most_steps);
  return screened_[key] = energy;
}

std::vector<Sector> LowStates::neighbours(Sector sector) const {
  std::vector<Sector> found;
  for (int up = sector.up - 1; up <= sector.up + 1; ++up)
    for (int down = sector.down - 1; down <= sector.down + 1; ++down)
      if (exists(cluster_, {up, down}) && Sector{up, down} != sector) found.push_back({up, down});
  return found;
}

// Down to a sector lower than its neighbours, then all that are as low and connected to it through such.
void LowStates::descend() {
  const int sites = cluster_.sites();
  Sector here = settings_.guess;
  if (!exists(cluster_, here)) here = {(sites + 1) / 2, cluster_.spinless ? 0 : sites / 2};
  for (Sector last{-1, -1}; here != last;) {
    last = here;
    for (const Sector next : neighbours(last))
      if (screened_energy(next) < screened_energy(here) - doubtful) here = next;
  }
  const double lowest = screened_energy(here);
  const double highest = lowest + 2 * doubtful * std::max(1.0, std::fabs(lowest));
  std::vector<Sector> queue{here};
  std::set<Sector> seen{here};
  while (!queue.empty()) {
    const Sector sector = queue.back();
    queue.pop_back();
    if (!sectors_.contains(representative(sector))) add_lowest(representative(sector));
    std::vector<Sector> candidates = neighbours(sector);
    if (settings_.particle_hole_symmetric) candidates.push_back({sites - sector.up, sites - sector.down});
    for (const Sector next : candidates)
      if (!seen.contains(next) && screened_energy(next) <= highest) {
        seen.insert(next);
        queue.push_back(next);
      }
  }
}

// Only how low the sector begins when that is above `highest`.
void LowStates::add_lowest(Sector sector, double highest) {
  const SectorHamiltonian hamiltonian(cluster_, sector);
  SectorStates states;
  if (static_cast<int>(hamiltonian.dimension()) <= settings_.dense_dimension) {
    states = dense_states(hamiltonian);
  } else {
    LowestState found = lowest_state(map_of(hamiltonian), start_vector(hamiltonian.dimension(), 0), {},
                                     settings_.tolerance, settings_.most_steps, highest);
    states.passed = found.energy;
    if (found.energy <= highest) {
      states.energy.push_back(found.energy);
      states.residual.push_back(found.residual);
      states.vector.push_back(std::move(found.vector));
    }
  }
  states.dimension = hamiltonian.dimension();
  if (!states.energy.empty()) ground_energy_ = std::min(ground_energy_, states.energy.front());
  sectors_[sector] = std::move(states);
}

// Takes states one by one until one lies above those with weight.
void LowStates::extend(Sector sector) {
  SectorStates& states = sectors_.at(sector);
  const double highest = highest_energy();
  if (states.complete || states.energy.empty() || states.energy.front() > highest) return;
  const SectorHamiltonian hamiltonian(cluster_, sector);
  const LinearMap apply = map_of(hamiltonian);
  while (states.energy.size() < states.dimension) {
    states.cut = static_cast<int>(states.energy.size()) >= settings_.most_states;
    if (states.cut) return;
    const std::vector<double> start = start_vector(hamiltonian.dimension(), states.energy.size());
    LowestState found = lowest_state(apply, start, states.vector, settings_.tolerance, settings_.most_steps,
                                     highest + doubtful * std::max(1.0, std::fabs(highest)));
    states.passed = std::max(states.passed, found.energy);
    if (found.energy > highest) return;
    states.energy.push_back(found.energy);
    states.residual.push_back(found.residual);
    states.vector.push_back(std::move(found.vector));
  }
}

}  // namespace weiss
