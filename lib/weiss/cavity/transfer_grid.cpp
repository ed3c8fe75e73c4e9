#include "weiss/cavity/transfer_grid.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

namespace {

constexpr int most_iterations = 1000;
constexpr double settled = 1e-12;

// Both sides of 0, each with n cells in ln(|x|/t) from -reach to reach; cell k of the negative side is number
// k, of the positive one n + k, growing with |x|.
struct LogarithmicGrid {
  double hopping, spacing, reach;
  std::size_t n;
  std::vector<double> centre, width;  // of cells
  std::vector<double> edge;           // |x| of the n + 1 edges

  LogarithmicGrid(double t, double h, double largest)
      : hopping(t), spacing(h), n(2 * static_cast<std::size_t>(std::ceil(portable_log(largest / t) / h))) {
    reach = h * static_cast<double>(n / 2);
    for (std::size_t k = 0; k <= n; ++k) edge.push_back(t * portable_exp(static_cast<double>(k) * h - reach));
    for (const double sign : {-1.0, 1.0})
      for (std::size_t k = 0; k < n; ++k) {
        centre.push_back(sign * t * portable_exp((static_cast<double>(k) + 0.5) * h - reach));
        width.push_back(edge[k + 1] - edge[k]);
      }
  }
  std::size_t size() const { return 2 * n; }
  // The cell of t^2/x.
  std::size_t inverse(std::size_t cell) const { return cell < n ? n - 1 - cell : 3 * n - 1 - cell; }
};

// P(S <= s) of a number whose density falls as s^-2: values at the edges, cubic between them.
class Cumulative {
 public:
  explicit Cumulative(const LogarithmicGrid& grid) : grid_(&grid), below_(2 * grid.n + 2) {}

  // k: edge, on the negative or positive side.
  double& at(bool positive, std::size_t k) { return below_[(positive ? grid_->n + 1 : 0) + k]; }
  double at(bool positive, std::size_t k) const { return below_[(positive ? grid_->n + 1 : 0) + k]; }

  double operator()(double s) const {
    const bool positive = s > 0;
    const double size = std::fabs(s), inner = grid_->edge.front(), outer = grid_->edge.back();
    if (size <= inner) return at(false, 0) + (at(true, 0) - at(false, 0)) * 0.5 * (1 + s / inner);
    if (size >= outer)
      return positive ? 1 - (1 - at(true, grid_->n)) * outer / size : at(false, grid_->n) * outer / size;
    const double place = (portable_log(size / grid_->hopping) + grid_->reach) / grid_->spacing;
    const std::size_t k =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::fmax(place, 0)), 1, grid_->n - 2);
    const double f = place - static_cast<double>(k);
    const double* const v = &below_[(positive ? grid_->n + 1 : 0) + k];
    return v[0] + f * (0.5 * (v[1] - v[-1]) + f * (v[-1] - 2.5 * v[0] + 2 * v[1] - 0.5 * v[2] +
                                                   f * (1.5 * (v[0] - v[1]) + 0.5 * (v[2] - v[-1]))));
  }

 private:
  const LogarithmicGrid* grid_;
  std::vector<double> below_;
};

class TransferGrid {
 public:
  TransferGrid(const ResolventEnsemble& ensemble, double spacing)
      : ensemble_(ensemble),
        grid_(ensemble.hopping, spacing, largest(ensemble, spacing)),
        mass_(grid_.size()),
        kernel_(grid_.size() * grid_.size()),
        kernel_at_zero_(grid_.size()),
        beyond_(grid_.size()) {}

  TransferEigenvalue solve() {
    TransferEigenvalue found;
    const double change = settle_density();
    found = largest_eigenvalue();
    found.residual = std::fmax(found.residual, change);
    return found;
  }

 private:
  // W/4 to W/2 over the spacing, but in powers of 2, so that searches for W stay on one grid.
  static double largest(const ResolventEnsemble& ensemble, double spacing) {
    int exponent;
    std::frexp(std::fmax(ensemble.disorder_width, 2 * ensemble.hopping) / ensemble.hopping, &exponent);
    return std::ldexp(ensemble.hopping, exponent) / (4 * spacing);
  }

  double disorder_density(const Cumulative& sum, double v) const {
    const double half = ensemble_.disorder_width / 2;
    return (sum(v + half) - sum(v - half)) / ensemble_.disorder_width;
  }

