#include "weiss/dmft/causal_line.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <unsupported/Eigen/FFT>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

using std::numbers::pi;

constexpr std::size_t near = 5;  // points beside t = 0 whose differences give derivatives there

// Weights on y(k^2), k = 1..near, of the interpolating polynomial's value and slope at 0.
struct Extrapolation {
  std::array<double, near> value, slope;
};

Extrapolation extrapolation() {
  Extrapolation weights;
  for (std::size_t k = 1; k <= near; ++k) {
    double product = 1, sum = 0;
    for (std::size_t j = 1; j <= near; ++j) {
      if (j == k) continue;
      const auto other = static_cast<double>(j * j), own = static_cast<double>(k * k);
      product *= other / (other - own);
      sum += 1 / other;
    }
    weights.value[k - 1] = product;
    weights.slope[k - 1] = -product * sum;
  }
  return weights;
}

// c_k of int_0^inf g dt = h [g_0/2 + g_1 + ... + sum_k c_k (g_k - g_-k)]: for e^{ixt} the sum lacks
// i (1/x - cot(x/2)/2) = i (x/12 + x^3/720 + ...).
std::array<double, near> end_weights() {
  constexpr std::array<double, near> lacking{1.0 / 12, 1.0 / 720, 1.0 / 30240, 1.0 / 1209600, 1.0 / 47900160};
  Eigen::Matrix<double, near, near> powers;
  Eigen::Matrix<double, near, 1> wanted;
  double factor = 2;  // 2 (-1)^m/(2m + 1)!
  for (std::size_t m = 0; m < near; ++m) {
    const auto row = static_cast<Eigen::Index>(m);
    for (std::size_t k = 1; k <= near; ++k)
      powers(row, static_cast<Eigen::Index>(k) - 1) =
          factor * std::pow(static_cast<double>(k), static_cast<double>(2 * m + 1));
    wanted(row) = lacking[m];
    factor *= -1 / (static_cast<double>(2 * m + 2) * static_cast<double>(2 * m + 3));
  }
  const Eigen::Matrix<double, near, 1> solved = powers.partialPivLu().solve(wanted);
  std::array<double, near> weights;
  for (std::size_t k = 0; k < near; ++k) weights[k] = solved(static_cast<Eigen::Index>(k));
  return weights;
}

// From 1 at x <= 0 to 0 at x >= 1.
double smooth_end(double x) {
  const double y = std::clamp(x, 0.0, 1.0);
  return 1 - y * y * y * y * (35 - y * (84 - y * (70 - y * 20)));
}

double period_for(double beta, double resolution) {
  return std::max(CausalLine::thermal * beta, CausalLine::resolved / resolution);
}

}  // namespace

struct CausalLine::Transform {
  Eigen::FFT<double> fourier;
  Extrapolation at_zero = extrapolation();
  std::array<double, near> ends = end_weights();
};

TwoPoles TwoPoles::of_moments(const std::array<double, 4>& moments) {
  TwoPoles poles;
  poles.norm = moments[0];
  if (!(moments[0] > 0)) return poles;
  const double mean = moments[1] / moments[0], square = moments[2] / moments[0];
  poles.first = mean;
  poles.coupling = square - mean * mean;
  if (poles.coupling > 1e-12 * square)
    poles.second =
        mean + (moments[3] / moments[0] - 3 * mean * square + 2 * mean * mean * mean) / poles.coupling;
  else
    poles.coupling = 0;
  return poles;
}

double CausalLine::points_for(double beta, double reach, double resolution) {
  const double least = period_for(beta, resolution) * headroom * reach / pi;
  return std::exp2(std::max(8.0, std::ceil(std::log2(least))));
}

