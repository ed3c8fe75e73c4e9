#include "weiss/dmft/discrete_lehmann.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numbers>

#include "weiss/base/error.hpp"
#include "weiss/dmft/decompositions.hpp"

namespace weiss {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Index = Eigen::Index;

constexpr int nodes_per_panel = 24;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }
Index index(std::size_t i) { return static_cast<Index>(i); }

// Chebyshev nodes on the panels [0, s], [s, 2s], [2s, 4s], ..., up to `end`; ascending.
std::vector<double> dyadic_mesh(double end, int panels) {
  std::vector<double> mesh;
  double low = 0;
  for (int panel = 0; panel < panels; ++panel) {
    const double high = std::ldexp(end, panel + 1 - panels);
    for (int k = 0; k < nodes_per_panel; ++k) {
      const double x = std::cos(std::numbers::pi * (nodes_per_panel - k - 0.5) / nodes_per_panel);
      mesh.push_back(low + 0.5 * (high - low) * (1 + x));
    }
    low = high;
  }
  return mesh;
}

// Groups of rows in the order of their remainder after projection on the groups taken before (pivoted
// Gram-Schmidt): until the largest remainder is below `threshold`, or `limit` groups are taken.
std::vector<Index> pivot_groups(Rows rest, Index group, double threshold, Index limit) {
  const Index groups = rest.rows() / group;
  std::vector<Index> chosen;
  std::vector<char> taken(at(groups), 0);
  std::vector<Eigen::VectorXd> basis;
  while (index(chosen.size()) < std::min(limit, groups)) {
    Index best = -1;
    double largest = -1;
    for (Index i = 0; i < groups; ++i) {
      const double norm = taken[at(i)] ? -1 : rest.middleRows(i * group, group).norm();
      if (norm > largest) largest = norm, best = i;
    }
    if (largest <= threshold) break;
    chosen.push_back(best);
    taken[at(best)] = 1;
    for (Index row = best * group; row < (best + 1) * group; ++row) {
      Eigen::VectorXd direction = rest.row(row).transpose();
      for (int twice = 0; twice < 2; ++twice) {
        for (const Eigen::VectorXd& b : basis) direction -= b.dot(direction) * b;
      }
      const double norm = direction.norm();
      if (norm <= 1e-3 * largest) continue;
      direction /= norm;
      const Eigen::VectorXd overlaps = rest * direction;
      rest.noalias() -= overlaps * direction.transpose();
      basis.push_back(std::move(direction));
    }
  }
  return chosen;
}

std::vector<ImaginaryTime> mesh_of_times(double beta, double lambda) {
  const int panels = std::max(2, static_cast<int>(std::ceil(std::log2(lambda))) - 1);
  const std::vector<double> half = dyadic_mesh(0.5 * beta, panels);
  std::vector<ImaginaryTime> times;
  times.reserve(2 * half.size());
  for (const double t : half) times.push_back(ImaginaryTime::after_start(t, beta));
  std::transform(half.rbegin(), half.rend(), std::back_inserter(times),
                 [beta](double t) { return ImaginaryTime::before_end(t, beta); });
  return times;
}

std::vector<double> mesh_of_energies(double omega_max, double lambda) {
  const int panels = std::max(2, static_cast<int>(std::ceil(std::log2(lambda))) + 1);
  const std::vector<double> half = dyadic_mesh(omega_max, panels);
  std::vector<double> mesh;
  std::transform(half.rbegin(), half.rend(), std::back_inserter(mesh), std::negate<>());
  mesh.insert(mesh.end(), half.begin(), half.end());
  return mesh;
}

// Every frequency at first, then in steps of about 1/50, far into the tail.
std::vector<std::int64_t> mesh_of_frequencies(double lambda) {
  std::vector<std::int64_t> mesh;
  for (std::int64_t n = 0; static_cast<double>(n) <= std::max(lambda, 20.0);
       n += std::max<std::int64_t>(1, n / 50)) {
    mesh.push_back(n);
  }
  return mesh;
}

