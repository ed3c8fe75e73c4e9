#include "weiss/dmft/real_axis_perturbation.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/statistics/root.hpp"

namespace weiss {

namespace {

using Line = std::vector<Complex>;

// D(z) of a band, by its moments where z is far out.
class QuickBand {
 public:
  explicit QuickBand(const Band& band)
      : band_(band), far_(4 * std::max(std::fabs(band.lowest()), std::fabs(band.highest()))) {
    // int rho e^k = contour integral of z^k D(z) on a circle around the band.
    constexpr int places = 64;
    for (int k = 0; k < terms; ++k) {
      Complex sum = 0;
      for (int p = 0; p < places; ++p) {
        const double angle = 2 * std::numbers::pi * (p + 0.5) / places;
        sum += std::polar(1.0, (k + 1) * angle) * band.hilbert(std::polar(far_ / 2, angle));
      }
      scaled_moments_[static_cast<std::size_t>(k)] = sum.real() / places * far_ / 2;
    }
  }

  Complex hilbert(Complex z) const {
    if (std::abs(z) < far_) return band_.hilbert(z);
    const Complex x = far_ / 2 / z;
    Complex sum = 0;
    for (std::size_t k = terms; k-- > 0;) sum = (sum + scaled_moments_[k]) * x;
    return sum / (far_ / 2);
  }

 private:
  static constexpr int terms = 28;
  const Band& band_;
  double far_;
  std::array<double, terms> scaled_moments_{};  // over (far/2)^k
};

class Iteration {
 public:
  Iteration(const Band& band, const RealAxisProblem& problem, const RealAxisSettings& settings)
      : band_(band),
        quick_(band),
        problem_(problem),
        line_(std::make_shared<CausalLine>(problem.beta, settings.reach, settings.resolution)),
        spins_(problem.phase == Phase::paramagnetic ? 1 : 2),
        reach_(settings.reach),
        density_(problem.density),
        potential_{band.mean(), band.mean()} {
    for (std::size_t s = 0; s < spins_; ++s) {
      constant_[s] = problem.interaction * (density_[1 - s] - 0.5);
      for (std::size_t k = 0; k < line_->points(); ++k)
        sigma_[s].push_back(constant_[s] + (problem.insulator
                                                ? problem.interaction * problem.interaction / 4 / line_->z(k)
                                                : 0));
    }
    close();
  }

  // Hybridisations as real numbers, then the densities.
  std::vector<double> unknowns() const {
    std::vector<double> values;
    for (std::size_t s = 0; s < spins_; ++s)
      for (const Complex each : hybridisation_[s]) {
        values.push_back(each.real());
        values.push_back(each.imag());
      }
    values.insert(values.end(), density_.begin(), density_.begin() + static_cast<std::ptrdiff_t>(spins_));
    return values;
  }

  void set(const std::vector<double>& values) {
    std::size_t place = 0;
    for (std::size_t s = 0; s < spins_; ++s)
      for (Complex& each : hybridisation_[s]) {
        each = {values[place], values[place + 1]};
        place += 2;
      }
    for (std::size_t s = 0; s < spins_; ++s) density_[s] = std::clamp(values[place + s], 1e-6, 1 - 1e-6);
    if (spins_ == 1) density_[1] = density_[0];
  }

  void advance() {
    solve();
    close();
  }

  RealAxisSolution solution() const;

 private:
  Line weiss_line(std::size_t s, double potential) const {
    Line values;
    for (std::size_t k = 0; k < line_->points(); ++k)
      values.push_back(1.0 / (line_->z(k) + potential - band_.mean() - hybridisation_[s][k]));
    return values;
  }

  double potential_for(std::size_t s) const;
  void solve();
  void set_self_energy(std::size_t s, const Line& second_order);
  std::array<Line, 2> second_order() const;
  Line impurity_green(std::size_t s) const;
  void close();

