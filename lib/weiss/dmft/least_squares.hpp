// The least sum of squares of a smooth vector function by the method of Levenberg and Marquardt with exact
// derivatives (J. J. More, Lect. Notes Math. 630, 105 (1978)). Steps come from a QR decomposition: normal
// equations would square the condition number.
#pragma once

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Dense>

namespace weiss {

struct LeastSquaresMinimum {
  Eigen::VectorXd x;
  double norm = std::numeric_limits<double>::infinity();  // |residual(x)|
  int steps = 0;                                          // trials
  // No column of the derivative is along the residual (cosine at most 1e-7), or the residual is below 1e-13.
  bool converged = false;
};

// The residual should be scaled such that 1 is large.
struct LeastSquares {
  std::function<Eigen::VectorXd(const Eigen::VectorXd&)> residual;
  std::function<Eigen::MatrixXd(const Eigen::VectorXd&)> derivative;
};
LeastSquaresMinimum least_squares(const LeastSquares& problem, Eigen::VectorXd start, int most_steps);

// The best of several starts, each with its number. A later start must be better by a part in 10^6, and none
// is tried once the norm is at most `good`.
struct BestMinimum {
  LeastSquaresMinimum minimum;
  int start = -1;  // number of the best; -1 when no norm was finite
  int steps = 0;   // of all
};
BestMinimum best_least_squares(const LeastSquares& problem,
                               const std::vector<std::pair<int, Eigen::VectorXd>>& starts, int most_steps,
                               double good);

}  // namespace weiss
