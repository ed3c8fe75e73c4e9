#include "weiss/dmft/spectral_poles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weiss {

void SpectralPoles::add(const SpectralPoles& other, double factor) {
  for (std::size_t k = 0; k < other.position.size(); ++k) add(other.position[k], factor * other.weight[k]);
}

Complex SpectralPoles::operator()(Complex z) const {
  double real = 0, imaginary = 0;
  for (std::size_t k = 0; k < position.size(); ++k) {
    const double x = z.real() - position[k], y = z.imag();
    const double scaled = weight[k] / (x * x + y * y);
    real += x * scaled;
    imaginary -= y * scaled;
  }
  return {real, imaginary};
}

double SpectralPoles::imaginary_time(double tau, double beta) const {
  double sum = 0;
  for (std::size_t k = 0; k < position.size(); ++k) {
    const double x = position[k];
    const double decay = x >= 0 ? std::exp(-tau * x) : std::exp((beta - tau) * x);
    sum -= weight[k] * decay / (1 + std::exp(-beta * std::fabs(x)));
  }
  return sum;
}

double SpectralPoles::spectral_function(double w, double broadening) const {
  return -(*this)(Complex(w, broadening)).imag() / std::numbers::pi;
}

double SpectralPoles::moment(int power) const {
  double sum = 0;
  for (std::size_t k = 0; k < position.size(); ++k) sum += weight[k] * std::pow(position[k], power);
  return sum;
}

double SpectralPoles::occupation(double beta) const {
  double sum = 0;
  for (std::size_t k = 0; k < position.size(); ++k)
    sum += weight[k] * (position[k] == 0 ? 0.5 : 1 / (1 + std::exp(beta * position[k])));
  return sum;
}

void SpectralPoles::merge(double tolerance, double smallest) {
  std::vector<std::size_t> order(position.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return position[a] < position[b]; });
  SpectralPoles merged;
  for (std::size_t i = 0; i < order.size();) {
    const double first = position[order[i]];
    double sum = 0, shift = 0;
    for (; i < order.size() && position[order[i]] - first <= tolerance; ++i) {
      sum += weight[order[i]];
      shift += weight[order[i]] * (position[order[i]] - first);
    }
    // Weights of both signs (off-diagonal elements) may cancel: then the centre means nothing.
    const double centre = std::fabs(shift) <= tolerance * std::fabs(sum) ? first + shift / sum : first;
    if (std::fabs(sum) > smallest) merged.add(centre, sum);
  }
  *this = std::move(merged);
}

double BosonicPoles::imaginary_time(double tau, double beta) const {
  double sum = constant;
  for (std::size_t k = 0; k < poles.position.size(); ++k) {
    const double x = poles.position[k];
    sum += poles.weight[k] * (std::exp(-tau * x) + std::exp(-(beta - tau) * x));
  }
  return sum;
}

double BosonicPoles::susceptibility(std::int64_t m, double beta) const {
  const double v = m == 0 ? 0 : bosonic_frequency(m, beta);
  double sum = m == 0 && constant != 0 ? beta * constant : 0;
  for (std::size_t k = 0; k < poles.position.size(); ++k) {
    const double x = poles.position[k];
    sum -= poles.weight[k] * std::expm1(-beta * x) * 2 * x / (x * x + v * v);
  }
  return sum;
}

}  // namespace weiss
