#include "weiss/dmft/bath_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr double stationary = 1e-7;  // cosine between the residual and any column of its derivative
constexpr double exact = 1e-13;      // misfit of rounding errors
constexpr double as_good = 1e-6;     // relative difference of misfits that does not prefer a later start
constexpr double largest_damping = 1e16;

// The free parameters: energies, then couplings. With particle-hole symmetry of n sites only the (n + 1)/2
// of non-negative index count, and the middle one of an odd number has no energy.
class Parameters {
 public:
  Parameters(int sites, bool symmetric) : sites_(sites), symmetric_(symmetric) {}

  int energies() const { return symmetric_ ? sites_ / 2 : sites_; }
  int couplings() const { return symmetric_ ? (sites_ + 1) / 2 : sites_; }
  int size() const { return energies() + couplings(); }
  bool symmetric() const { return symmetric_; }

  DiscreteBath bath(const Eigen::VectorXd& x) const {
    DiscreteBath bath;
    for (int k = 0; k < couplings(); ++k) {
      const double energy = k < energies() ? x(k) : 0, coupling = std::fabs(x(energies() + k));
      bath.energy.push_back(energy);
      bath.coupling.push_back(coupling);
      if (symmetric_ && k < energies()) {
        bath.energy.push_back(-energy);
        bath.coupling.push_back(coupling);
      }
    }
    return bath;
  }

  // Takes the sites of a bath in ascending order; a symmetric one from its outer pairs inwards.
  Eigen::VectorXd from(const DiscreteBath& bath) const {
    Eigen::VectorXd x(size());
    const std::size_t n = bath.size();
    for (int k = 0; k < couplings(); ++k) {
      const auto low = static_cast<std::size_t>(k), high = n - 1 - low;
      if (k < energies()) x(k) = symmetric_ ? (bath.energy[high] - bath.energy[low]) / 2 : bath.energy[low];
      x(energies() + k) = symmetric_ ? (bath.coupling[high] + bath.coupling[low]) / 2 : bath.coupling[low];
    }
    return x;
  }

 private:
  int sites_;
  bool symmetric_;
};

DiscreteBath sorted(const DiscreteBath& bath) {
  std::vector<std::size_t> order(bath.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bath.energy[a] < bath.energy[b]; });
  DiscreteBath result;
  for (const std::size_t k : order) {
    result.energy.push_back(bath.energy[k]);
    result.coupling.push_back(bath.coupling[k]);
  }
  return result;
}

// Weighted residuals, real and imaginary parts in turn, in units in which Delta itself has norm 1.
class Distance {
 public:
  Distance(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation, double alpha)
      : frequencies_(frequencies), hybridisation_(hybridisation) {
    double norm = 0;
    for (std::size_t n = 0; n < frequencies.size(); ++n) {
      weight_.push_back(std::pow(frequencies[n], -alpha / 2));
      norm += std::norm(weight_[n] * hybridisation[n]);
    }
    for (double& each : weight_) each /= std::sqrt(norm);
  }

  Eigen::VectorXd residual(const DiscreteBath& bath) const {
    Eigen::VectorXd r(2 * static_cast<Eigen::Index>(frequencies_.size()));
    for (std::size_t n = 0; n < frequencies_.size(); ++n)
      put(r, n, bath.hybridisation(Complex(0, frequencies_[n])) - hybridisation_[n]);
    return r;
  }

  Eigen::MatrixXd derivative(const Parameters& parameters, const Eigen::VectorXd& x) const {
    Eigen::MatrixXd J(2 * static_cast<Eigen::Index>(frequencies_.size()), parameters.size());
    for (int k = 0; k < parameters.couplings(); ++k) {
      const bool moves = k < parameters.energies(), pair = moves && parameters.symmetric();
      const double e = moves ? x(k) : 0, V = x(parameters.energies() + k);
      for (std::size_t n = 0; n < frequencies_.size(); ++n) {
        const Complex one = 1.0 / (Complex(0, frequencies_[n]) - e);
        const Complex mirror = pair ? 1.0 / (Complex(0, frequencies_[n]) + e) : 0;
        if (moves) put(J.col(k), n, V * V * (one * one - mirror * mirror));
        put(J.col(parameters.energies() + k), n, 2 * V * (one + mirror));
      }
    }
    return J;
  }