  double disorder_below(const Cumulative& sum, double v) const {
    constexpr int parts = 16;
    double below = 0;
    for (int part = 0; part < parts; ++part)
      below += sum(v + ensemble_.disorder_width * ((part + 0.5) / parts - 0.5));
    return below / parts;
  }

  // Of t^2 G: masses of x read backwards. inner_: |x| below the grid, spread evenly; outer_: above it.
  Cumulative one_neighbour() const {
    Cumulative sum(grid_);
    double reached = inner_ / 2;
    for (std::size_t k = grid_.n + 1; k-- > 0;) {
      sum.at(false, k) = reached;
      if (k > 0) reached += mass_[grid_.inverse(k - 1)];
    }
    reached += outer_;
    for (std::size_t k = 0; k <= grid_.n; ++k) {
      sum.at(true, k) = reached;
      if (k < grid_.n) reached += mass_[grid_.inverse(grid_.n + k)];
    }
    return sum;
  }

  Cumulative one_more(const Cumulative& sum) const {
    Cumulative more(grid_);
    for (const bool positive : {false, true})
      for (std::size_t k = 0; k <= grid_.n; ++k) {
        const double s = positive ? grid_.edge[k] : -grid_.edge[k];
        double below = inner_ / 2 + outer_ * sum(s);
        for (std::size_t j = 0; j < grid_.size(); ++j)
          below += mass_[grid_.inverse(j)] * sum(s - grid_.centre[j]);
        more.at(positive, k) = below;
      }
    return more;
  }

  // p(E - x_i - y_j), that of y = 0, and P(|y| > X) of y = E - x_i - v.
  void make_kernel() {
    Cumulative sum = one_neighbour();
    for (std::size_t k = 2; k + 1 < ensemble_.neighbours; ++k) sum = one_more(sum);
    const std::size_t size = grid_.size();
    const double outer = grid_.edge.back();
    for (std::size_t i = 0; i < size; ++i) {
      const double v = ensemble_.energy - grid_.centre[i];
      kernel_at_zero_[i] = disorder_density(sum, v);
      beyond_[i] = disorder_below(sum, v - outer) + 1 - disorder_below(sum, v + outer);
      for (std::size_t j = 0; j < size; ++j)
        kernel_[i * size + j] = disorder_density(sum, v - grid_.centre[j]);
    }
  }

  // Where |y| is above the grid it is near E - x_i, or S would be as large.
  double farthest(std::size_t i) const {
    return std::fmax(std::fabs(ensemble_.energy - grid_.centre[i]), grid_.edge.back());
  }

  // Until masses stay; their last change.
  double settle_density() {
    const std::size_t size = grid_.size();
    for (std::size_t i = 0; i < size; ++i)
      mass_[i] = std::fabs(grid_.centre[i] - ensemble_.energy) <= ensemble_.disorder_width / 2
                     ? grid_.width[i] / ensemble_.disorder_width
                     : 0;
    set_rest();
    double change = 1;
    for (int iteration = 0; iteration < most_iterations && change > settled; ++iteration) {
      make_kernel();
      std::vector<double> next(size);
      for (std::size_t i = 0; i < size; ++i) {
        double density = outer_ * kernel_at_zero_[i] +
                         inner_ * grid_.edge.back() / 2 * beyond_[i] / (farthest(i) * farthest(i));
        for (std::size_t j = 0; j < size; ++j) density += mass_[grid_.inverse(j)] * kernel_[i * size + j];
        next[i] = density * grid_.width[i];
      }
      mass_.swap(next);
      set_rest();
      change = 0;
      for (std::size_t i = 0; i < size; ++i) change += std::fabs(next[i] - mass_[i]);
    }
    make_kernel();
    return change;
  }

  // Inside the grid the density is that of its innermost cells; outside, x is -t^2 times one large G. What
  // the rule of midpoints leaves of normalisation goes.
  void set_rest() {
    const double at_zero = 0.5 * (mass_[0] / grid_.width[0] + mass_[grid_.n] / grid_.width[grid_.n]);
    const double square = ensemble_.hopping * ensemble_.hopping;
    inner_ = 2 * at_zero * grid_.edge.front();
    outer_ = 2 * at_zero * square * static_cast<double>(ensemble_.neighbours - 1) / grid_.edge.back();
    double total = inner_ + outer_;
    for (const double each : mass_) total += each;
    for (double& each : mass_) each /= total;
    inner_ /= total;
    outer_ /= total;
  }

