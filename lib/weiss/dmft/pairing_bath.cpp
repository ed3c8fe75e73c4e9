#include "weiss/dmft/pairing_bath.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/dmft/least_squares.hpp"

namespace weiss {

namespace {

// One bath site's V^2 (z + e)/Q and -V^2 P/Q, Q = z^2 - e^2 - P^2, and their derivatives by e, V, P.
struct SiteTerms {
  SiteTerms(Complex z, double e, double V, double P) {
    const Complex Q = z * z - e * e - P * P;
    const Complex q = std::conj(Q) / std::norm(Q);  // 1/Q, much faster than a complex division
    const Complex particle = (z + e) * q, pair = -P * q;
    normal = V * V * particle;
    anomalous = V * V * pair;
    normal_by = {(V * V + 2 * e * normal) * q, 2 * V * particle, 2 * P * normal * q};
    anomalous_by = {2 * e * anomalous * q, 2 * V * pair, (2 * P * anomalous - V * V) * q};
  }
  Complex normal, anomalous;
  std::array<Complex, 3> normal_by, anomalous_by;
};

// x holds e, V, P of each free site in turn; with symmetry those of non-negative index, e = 0 in the middle.
class Parameters {
 public:
  Parameters(int sites, bool symmetric) : sites_(sites), symmetric_(symmetric) {}

  int free_sites() const { return symmetric_ ? (sites_ + 1) / 2 : sites_; }
  bool paired(int k) const { return symmetric_ && k < sites_ / 2; }
  bool central(int k) const { return symmetric_ && k == sites_ / 2; }

  PairingBath bath(const Eigen::VectorXd& x) const {
    PairingBath bath;
    for (int k = 0; k < free_sites(); ++k)
      for (const double sign : {1.0, -1.0}) {
        if (sign < 0 && !paired(k)) continue;
        bath.energy.push_back(central(k) ? 0 : sign * x(3 * k));
        bath.coupling.push_back(std::fabs(x(3 * k + 1)));
        bath.pairing.push_back(x(3 * k + 2));
      }
    return bath;
  }

  // A bath in ascending order; a symmetric one from its outer pairs inwards.
  Eigen::VectorXd from(const PairingBath& bath) const {
    Eigen::VectorXd x(3 * free_sites());
    for (int k = 0; k < free_sites(); ++k) {
      const auto low = static_cast<std::size_t>(k), high = symmetric_ ? bath.size() - 1 - low : low;
      x(3 * k) = symmetric_ ? (bath.energy[high] - bath.energy[low]) / 2 : bath.energy[low];
      x(3 * k + 1) = (bath.coupling[high] + bath.coupling[low]) / 2;
      x(3 * k + 2) = (bath.pairing[high] + bath.pairing[low]) / 2;
    }
    return x;
  }

 private:
  int sites_;
  bool symmetric_;
};

PairingBath in_order(const PairingBath& bath) {
  std::vector<std::size_t> order(bath.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bath.energy[a] < bath.energy[b]; });
  PairingBath result;
  for (const std::size_t k : order) {
    result.energy.push_back(bath.energy[k]);
    result.coupling.push_back(bath.coupling[k]);
    result.pairing.push_back(bath.pairing[k]);
  }
  return result;
}

// Weighted residuals of N and A, real and imaginary parts, in units in which N and A together have norm 1.
class Distance {
 public:
  Distance(const std::vector<double>& frequencies, const std::vector<Complex>& normal,
           const std::vector<Complex>& anomalous, double alpha)
      : frequencies_(frequencies), normal_(normal), anomalous_(anomalous) {
    double norm = 0;
    for (std::size_t n = 0; n < frequencies.size(); ++n) {
      weight_.push_back(std::pow(frequencies[n], -alpha / 2));
      norm += weight_[n] * weight_[n] * (std::norm(normal[n]) + std::norm(anomalous[n]));
    }
    for (double& each : weight_) each /= std::sqrt(norm);
  }

  Eigen::VectorXd residual(const PairingBath& bath) const {
    Eigen::VectorXd r(rows());
    for (std::size_t n = 0; n < frequencies_.size(); ++n) {
      const Complex z(0, frequencies_[n]);
      put(r, n, bath.normal(z) - normal_[n], bath.anomalous(z) - anomalous_[n]);
    }
    return r;
  }

  Eigen::MatrixXd derivative(const Parameters& parameters, const Eigen::VectorXd& x) const {
    Eigen::MatrixXd J = Eigen::MatrixXd::Zero(rows(), x.size());
    for (int k = 0; k < parameters.free_sites(); ++k)
      for (std::size_t n = 0; n < frequencies_.size(); ++n) {
        const Complex z(0, frequencies_[n]);
        const double e = parameters.central(k) ? 0 : x(3 * k);
        const SiteTerms one(z, e, x(3 * k + 1), x(3 * k + 2));
        const SiteTerms mirror(z, -e, parameters.paired(k) ? x(3 * k + 1) : 0, x(3 * k + 2));
        for (int p = parameters.central(k) ? 1 : 0; p < 3; ++p) {
          const auto part = static_cast<std::size_t>(p);
          const double sign = !parameters.paired(k) ? 0 : p == 0 ? -1 : 1;
          put(J.col(3 * k + p), n, one.normal_by[part] + sign * mirror.normal_by[part],
              one.anomalous_by[part] + sign * mirror.anomalous_by[part]);
        }
      }
    return J;
  }

