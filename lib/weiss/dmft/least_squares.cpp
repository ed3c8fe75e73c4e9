#include "weiss/dmft/least_squares.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

constexpr double stationary = 1e-7;  // cosine between the residual and any column of its derivative
constexpr double exact = 1e-13;      // a residual of rounding errors
constexpr double largest_damping = 1e16;
constexpr double as_good = 1e-6;  // relative

bool is_stationary(const Eigen::MatrixXd& J, const Eigen::VectorXd& r) {
  for (Eigen::Index k = 0; k < J.cols(); ++k)
    if (std::fabs(J.col(k).dot(r)) > stationary * J.col(k).norm() * r.norm()) return false;
  return true;
}

// min |J p + r|^2 + damping |scale p|^2
Eigen::VectorXd damped_step(const Eigen::MatrixXd& J, const Eigen::VectorXd& r, const Eigen::VectorXd& scale,
                            double damping) {
  Eigen::MatrixXd A(J.rows() + J.cols(), J.cols());
  A << J, Eigen::MatrixXd((std::sqrt(damping) * scale).asDiagonal());
  Eigen::VectorXd b = Eigen::VectorXd::Zero(A.rows());
  b.head(r.size()) = -r;
  return A.colPivHouseholderQr().solve(b);
}

}  // namespace

LeastSquaresMinimum least_squares(const LeastSquares& problem, Eigen::VectorXd start, int most_steps) {
  LeastSquaresMinimum minimum;
  Eigen::VectorXd x = std::move(start), r = problem.residual(x), scale = Eigen::VectorXd::Zero(x.size());
  double damping = 1e-3;
  while (minimum.steps < most_steps && damping < largest_damping) {
    const Eigen::MatrixXd J = problem.derivative(x);
    minimum.converged = r.norm() <= exact || is_stationary(J, r);
    if (minimum.converged) break;
    for (Eigen::Index k = 0; k < x.size(); ++k) scale(k) = std::max({scale(k), J.col(k).norm(), 1e-12});
    for (bool lower = false; !lower && minimum.steps < most_steps && damping < largest_damping;) {
      ++minimum.steps;
      const Eigen::VectorXd next = x + damped_step(J, r, scale, damping);
      const Eigen::VectorXd found = problem.residual(next);
      lower = found.squaredNorm() < r.squaredNorm();
      damping = lower ? std::max(damping / 8, 1e-14) : damping * 4;
      if (!lower) continue;
      x = next;
      r = found;
    }
  }
  minimum.x = std::move(x);
  minimum.norm = r.norm();
  return minimum;
}

BestMinimum best_least_squares(const LeastSquares& problem,
                               const std::vector<std::pair<int, Eigen::VectorXd>>& starts, int most_steps,
                               double good) {
  BestMinimum best;
  for (const auto& [number, start] : starts) {
    LeastSquaresMinimum found = least_squares(problem, start, most_steps);
    best.steps += found.steps;
    if (!(found.norm < (1 - as_good) * best.minimum.norm)) continue;
    best.minimum = std::move(found);
    best.start = number;
    if (best.minimum.norm <= good) break;
  }
  return best;
}

}  // namespace weiss
