#include "weiss/dmft/bath_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "weiss/base/error.hpp"
#include "weiss/dmft/least_squares.hpp"

namespace weiss {

namespace {

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

// Even starts space the energies evenly, odd ones geometrically towards the centre; their widths differ.
DiscreteBath start_bath(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
                        int bath_sites, int number) {
  const Shape shape = shape_of(frequencies, hybridisation);
  const int sites = bath_sites, start = number - 1;
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

std::string unconverged_remark(int steps) {
  return "the best of the starts is not stationary after " + std::to_string(steps) +
         " steps: more steps or fewer bath sites may help";
}

void check_fit(const std::vector<double>& frequencies, std::size_t values, const BathFitSettings& settings) {
  if (frequencies.empty() || frequencies.size() != values)
    throw Error(ExitCode::internal, "bath fit: as many frequencies as values are needed, at least one");
  for (const double w : frequencies)
    if (!(w > 0)) throw Error(ExitCode::internal, "bath fit: frequencies must be positive");
  if (settings.bath_sites < 1 || settings.starts < 1 || settings.most_steps < 1)
    throw Error(ExitCode::internal, "bath fit: bath_sites, starts and most_steps must be at least 1");
}

BathFit fit_bath(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
                 const BathFitSettings& settings, const DiscreteBath& last) {
  check_fit(frequencies, hybridisation.size(), settings);
  double size = 0;
  for (const Complex& value : hybridisation) size += std::norm(value);
  if (!std::isfinite(size) || size == 0) return decoupled(settings, last, std::isfinite(size));
  const Distance distance(frequencies, hybridisation, settings.alpha);
  const Parameters parameters(settings.bath_sites, settings.particle_hole_symmetric);
  std::vector<std::pair<int, Eigen::VectorXd>> starts;
  if (last.size() == static_cast<std::size_t>(settings.bath_sites))
    starts.emplace_back(0, parameters.from(sorted(last)));
  for (int number = 1; number <= settings.starts; ++number)
    starts.emplace_back(number,
                        parameters.from(start_bath(frequencies, hybridisation, settings.bath_sites, number)));
  const BestMinimum best =
      best_least_squares({[&](const Eigen::VectorXd& x) { return distance.residual(parameters.bath(x)); },
                          [&](const Eigen::VectorXd& x) { return distance.derivative(parameters, x); }},
                         starts, settings.most_steps, settings.good_misfit);
  if (best.start < 0) return decoupled(settings, last, false);
  BathFit fit{
      sorted(parameters.bath(best.minimum.x)), best.minimum.norm, 0, best.steps, best.start, true, {}};
  fit.largest_deviation = distance.largest_deviation(fit.bath);
  fit.converged = best.minimum.converged || best.minimum.norm <= settings.good_misfit;
  if (!fit.converged) fit.remark = unconverged_remark(best.minimum.steps);
  return fit;
}

}  // namespace weiss
