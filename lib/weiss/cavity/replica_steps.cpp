#include "weiss/cavity/replica_steps.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace weiss {

namespace {

constexpr double window = 9;         // standard deviations kept of a Gaussian
constexpr double narrow = 1.5;       // spacings a deviation, below which five points are used
constexpr double finest = 1.0 / 64;  // smallest spacing, in units of the width of what it resolves

double log_2_cosh(double y, double temperature) {
  const double size = std::fabs(y);
  return temperature == 0 ? size : size + temperature * std::log1p(std::exp(-2 * size / temperature));
}

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }
double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

// Functions of y on the points j * spacing, |j| <= half.
struct Line {
  double spacing;
  std::ptrdiff_t half;
  std::size_t size() const { return static_cast<std::size_t>(2 * half + 1); }
  double at(std::size_t j) const {
    return spacing * static_cast<double>(static_cast<std::ptrdiff_t>(j) - half);
  }
};

// Weights of the points y + d spacing, |d| <= reach, for an average over y + s z, times exp(mu d spacing).
std::vector<double> tilted_weights(double s, double spacing, double mu) {
  const double sigma = s / spacing, square = sigma * sigma;
  const bool few = sigma < narrow;
  const auto reach = few ? 2 : static_cast<std::ptrdiff_t>(std::ceil((window + mu * s) * sigma));
  const double far = (3 * square * square - square) / 24, near = square / 2 - 4 * far;
  const double few_weights[3] = {1 - 2 * (near + far), near, far};
  std::vector<double> weights;
  double sum = 0;
  for (std::ptrdiff_t d = -reach; d <= reach; ++d) {
    const double z = static_cast<double>(d) / sigma;
    weights.push_back(few ? few_weights[std::abs(d)] : std::exp(-z * z / 2));
    sum += weights.back();
  }
  for (std::ptrdiff_t d = -reach; d <= reach; ++d)
    weights[static_cast<std::size_t>(d + reach)] *= std::exp(mu * spacing * static_cast<double>(d)) / sum;
  return weights;
}

constexpr std::size_t block = 8;  // averages done together

// sum over d of weights[d] values[first + d] for `block` firsts, `stride` apart
void averages(const std::vector<double>& weights, const double* first, std::ptrdiff_t stride,
              double* result) {
  double sums[block] = {};
  if (stride == 1) {
    for (std::size_t d = 0; d < weights.size(); ++d)
      for (std::size_t b = 0; b < block; ++b) sums[b] += weights[d] * first[d + b];
  } else {
    for (std::size_t b = 0; b < block; ++b, first += stride)
      for (std::size_t d = 0; d < weights.size(); ++d) sums[b] += weights[d] * first[d];
  }
  for (std::size_t b = 0; b < block; ++b) result[b] = sums[b];
}

// The averages of `count` targets; the last block may reach beyond them.
std::vector<double> averages(const std::vector<double>& weights, const std::vector<double>& values,
                             std::ptrdiff_t stride, std::size_t count) {
  std::vector<double> result((count + block - 1) / block * block);
  for (std::size_t j = 0; j < result.size(); j += block)
    averages(weights, &values[j * static_cast<std::size_t>(stride)], stride, &result[j]);
  return result;
}

// One level: phi_i and m_i at its points, and what the way from level i - 1 needs.
struct Level {
  Line line;
  std::vector<double> phi, m;
};

// The step from level i to i - 1, whose points are every `stride`-th of level i. Of y >= 0 alone, relative to
// exp(mu y), so that nothing overflows.
struct Step {
  std::ptrdiff_t stride = 1;
  std::vector<double> weights;
  std::vector<double> growth;   // exp(mu (phi - y)) of level i, from `reach` points below 0 on
  std::vector<double> sums;     // E exp(mu (phi_i - y)) at the points y >= 0 of level i - 1
  std::vector<double> slopes;   // d phi_(i-1)/d mu at all points
  std::vector<double> at_zero;  // T = 0: tilted density of y + s z = 0 at all points
  std::size_t reach() const { return weights.size() / 2; }
};