  double largest_deviation(const DiscreteBath& bath) const {
    double largest = 0;
    for (std::size_t n = 0; n < frequencies_.size(); ++n)
      largest =
          std::max(largest, std::abs(bath.hybridisation(Complex(0, frequencies_[n])) - hybridisation_[n]));
    return largest;
  }

 private:
  template <class Column>
  void put(Column&& column, std::size_t n, Complex value) const {
    column(2 * static_cast<Eigen::Index>(n)) = weight_[n] * value.real();
    column(2 * static_cast<Eigen::Index>(n) + 1) = weight_[n] * value.imag();
  }

  const std::vector<double>& frequencies_;
  const std::vector<Complex>& hybridisation_;
  std::vector<double> weight_;
};

struct Minimum {
  Eigen::VectorXd x;
  double misfit = std::numeric_limits<double>::infinity();
  int steps = 0;
  bool converged = false;
};

bool is_stationary(const Eigen::MatrixXd& J, const Eigen::VectorXd& r) {
  for (Eigen::Index k = 0; k < J.cols(); ++k)
    if (std::fabs(J.col(k).dot(r)) > stationary * J.col(k).norm() * r.norm()) return false;
  return true;
}

// min |J p + r|^2 + damping |scale p|^2, by a QR decomposition: the normal equations would square the
// condition.
Eigen::VectorXd damped_step(const Eigen::MatrixXd& J, const Eigen::VectorXd& r, const Eigen::VectorXd& scale,
                            double damping) {
  Eigen::MatrixXd A(J.rows() + J.cols(), J.cols());
  A << J, Eigen::MatrixXd((std::sqrt(damping) * scale).asDiagonal());
  Eigen::VectorXd b = Eigen::VectorXd::Zero(A.rows());
  b.head(r.size()) = -r;
  return A.colPivHouseholderQr().solve(b);
}

Minimum minimise(const Distance& distance, const Parameters& parameters, Eigen::VectorXd x, int most_steps) {
  Minimum minimum;
  Eigen::VectorXd r = distance.residual(parameters.bath(x));
  Eigen::VectorXd scale = Eigen::VectorXd::Zero(x.size());
  double damping = 1e-3;
  while (minimum.steps < most_steps && damping < largest_damping) {
    const Eigen::MatrixXd J = distance.derivative(parameters, x);
    minimum.converged = r.norm() <= exact || is_stationary(J, r);
    if (minimum.converged) break;
    for (Eigen::Index k = 0; k < x.size(); ++k) scale(k) = std::max({scale(k), J.col(k).norm(), 1e-12});
    for (bool lower = false; !lower && minimum.steps < most_steps && damping < largest_damping;) {
      ++minimum.steps;
      const Eigen::VectorXd next = x + damped_step(J, r, scale, damping);
      const Eigen::VectorXd found = distance.residual(parameters.bath(next));
      lower = found.squaredNorm() < r.squaredNorm();
      damping = lower ? std::max(damping / 8, 1e-14) : damping * 4;
      if (!lower) continue;
      x = next;
      r = found;
    }
  }
  minimum.x = x;
  minimum.misfit = r.norm();
  return minimum;
}

// Total coupling, centre and half-width of the hybridisation, from its decay.
struct Shape {
  double weight, centre, width;
};

Shape shape_of(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation) {
  const auto last = static_cast<std::size_t>(std::max_element(frequencies.begin(), frequencies.end()) -
                                             frequencies.begin());
  const double w = frequencies[last];
  Shape shape{std::fabs(w * hybridisation[last].imag()), 0, w};
  for (std::size_t n = 0; n < frequencies.size(); ++n)
    if (std::fabs(frequencies[n] * hybridisation[n].imag()) >= shape.weight / 2)
      shape.width = std::min(shape.width, frequencies[n]);  // of one pole at e: w = e
  if (shape.weight > 0)
    shape.centre = std::clamp(-w * w * hybridisation[last].real() / shape.weight, -shape.width, shape.width);
  else
    shape.weight = std::abs(hybridisation[last]) * w;
  return shape;
}

