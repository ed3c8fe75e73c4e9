#include "weiss/dmft/maximum_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "weiss/dmft/decompositions.hpp"

namespace weiss {

namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }
Index index(std::size_t i) { return static_cast<Index>(i); }

// Relative size of the smallest variance and of the smallest singular value that count.
constexpr double smallest_variance = 1e-12, smallest_singular_value = 1e-12;
// The norm as a datum: its relative error.
constexpr double norm_error = 1e-5;

// The whitened problem in its singular space: K = V diag(sigma) U^T, data = V^T d, and what no spectrum can
// fit.
struct Problem {
  Matrix U;
  Vector sigma, data, model;
  double unreachable = 0;  // |d|^2 - |V^T d|^2
  double count = 0;        // of whitened data
};

struct Solution {
  double alpha = 0, chi_squared = 0, entropy = 0, good_directions = 0, log_probability = 0;
  Vector u, spectrum;
  bool converged = false;
};

// Rows divided by the standard deviations along the eigenvectors of the covariance matrix.
struct Whitened {
  Matrix kernel;
  Vector data;
  Index dropped = 0;
  bool positive = true;
};

Whitened whiten(const Matrix& kernel, const Vector& data, const Matrix& covariance) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(0.5 * (covariance + covariance.transpose()));
  const Vector& variance = solver.eigenvalues();
  const double largest = variance.maxCoeff();
  Whitened result;
  result.positive = largest > 0 && variance.minCoeff() > -1e-8 * largest;
  const Index kept = (variance.array() > smallest_variance * largest).count();
  result.dropped = variance.size() - kept;
  const Matrix rotation =
      solver.eigenvectors().rightCols(kept) * variance.tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
  result.kernel = rotation.transpose() * kernel;
  result.data = rotation.transpose() * data;
  return result;
}

Problem singular_space(const Whitened& white, const Vector& model, double norm) {
  const Index rows = white.kernel.rows();
  Matrix kernel(rows + 1, white.kernel.cols());
  Vector data(rows + 1);
  kernel << white.kernel, Matrix::Constant(1, kernel.cols(), 1 / (norm_error * norm));
  data << white.data, 1 / norm_error;
  const Eigen::BDCSVD<Matrix> svd(kernel, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Vector& values = svd.singularValues();
  const Index kept = (values.array() > smallest_singular_value * values[0]).count();
  Problem problem;
  problem.U = svd.matrixV().leftCols(kept);
  problem.sigma = values.head(kept);
  problem.data = svd.matrixU().leftCols(kept).transpose() * data;
  problem.unreachable = std::max(0.0, data.squaredNorm() - problem.data.squaredNorm());
  problem.model = model;
  problem.count = static_cast<double>(rows);
  return problem;
}

Vector spectrum_of(const Problem& p, const Vector& u) {
  return p.model.array() * (p.U * u).array().min(300).max(-300).exp();
}

Matrix metric(const Problem& p, const Vector& spectrum) {
  return p.U.transpose() * spectrum.asDiagonal() * p.U;
}

// Newton's method for alpha u + sigma (sigma U^T A - data) = 0 with Bryan's limit on the length of a step.
Solution maximise(const Problem& p, double alpha, Vector u) {
  Solution s;
  s.alpha = alpha;
  const double limit = 0.2 * p.model.sum();
  for (int iteration = 0; iteration < 300 && !s.converged; ++iteration) {
    const Vector spectrum = spectrum_of(p, u);
    const Vector misfit = p.sigma.cwiseProduct(p.U.transpose() * spectrum) - p.data;
    const Vector gradient = alpha * u + p.sigma.cwiseProduct(misfit);
    const Matrix T = metric(p, spectrum);
    const Matrix curvature = p.sigma.cwiseAbs2().asDiagonal() * T;
    double damping = 0, length = 0;
    Vector step;
    for (int raise = 0; raise < 60; ++raise) {
      Matrix jacobian = curvature;
      jacobian.diagonal().array() += alpha + damping;
      step = jacobian.partialPivLu().solve(-gradient);
      length = step.dot(T * step);
      if (length <= limit) break;
      damping = damping == 0 ? 1e-3 * alpha + 1e-12 * curvature.trace() : 4 * damping;
    }
    u += step;
    s.converged = damping == 0 && length < 1e-12 * p.model.sum();
  }
  s.u = u;
  s.spectrum = spectrum_of(p, u);
  const Vector misfit = p.sigma.cwiseProduct(p.U.transpose() * s.spectrum) - p.data;
  s.chi_squared = misfit.squaredNorm() + p.unreachable;
  s.entropy = (s.spectrum - p.model - s.spectrum.cwiseProduct(p.U * u)).sum();
  return s;
}

Matrix data_curvature(const Problem& p, const Vector& spectrum) {
  return p.sigma.asDiagonal() * metric(p, spectrum) * p.sigma.asDiagonal();
}

// Directions that the data fix, and the posterior probability of ln alpha under a flat prior.
void weigh(const Problem& p, Solution& s) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(data_curvature(p, s.spectrum), Eigen::EigenvaluesOnly);
  s.log_probability = s.alpha * s.entropy - 0.5 * s.chi_squared;
  for (const double value : solver.eigenvalues()) {
    const double lambda = std::max(value, 0.0);
    s.good_directions += lambda / (s.alpha + lambda);
    s.log_probability -= 0.5 * std::log1p(lambda / s.alpha);
  }
}