CausalLine::CausalLine(double beta, double reach, double resolution)
    : beta_(beta), transform_(std::make_unique<Transform>()) {
  const double points = points_for(beta, reach, resolution), period = period_for(beta, resolution);
  if (points > static_cast<double>(most_points))
    throw Error(ExitCode::bad_deck, "real axis: too many frequencies for this temperature and resolution");
  points_ = static_cast<std::size_t>(points);
  spacing_ = 2 * pi / period;
  shift_ = damping / period;
  step_ = period / points;
  for (std::size_t j = 0; j < points_; ++j) growth_.push_back(std::exp(shift_ * time(j)));
  for (std::size_t j = 0; j < points_ / 2; ++j)
    window_.push_back(smooth_end(4 * static_cast<double>(j) / points - 1));
}

CausalLine::~CausalLine() = default;

// From values far out: z - norm/F = first + coupling/z + coupling second/z^2 + ...
TwoPoles CausalLine::tail(std::span<const Complex> values, double norm) const {
  TwoPoles poles;
  poles.norm = norm;
  if (norm == 0) return poles;
  const std::array<std::size_t, 4> places{1, points_ / 4, 3 * points_ / 4, points_ - 1};
  Eigen::Matrix4cd powers;
  Eigen::Vector4cd known;
  for (std::size_t i = 0; i < 4; ++i) {
    const Complex far = z(places[i]);
    const auto row = static_cast<Eigen::Index>(i);
    known(row) = far - norm / values[places[i]];
    for (Eigen::Index k = 0; k < 4; ++k) powers(row, k) = std::pow(far, -static_cast<double>(k));
  }
  const Eigen::Vector4cd found = powers.partialPivLu().solve(known);
  poles.first = found(0).real();
  if (found(1).real() > 1e-12) {
    poles.coupling = found(1).real();
    poles.second = found(2).real() / poles.coupling;
  }
  return poles;
}

// f(t) = sum_k m_k (-it)^k/k!, from the first times.
std::array<double, 4> CausalLine::moments(std::span<const Complex> f) const {
  std::array<double, 4> result{f[0].real(), 0, 0, 0};
  const Extrapolation& weights = transform_->at_zero;
  for (std::size_t k = 1; k <= near; ++k) {
    const auto x = static_cast<double>(k);
    result[1] -= weights.value[k - 1] * f[k].imag() / (x * step_);
    result[2] -= 2 * weights.value[k - 1] * (f[k].real() - f[0].real()) / (x * x * step_ * step_);
    result[3] += 6 * weights.slope[k - 1] * f[k].imag() / (x * step_ * step_ * step_);
  }
  return result;
}

void CausalLine::add_poles(std::vector<Complex>& f, const TwoPoles& poles, double sign) const {
  if (poles.norm == 0) return;
  const double middle = (poles.first + poles.second) / 2, half = (poles.first - poles.second) / 2;
  const double split = std::sqrt(half * half + poles.coupling);
  const double upper = poles.coupling == 0 ? poles.first : middle + split, lower = middle - split;
  const double part = poles.coupling == 0 ? 1 : (upper - poles.second) / (2 * split);
  for (std::size_t j = 0; j < f.size(); ++j)
    f[j] += sign * poles.norm *
            (std::polar(part, -upper * time(j)) + (part < 1 ? std::polar(1 - part, -lower * time(j)) : 0.0));
}

std::vector<Complex> CausalLine::in_time(std::span<const Complex> values, double norm) const {
  const TwoPoles poles = tail(values, norm);
  std::vector<Complex> rest(points_), f;
  // A sharp end in frequency would be felt at all times.
  for (std::size_t k = 0; k < points_; ++k) {
    const double place = 2 * static_cast<double>(k) / static_cast<double>(points_) - 1;
    rest[k] = (values[k] - poles(z(k))) * smooth_end(2 * std::fabs(place) - 1);
  }
  transform_->fourier.fwd(f, rest);
  f.resize(points_ / 2);
  const Complex scale(0, spacing_ / (2 * pi));
  // e^{i w_0 t_j} = (-1)^j
  for (std::size_t j = 0; j < f.size(); ++j) f[j] *= scale * (j % 2 == 0 ? growth_[j] : -growth_[j]);
  add_poles(f, poles, 1);
  return f;
}