// Even starts space the energies evenly, odd ones geometrically towards the centre; their widths differ.
DiscreteBath start_bath(const Shape& shape, int sites, int start) {
  constexpr double widths[] = {1.6, 2.5, 0.8, 1.2, 3.0, 0.4, 5.0, 0.2};
  const double width = shape.width * widths[start % 8];
  DiscreteBath bath;
  for (int k = 0; k < sites; ++k) {
    const double place = sites == 1 ? 0 : 2.0 * k / (sites - 1) - 1;  // from -1 to 1
    const double rank = std::fabs(place) * (sites - 1) / 2;
    const double outermost = (sites - 1) / 2.0;
    const double geometric = place == 0 ? 0 : std::copysign(std::pow(0.3, outermost - rank), place);
    bath.energy.push_back(shape.centre + width * (start % 2 == 0 ? place : geometric));
    bath.coupling.push_back(std::sqrt(shape.weight / sites));
  }
  return bath;
}

void check(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
           const BathFitSettings& settings) {
  if (frequencies.empty() || frequencies.size() != hybridisation.size())
    throw Error(ExitCode::internal, "bath fit: as many frequencies as values are needed, at least one");
  for (const double w : frequencies)
    if (!(w > 0)) throw Error(ExitCode::internal, "bath fit: frequencies must be positive");
  if (settings.bath_sites < 1 || settings.starts < 1 || settings.most_steps < 1)
    throw Error(ExitCode::internal, "bath fit: bath_sites, starts and most_steps must be at least 1");
}

// A bath without couplings: for a hybridisation that vanishes, and for one that is no number.
BathFit decoupled(const BathFitSettings& settings, const DiscreteBath& last, bool finite) {
  BathFit fit;
  const auto sites = static_cast<std::size_t>(settings.bath_sites);
  fit.bath = {std::vector<double>(sites), std::vector<double>(sites)};
  fit.converged = finite;
  if (finite) return fit;
  if (last.size() == sites) fit.bath = last;
  fit.misfit = fit.largest_deviation = std::numeric_limits<double>::infinity();
  fit.remark = "the hybridisation is not finite; the last bath is kept";
  return fit;
}

}  // namespace

BathFit fit_bath(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
                 const BathFitSettings& settings, const DiscreteBath& last) {
  check(frequencies, hybridisation, settings);
  double size = 0;
  for (const Complex& value : hybridisation) size += std::norm(value);
  if (!std::isfinite(size) || size == 0) return decoupled(settings, last, std::isfinite(size));
  const Distance distance(frequencies, hybridisation, settings.alpha);
  const Parameters parameters(settings.bath_sites, settings.particle_hole_symmetric);
  const Shape shape = shape_of(frequencies, hybridisation);
  BathFit fit;
  Minimum best;
  for (int start = 0; start <= settings.starts; ++start) {
    if (start == 0 && last.size() != static_cast<std::size_t>(settings.bath_sites)) continue;
    const DiscreteBath first = start == 0 ? sorted(last) : start_bath(shape, settings.bath_sites, start - 1);
    const Minimum found = minimise(distance, parameters, parameters.from(first), settings.most_steps);
    fit.steps += found.steps;
    if (!(found.misfit < (1 - as_good) * best.misfit)) continue;
    best = found;
    fit.start = start;
    if (best.misfit <= settings.good_misfit) break;
  }
  if (best.x.size() == 0) return decoupled(settings, last, false);
  fit.bath = sorted(parameters.bath(best.x));
  fit.misfit = best.misfit;
  fit.largest_deviation = distance.largest_deviation(fit.bath);
  fit.converged = best.converged || best.misfit <= settings.good_misfit;
  if (!fit.converged)
    fit.remark = "the best of the starts is not stationary after " + std::to_string(best.steps) +
                 " steps: more steps or fewer bath sites may help";
  return fit;
}

}  // namespace weiss
