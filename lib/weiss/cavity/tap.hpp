// The equations of Thouless, Anderson and Palmer for dense couplings, H = -sum_{i<j} J_ij s_i s_j - sum_i h_i
// s_i, as the limit of belief propagation for many weak couplings (approximate message passing), with the
// times of E. Bolthausen, Commun. Math. Phys. 325, 333 (2014), with which they converge up to the de
// Almeida-Thouless line:
//   m_i(t+1) = tanh(beta h_i + beta sum_j J_ij m_j(t) - beta^2 sum_j J_ij^2 (1 - m_j(t)^2) m_i(t-1))
//   F = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i - beta/2 sum_{i<j} J_ij^2 (1 - m_i^2)(1 - m_j^2) - T S(m)
// with S(m) the entropy of independent spins (Phil. Mag. 35, 593 (1977)). Functions of libm.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

struct TapAverages {
  double free_energy = 0, energy = 0, entropy = 0;  // totals
  double magnetization = 0, overlap = 0;            // sum m_i, sum m_i^2
  double stability = 0;  // beta^2 sum_ij J_ij^2 (1 - m_j^2)^2 / N: beyond 1 replica symmetry is broken
};

class TapIteration {
 public:
  // A graph of pairs; each pair at most once.
  TapIteration(const InteractionGraph& graph, double beta, double damping);

  // One step of all sites; the largest undamped change of a magnetisation.
  double step();
  TapAverages averages() const;

  std::span<double> magnetizations() { return m_; }
  std::span<double> earlier() { return earlier_; }
  std::span<const double> magnetizations() const { return m_; }

 private:
  std::size_t sites_;
  double beta_, damping_;
  std::vector<double> coupling_;  // sites x sites
  std::vector<double> field_;     // h_i
  std::vector<double> m_, earlier_;
};

}  // namespace weiss
