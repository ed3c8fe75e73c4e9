// From the deck to the physics: every key of weiss-ising, and the lattice and interactions they describe.
//   H = -sum_<ij> J_ij s_i s_j - h sum_i s_i, s = +-1; every bond counts once; k_B = 1
// J is uniform or one value a bond direction; on the complete graph it is J/N for every pair.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/lattice/lattice.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

enum class Update { heat_bath, metropolis, swendsen_wang, wolff, hybrid };

struct IsingAlgorithm {
  Update update = Update::heat_bath;
  Update local = Update::heat_bath;        // of hybrid
  Update cluster = Update::swendsen_wang;  // of hybrid
  std::int64_t local_sweeps = 1;           // of hybrid: a step is local_sweeps local sweeps ...
  std::int64_t cluster_steps = 1;          // ... and then cluster_sweeps cluster steps
  std::int64_t clusters_per_sweep = 1;     // Wolff clusters a step

  bool uses(Update kind) const {
    return update == kind || (update == Update::hybrid && (local == kind || cluster == kind));
  }
  bool uses_clusters() const { return uses(Update::swendsen_wang) || uses(Update::wolff); }
};

void declare_ising_keys(Schema& schema);
void validate_ising(const Parameters& parameters, Problems& problems);

// Random graphs are a function of (run.seed, lattice.realisation) alone, so that a temperature scan sees one
// graph.
Lattice make_lattice(const Parameters& parameters);
IsingInteractions interactions_of(const Parameters& parameters, int directions);
IsingAlgorithm algorithm_of(const Parameters& parameters);

}  // namespace weiss