  double largest_deviation(const PairingBath& bath) const {
    double largest = 0;
    for (std::size_t n = 0; n < frequencies_.size(); ++n) {
      const Complex z(0, frequencies_[n]);
      largest = std::max(
          {largest, std::abs(bath.normal(z) - normal_[n]), std::abs(bath.anomalous(z) - anomalous_[n])});
    }
    return largest;
  }

 private:
  Eigen::Index rows() const { return 4 * static_cast<Eigen::Index>(frequencies_.size()); }

  template <class Column>
  void put(Column&& column, std::size_t n, Complex normal, Complex anomalous) const {
    const auto row = 4 * static_cast<Eigen::Index>(n);
    column(row) = weight_[n] * normal.real();
    column(row + 1) = weight_[n] * normal.imag();
    column(row + 2) = weight_[n] * anomalous.real();
    column(row + 3) = weight_[n] * anomalous.imag();
  }

  const std::vector<double>& frequencies_;
  const std::vector<Complex>&normal_, &anomalous_;
  std::vector<double> weight_;
};

PairingBath paired_start(const std::vector<double>& frequencies, const std::vector<Complex>& normal,
                         const std::vector<Complex>& anomalous, int sites, int number) {
  const DiscreteBath plain = start_bath(frequencies, normal, sites, number);
  const auto first = static_cast<std::size_t>(std::min_element(frequencies.begin(), frequencies.end()) -
                                              frequencies.begin());
  // Of sites at energy 0, for small pairing: A/|N| = P/w.
  const double ratio = std::abs(normal[first]) > 0 ? anomalous[first].real() / std::abs(normal[first]) : 0;
  const double pairing = frequencies[first] * std::clamp(ratio, -10.0, 10.0) * (number % 4 < 2 ? 1 : 4);
  return {plain.energy, plain.coupling, std::vector<double>(plain.size(), pairing)};
}

PairingBathFit failed(const BathFitSettings& settings, const PairingBath& last) {
  PairingBathFit fit;
  const auto sites = static_cast<std::size_t>(settings.bath_sites);
  const std::vector<double> nothing(sites);
  fit.bath = last.size() == sites ? last : PairingBath{nothing, nothing, nothing};
  fit.misfit = fit.largest_deviation = std::numeric_limits<double>::infinity();
  fit.remark = "the hybridisation is not finite; the last bath is kept";
  return fit;
}

}  // namespace

Complex PairingBath::normal(Complex z) const {
  Complex sum = 0;
  for (std::size_t k = 0; k < size(); ++k) sum += SiteTerms(z, energy[k], coupling[k], pairing[k]).normal;
  return sum;
}

Complex PairingBath::anomalous(Complex z) const {
  Complex sum = 0;
  for (std::size_t k = 0; k < size(); ++k) sum += SiteTerms(z, energy[k], coupling[k], pairing[k]).anomalous;
  return sum;
}

PairingBathFit fit_pairing_bath(const std::vector<double>& frequencies, const std::vector<Complex>& normal,
                                const std::vector<Complex>& anomalous, const BathFitSettings& settings,
                                const PairingBath& last) {
  check_fit(frequencies, normal.size(), settings);
  check_fit(frequencies, anomalous.size(), settings);
  double size = 0;
  for (std::size_t n = 0; n < normal.size(); ++n) size += std::norm(normal[n]) + std::norm(anomalous[n]);
  if (!std::isfinite(size)) return failed(settings, last);
  PairingBathFit fit = failed(settings, {});
  if (size == 0) return {fit.bath, 0, 0, 0, 0, true, {}};
  const Distance distance(frequencies, normal, anomalous, settings.alpha);
  const Parameters parameters(settings.bath_sites, settings.particle_hole_symmetric);
  std::vector<std::pair<int, Eigen::VectorXd>> starts;
  if (last.size() == static_cast<std::size_t>(settings.bath_sites))
    starts.emplace_back(0, parameters.from(in_order(last)));
  for (int number = 1; number <= settings.starts; ++number)
    starts.emplace_back(
        number, parameters.from(paired_start(frequencies, normal, anomalous, settings.bath_sites, number)));
  const BestMinimum best =
      best_least_squares({[&](const Eigen::VectorXd& x) { return distance.residual(parameters.bath(x)); },
                          [&](const Eigen::VectorXd& x) { return distance.derivative(parameters, x); }},
                         starts, settings.most_steps, settings.good_misfit);
  if (best.start < 0) return failed(settings, last);
  fit = {in_order(parameters.bath(best.minimum.x)), best.minimum.norm, 0, best.steps, best.start, true, {}};
  fit.largest_deviation = distance.largest_deviation(fit.bath);
  fit.converged = best.minimum.converged || best.minimum.norm <= settings.good_misfit;
  if (!fit.converged) fit.remark = unconverged_remark(best.minimum.steps);
  return fit;
}

}  // namespace weiss
