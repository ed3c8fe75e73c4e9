// The +-1 Ising model on sparse random graphs at T = 0, where cavity fields are integers and distributions of
// messages are three numbers: replica symmetric, and on random regular graphs with one step of replica
// symmetry breaking in the factorised form. Deterministic, to rounding.
//
// H = -sum_(ij) J_ij s_i s_j - h sum_i s_i, J = +-1, h an integer; a message u in {-1, 0, 1} is
// u = sign(J x) min(1, |x|), x = h + sum of the messages that come in. Energies per site:
//   e = <-|h + sum_d u| + sum_d |u|> - d/2 ... = <dE_site> - (c/2) <dE_edge>,
//   dE_site = sum_j (-1 + |u_j|) - |h + sum_j u_j|, dE_edge = -1 + |u| - |x + u| + |x|
// With breaking, averages over states carry weights exp(-y dE), and
//   -y Phi(y) = ln <exp(-y dE_site)> - (z/2) ln <exp(-y dE_edge)>;
// the energy of states is d(y Phi)/dy, their complexity y^2 dPhi/dy, and the ground state max over y of Phi.
// M. Mezard, G. Parisi, J. Stat. Phys. 111, 1 (2003).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "weiss/cavity/degree_law.hpp"

namespace weiss {

struct IntegerFields {
  std::array<double, 3> message{};  // probabilities of u = -1, 0, 1
  std::vector<double> local_field;  // probabilities of X = -reach, ..., reach of a site
  double energy = 0;                // per site, J
  double magnetisation = 0;         // <sign x> of a site, x its whole field
  double overlap = 0;               // <sign^2 x>
  double residual = 0;              // largest change of a probability in the last iteration
  std::int64_t iterations = 0;
};

// The replica-symmetric fixed point. bias: p_+ - p_- of the first messages; a start without bias stays
// without at h = 0. Not converged after 1e6 iterations: the residual says so.
IntegerFields replica_symmetric_integers(const DegreeLaw& degrees, double ferromagnetic_fraction,
                                         std::int64_t field, double bias);

struct FactorisedState {
  double reweighting = 0;   // y
  double free_energy = 0;   // Phi(y)
  double energy = 0;        // of the states that y selects
  double complexity = 0;    // of these
  double zero_message = 0;  // probability of u = 0 over states
};

// h = 0 and, by a gauge transformation, any couplings +-1 without ferromagnetic order. z >= 3, y >= 0.
FactorisedState factorised_state(std::int64_t z, double y);
// The largest Phi over y > 0, a lower bound of nothing but the best estimate of the ground-state energy.
FactorisedState factorised_ground_state(std::int64_t z);

}  // namespace weiss
