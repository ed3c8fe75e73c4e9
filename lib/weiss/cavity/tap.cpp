#include "weiss/cavity/tap.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

TapIteration::TapIteration(const InteractionGraph& graph, double beta, double damping)
    : sites_(static_cast<std::size_t>(graph.sites)),
      beta_(beta),
      damping_(damping),
      coupling_(sites_ * sites_),
      field_(graph.field),
      m_(sites_),
      earlier_(sites_) {
  field_.resize(sites_);
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    const auto i = static_cast<std::size_t>(graph.members_of(e)[0]);
    const auto j = static_cast<std::size_t>(graph.members_of(e)[1]);
    coupling_[i * sites_ + j] = coupling_[j * sites_ + i] = graph.coupling[static_cast<std::size_t>(e)];
  }
}

double TapIteration::step() {
  std::vector<double> next(sites_);
  double largest = 0;
  for (std::size_t i = 0; i < sites_; ++i) {
    const double* row = coupling_.data() + i * sites_;
    double field = 0, reaction = 0;
    for (std::size_t j = 0; j < sites_; ++j) {
      field += row[j] * m_[j];
      reaction += row[j] * row[j] * (1 - m_[j] * m_[j]);
    }
    const double proposal =
        std::tanh(beta_ * field_[i] + beta_ * field - beta_ * beta_ * reaction * earlier_[i]);
    largest = std::max(largest, std::fabs(proposal - m_[i]));
    next[i] = proposal + damping_ * (m_[i] - proposal);
  }
  earlier_ = std::move(m_);
  m_ = std::move(next);
  return largest;
}

TapAverages TapIteration::averages() const {
  TapAverages result;
  double mean_field = 0, reaction = 0, spins = 0;
  for (std::size_t i = 0; i < sites_; ++i) {
    const double* row = coupling_.data() + i * sites_;
    const double m = m_[i], free = 1 - m * m;
    double field = 0, own_reaction = 0, squares = 0;
    for (std::size_t j = 0; j < sites_; ++j) {
      const double square = row[j] * row[j], other = 1 - m_[j] * m_[j];
      field += row[j] * m_[j];
      own_reaction += square * other;
      squares += square * other * other;
    }
    mean_field -= m * (0.5 * field + field_[i]);
    reaction -= 0.25 * beta_ * free * own_reaction;  // beta/2, and every pair twice
    result.stability += beta_ * beta_ * squares / static_cast<double>(sites_);
    result.magnetization += m;
    result.overlap += m * m;
    for (const double p : {0.5 * (1 + m), 0.5 * (1 - m)})
      if (p > 0) spins -= p * std::log(p);
  }
  result.free_energy = mean_field + reaction - spins / beta_;
  result.energy = mean_field + 2 * reaction;  // d(beta F)/d(beta) at fixed m, where F is stationary
  result.entropy = beta_ * (result.energy - result.free_energy);
  return result;
}

}  // namespace weiss