class Recursion {
 public:
  Recursion(const MeanFieldGlass& glass, const ReplicaSteps& steps, const ReplicaGrid& grid)
      : glass_(glass), steps_(steps), k_(steps.mu.size()) {
    choose_lines(grid);
  }

  ReplicaFreeEnergy run();

 private:
  double deviation(std::size_t i) const {
    const double below = i == 0 ? 0 : glass_.xi_prime(steps_.q[i - 1]);
    return std::sqrt(std::max(0.0, glass_.xi_prime(steps_.q[i]) - below));
  }
  void choose_lines(const ReplicaGrid& grid);
  Level outermost() const;
  Level descend(const Level& level, std::size_t i, Step& step) const;
  Level descend_from_zero_temperature(std::size_t i, Step& step) const;
  double beyond(const Level& level, std::size_t steps_out) const;
  std::vector<double> ascend(const std::vector<double>& density, const Line& from, const Step& step,
                             const Line& to) const;
  std::vector<double> innermost(ReplicaFreeEnergy& result, const Level& level) const;
  double mean_of_squares(const std::vector<double>& density, const Level& level) const;
  void slopes(ReplicaFreeEnergy& result) const;

  const MeanFieldGlass& glass_;
  const ReplicaSteps& steps_;
  std::size_t k_;
  std::vector<Line> lines_;  // of the levels, finer outwards by powers of two
};

void Recursion::choose_lines(const ReplicaGrid& grid) {
  const double variance = glass_.xi_prime(1);
  const double extent = std::fabs(glass_.field) + 10 * std::sqrt(variance) + 2 * variance;
  const double base = grid.spacing / grid.refinement;
  const auto half = static_cast<std::ptrdiff_t>(std::ceil(extent / base));
  double spacing = base;
  std::ptrdiff_t ratio = 1;
  for (std::size_t i = 0; i <= k_; ++i) {
    // phi_i changes over the width of what was averaged, ln 2 cosh(y/T) over T.
    const double averaged = std::sqrt(std::max(0.0, variance - glass_.xi_prime(steps_.q[i])));
    const double width = i == k_ ? glass_.temperature : glass_.temperature + averaged;
    const double needed = std::min(width / 3, std::max(deviation(i) / 3, width * finest)) / grid.refinement;
    while (spacing > needed && needed > 0) {
      spacing /= 2;
      ratio *= 2;
    }
    lines_.push_back({spacing, half * ratio});
  }
}

Level Recursion::outermost() const {
  const Line& line = lines_[k_];
  Level level{line, std::vector<double>(line.size()), std::vector<double>(line.size())};
  const double t = glass_.temperature;
  const double constant = t == 0 ? 0 : (glass_.xi_prime(1) - glass_.xi_prime(steps_.q[k_])) / (2 * t);
  for (std::size_t j = 0; j < line.size(); ++j) {
    const double y = line.at(j);
    level.phi[j] = log_2_cosh(y, t) + constant;
    level.m[j] = t == 0 ? static_cast<double>((y > 0) - (y < 0)) : std::tanh(y / t);
  }
  return level;
}

// phi beyond the last point, where it grows as its boundary value does.
double Recursion::beyond(const Level& level, std::size_t steps_out) const {
  const double edge = level.line.spacing * static_cast<double>(level.line.half);
  const double y = edge + level.line.spacing * static_cast<double>(steps_out);
  return level.phi.back() + log_2_cosh(y, glass_.temperature) - log_2_cosh(edge, glass_.temperature);
}