// Least squares under exact linear conditions: the coefficients split into the particular solution of the
// conditions and their null space, where truncated singular values solve the rest.
LehmannFit constrained_fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& data,
                           const Eigen::MatrixXd& conditions, const Eigen::VectorXd& values, double cutoff) {
  const Index unknowns = design.cols(), fixed = conditions.rows();
  Eigen::VectorXd start = Eigen::VectorXd::Zero(unknowns);
  Eigen::MatrixXd null_space = Eigen::MatrixXd::Identity(unknowns, unknowns);
  if (fixed > 0) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(conditions.transpose());
    const Eigen::MatrixXd q = qr.householderQ();
    const Eigen::MatrixXd r = qr.matrixQR().topRows(fixed).triangularView<Eigen::Upper>();
    start = q.leftCols(fixed) * r.transpose().triangularView<Eigen::Lower>().solve(values);
    null_space = q.rightCols(unknowns - fixed);
  }
  Eigen::BDCSVD<Eigen::MatrixXd> svd(design * null_space, Eigen::ComputeThinU | Eigen::ComputeThinV);
  svd.setThreshold(std::max(cutoff, 1e-15));
  const Eigen::VectorXd solution = start + null_space * svd.solve(data - design * start);
  LehmannFit fit;
  fit.coefficients.assign(solution.data(), solution.data() + unknowns);
  fit.chi_squared = (data - design * solution).squaredNorm();
  fit.directions = at(svd.rank() + fixed);
  return fit;
}

void require_sizes(std::size_t mesh, std::size_t values, std::size_t weights) {
  if (mesh == values && (weights == 0 || weights == values)) return;
  throw Error(ExitCode::internal, "discrete Lehmann fit: mesh, values and weights differ in size");
}

}  // namespace

struct DiscreteLehmann::Factors {
  Eigen::PartialPivLU<Eigen::MatrixXd> times;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> frequencies;
};

double logistic_kernel(const ImaginaryTime& time, double w, double beta) {
  if (w >= 0) return std::exp(-time.from_start * w) / (1 + std::exp(-beta * w));
  return std::exp(time.from_end * w) / (1 + std::exp(beta * w));
}

DiscreteLehmann::DiscreteLehmann(double beta, double omega_max, double accuracy, Statistics statistics)
    : beta_(beta), omega_max_(omega_max), accuracy_(accuracy), statistics_(statistics) {
  if (!(beta > 0) || !(omega_max > 0) || !(beta * omega_max <= 1e8)) {
    throw Error(ExitCode::bad_deck,
                "discrete Lehmann representation: beta and omega_max must be positive, their "
                "product at most 1e8; lower one of them");
  }
  if (!(accuracy >= 1e-13 && accuracy <= 0.1)) {
    throw Error(ExitCode::bad_deck,
                "discrete Lehmann representation: the accuracy must be between 1e-13 and 0.1");
  }
  choose_energies_and_times();
  choose_frequencies();
}

void DiscreteLehmann::choose_energies_and_times() {
  const double lambda = beta_ * omega_max_;
  const std::vector<double> energies = mesh_of_energies(omega_max_, lambda);
  const std::vector<ImaginaryTime> times = mesh_of_times(beta_, lambda);
  Rows kernel(index(energies.size()), index(times.size()));
  for (Index i = 0; i < kernel.rows(); ++i) {
    for (Index j = 0; j < kernel.cols(); ++j)
      kernel(i, j) = logistic_kernel(times[at(j)], energies[at(i)], beta_);
  }
  std::vector<Index> chosen = pivot_groups(kernel, 1, accuracy_, kernel.rows());
  std::sort(chosen.begin(), chosen.end());
  Rows by_time(kernel.cols(), index(chosen.size()));
  for (std::size_t l = 0; l < chosen.size(); ++l) {
    energies_.push_back(energies[at(chosen[l])]);
    by_time.col(index(l)) = kernel.row(chosen[l]).transpose();
  }
  std::vector<Index> nodes = pivot_groups(by_time, 1, 0, by_time.cols());
  std::sort(nodes.begin(), nodes.end());
  for (const Index node : nodes) times_.push_back(times[at(node)]);
}