std::vector<Complex> CausalLine::on_line(std::span<const Complex> f) const {
  const TwoPoles poles = TwoPoles::of_moments(moments(f));
  std::vector<Complex> rest(f.begin(), f.end()), values;
  rest.resize(points_);
  add_poles(rest, poles, -1);
  for (std::size_t j = 0; j < points_; ++j) rest[j] *= (j % 2 == 0 ? 1 : -1) / growth_[j];
  transform_->fourier.inv(values, rest);
  const Complex scale(0, -step_ * static_cast<double>(points_));
  for (std::size_t k = 0; k < points_; ++k) values[k] = scale * values[k] + poles(z(k));
  return values;
}

void CausalLine::cut_off(std::vector<Complex>& f) const {
  for (std::size_t j = 0; j < f.size(); ++j) f[j] *= window_[j];
}

CausalLine::Parts CausalLine::parts(std::span<const Complex> f) const {
  std::vector<Complex> whole(points_), spectrum, balance;
  for (std::size_t j = 0; j < points_ / 2; ++j) {
    whole[j] = f[j] * window_[j];
    if (j > 0) whole[points_ - j] = std::conj(whole[j]);
  }
  transform_->fourier.inv(spectrum, whole);
  for (std::size_t k = 0; k < points_; ++k) {
    const double place = static_cast<double>(k) - (k < points_ / 2 ? 0 : static_cast<double>(points_));
    spectrum[k] = 2 * k == points_ ? 0 : spectrum[k].real() * std::tanh(beta_ * place * spacing_ / 2);
  }
  transform_->fourier.fwd(balance, spectrum);
  Parts parts;
  for (std::size_t j = 0; j < points_ / 2; ++j) {
    parts.empty.push_back((whole[j] + balance[j]) / 2.0);
    parts.filled.push_back((whole[j] - balance[j]) / 2.0);
  }
  return parts;
}

// tanh(beta e/2) = (2/beta) int_0^inf sin(et)/sinh(pi t/beta) dt, an even integrand.
double CausalLine::occupation(std::span<const Complex> f) const {
  double sum = moments(f)[1] * beta_ / (2 * pi);
  for (std::size_t j = 1; j < f.size() && time(j) < 16 * beta_; ++j)
    sum -= f[j].imag() / std::sinh(pi * time(j) / beta_);
  return f[0].real() / 2 - sum * step_ / beta_;
}

Complex CausalLine::at(std::span<const Complex> f, Complex z) const {
  // Fast turning needs the poles taken out; these are far away then, and the cut-off of no account.
  const bool far = std::abs(z) * step_ > 0.8;
  const TwoPoles poles = far ? TwoPoles::of_moments(moments(f)) : TwoPoles{};
  std::vector<Complex> smooth(f.begin(), f.end());
  if (far) {
    std::vector<Complex> part(f.size());
    add_poles(part, poles, 1);
    cut_off(part);
    for (std::size_t j = 0; j < f.size(); ++j) smooth[j] -= part[j];
  }
  const Complex turn = std::exp(Complex(0, step_) * z);
  Complex sum = 0, phase = 1;
  for (std::size_t j = 0; j < f.size(); ++j, phase *= turn) {
    if (j % 256 == 0) phase = std::exp(Complex(0, time(j)) * z);
    sum += (j == 0 ? 0.5 : 1.0) * smooth[j] * phase;
  }
  phase = 1;
  for (std::size_t k = 1; k <= near && !far; ++k) {
    phase *= turn;
    sum += transform_->ends[k - 1] * (f[k] * phase - std::conj(f[k]) / phase);
  }
  return Complex(0, -step_) * sum + (far ? poles(z) : 0.0);
}

Complex CausalLine::half_integral(std::span<const Complex> q) const {
  Complex sum = q[0] / 2.0;
  for (std::size_t j = 1; j < q.size(); ++j) sum += q[j];
  for (std::size_t k = 1; k <= near; ++k) sum += transform_->ends[k - 1] * Complex(0, 2 * q[k].imag());
  return sum * step_;
}

}  // namespace weiss