Level Recursion::descend(const Level& level, std::size_t i, Step& step) const {
  const double mu = steps_.mu[i - 1], spacing = level.line.spacing;
  const Line& line = lines_[i - 1];
  step.stride = level.line.half / line.half;
  step.weights = tilted_weights(deviation(i), spacing, mu);
  const std::size_t reach = step.reach(), half = static_cast<std::size_t>(line.half);
  const std::size_t source_half = static_cast<std::size_t>(level.line.half);
  step.growth.resize(source_half + 1 + 2 * reach + block * static_cast<std::size_t>(step.stride));
  std::vector<double> by_m(step.growth.size()), by_phi(step.growth.size());
  for (std::size_t j = 0; j < step.growth.size(); ++j) {
    const std::size_t size = j < reach ? reach - j : j - reach;  // |u|/spacing
    const double u = spacing * static_cast<double>(size), sign = j < reach ? -1 : 1;
    const bool inside = size <= source_half;
    const double phi = inside ? level.phi[source_half + size] : beyond(level, size - source_half);
    const double m = sign * (inside ? level.m[source_half + size] : level.m.back());
    step.growth[j] = std::exp(mu * (phi - sign * u));
    by_m[j] = step.growth[j] * m;
    by_phi[j] = step.growth[j] * phi;
  }
  step.sums = averages(step.weights, step.growth, step.stride, half + 1);
  const std::vector<double> ms = averages(step.weights, by_m, step.stride, half + 1),
                            phis = averages(step.weights, by_phi, step.stride, half + 1);
  Level below{line, std::vector<double>(line.size()), std::vector<double>(line.size())};
  step.slopes.resize(line.size());
  for (std::size_t d = 0; d <= half; ++d) {  // phi is even, m odd
    const std::size_t j = half + d, mirror = half - d;
    below.phi[j] = below.phi[mirror] = std::log(step.sums[d]) / mu + line.at(j);
    below.m[j] = ms[d] / step.sums[d];
    below.m[mirror] = -below.m[j];
    step.slopes[j] = step.slopes[mirror] = (phis[d] / step.sums[d] - below.phi[j]) / mu;
  }
  return below;
}

// E exp(mu |y + s z|) = exp(mu^2 s^2/2) [e^(mu y) Phi(y/s + mu s) + e^(-mu y) Phi(-y/s + mu s)]
Level Recursion::descend_from_zero_temperature(std::size_t i, Step& step) const {
  const double s = deviation(i), mu = steps_.mu[i - 1];
  const Line& line = lines_[i - 1];
  const std::size_t targets = line.size();
  Level below{line, std::vector<double>(targets), std::vector<double>(targets)};
  step.at_zero.resize(targets);
  step.slopes.resize(targets);
  for (std::size_t j = 0; j < targets; ++j) {
    const double y = line.at(j), size = std::fabs(y);
    // Relative to exp(mu^2 s^2/2 + mu |y|).
    const double same = normal_below(size / s + mu * s);
    const double other = std::exp(-2 * mu * size) * normal_below(-size / s + mu * s);
    const double kink = std::exp(-mu * mu * s * s / 2 - mu * size) * normal_density(size / s);
    const double sum = same + other;
    below.phi[j] = mu * s * s / 2 + size + std::log(sum) / mu;
    below.m[j] = (same - other) / sum * ((y > 0) - (y < 0));
    const double mean = ((mu * s * s + size) * same + (mu * s * s - size) * other + 2 * s * kink) / sum;
    step.slopes[j] = (mean - below.phi[j]) / mu;
    step.at_zero[j] = kink / (s * sum);
  }
  return below;
}

// The density at level i - 1 carried to level i; that of y < 0 as its mirror image.
std::vector<double> Recursion::ascend(const std::vector<double>& density, const Line& from, const Step& step,
                                      const Line& to) const {
  const std::size_t reach = step.reach(), stride = static_cast<std::size_t>(step.stride);
  const auto half = static_cast<std::size_t>(from.half), to_half = static_cast<std::size_t>(to.half);
  std::vector<double> above(to.size());
  for (const bool mirrored : {false, true}) {
    std::vector<double> spread(to_half + 1 + 2 * reach);
    for (std::size_t d = mirrored ? 1 : 0; d <= half; ++d) {
      const double share = density[mirrored ? half - d : half + d] / step.sums[d];
      double* first = &spread[d * stride];
      for (std::size_t w = 0; w < step.weights.size(); ++w) first[w] += share * step.weights[w];
    }
    for (std::size_t j = 0; j < spread.size(); ++j) {
      if (j + to_half < reach || j > reach + to_half) continue;
      const std::size_t place = j + to_half - reach;
      above[mirrored ? 2 * to_half - place : place] += spread[j] * step.growth[j];
    }
  }
  return above;
}