void DiscreteLehmann::choose_frequencies() {
  const std::vector<std::int64_t> mesh = mesh_of_frequencies(beta_ * omega_max_);
  const Index rank = index(energies_.size());
  Rows kernel(2 * index(mesh.size()), rank);
  const auto fill = [&](Rows& rows, const std::vector<std::int64_t>& frequencies) {
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
      for (Index l = 0; l < rank; ++l) {
        const Complex k =
            frequency_scale(frequencies[i]) * kernel_on_matsubara(frequencies[i], energies_[at(l)]);
        rows(2 * index(i), l) = k.real();
        rows(2 * index(i) + 1, l) = k.imag();
      }
    }
  };
  fill(kernel, mesh);
  std::vector<Index> nodes = pivot_groups(kernel, 2, 0, rank / 2 + 1);
  std::sort(nodes.begin(), nodes.end());
  for (const Index node : nodes) frequencies_.push_back(mesh[at(node)]);

  Rows at_frequencies(2 * index(nodes.size()), rank), at_times(rank, rank);
  fill(at_frequencies, frequencies_);
  for (Index i = 0; i < rank; ++i) {
    for (Index l = 0; l < rank; ++l)
      at_times(i, l) = -logistic_kernel(times_[at(i)], energies_[at(l)], beta_);
  }
  factors_ = std::make_shared<Factors>(Factors{Eigen::PartialPivLU<Eigen::MatrixXd>(at_times),
                                               Eigen::ColPivHouseholderQR<Eigen::MatrixXd>(at_frequencies)});
}

Complex DiscreteLehmann::kernel_on_matsubara(std::int64_t n, double w) const {
  if (statistics_ == Statistics::fermion) return 1.0 / Complex(-w, fermionic_frequency(n, beta_));
  if (n == 0 && w == 0) return -0.5 * beta_;
  return std::tanh(0.5 * beta_ * w) / Complex(-w, bosonic_frequency(n, beta_));
}

// Times G(i w_n) it is of one size at all n, so that the tail keeps its digits.
double DiscreteLehmann::frequency_scale(std::int64_t n) const {
  if (statistics_ == Statistics::fermion) return fermionic_frequency(n, beta_);
  return n == 0 ? 1 / beta_ : bosonic_frequency(n, beta_);
}

std::vector<double> DiscreteLehmann::from_times(std::span<const double> values) const {
  require_sizes(times_.size(), values.size(), 0);
  const Eigen::VectorXd g =
      factors_->times.solve(Eigen::Map<const Eigen::VectorXd>(values.data(), index(rank())));
  return {g.data(), g.data() + g.size()};
}