// From alpha so large that only the norm counts, down in steps of 1/5 decade, each from the last: until the
// probability is past its maximum and chi^2 has come to rest.
std::vector<Solution> scan(const Problem& p) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(data_curvature(p, p.model), Eigen::EigenvaluesOnly);
  const Index size = solver.eigenvalues().size();
  double alpha = 10 * std::max(size > 1 ? solver.eigenvalues()[size - 2] : 0.0, 1e-6);
  std::vector<Solution> solutions;
  Vector u = Vector::Zero(p.sigma.size());
  double best = -std::numeric_limits<double>::infinity();
  int resting = 0;
  for (int step = 0; step < 120; ++step, alpha *= std::pow(10.0, -0.2)) {
    Solution s = maximise(p, alpha, u);
    if (!s.converged) break;
    weigh(p, s);
    u = s.u;
    if (!solutions.empty()) {
      resting = solutions.back().chi_squared - s.chi_squared < 0.005 * s.chi_squared ? resting + 1 : 0;
    }
    best = std::max(best, s.log_probability);
    solutions.push_back(std::move(s));
    if (solutions.back().log_probability < best - 20 && resting >= 5) break;
  }
  return solutions;
}

std::size_t most_probable(const std::vector<Solution>& s) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < s.size(); ++k) {
    if (s[k].log_probability > s[best].log_probability) best = k;
  }
  return best;
}

// Largest curvature of ln chi^2 against 0.2 ln alpha, derivatives over two steps to each side.
std::size_t sharpest_bend(const std::vector<Solution>& s) {
  std::size_t best = s.size() - 1;
  double sharpest = 0;
  for (std::size_t k = 2; k + 2 < s.size(); ++k) {
    const double h = 0.2 * 2 * 0.2 * std::numbers::ln10;
    const double before = std::log(s[k + 2].chi_squared), here = std::log(s[k].chi_squared),
                 after = std::log(s[k - 2].chi_squared);
    const double slope = (after - before) / (2 * h), second = (after - 2 * here + before) / (h * h);
    const double curvature = second / std::pow(1 + slope * slope, 1.5);
    if (curvature > sharpest) sharpest = curvature, best = k;
  }
  return best;
}

// The error of a sum over cells, h^T (alpha/A + K^T C^-1 K)^-1 h, in the singular basis of K C^-1/2 A^1/2.
class WindowErrors {
 public:
  WindowErrors(const Problem& p, const Solution& s) : root_(s.spectrum.cwiseSqrt()), alpha_(s.alpha) {
    const Eigen::BDCSVD<Matrix> svd(root_.asDiagonal() * p.U * p.sigma.asDiagonal(), Eigen::ComputeThinU);
    basis_ = svd.matrixU();
    curvature_ = svd.singularValues().cwiseAbs2();
  }
  double operator()(const Vector& h) const {
    const Vector scaled = root_.cwiseProduct(h), fixed = basis_.transpose() * scaled;
    const double free = (scaled - basis_ * fixed).squaredNorm() / alpha_;
    return std::sqrt(free + (fixed.array().square() / (curvature_.array() + alpha_)).sum());
  }

 private:
  Vector root_, curvature_;
  Matrix basis_;
  double alpha_;
};

// The share of each cell that lies in [low, high]; cells meet half-way between mesh points.
Vector inside(std::span<const double> mesh, double low, double high) {
  Vector h = Vector::Zero(index(mesh.size()));
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    const double left = i == 0 ? mesh[0] : 0.5 * (mesh[i - 1] + mesh[i]);
    const double right = i + 1 == mesh.size() ? mesh[i] : 0.5 * (mesh[i] + mesh[i + 1]);
    h[index(i)] = std::max(0.0, std::min(right, high) - std::max(left, low)) / (right - left);
  }
  return h;
}

