#include "weiss/cavity/replica_solver.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "weiss/cavity/p_spin_transitions.hpp"

namespace weiss {

namespace {

constexpr double smallest_increment = 1e-13;
constexpr double polished = 1e-4;         // of the tolerance: the last rung goes on to there, or to rounding
constexpr double sufficient = 1e-2;       // and the rungs before, for a good start of the next
constexpr double largest_logarithm = 25;  // of an increment over the last one

constexpr double rounding = 4e-14;
constexpr int most_spins_of_known = 10;  // the one-step solution is searched for up to this p
constexpr double coldest_known = 0.05;   // and down to this temperature

// -f of the paramagnet, q = 0
double paramagnet_value(const MeanFieldGlass& glass) {
  return glass.temperature * std::numbers::ln2 + glass.xi(1) / (2 * glass.temperature);
}

// Logarithms of the increments over the last one, of a rising sequence from 0 to top.
std::vector<double> logarithms(const std::vector<double>& values, double top) {
  std::vector<double> result;
  const double last = std::max(top - values.back(), smallest_increment * top);
  double before = 0;
  for (const double each : values) {
    result.push_back(std::log(std::max(each - before, smallest_increment * top) / last));
    before = each;
  }
  return result;
}

struct Increments {
  std::vector<double> shares, values;  // values[i]: sum of the shares up to i, times top
};

Increments increments(const double* logs, std::size_t count, double top) {
  Increments result;
  double sum = 1, running = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += result.shares.emplace_back(std::exp(std::clamp(logs[i], -largest_logarithm, largest_logarithm)));
  for (double& each : result.shares) result.values.push_back(top * (running += each /= sum));
  return result;
}

// d/d log_j = share_j top (sum_(i >= j) g_i - sum_i g_i values_i/top)
void chain_rule(const Increments& at, const std::vector<double>& slopes, double top,
                std::vector<double>& gradient) {
  const std::size_t n = at.shares.size();
  double mean = 0, tail = 0;
  for (std::size_t i = 0; i < n; ++i) mean += slopes[i] * at.values[i];
  const std::size_t first = gradient.size();
  gradient.resize(first + n);
  for (std::size_t j = n; j-- > 0;) {
    tail += slopes[j];
    gradient[first + j] = at.shares[j] * (top * tail - mean);
  }
}

}  // namespace

ReplicaSolver::ReplicaSolver(const MeanFieldGlass& glass, std::int64_t steps, double tolerance,
                             const ReplicaGrid& grid)
    : glass_(glass), asked_(steps), tolerance_(tolerance), grid_(grid) {
  minimum_ = QuasiNewton(function(), point_of(first_guess()));
}

// Of p > 2 the first step stays as it is, and the ladder is that of the others, which open at the top of
// q(x).
std::vector<std::int64_t> ReplicaSolver::ladder() const {
  const std::int64_t kept = glass_.spins_per_interaction > 2 ? 1 : 0;
  std::vector<std::int64_t> rungs;
  for (std::int64_t k = asked_ - kept; k > 1 - kept; k = k == 1 ? 0 : (k + 1) / 2) rungs.push_back(k + kept);
  rungs.push_back(std::min<std::int64_t>(asked_, 1));
  std::reverse(rungs.begin(), rungs.end());
  return rungs;
}

// The best of a few staircases of one step, since there can be several stationary ones; of p > 2 the known
// solution without a field is one of them.
ReplicaSteps ReplicaSolver::first_guess() const {
  const double t = glass_.temperature;
  if (k() == 0) return {{t == 0 ? 1.0 : without_first_height() ? 0.0 : 0.3}, {}};
  const double low = without_first_height() ? 0 : glass_.spins_per_interaction == 2 ? 0.5 : 0.1;  // of q_1
  std::vector<std::pair<double, double>> candidates;                                              // q_1, mu
  for (const double q : {0.1, 0.3, 0.6, 0.75, 0.85, 0.95, 0.99, 0.999})
    for (const double mu : {0.2, 0.4, 0.7, 1.0, 1.4, 2.0})
      candidates.emplace_back(q, t == 0 ? mu : 0.98 * mu / (0.98 + t * mu));
  if (const int p = glass_.spins_per_interaction; p > 2 && p <= most_spins_of_known && t > 0) {
    const TransitionPoint known = one_step_state(p, std::max(t, coldest_known));
    candidates.emplace_back(known.overlap, known.parameter * (1 - 1e-9) / known.temperature);
  }
  ReplicaSteps best;
  double largest = 0;
  for (const auto& [q, mu] : candidates) {
    if (t > 0 && mu >= 1 / t) continue;
    const ReplicaSteps steps{{low * q, t == 0 ? 1 : q}, {mu}};
    const double f = replica_free_energy(glass_, steps, grid_).free_energy;
    if (!best.q.empty() && !(f > largest)) continue;
    best = steps;
    largest = f;
  }
  return best;
}

std::vector<double> ReplicaSolver::point_of(const ReplicaSteps& steps) const {
  const bool zero = glass_.temperature == 0;
  std::vector<double> heights(steps.q.begin() + (without_first_height() ? 1 : 0),
                              steps.q.end() - (zero ? 1 : 0));
  std::vector<double> point;
  if (!heights.empty()) point = logarithms(heights, 1);
  if (steps.mu.empty()) return point;
  if (!zero) {
    const std::vector<double> mu = logarithms(steps.mu, 1 / glass_.temperature);
    point.insert(point.end(), mu.begin(), mu.end());
    return point;
  }
  double before = 0;
  for (const double each : steps.mu) {
    point.push_back(std::log(each - before));
    before = each;
  }
  return point;
}

ReplicaSteps ReplicaSolver::steps_of(const std::vector<double>& point) const {
  const bool zero = glass_.temperature == 0;
  const std::size_t heights = point.size() - k();
  ReplicaSteps steps;
  if (without_first_height()) steps.q.push_back(0);
  for (const double each : increments(point.data(), heights, 1).values) steps.q.push_back(each);
  if (zero) steps.q.push_back(1);
  if (!zero) {
    steps.mu = increments(point.data() + heights, k(), 1 / glass_.temperature).values;
    return steps;
  }
  double sum = 0;
  for (std::size_t i = heights; i < point.size(); ++i)
    steps.mu.push_back(sum += std::exp(std::clamp(point[i], -largest_logarithm, largest_logarithm)));
  return steps;
}

ValueAndGradient ReplicaSolver::at(const std::vector<double>& point) const {
  const bool zero = glass_.temperature == 0;
  const ReplicaSteps steps = steps_of(point);
  const ReplicaFreeEnergy found = replica_free_energy(glass_, steps, grid_);
  const std::size_t heights = point.size() - k();
  ValueAndGradient result{-found.free_energy, {}};
  const std::vector<double> slopes(found.slope_q.begin() + (without_first_height() ? 1 : 0),
                                   found.slope_q.end() - (zero ? 1 : 0));
  chain_rule(increments(point.data(), heights, 1), slopes, 1, result.gradient);
  if (!zero) {
    const double top = 1 / glass_.temperature;
    chain_rule(increments(point.data() + heights, k(), top), found.slope_mu, top, result.gradient);
    return result;
  }
  double tail = 0;
  std::vector<double> logs(k());
  for (std::size_t i = k(); i-- > 0;) {
    tail += found.slope_mu[i];
    logs[i] = tail * (steps.mu[i] - (i == 0 ? 0 : steps.mu[i - 1]));
  }
  result.gradient.insert(result.gradient.end(), logs.begin(), logs.end());
  return result;
}

bool ReplicaSolver::is_paramagnet() const {
  if (glass_.field != 0 || glass_.temperature == 0) return false;
  const double value = paramagnet_value(glass_);
  return minimum_.value() > value - rounding * value;
}

ReplicaSteps ReplicaSolver::steps() const {
  if (paramagnet_ == 0) return steps_of(minimum_.point());
  const auto count = static_cast<std::size_t>(asked_);
  ReplicaSteps result{std::vector<double>(count + 1), {}};
  for (std::size_t i = 1; i <= count; ++i)
    result.mu.push_back(static_cast<double>(i) / static_cast<double>(count + 1) / glass_.temperature);
  return result;
}

void ReplicaSolver::iterate() {
  if (finished()) return;
  const std::vector<std::int64_t> rungs = ladder();
  const bool last = static_cast<std::size_t>(rung_) + 1 == rungs.size();
  const double target = (last ? polished : sufficient) * tolerance_;
  if (minimum_.gradient_norm() > target && minimum_.iterate(function()) && minimum_.gradient_norm() > target)
    return;
  paramagnet_ = is_paramagnet();
  const ReplicaSteps found = steps();
  const ReplicaFreeEnergy at_it = replica_free_energy(glass_, found, grid_);
  ladder_free_energies_.push_back(at_it.free_energy);
  ladder_energies_.push_back(replica_energy(glass_, found, at_it));
  ladder_overlaps_.push_back(found.q.back());
  ladder_susceptibilities_.push_back(replica_susceptibility(found, at_it));
  if (last || paramagnet_ != 0) {
    finished_ = 1;
    converged_ = residual() <= tolerance_;
    return;
  }
  ++rung_;
  minimum_ = QuasiNewton(function(), point_of(next_rung(found)));
}

ReplicaSteps ReplicaSolver::next_rung(const ReplicaSteps& before) const {
  const double t = glass_.temperature;
  if (glass_.spins_per_interaction == 2) return resampled(before, k(), t);
  ReplicaSteps upper{{before.q.begin() + 1, before.q.end()}, {before.mu.begin() + 1, before.mu.end()}};
  if (upper.mu.empty()) {
    const double q = before.q.back(), mu = before.mu.back();
    upper = {{0.9 * q, t == 0 ? 1 : q + 0.3 * (1 - q)},
             {t == 0 ? 3 * mu : std::min(3 * mu, (mu + 1 / t) / 2)}};
  }
  if (k() > 2) upper = resampled(upper, k() - 1, t);
  for (double& each : upper.mu) each = std::max(each, 1.001 * before.mu.front());
  upper.q.insert(upper.q.begin(), before.q.front());
  upper.mu.insert(upper.mu.begin(), before.mu.front());
  return upper;
}

ReplicaSteps resampled(const ReplicaSteps& steps, std::size_t k, double temperature) {
  // The curve passes through (q_i, mean of mu_i and mu_(i+1)) and (mean of q_(i-1) and q_i, mu_i), in turn.
  const std::size_t old = steps.mu.size();
  const double top = temperature > 0 ? std::min(2 * steps.mu.back(), 1 / temperature) : 2 * steps.mu.back();
  std::vector<double> q, mu;
  for (std::size_t i = 0; i <= old; ++i) {
    const double below = i == 0 ? 0 : steps.mu[i - 1], above = i == old ? top : steps.mu[i];
    q.push_back(steps.q[i]);
    mu.push_back((below + above) / 2);
    if (i == old) break;
    q.push_back((steps.q[i] + steps.q[i + 1]) / 2);
    mu.push_back(steps.mu[i]);
  }
  const auto between = [&](const std::vector<double>& values, double place) {
    const auto j = std::min(static_cast<std::size_t>(place), values.size() - 2);
    return values[j] + (place - static_cast<double>(j)) * (values[j + 1] - values[j]);
  };
  const double scale = static_cast<double>(old) / static_cast<double>(k);
  ReplicaSteps result;
  for (std::size_t i = 0; i <= k; ++i) {
    result.q.push_back(between(q, 2 * scale * static_cast<double>(i)));
    if (i > 0) result.mu.push_back(between(mu, 2 * scale * (static_cast<double>(i) - 0.5)));
  }
  return result;
}

}  // namespace weiss