std::vector<double> DiscreteLehmann::from_frequencies(std::span<const Complex> values) const {
  require_sizes(frequencies_.size(), values.size(), 0);
  Eigen::VectorXd data(2 * index(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Complex scaled = frequency_scale(frequencies_[i]) * values[i];
    data[2 * index(i)] = scaled.real();
    data[2 * index(i) + 1] = scaled.imag();
  }
  const Eigen::VectorXd g = factors_->frequencies.solve(data);
  return {g.data(), g.data() + g.size()};
}

// Conditions in units of omega_max, so that all are of one size.
LehmannFit DiscreteLehmann::fit(const Eigen::MatrixXd& design, const Eigen::VectorXd& data,
                                std::span<const double> moments, double cutoff) const {
  Eigen::MatrixXd conditions(index(moments.size()), index(rank()));
  Eigen::VectorXd values(index(moments.size()));
  for (Index i = 0; i < conditions.rows(); ++i) {
    const double unit = std::pow(omega_max_, static_cast<int>(i));
    values[i] = moments[at(i)] / unit;
    for (Index l = 0; l < conditions.cols(); ++l) {
      conditions(i, l) = moment_of_pole(energies_[at(l)], static_cast<int>(i) + 1) / unit;
    }
  }
  return constrained_fit(design, data, conditions, values, cutoff);
}

LehmannFit DiscreteLehmann::fit_times(std::span<const ImaginaryTime> times, std::span<const double> values,
                                      std::span<const double> weights, double cutoff,
                                      std::span<const double> moments) const {
  require_sizes(times.size(), values.size(), weights.size());
  Eigen::MatrixXd design(index(times.size()), index(rank()));
  Eigen::VectorXd data(index(times.size()));
  for (Index i = 0; i < design.rows(); ++i) {
    const double weight = weights.empty() ? 1 : weights[at(i)];
    data[i] = weight * values[at(i)];
    for (Index l = 0; l < design.cols(); ++l) {
      design(i, l) = -weight * logistic_kernel(times[at(i)], energies_[at(l)], beta_);
    }
  }
  return fit(design, data, moments, cutoff);
}

LehmannFit DiscreteLehmann::fit_frequencies(std::span<const std::int64_t> frequencies,
                                            std::span<const Complex> values, std::span<const double> weights,
                                            double cutoff, std::span<const double> moments) const {
  require_sizes(frequencies.size(), values.size(), weights.size());
  Eigen::MatrixXd design(2 * index(frequencies.size()), index(rank()));
  Eigen::VectorXd data(design.rows());
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    const Index row = 2 * index(i);
    data[row] = weight * values[i].real();
    data[row + 1] = weight * values[i].imag();
    for (Index l = 0; l < design.cols(); ++l) {
      const Complex k = weight * kernel_on_matsubara(frequencies[i], energies_[at(l)]);
      design(row, l) = k.real();
      design(row + 1, l) = k.imag();
    }
  }
  return fit(design, data, moments, cutoff);
}

double DiscreteLehmann::in_time(std::span<const double> coefficients, const ImaginaryTime& time) const {
  double sum = 0;
  for (std::size_t l = 0; l < rank(); ++l)
    sum -= coefficients[l] * logistic_kernel(time, energies_[l], beta_);
  return sum;
}

double DiscreteLehmann::in_time(std::span<const double> coefficients, double tau) const {
  return in_time(coefficients, ImaginaryTime::after_start(tau, beta_));
}

// Exponentials of whole strides from the nearer end times those within a stride, far fewer than one a time.
std::vector<double> DiscreteLehmann::on_grid(std::span<const double> coefficients,
                                             std::size_t intervals) const {
  constexpr std::size_t stride = 64;
  std::vector<double> values(intervals + 1), within(stride);
  for (std::size_t l = 0; l < rank(); ++l) {
    const double decay = beta_ * std::fabs(energies_[l]);
    const double scale = -coefficients[l] / (1 + std::exp(-decay));
    for (std::size_t r = 0; r < stride; ++r)
      within[r] = std::exp(-decay * static_cast<double>(r) / static_cast<double>(intervals));
    for (std::size_t first = 0; first <= intervals; first += stride) {
      const double at_first =
          scale * std::exp(-decay * static_cast<double>(first) / static_cast<double>(intervals));
      for (std::size_t j = first; j < std::min(first + stride, intervals + 1); ++j)
        (energies_[l] >= 0 ? values[j] : values[intervals - j]) += at_first * within[j - first];
    }
  }
  return values;
}

Complex DiscreteLehmann::on_matsubara(std::span<const double> coefficients, std::int64_t n) const {
  Complex sum = 0;
  for (std::size_t l = 0; l < rank(); ++l) sum += coefficients[l] * kernel_on_matsubara(n, energies_[l]);
  return sum;
}

double DiscreteLehmann::moment_of_pole(double w, int k) const {
  const double weight = statistics_ == Statistics::fermion ? 1 : std::tanh(0.5 * beta_ * w);
  return weight * std::pow(w, k - 1);
}

double DiscreteLehmann::moment(std::span<const double> coefficients, int k) const {
  double sum = 0;
  for (std::size_t l = 0; l < rank(); ++l) sum += coefficients[l] * moment_of_pole(energies_[l], k);
  return sum;
}

}  // namespace weiss