  const Band& band_;
  QuickBand quick_;
  RealAxisProblem problem_;
  std::shared_ptr<const CausalLine> line_;
  std::size_t spins_;
  double reach_;
  std::array<double, 2> density_, potential_, constant_{}, norm_{};
  std::array<Line, 2> hybridisation_, sigma_;
};

// mu0 at which the propagator has the density of its spin: Newton's method with a secant, from the last one.
double Iteration::potential_for(std::size_t s) const {
  if (problem_.particle_hole_symmetric && spins_ == 1) return band_.mean();
  const auto excess = [&](double potential) {
    return line_->occupation(line_->in_time(weiss_line(s, potential), 1)) - density_[s];
  };
  double a = potential_[s], fa = excess(a), b = a + 1e-3 * (fa > 0 ? -1 : 1), fb = excess(b);
  for (int trial = 0; trial < 12 && std::fabs(fb) > 1e-13 && fb != fa; ++trial) {
    const double c = b - fb * (b - a) / (fb - fa);
    if (!(std::fabs(c - band_.mean()) < reach_ / 3)) break;
    a = b;
    fa = fb;
    b = c;
    fb = excess(b);
  }
  if (std::fabs(fb) < 1e-10) return b;
  const double low = band_.mean() - reach_ / 3, high = band_.mean() + reach_ / 3;
  if (excess(low) >= 0) return low;
  if (excess(high) <= 0) return high;
  return root_between(excess, low, high, 1e-12 * reach_);
}

std::array<Line, 2> Iteration::second_order() const {
  std::array<CausalLine::Parts, 2> parts;
  for (std::size_t s = 0; s < spins_; ++s) {
    Line f = line_->in_time(weiss_line(s, potential_[s]), 1);
    if (problem_.particle_hole_symmetric && spins_ == 1)
      for (Complex& each : f) each = each.real();
    parts[s] = line_->parts(f);
  }
  if (spins_ == 1) parts[1] = parts[0];
  const double square = problem_.interaction * problem_.interaction;
  std::array<Line, 2> all;
  for (std::size_t s = 0; s < spins_; ++s) {
    const CausalLine::Parts &own = parts[s], &other = parts[1 - s];
    for (std::size_t j = 0; j < own.empty.size(); ++j)
      all[s].push_back(square * (own.empty[j] * other.empty[j] * std::conj(other.filled[j]) +
                                 own.filled[j] * other.filled[j] * std::conj(other.empty[j])));
  }
  if (problem_.particle_hole_symmetric)
    for (std::size_t j = 0; j < all[0].size(); ++j) {
      all[0][j] = spins_ == 1 ? all[0][j].real() : (all[0][j] + std::conj(all[1][j])) / 2.0;
      if (spins_ == 2) all[1][j] = std::conj(all[0][j]);
    }
  return all;
}

void Iteration::set_self_energy(std::size_t s, const Line& second_order) {
  const double u = problem_.interaction, n = std::clamp(density_[1 - s], 1e-12, 1 - 1e-12);
  const double b = u == 0 ? 0
                          : (potential_[s] - problem_.chemical_potential + u * (0.5 - density_[1 - s])) /
                                (u * u * n * (1 - n));
  constant_[s] = u * (density_[1 - s] - 0.5);
  norm_[s] = second_order[0].real();
  const Line values = line_->on_line(second_order);
  for (std::size_t k = 0; k < values.size(); ++k)
    sigma_[s][k] = constant_[s] + values[k] / (1.0 - b * values[k]);
}

Line Iteration::impurity_green(std::size_t s) const {
  Line green;
  for (std::size_t k = 0; k < line_->points(); ++k)
    green.push_back(1.0 / (line_->z(k) + problem_.chemical_potential - band_.mean() - hybridisation_[s][k] -
                           sigma_[s][k]));
  return green;
}

void Iteration::solve() {
  for (std::size_t s = 0; s < spins_; ++s) potential_[s] = potential_for(s);
  if (spins_ == 1) potential_[1] = potential_[0];
  const std::array<Line, 2> orders = second_order();
  for (std::size_t s = 0; s < spins_; ++s) set_self_energy(s, orders[s]);
  std::array<double, 2> density = density_;
  for (std::size_t s = 0; s < spins_; ++s)
    density[s] = line_->occupation(line_->in_time(impurity_green(s), 1));
  if (problem_.particle_hole_symmetric) {
    const double excess = spins_ == 1 ? 0 : (density[0] - density[1]) / 2;
    density = {0.5 + excess, 0.5 - excess};
  }
  density_ = density;
  if (spins_ == 1) density_[1] = density_[0];
}

// The lattice's Green function with this self-energy, and the hybridisation that goes with it.
void Iteration::close() {
  std::array<Line, 2> next;
  for (std::size_t k = 0; k < line_->points(); ++k) {
    const Complex bare = line_->z(k) + problem_.chemical_potential;
    for (std::size_t s = 0; s < spins_; ++s) {
      const Complex own = bare - sigma_[s][k];
      Complex green;
      if (spins_ == 1) {
        green = quick_.hilbert(own);
      } else {
        const Complex other = bare - sigma_[1 - s][k];
        Complex root = std::sqrt(own * other);
        if (root.imag() < 0) root = -root;
        green = other * quick_.hilbert(root) / root;
      }
      next[s].push_back(own - band_.mean() - 1.0 / green);
    }
  }
  hybridisation_ = std::move(next);
}

RealAxisSolution Iteration::solution() const {
  RealAxisSolution result;
  result.line = line_;
  for (std::size_t s = 0; s < 2; ++s) {
    const std::size_t kept = spins_ == 1 ? 0 : s;
    Line dynamic = sigma_[kept];
    for (Complex& each : dynamic) each -= constant_[kept];
    result.constant[s] = constant_[kept];
    result.density[s] = density_[kept];
    Line& sigma = result.self_energy_in_time[s];
    Line& green = result.green_in_time[s];
    sigma = line_->in_time(dynamic, norm_[kept]);
    green = line_->in_time(impurity_green(kept), 1);
    // T sum_n (Sigma - constant) G = int int rho_S(x) A(y) (n(x) - n(y))/(x - y), as an integral over time.
    const Line filled_sigma = line_->parts(sigma).filled, filled_green = line_->parts(green).filled;
    line_->cut_off(sigma);
    line_->cut_off(green);
    Line product;
    for (std::size_t j = 0; j < sigma.size(); ++j)
      product.push_back(std::conj(filled_sigma[j]) * green[j] - std::conj(sigma[j]) * filled_green[j]);
    if (problem_.interaction != 0)
      result.double_occupancy += line_->half_integral(product).imag() / problem_.interaction / 2;
  }
  result.double_occupancy += result.density[0] * result.density[1];
  return result;
}

}  // namespace

Complex RealAxisSolution::self_energy(std::size_t spin, Complex z) const {
  return constant[spin] + line->at(self_energy_in_time[spin], z);
}

Complex RealAxisSolution::green(std::size_t spin, Complex z) const {
  return line->at(green_in_time[spin], z);
}

double RealAxisSolution::quasiparticle_weight(std::size_t spin) const {
  const double step = 1e-3 * line->shift();
  const Complex difference = self_energy(spin, step) - self_energy(spin, -step);
  return 1 / (1 - difference.real() / (2 * step));
}

RealAxisSolution real_axis_perturbation(const Band& band, const RealAxisProblem& problem,
                                        const RealAxisSettings& settings) {
  Iteration iteration(band, problem, settings);
  Mixing mixing = settings.mixing;
  std::int64_t count = 0;
  double residual = 0;
  bool converged = false;
  while (!converged && count < settings.most_iterations) {
    const std::vector<double> x = iteration.unknowns();
    iteration.advance();
    const std::vector<double> image = iteration.unknowns();
    residual = 0;
    for (std::size_t i = 0; i < x.size(); ++i) residual = std::fmax(residual, std::fabs(image[i] - x[i]));
    ++count;
    converged = residual <= settings.tolerance;
    // Plain steps first, which lead to stable solutions only.
    if (!converged && count > settings.plain_steps) iteration.set(mixing.next(x, image));
  }
  RealAxisSolution result = iteration.solution();
  result.converged = converged;
  result.iterations = count;
  result.residual = residual;
  return result;
}

}  // namespace weiss