// Mean over the posterior of alpha, or one alpha; and what varies with alpha as part of the error.
struct Choice {
  Vector spectrum;
  std::vector<double> weights;  // of the scan's solutions, sum 1
  std::size_t at = 0;
};

Choice choose(const std::vector<Solution>& s, AlphaChoice alpha) {
  Choice choice;
  choice.weights.assign(s.size(), 0);
  if (alpha == AlphaChoice::kink) {
    choice.at = sharpest_bend(s);
    choice.weights[choice.at] = 1;
  } else {
    choice.at = most_probable(s);
    double sum = 0;
    for (const Solution& solution : s)
      sum += std::exp(solution.log_probability - s[choice.at].log_probability);
    for (std::size_t k = 0; k < s.size(); ++k) {
      choice.weights[k] = std::exp(s[k].log_probability - s[choice.at].log_probability) / sum;
    }
  }
  choice.spectrum = Vector::Zero(s[0].spectrum.size());
  for (std::size_t k = 0; k < s.size(); ++k) choice.spectrum += choice.weights[k] * s[k].spectrum;
  return choice;
}

void write_errors(Continuation& result, const Problem& p, const std::vector<Solution>& s,
                  const Choice& choice, const MaximumEntropyOptions& options) {
  const WindowErrors gaussian(p, s[choice.at]);
  const auto error = [&](const Vector& h) {
    double variance = 0;
    for (std::size_t k = 0; k < s.size(); ++k) {
      const double shift = h.dot(s[k].spectrum - choice.spectrum);
      variance += choice.weights[k] * shift * shift;
    }
    return std::hypot(gaussian(h), std::sqrt(variance));
  };
  const double low = result.mesh.front(), span = result.mesh.back() - low;
  auto windows = options.windows;
  for (int k = 0; options.windows.empty() && k < 8; ++k) {
    windows.emplace_back(low + span * k / 8, low + span * (k + 1) / 8);
  }
  for (const auto& [from, to] : windows) {
    const Vector h = inside(result.mesh, from, to);
    result.windows.push_back({from, to, h.dot(choice.spectrum), error(h)});
  }
  const std::vector<double> cell = quadrature_weights(result.mesh);
  const Eigen::Map<const Vector> cells(cell.data(), index(cell.size()));
  for (const double w : result.mesh) {
    const Vector h = inside(result.mesh, w - span / 20, w + span / 20);
    result.spread.push_back(error(h) / h.dot(cells));
  }
}

void judge(Continuation& result, const Problem& p, const std::vector<Solution>& s, const Choice& choice) {
  const Solution& chosen = s[choice.at];
  result.trust.push_back({"alpha", chosen.alpha});
  result.trust.push_back({"good_directions", chosen.good_directions});
  result.trust.push_back({"chi_squared", chosen.chi_squared});
  result.trust.push_back({"data", p.count});
  const double deviation = std::sqrt(2 * p.count);
  // Good directions are fitted: they no longer count in the expected chi^2.
  const double expected = std::max(1.0, p.count - chosen.good_directions);
  if (chosen.chi_squared > expected + 6 * deviation) {
    result.reason =
        "chi^2 is too large: no positive spectrum on this mesh fits the data within their covariance";
  } else if (s.front().chi_squared < p.count + 2 * deviation) {
    result.reason = "the default model already fits the data: they fix nothing beyond it";
  }
  if (chosen.chi_squared < expected - 6 * deviation) {
    result.notes.push_back("chi^2 is too small: the covariance is larger than the noise");
  }
  result.ok = result.reason.empty();
}

Vector cell_model(const Continuation& result, const MaximumEntropyOptions& options) {
  const std::vector<double> cells = quadrature_weights(result.mesh);
  Vector model(index(cells.size()));
  for (Index i = 0; i < model.size(); ++i)
    model[i] = cells[at(i)] * (options.model.empty() ? 1 : options.model[at(i)]);
  return model * (options.norm / model.sum());
}