// phi(0, h), the magnetization and the density of the fields h + s_0 z.
std::vector<double> Recursion::innermost(ReplicaFreeEnergy& result, const Level& level) const {
  const double s = deviation(0), h = glass_.field, spacing = level.line.spacing;
  std::vector<double> density(level.line.size());
  if (s > narrow * spacing) {
    double sum = 0;
    for (std::size_t j = 0; j < density.size(); ++j)
      sum += density[j] = std::exp(-std::pow((level.line.at(j) - h) / s, 2) / 2);
    for (double& each : density) each /= sum;
  } else {  // the moments of the Gaussian on six points around h
    const double place = h / spacing;
    const double nearest = std::floor(place + 0.5), u = place - nearest, v = s * s / (spacing * spacing);
    const double moments[5] = {1, u, u * u + v, u * u * u + 3 * u * v,
                               u * u * u * u + 6 * u * u * v + 3 * v * v};
    const auto centre = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(nearest) + level.line.half);
    const double even1 = (4 * moments[2] - moments[4]) / 3, even2 = (moments[4] - moments[2]) / 12;
    const double odd1 = (4 * moments[1] - moments[3]) / 3, odd2 = (moments[3] - moments[1]) / 6;
    density[centre] = 1 - even1 - even2;
    density[centre + 1] = (even1 + odd1) / 2;
    density[centre - 1] = (even1 - odd1) / 2;
    density[centre + 2] = (even2 + odd2) / 2;
    density[centre - 2] = (even2 - odd2) / 2;
  }
  double phi = 0;
  for (std::size_t j = 0; j < density.size(); ++j) {
    phi += density[j] * level.phi[j];
    result.magnetization += density[j] * level.m[j];
  }
  result.free_energy = -phi;
  return density;
}

double Recursion::mean_of_squares(const std::vector<double>& density, const Level& level) const {
  double sum = 0;
  for (std::size_t j = 0; j < density.size(); ++j) sum += density[j] * level.m[j] * level.m[j];
  return sum;
}

void Recursion::slopes(ReplicaFreeEnergy& result) const {
  const double t = glass_.temperature;
  double spent = 0;
  for (std::size_t i = 0; i < k_; ++i) {
    const double piece = glass_.theta(steps_.q[i + 1]) - glass_.theta(steps_.q[i]);
    spent += steps_.mu[i] * piece / 2;
    result.slope_mu[i] -= piece / 2;
  }
  if (t > 0) spent += (glass_.theta(1) - glass_.theta(steps_.q[k_])) / (2 * t);
  result.free_energy += spent;
  result.slope_q.assign(k_ + 1, 0);
  for (std::size_t i = 0; i <= k_; ++i) {
    if (i == k_ && t == 0) break;
    const double below = i == 0 ? 0 : steps_.mu[i - 1], above = i == k_ ? 1 / t : steps_.mu[i];
    result.slope_q[i] =
        (below - above) * glass_.xi_second(steps_.q[i]) / 2 * (result.overlaps[i] - steps_.q[i]);
  }
}

