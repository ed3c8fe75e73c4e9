#include "weiss/dmft/segment_green.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <unsupported/Eigen/FFT>

#include "weiss/base/error.hpp"
#include "weiss/dmft/segment_kernel.hpp"

namespace weiss {

namespace {

constexpr std::size_t intervals = hybridization_intervals;
constexpr std::size_t kinds = 2;

// Of a function on an interval with the average `mean` of f and 12 x that of x f, x in [-1/2, 1/2), the
// integral with G is -(zeroth moment x mean + first moment x slope)/beta. Here f is exp(i w tau) over its
// value in the middle, u = w h/2: sin(u)/u, and i times 6 (sin u - u cos u)/u^2.
struct BinFactors {
  double mean, slope;
};
BinFactors bin_factors(std::int64_t n) {
  const double u = std::numbers::pi * static_cast<double>(2 * n + 1) / (2 * static_cast<double>(intervals));
  return {std::sin(u) / u,
          12 * (u < 1e-2 ? u * (1.0 / 6 - u * u / 60) : (std::sin(u) - u * std::cos(u)) / (2 * u * u))};
}

// mean and slope of sqrt(2 l + 1) P_l(2 tau/beta - 1) for each l and interval, by Gauss-Legendre quadrature
// with four points; those of the last count asked for are kept.
const std::vector<double>& legendre_weights(std::size_t count) {
  constexpr double node[4] = {-0.43056815579702629, -0.16999052179242813, 0.16999052179242813,
                              0.43056815579702629};
  constexpr double weight[4] = {0.17392742256872693, 0.32607257743127307, 0.32607257743127307,
                                0.17392742256872693};
  static std::vector<double> weights;
  if (weights.size() == 2 * intervals * count) return weights;
  weights.assign(2 * intervals * count, 0.0);
  for (std::size_t bin = 0; bin < intervals; ++bin)
    for (int q = 0; q < 4; ++q) {
      const double x = 2 * (static_cast<double>(bin) + 0.5 + node[q]) / static_cast<double>(intervals) - 1;
      double before = 0, polynomial = 1;
      for (std::size_t l = 0; l < count; ++l) {
        const auto degree = static_cast<double>(l);
        const double value = weight[q] * std::sqrt(2 * degree + 1) * polynomial;
        weights[2 * (intervals * l + bin)] += value;
        weights[2 * (intervals * l + bin) + 1] += 12 * node[q] * value;
        const double next = ((2 * degree + 1) * x * polynomial - degree * before) / (degree + 1);
        before = polynomial;
        polynomial = next;
      }
    }
  return weights;
}

}  // namespace

SegmentGreen::SegmentGreen(double beta, std::size_t flavours, std::vector<std::vector<double>> moments,
                           const Communicator* communicator)
    : beta_(beta), flavours_(flavours), moments_(std::move(moments)), communicator_(communicator) {
  transform_all();
}

// With c_b = (m_0 + i m_1)_b exp(-i pi b/N) and T its discrete Fourier transform, P_n = exp(-i pi (n +
// 1/2)/N) T_n is conj(S_0) + i conj(S_1) at w_n, and -P_(N-1-n) is S_0 + i S_1: one transform for both
// moments. The same bits for any SIMD width, as the transform is plain C++.
void SegmentGreen::transform_all() {
  std::vector<Complex> twist(intervals), shift(intervals), values(intervals), found(intervals);
  for (std::size_t b = 0; b < intervals; ++b) {
    const double angle = std::numbers::pi / static_cast<double>(intervals);
    twist[b] = std::polar(1.0, -angle * static_cast<double>(b));
    shift[b] = std::polar(1.0, -angle * (static_cast<double>(b) + 0.5));
  }
  Eigen::FFT<double> fourier;
  transforms_.reserve(moments_.size() * flavours_ * kinds * intervals / 2);
  for (const std::vector<double>& block : moments_)
    for (std::size_t a = 0; a < flavours_; ++a)
      for (std::size_t kind = 0; kind < kinds; ++kind) {
        const double* moments = &block[a * intervals * 4 + 2 * kind];
        for (std::size_t b = 0; b < intervals; ++b)
          values[b] = Complex(moments[4 * b], moments[4 * b + 1]) * twist[b];
        fourier.fwd(found, values);
        for (std::size_t n = 0; n < intervals / 2; ++n) {
          const std::size_t mirror = intervals - 1 - n;
          const Complex difference = std::conj(shift[n] * found[n]);  // S_0 - i S_1
          const Complex sum = -shift[mirror] * found[mirror];         // S_0 + i S_1
          transforms_.push_back({(sum + difference) / 2.0, (sum - difference) / Complex(0, 2)});
        }
      }
}

// Beyond the intervals' own frequencies exp(i w_n tau) repeats in their middles, with other signs.
SegmentGreen::Transform SegmentGreen::transform(std::size_t block, std::size_t a, Kind kind,
                                                std::int64_t n) const {
  const auto period = static_cast<std::int64_t>(intervals);
  const double sign = n / period % 2 == 0 ? 1 : -1;
  const auto within = static_cast<std::size_t>(n % period);
  const bool mirrored = within >= intervals / 2;
  const std::size_t place = (block * flavours_ + a) * kinds + (kind == Kind::green ? 0 : 1);
  const Transform& found = transforms_[place * intervals / 2 + (mirrored ? intervals - 1 - within : within)];
  if (!mirrored) return {sign * found.zeroth, sign * found.first};
  return {-sign * std::conj(found.zeroth), -sign * std::conj(found.first)};
}

SegmentGreen::Rows SegmentGreen::gathered(const Rows& own, std::size_t length) const {
  if (!communicator_ || communicator_->size() == 1) return own;
  std::vector<double> numbers;
  for (const std::vector<double>& row : own) numbers.insert(numbers.end(), row.begin(), row.end());
  numbers = communicator_->all_gather_varying<double>(numbers);
  const auto step = static_cast<std::ptrdiff_t>(length);
  Rows rows;
  for (auto row = numbers.begin(); row != numbers.end(); row += step) rows.emplace_back(row, row + step);
  return rows;
}

SegmentGreen::Rows SegmentGreen::matsubara(std::size_t a, Kind kind,
                                           std::span<const std::int64_t> frequencies) const {
  const std::size_t count = frequencies.size();
  Rows rows(moments_.size(), std::vector<double>(2 * count));
  for (std::size_t k = 0; k < count; ++k) {
    const BinFactors factors = bin_factors(frequencies[k]);
    for (std::size_t block = 0; block < rows.size(); ++block) {
      const Transform t = transform(block, a, kind, frequencies[k]);
      const Complex value = -(factors.mean * t.zeroth + Complex(0, factors.slope) * t.first) / beta_;
      rows[block][k] = value.real();
      rows[block][k + count] = value.imag();
    }
  }
  return gathered(rows, 2 * count);
}

SegmentGreen::Rows SegmentGreen::legendre(std::size_t a, std::size_t count) const {
  const std::vector<double>& weights = legendre_weights(count);
  constexpr std::size_t together = 4;  // sums that do not wait for each other
  Rows rows(moments_.size(), std::vector<double>(count));
  for (std::size_t block = 0; block < rows.size(); ++block)
    for (std::size_t first = 0; first < count; first += together) {
      const double* moments = &moments_[block][a * intervals * 4];
      const double* weight[together];
      for (std::size_t l = 0; l < together; ++l)
        weight[l] = &weights[2 * intervals * std::min(first + l, count - 1)];
      double sum[together] = {};
      for (std::size_t bin = 0; bin < intervals; ++bin)
        for (std::size_t l = 0; l < together; ++l)
          sum[l] += moments[4 * bin] * weight[l][2 * bin] + moments[4 * bin + 1] * weight[l][2 * bin + 1];
      for (std::size_t l = 0; l < together && first + l < count; ++l)
        rows[block][first + l] = -sum[l] / beta_;
    }
  return gathered(rows, count);
}

SegmentGreen::Rows SegmentGreen::in_time(std::size_t a, std::size_t points) const {
  if (points == 0 || intervals % points != 0)
    throw Error(ExitCode::bad_deck, "segment solver: intervals of G(tau) must divide 1024");
  Rows rows(moments_.size(), std::vector<double>(points));
  for (std::size_t block = 0; block < rows.size(); ++block) {
    for (std::size_t bin = 0; bin < intervals; ++bin)
      rows[block][bin * points / intervals] += moments_[block][(a * intervals + bin) * 4];
    for (double& value : rows[block]) value *= -static_cast<double>(points) / (beta_ * beta_);
  }
  return gathered(rows, points);
}

}  // namespace weiss