std::string fault(const Continuation& result, const Vector& data, const Matrix& covariance,
                  const MaximumEntropyOptions& options) {
  if (covariance.rows() != data.size() || covariance.cols() != data.size()) {
    return "the covariance matrix is not of the size of the data";
  }
  if (data.size() == 0 || !data.allFinite() || !covariance.allFinite())
    return "data or covariance are not finite";
  if (!(covariance.diagonal().maxCoeff() > 0)) return "the covariance matrix is zero";
  if (!options.model.empty()) {
    if (options.model.size() != result.mesh.size()) return "the default model is not of the size of the mesh";
    for (const double m : options.model) {
      if (!(m > 0) || !std::isfinite(m)) return "the default model is not positive everywhere on the mesh";
    }
  }
  if (!(options.norm > 0)) return "the norm of the spectrum is not a positive number";
  return {};
}

void solve(Continuation& result, const Matrix& kernel, const Vector& data, const Matrix& covariance,
           const MaximumEntropyOptions& options) {
  result.reason = fault(result, data, covariance, options);
  if (!result.reason.empty()) return;
  const Vector model = cell_model(result, options);
  const std::vector<double> cells = quadrature_weights(result.mesh);
  for (std::size_t i = 0; i < cells.size(); ++i) result.model.push_back(model[index(i)] / cells[i]);

  const Whitened white = whiten(kernel, data, covariance);
  if (!white.positive) {
    result.reason = "the covariance matrix has a negative eigenvalue";
    return;
  }
  if (white.dropped > 0) result.notes.push_back("directions without variance are left out of chi^2");
  result.trust.push_back({"dropped", static_cast<double>(white.dropped)});
  const Problem problem = singular_space(white, model, options.norm);
  const std::vector<Solution> solutions = scan(problem);
  if (solutions.empty()) {
    result.reason = "Newton's method does not converge at any alpha";
    return;
  }
  const Choice choice = choose(solutions, options.alpha);
  for (std::size_t i = 0; i < cells.size(); ++i)
    result.spectrum.push_back(choice.spectrum[index(i)] / cells[i]);
  write_errors(result, problem, solutions, choice, options);
  judge(result, problem, solutions, choice);
  if (choice.at + 1 == solutions.size() && result.ok) {
    result.ok = false;
    result.reason = "the scan of alpha ended before its choice was past";
  }
}

}  // namespace

std::vector<double> gaussian_model(std::span<const double> mesh, double centre, double width) {
  std::vector<double> model;
  for (const double w : mesh) {
    const double x = (w - centre) / width;
    // never below what a double can scale back
    model.push_back(std::exp(-std::min(0.5 * x * x, 300.0)) / (width * std::sqrt(2 * std::numbers::pi)));
  }
  return model;
}

Continuation maximum_entropy(std::span<const Complex> g, double beta, const Eigen::MatrixXd& covariance,
                             std::span<const double> mesh, const MaximumEntropyOptions& options) {
  Continuation result;
  result.mesh.assign(mesh.begin(), mesh.end());
  result.reason = fault_of_mesh(mesh);
  if (result.reason.empty()) result.reason = fault_of_matsubara(g, beta, options.norm);
  if (!result.reason.empty()) return result;
  Matrix kernel(2 * index(g.size()), index(mesh.size()));
  Vector data(kernel.rows());
  for (std::size_t n = 0; n < g.size(); ++n) {
    const Index row = 2 * index(n);
    data[row] = g[n].real();
    data[row + 1] = g[n].imag();
    for (Index i = 0; i < kernel.cols(); ++i) {
      const Complex k = 1.0 / Complex(-mesh[at(i)], fermionic_frequency(static_cast<std::int64_t>(n), beta));
      kernel(row, i) = k.real();
      kernel(row + 1, i) = k.imag();
    }
  }
  solve(result, kernel, data, covariance, options);
  return result;
}

Continuation maximum_entropy(std::span<const ImaginaryTime> times, std::span<const double> g_tau, double beta,
                             const Eigen::MatrixXd& covariance, std::span<const double> mesh,
                             const MaximumEntropyOptions& options) {
  Continuation result;
  result.mesh.assign(mesh.begin(), mesh.end());
  result.reason = fault_of_mesh(mesh);
  if (result.reason.empty() && !(beta > 0)) result.reason = "beta is not a positive number";
  if (result.reason.empty() && times.size() != g_tau.size())
    result.reason = "times and values differ in number";
  if (!result.reason.empty()) return result;
  Matrix kernel(index(times.size()), index(mesh.size()));
  for (Index j = 0; j < kernel.rows(); ++j) {
    for (Index i = 0; i < kernel.cols(); ++i)
      kernel(j, i) = -logistic_kernel(times[at(j)], mesh[at(i)], beta);
  }
  solve(result, kernel, Eigen::Map<const Vector>(g_tau.data(), index(g_tau.size())), covariance, options);
  return result;
}

}  // namespace weiss