  // Power iteration; the growth of the sum of chi |x|^(1/2), where both sides weigh alike.
  TransferEigenvalue largest_eigenvalue() const {
    const std::size_t size = grid_.size();
    const double paths = static_cast<double>(ensemble_.neighbours - 1);
    const double inner = 2 * grid_.edge.front();
    std::vector<double> chi(size, 1.0), next(size);
    TransferEigenvalue found;
    found.eigenvalue = paths;
    found.residual = 1;
    for (int iteration = 0; iteration < most_iterations && found.residual > settled; ++iteration) {
      const double at_zero = 0.5 * (chi[0] + chi[grid_.n]) * paths / found.eigenvalue;
      double before = 0, after = 0;
      for (std::size_t i = 0; i < size; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < size; ++j) sum += kernel_[i * size + j] * chi[grid_.inverse(j)];
        next[i] = paths * (grid_.hopping * grid_.spacing * sum +
                           at_zero * (kernel_at_zero_[i] * inner + beyond_[i] * grid_.hopping / farthest(i)));
        const double weight = std::sqrt(std::fabs(grid_.centre[i]));
        before += weight * chi[i];
        after += weight * next[i];
      }
      found.residual = std::fabs(after / before / found.eigenvalue - 1);
      found.eigenvalue = after / before;
      for (std::size_t i = 0; i < size; ++i) chi[i] = next[i] / found.eigenvalue;
    }
    return found;
  }

  ResolventEnsemble ensemble_;
  LogarithmicGrid grid_;
  std::vector<double> mass_;  // P(x in cell)
  double inner_ = 0, outer_ = 0;
  std::vector<double> kernel_, kernel_at_zero_;
  std::vector<double> beyond_;  // part of the kernel at |y| above the grid
};

// Secants of ln lambda against ln W, from a slope as in strong disorder, where lambda falls as (ln W)/W.
bool search(ResolventEnsemble& ensemble, double spacing, LocalisationTransition& found) {
  constexpr int most_searches = 40;
  double slope = -0.6, before = 0, x = portable_log(ensemble.disorder_width), last = x;
  const double start = x;
  for (int trial = 0; trial < most_searches; ++trial) {
    ensemble.disorder_width = portable_exp(x);
    found.eigenvalue = transfer_eigenvalue(ensemble, spacing).eigenvalue;
    found.disorder_width = ensemble.disorder_width;
    if (!(found.eigenvalue > 1e-100)) return false;
    const double value = portable_log(found.eigenvalue);
    if (std::fabs(value) < 1e-9) return true;
    // Only falling secants: towards the transition from extended to localised states.
    if (trial > 0 && x != last) slope = std::clamp((value - before) / (x - last), -2.0, -0.1);
    before = value;
    last = x;
    x = std::clamp(x - value / slope, x - 1, x + 1);
    if (std::fabs(x - start) > 5) return false;
  }
  return false;
}

}  // namespace

TransferEigenvalue transfer_eigenvalue(const ResolventEnsemble& ensemble, double spacing) {
  if (!(ensemble.disorder_width > 0) || !(spacing > 0) || !(spacing < 0.2) || ensemble.neighbours < 3)
    throw Error(ExitCode::internal, "transfer_eigenvalue: needs W > 0, z >= 3 and a spacing below 0.2");
  return TransferGrid(ensemble, spacing).solve();
}

LocalisationTransition localisation_transition(ResolventEnsemble ensemble, double spacing) {
  const double start = ensemble.disorder_width;
  double widths[2];
  LocalisationTransition found;
  for (const int coarse : {1, 0}) {
    ensemble.disorder_width = coarse == 1 ? start : widths[1];
    if (!search(ensemble, spacing * (coarse + 1), found)) return found;
    widths[coarse] = ensemble.disorder_width;
  }
  found.disorder_width = widths[0];
  found.error = std::fmax(std::fabs(widths[0] - widths[1]), 1e-6 * widths[0]);
  found.converged = true;
  return found;
}

}  // namespace weiss
