#include "weiss/dmft/mixing.hpp"

#include <Eigen/Dense>

namespace weiss {

namespace {

using Vector = Eigen::VectorXd;
using Columns = Eigen::Map<const Eigen::MatrixXd>;

// Differences of consecutive columns, the last one to `latest`.
Eigen::MatrixXd differences(const Columns& kept, const Vector& latest) {
  Eigen::MatrixXd all(kept.rows(), kept.cols());
  for (Eigen::Index j = 0; j + 1 < kept.cols(); ++j) all.col(j) = kept.col(j + 1) - kept.col(j);
  all.col(kept.cols() - 1) = latest - kept.col(kept.cols() - 1);
  return all;
}

Vector as_vector(std::span<const double> values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

std::vector<double> as_values(const Vector& vector) { return {vector.data(), vector.data() + vector.size()}; }

}  // namespace

void Mixing::forget() {
  kept_ = 0;
  x_.clear();
  residuals_.clear();
}

bool Mixing::caught(std::span<const double> residual) {
  double norm = 0;
  for (const double each : residual) norm += each * each;
  const bool better = waited_ <= patience && norm < smallest_;
  if (better || ++waited_ > 2 * patience) {
    smallest_ = norm;
    waited_ = 0;
  }
  if (waited_ > patience) forget();
  return waited_ > patience;
}

void Mixing::keep(std::span<const double> x, std::span<const double> residual) {
  if (static_cast<std::size_t>(kept_) == memory_) {
    const auto length = static_cast<std::ptrdiff_t>(x.size());
    x_.erase(x_.begin(), x_.begin() + length);
    residuals_.erase(residuals_.begin(), residuals_.begin() + length);
    --kept_;
  }
  x_.insert(x_.end(), x.begin(), x.end());
  residuals_.insert(residuals_.end(), residual.begin(), residual.end());
  ++kept_;
}

std::vector<double> Mixing::next(std::span<const double> x, std::span<const double> image) {
  std::vector<double> residual(x.size()), mixed(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) residual[i] = image[i] - x[i];
  const bool plain = method_ == MixingMethod::linear || caught(residual);
  if (plain || kept_ == 0) {
    for (std::size_t i = 0; i < x.size(); ++i) mixed[i] = x[i] + amount_ * residual[i];
  } else {
    mixed = method_ == MixingMethod::anderson ? anderson(x, residual) : broyden(x, residual);
  }
  if (!plain) keep(x, residual);
  return mixed;
}

std::vector<double> Mixing::anderson(std::span<const double> x, std::span<const double> residual) const {
  const auto rows = static_cast<Eigen::Index>(x.size());
  const Vector here = as_vector(x), now = as_vector(residual);
  const Eigen::MatrixXd dx = differences(Columns(x_.data(), rows, kept_), here);
  const Eigen::MatrixXd dr = differences(Columns(residuals_.data(), rows, kept_), now);
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factors(dr);
  factors.setThreshold(1e-10);
  const Vector weights = factors.solve(now);
  return as_values(here + amount_ * now - (dx + amount_ * dr) * weights);
}

// x - G r with G = -a built up by G' = G + (dx - G dr) dr^T/(dr.dr) over the kept pairs, the newest last.
std::vector<double> Mixing::broyden(std::span<const double> x, std::span<const double> residual) const {
  const auto rows = static_cast<Eigen::Index>(x.size());
  const Vector here = as_vector(x), now = as_vector(residual);
  const Eigen::MatrixXd dx = differences(Columns(x_.data(), rows, kept_), here);
  const Eigen::MatrixXd dr = differences(Columns(residuals_.data(), rows, kept_), now);
  Eigen::MatrixXd corrections(rows, kept_);  // (dx - G dr)/(dr.dr)
  const auto apply = [&](const Vector& r, Eigen::Index terms) {
    Vector result = -amount_ * r;
    for (Eigen::Index j = 0; j < terms; ++j) result += corrections.col(j) * dr.col(j).dot(r);
    return result;
  };
  for (Eigen::Index j = 0; j < kept_; ++j) {
    const double norm = dr.col(j).squaredNorm();
    corrections.col(j) = norm > 0 ? Vector((dx.col(j) - apply(dr.col(j), j)) / norm) : Vector::Zero(rows);
  }
  return as_values(here - apply(now, kept_));
}

double DampedStep::next(double now, double found) {
  constexpr double least_part = 0.02;
  const double step = found - now;
  if (settled_ == 0) {
    if (step * step_ < 0 && std::fabs(step) > std::fabs(step_) / 2)
      part_ = std::fmax(part_ / 2, least_part);
    else if (step * step_ > 0)
      part_ = std::fmin(part_ * 1.25, 1);
    step_ = step;
  }
  return now + part_ * step;
}

}  // namespace weiss
