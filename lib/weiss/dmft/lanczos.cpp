#include "weiss/dmft/lanczos.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "weiss/dmft/decompositions.hpp"

namespace weiss {

namespace {

constexpr std::size_t lanes = 8, block = 1024;
constexpr double vanishing = 1e-13;   // of an off-diagonal element, relative
constexpr double negligible = 1e-20;  // weight of a pole
constexpr double screening = 1e-5;    // residual that tells an energy's place
constexpr int check_every = 5;        // steps
constexpr int restarts = 3;
constexpr int settled_checks =
    2;  // a pole of small weight between large ones may wait for more than ten steps
constexpr std::size_t kept_components = std::size_t{1} << 23;  // 64 MB

// y -= factor x
void subtract(std::vector<double>& y, double factor, const std::vector<double>& x) {
  double* const to = y.data();
  const double* const from = x.data();
  for (std::size_t i = 0; i < y.size(); ++i) to[i] -= factor * from[i];
}

void scale(std::vector<double>& y, double factor) {
  for (double& each : y) each *= factor;
}

void orthogonalise(std::vector<double>& y, const Vectors& locked) {
  for (const std::vector<double>& x : locked) subtract(y, inner_product(x, y), x);
}

Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> tridiagonal_solver(const LanczosChain& chain, int options) {
  const auto n = static_cast<Eigen::Index>(chain.steps());
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(Eigen::Map<const Eigen::VectorXd>(chain.diagonal().data(), n),
                                Eigen::Map<const Eigen::VectorXd>(chain.off_diagonal().data(), n - 1),
                                options);
  return solver;
}

// The lowest eigenvalue of the chain's matrix and its eigenvector, by inverse iteration with a shift just
// below it: the small last components, which tell the residual, come out with full relative accuracy.
struct RitzPair {
  double energy;
  std::vector<double> vector;
};

RitzPair lowest_ritz_pair(const LanczosChain& chain) {
  const auto n = static_cast<std::size_t>(chain.steps());
  const double energy = tridiagonal_solver(chain, Eigen::EigenvaluesOnly).eigenvalues()(0);
  const std::vector<double>&a = chain.diagonal(), &b = chain.off_diagonal();
  double size = 1;
  for (std::size_t i = 0; i < n; ++i) size = std::max(size, std::fabs(a[i]) + b[i]);
  const double shift = energy - 1e-14 * size;
  std::vector<double> pivot(n), x(n, 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    pivot[i] = a[i] - shift - (i > 0 ? b[i - 1] * b[i - 1] / pivot[i - 1] : 0);
    if (std::fabs(pivot[i]) < 1e-16 * size) pivot[i] = 1e-16 * size;
  }
  for (int iteration = 0; iteration < 3; ++iteration) {
    for (std::size_t i = 1; i < n; ++i) x[i] -= b[i - 1] / pivot[i - 1] * x[i - 1];
    x[n - 1] /= pivot[n - 1];
    for (std::size_t i = n - 1; i-- > 0;) x[i] = (x[i] - b[i] * x[i + 1]) / pivot[i];
    scale(x, 1 / std::sqrt(inner_product(x, x)));
  }
  return {energy, std::move(x)};
}

// Steps until the residual of the lowest pair, b_m |x_m|, is below the tolerance, or small enough to tell
// that the energy is above `highest`: then without a vector. What is done after each new vector is the
// caller's.
template <class EachVector>
RitzPair run_lowest(LanczosChain& chain, double tolerance, int most_steps, double highest,
                    EachVector&& each_vector) {
  while (!chain.complete()) {
    each_vector(chain.vector());
    chain.step();
    const int steps = chain.steps();
    if (!chain.complete() && steps < most_steps && steps % check_every != 0) continue;
    RitzPair pair = lowest_ritz_pair(chain);
    const double size = std::max(1.0, std::fabs(pair.energy));
    const double residual =
        chain.complete() ? 0 : chain.off_diagonal().back() * std::fabs(pair.vector.back());
    if (residual <= screening * size && pair.energy > highest) return {pair.energy, {}};
    if (chain.complete() || steps >= most_steps || residual <= tolerance * size) return pair;
  }
  return {std::numeric_limits<double>::infinity(), {}};
}

std::vector<double> combine(const LinearMap& apply, const std::vector<double>& start, const Vectors& locked,
                            const Vectors& kept, const std::vector<double>& coefficients) {
  std::vector<double> sum(start.size());
  for (std::size_t j = 0; j < kept.size(); ++j) subtract(sum, -coefficients[j], kept[j]);
  if (kept.size() == coefficients.size()) return sum;
  LanczosChain again(apply, start, locked);
  for (std::size_t j = 0; j < coefficients.size(); ++j) {
    if (j >= kept.size()) subtract(sum, -coefficients[j], again.vector());
    again.step();
  }
  return sum;
}

}  // namespace

double inner_product(const std::vector<double>& a, const std::vector<double>& b) {
  double total = 0;
  for (std::size_t begin = 0; begin < a.size(); begin += block) {
    const std::size_t end = std::min(begin + block, a.size());
    std::array<double, lanes> sum{};
    std::size_t i = begin;
    for (; i + lanes <= end; i += lanes)
      for (std::size_t l = 0; l < lanes; ++l) sum[l] += a[i + l] * b[i + l];
    for (; i < end; ++i) sum[0] += a[i] * b[i];
    total += ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  }
  return total;
}

LanczosChain::LanczosChain(LinearMap apply, std::vector<double> start, const Vectors& locked)
    : apply_(std::move(apply)),
      locked_(&locked),
      v_(std::move(start)),
      previous_(v_.size()),
      image_(v_.size()) {
  orthogonalise(v_, locked);
  norm_squared_ = inner_product(v_, v_);
  complete_ = !(norm_squared_ > std::numeric_limits<double>::min());
  if (!complete_) scale(v_, 1 / std::sqrt(norm_squared_));
}

bool LanczosChain::step() {
  if (complete_) return false;
  apply_(v_.data(), image_.data());
  const double a = inner_product(v_, image_), last = b_.empty() ? 0 : b_.back();
  const std::size_t n = v_.size();
  for (std::size_t i = 0; i < n; ++i) image_[i] = image_[i] - a * v_[i] - last * previous_[i];
  orthogonalise(image_, *locked_);
  const double b = std::sqrt(inner_product(image_, image_));
  a_.push_back(a);
  b_.push_back(b);
  scale_ = std::max(scale_, std::fabs(a) + last);
  complete_ = b <= vanishing * scale_ || a_.size() >= n;
  if (complete_) return false;
  const double inverse = 1 / b;
  for (std::size_t i = 0; i < n; ++i) {
    previous_[i] = v_[i];
    v_[i] = image_[i] * inverse;
  }
  return true;
}

Complex LanczosChain::continued_fraction(Complex z) const {
  Complex tail = 0;
  for (std::size_t j = a_.size(); j-- > 0;)
    tail = 1.0 / (z - a_[j] - (j + 1 < a_.size() ? b_[j] * b_[j] : 0) * tail);
  return tail;
}

SpectralPoles LanczosChain::poles() const {
  SpectralPoles found;
  if (a_.empty()) return found;
  const auto solver = tridiagonal_solver(*this, Eigen::ComputeEigenvectors);
  for (Eigen::Index m = 0; m < solver.eigenvalues().size(); ++m) {
    const double weight = std::pow(solver.eigenvectors()(0, m), 2);
    if (weight > negligible) found.add(solver.eigenvalues()(m), weight * norm_squared_);
  }
  return found;
}

double lowest_energy(const LinearMap& apply, const std::vector<double>& start, const Vectors& locked,
                     double tolerance, int most_steps) {
  LanczosChain chain(apply, start, locked);
  return run_lowest(chain, tolerance, most_steps, std::numeric_limits<double>::infinity(),
                    [](const std::vector<double>&) {})
      .energy;
}

LowestState lowest_state(const LinearMap& apply, std::vector<double> start, const Vectors& locked,
                         double tolerance, int most_steps, double highest) {
  LowestState state;
  for (int attempt = 0; attempt < restarts && !state.converged; ++attempt) {
    LanczosChain chain(apply, start, locked);
    Vectors kept;
    const RitzPair pair =
        run_lowest(chain, tolerance, most_steps, highest, [&](const std::vector<double>& v) {
          if ((kept.size() + 1) * v.size() <= kept_components) kept.push_back(v);
        });
    state.steps += chain.steps();
    if (chain.steps() == 0) return state;
    if (pair.vector.empty()) return {pair.energy, {}, 0, state.steps, false};
    const bool again = kept.size() < pair.vector.size();
    if (again) state.steps += chain.steps();
    state.vector = combine(apply, start, locked, kept, pair.vector);
    orthogonalise(state.vector, locked);
    scale(state.vector, 1 / std::sqrt(inner_product(state.vector, state.vector)));
    std::vector<double> image(state.vector.size());
    apply(state.vector.data(), image.data());
    state.energy = inner_product(state.vector, image);
    subtract(image, state.energy, state.vector);
    orthogonalise(image, locked);
    state.residual = std::sqrt(inner_product(image, image));
    state.converged = state.residual <= 10 * tolerance * std::max(1.0, std::fabs(state.energy));
    start = state.vector;
  }
  return state;
}

double run_resolvent(LanczosChain& chain, const std::vector<Complex>& probes, double tolerance,
                     int most_steps) {
  std::vector<Complex> last(probes.size());
  double change = std::numeric_limits<double>::infinity();
  int settled = 0;
  while (chain.steps() < most_steps && chain.step()) {
    if (chain.steps() % (2 * check_every) != 0) continue;
    change = 0;
    for (std::size_t k = 0; k < probes.size(); ++k) {
      const Complex value = chain.continued_fraction(probes[k]);
      change = std::max(change, std::abs(value - last[k]) / std::abs(value));
      last[k] = value;
    }
    settled = change <= tolerance ? settled + 1 : 0;
    if (settled == settled_checks) return change;
  }
  return chain.complete() ? 0 : change;
}

}  // namespace weiss
