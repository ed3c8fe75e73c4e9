// The low eigenstates of a cluster, sector by sector: dense diagonalisation of small sectors, Lanczos with
// the states found before locked away in the others, so that degenerate ones are all found.
#pragma once

#include <map>

#include "weiss/dmft/lanczos.hpp"
#include "weiss/dmft/lanczos_solver.hpp"
#include "weiss/dmft/sector_hamiltonian.hpp"

namespace weiss {

struct SectorStates {
  std::vector<double> energy, residual;
  Vectors vector;
  std::size_t dimension = 0;
  bool complete = false;                                     // no further states in the sector
  bool cut = false;                                          // the search ended because it held most_states
  double passed = -std::numeric_limits<double>::infinity();  // all states not held lie above
};

class LowStates {
 public:
  LowStates(const FermionCluster& cluster, const LanczosSettings& settings);

  double ground_energy() const { return ground_energy_; }
  // One of a pair of sectors with spins exchanged when H is symmetric: copies is 2 there.
  const std::map<Sector, SectorStates>& sectors() const { return sectors_; }
  int copies(Sector sector) const { return spin_symmetric_ && sector.up != sector.down ? 2 : 1; }
  // States above it have no weight.
  double highest_energy() const;

 private:
  Sector representative(Sector sector) const;
  std::vector<Sector> neighbours(Sector sector) const;
  void descend();
  double screened_energy(Sector sector);
  void add_lowest(Sector sector, double highest = std::numeric_limits<double>::infinity());
  void extend(Sector sector);

  const FermionCluster& cluster_;
  const LanczosSettings& settings_;
  bool spin_symmetric_;
  double ground_energy_ = std::numeric_limits<double>::infinity();
  std::map<Sector, double> screened_;
  std::map<Sector, SectorStates> sectors_;
};

}  // namespace weiss
