#include "weiss/cavity/quasi_newton.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

constexpr double longest_step = 1;               // of a component
constexpr double rounding = 3e-13;               // of the function's value
constexpr double sufficient = 1e-4, flat = 0.9;  // the two conditions of Wolfe
constexpr int most_trials = 30;

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const std::vector<double>& a) {
  double size = 0;
  for (const double each : a) size = std::max(size, std::fabs(each));
  return size;
}

}  // namespace

QuasiNewton::QuasiNewton(const Function& f, std::vector<double> start) : point_(std::move(start)) {
  ValueAndGradient first = f(point_);
  value_ = first.value;
  gradient_ = std::move(first.gradient);
  reset();
}

void QuasiNewton::reset() {
  const std::size_t n = point_.size();
  inverse_.assign(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) inverse_[i * n + i] = 1;
  fresh_ = 1;
}

double QuasiNewton::gradient_norm() const { return largest(gradient_); }

bool QuasiNewton::iterate(const Function& f) {
  const std::size_t n = point_.size();
  std::vector<double> direction(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) direction[i] -= inverse_[i * n + j] * gradient_[j];
  if (product(direction, gradient_) < 0 && search(f, direction)) return true;
  if (fresh_ != 0) return false;
  reset();
  for (std::size_t i = 0; i < n; ++i) direction[i] = -gradient_[i];
  return search(f, direction);
}

// Bisection to the two conditions of Wolfe; takes the point where they hold.
bool QuasiNewton::search(const Function& f, const std::vector<double>& direction) {
  const double slope = product(direction, gradient_), size = largest(direction);
  if (size == 0) return false;
  const double most = longest_step / size;
  double low = 0, high = 0, length = std::min(1.0, most);
  for (int trial = 0; trial < most_trials; ++trial) {
    std::vector<double> step = direction, next = point_;
    for (std::size_t i = 0; i < step.size(); ++i) next[i] += step[i] *= length;
    ValueAndGradient found = f(next);
    const double end_slope = product(direction, found.gradient);
    const bool lower = found.value <= value_ + sufficient * length * slope ||
                       (found.value <= value_ + rounding * std::max(1.0, std::fabs(value_)) &&
                        std::fabs(end_slope) <= flat * std::fabs(slope));
    const bool steep = end_slope < flat * slope && length < most;
    if (lower && !steep) {
      for (std::size_t i = 0; i < step.size(); ++i) gradient_[i] = found.gradient[i] - gradient_[i];
      update(step, gradient_);
      point_ = std::move(next);
      value_ = found.value;
      gradient_ = std::move(found.gradient);
      return true;
    }
    (lower ? low : high) = length;
    length = high == 0 ? std::min(2 * length, most) : (low + high) / 2;
  }
  return false;
}

void QuasiNewton::update(const std::vector<double>& step, const std::vector<double>& change) {
  const std::size_t n = step.size();
  const double curvature = product(step, change);
  if (!(curvature > 0)) return;
  if (fresh_ != 0)
    for (std::size_t i = 0; i < n; ++i) inverse_[i * n + i] = curvature / product(change, change);
  fresh_ = 0;
  std::vector<double> image(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) image[i] += inverse_[i * n + j] * change[j];
  const double scale = (1 + product(change, image) / curvature) / curvature;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      inverse_[i * n + j] +=
          scale * step[i] * step[j] - (image[i] * step[j] + step[i] * image[j]) / curvature;
}

}  // namespace weiss