ReplicaFreeEnergy Recursion::run() {
  ReplicaFreeEnergy result;
  const bool zero = glass_.temperature == 0;
  std::vector<Level> levels(k_ + 1);
  std::vector<Step> ways(k_ + 1);
  if (!zero || k_ == 0) levels[k_] = outermost();
  for (std::size_t i = k_; i > 0; --i)
    levels[i - 1] =
        zero && i == k_ ? descend_from_zero_temperature(i, ways[i]) : descend(levels[i], i, ways[i]);
  std::vector<double> density = innermost(result, levels[0]);
  result.overlaps.push_back(mean_of_squares(density, levels[0]));
  for (std::size_t i = 1; i <= k_; ++i) {
    double slope = 0, at_zero = 0;
    for (std::size_t j = 0; j < density.size(); ++j) {
      slope += density[j] * ways[i].slopes[j];
      if (zero && i == k_) at_zero += density[j] * ways[i].at_zero[j];
    }
    result.slope_mu.push_back(slope);
    if (zero && i == k_) {
      result.overlaps.push_back(1);
      result.susceptibility = 2 * at_zero;
    } else {
      density = ascend(density, levels[i - 1].line, ways[i], levels[i].line);
      result.overlaps.push_back(mean_of_squares(density, levels[i]));
    }
  }
  if (zero && k_ == 0) {  // E |h + s z| in closed form
    const double s = deviation(0), a = glass_.field / s;
    result.overlaps[0] = 1;
    result.free_energy = -(2 * s * normal_density(a) + glass_.field * (1 - 2 * normal_below(-a)));
    result.magnetization = 1 - 2 * normal_below(-a);
    result.susceptibility = 2 * normal_density(a) / s;
  }
  if (!zero) result.susceptibility = (1 - result.overlaps[k_]) / glass_.temperature;
  slopes(result);
  return result;
}

void check(const MeanFieldGlass& glass, const ReplicaSteps& steps) {
  const std::size_t k = steps.mu.size();
  bool good = steps.q.size() == k + 1 && steps.q.front() >= 0 && steps.q.back() <= 1;
  for (std::size_t i = 0; good && i < k; ++i)
    good = steps.q[i] <= steps.q[i + 1] && steps.mu[i] > (i == 0 ? 0 : steps.mu[i - 1]) * (1 - 1e-12);
  if (good && glass.temperature == 0) good = steps.q.back() == 1;
  if (!good) throw std::invalid_argument("replica_free_energy: q or mu out of order");
}

}  // namespace

double MeanFieldGlass::xi(double q) const { return std::pow(q, spins_per_interaction) / 2; }
double MeanFieldGlass::xi_prime(double q) const {
  return spins_per_interaction * std::pow(q, spins_per_interaction - 1) / 2;
}
double MeanFieldGlass::xi_second(double q) const {
  return spins_per_interaction * (spins_per_interaction - 1) * std::pow(q, spins_per_interaction - 2) / 2;
}

ReplicaFreeEnergy replica_free_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps,
                                      const ReplicaGrid& grid) {
  check(glass, steps);
  return Recursion(glass, steps, grid).run();
}

double replica_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps, const ReplicaFreeEnergy& at) {
  double energy = -glass.field * at.magnetization;
  for (std::size_t i = 0; i < steps.mu.size(); ++i)
    energy -= steps.mu[i] * (glass.xi(steps.q[i + 1]) - glass.xi(steps.q[i]));
  if (glass.temperature == 0) return energy - glass.xi_prime(1) * at.susceptibility;
  return energy - (glass.xi(1) - glass.xi(steps.q.back())) / glass.temperature;
}

double replica_susceptibility(const ReplicaSteps& steps, const ReplicaFreeEnergy& at) {
  double sum = at.susceptibility;
  for (std::size_t i = 0; i < steps.mu.size(); ++i) sum += steps.mu[i] * (steps.q[i + 1] - steps.q[i]);
  return sum;
}

double replica_entropy(const MeanFieldGlass& glass, const ReplicaSteps& steps, const ReplicaFreeEnergy& at) {
  if (glass.temperature == 0) return -glass.xi_second(1) * at.susceptibility * at.susceptibility / 4;
  return (replica_energy(glass, steps, at) - at.free_energy) / glass.temperature;
}

double energy_from_free_energy(const MeanFieldGlass& glass, const ReplicaSteps& steps,
                               const ReplicaGrid& grid) {
  const double beta = 1 / glass.temperature, h = 2e-3 * beta;
  const auto beta_f = [&](double b) {
    MeanFieldGlass other = glass;
    other.temperature = 1 / b;
    ReplicaSteps same = steps;
    for (double& each : same.mu) each *= b / beta;  // x stays
    return b * replica_free_energy(other, same, grid).free_energy;
  };
  return (8 * (beta_f(beta + h) - beta_f(beta - h)) - (beta_f(beta + 2 * h) - beta_f(beta - 2 * h))) /
         (12 * h);
}

}  // namespace weiss
