#include "weiss/dmft/continuation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

double Continuation::number(const std::string& name) const {
  for (const NamedNumber& n : trust) {
    if (n.name == name) return n.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> quadrature_weights(std::span<const double> mesh) {
  std::vector<double> weights(mesh.size(), 0);
  for (std::size_t i = 0; i + 1 < mesh.size(); ++i) {
    const double half = 0.5 * (mesh[i + 1] - mesh[i]);
    weights[i] += half;
    weights[i + 1] += half;
  }
  return weights;
}

double integral(std::span<const double> mesh, std::span<const double> values) {
  const std::vector<double> weights = quadrature_weights(mesh);
  double sum = 0;
  for (std::size_t i = 0; i < mesh.size(); ++i) sum += weights[i] * values[i];
  return sum;
}

double negative_weight(std::span<const double> mesh, std::span<const double> values) {
  std::vector<double> below(values.begin(), values.end());
  for (double& v : below) v = std::max(-v, 0.0);
  return integral(mesh, below);
}

std::string fault_of_mesh(std::span<const double> mesh) {
  if (mesh.size() < 3) return "the mesh of real frequencies has fewer than 3 points";
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    if (!std::isfinite(mesh[i])) return "the mesh of real frequencies holds a number that is not finite";
    if (i > 0 && mesh[i] <= mesh[i - 1]) return "the mesh of real frequencies is not ascending";
  }
  return {};
}

std::string fault_of_matsubara(std::span<const Complex> g, double beta, double norm) {
  if (!(beta > 0) || !std::isfinite(beta)) return "beta is not a positive number";
  if (!(norm > 0) || !std::isfinite(norm)) return "the norm of the spectrum is not a positive number";
  if (g.size() < 2) return "fewer than 2 Matsubara frequencies";
  for (const Complex& value : g) {
    if (!std::isfinite(value.real()) || !std::isfinite(value.imag())) {
      return "the data hold a number that is not finite";
    }
  }
  if (!(g[0].imag() < 0)) return "Im G(i w_0) is not negative: no positive spectrum gives these data";
  return {};
}

std::vector<std::vector<Complex>> noisy_copies(std::span<const Complex> g, double error, std::size_t copies) {
  const Stream stream(1, 0, StreamId::continuation_noise);
  const bool even = std::all_of(g.begin(), g.end(), [](const Complex& value) { return value.real() == 0; });
  std::vector<std::vector<Complex>> result(copies, {g.begin(), g.end()});
  for (std::size_t copy = 0; copy < copies; ++copy) {
    for (std::size_t n = 0; n < g.size(); ++n) {
      result[copy][n] +=
          error * Complex(even ? 0 : normal_deviate(stream, copy, n, 0), normal_deviate(stream, copy, n, 1));
    }
  }
  return result;
}

}  // namespace weiss
