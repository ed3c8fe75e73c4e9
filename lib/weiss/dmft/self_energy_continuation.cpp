#include "weiss/dmft/self_energy_continuation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "weiss/dmft/maximum_entropy.hpp"
#include "weiss/dmft/nevanlinna.hpp"
#include "weiss/dmft/pade.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {

namespace {

constexpr std::int64_t fewest_frequencies = 16, most_frequencies = 96;

// Symmetric about 0.
std::vector<double> uniform_mesh(double reach, double spacing) {
  const auto half = static_cast<std::int64_t>(std::ceil(reach / spacing));
  std::vector<double> mesh;
  for (std::int64_t i = -half; i <= half; ++i) mesh.push_back(spacing * static_cast<double>(i));
  return mesh;
}

Continuation by_pade(const SelfEnergyData& data, const std::vector<double>& mesh, double broadening) {
  PadeOptions options;
  options.broadening = broadening;
  options.norm = data.norm;
  options.error = data.error;
  return pade(data.values, data.beta, mesh, options);
}

Continuation by_nevanlinna(const SelfEnergyData& data, const std::vector<double>& mesh, double broadening) {
  NevanlinnaOptions options;
  options.broadening = broadening;
  options.norm = data.norm;
  options.error = data.error;
  NevanlinnaContinuation found = nevanlinna(data.values, data.beta, mesh, options);
  return static_cast<Continuation&&>(found);  // without the bounds themselves
}

// The default model: a Gaussian whose standard deviation is a third of the reach. Without measured noise
// chi^2 has no kink; the most probable alpha then goes by the error that was stated.
Continuation by_maximum_entropy(const SelfEnergyData& data, const std::vector<double>& mesh) {
  MaximumEntropyOptions options;
  options.norm = data.norm;
  options.model = gaussian_model(mesh, 0, data.reach / 3);
  Eigen::MatrixXd covariance = data.covariance;
  if (covariance.size() == 0) {
    options.alpha = AlphaChoice::classic;
    const auto size = static_cast<Eigen::Index>(2 * data.values.size());
    covariance = data.error * data.error * Eigen::MatrixXd::Identity(size, size);
  }
  // Directions without variance are left out: real parts that vanish say nothing.
  for (Eigen::Index row = 0; data.even && row < covariance.rows(); row += 2) {
    covariance.row(row).setZero();
    covariance.col(row).setZero();
  }
  return maximum_entropy(data.values, data.beta, covariance, mesh, options);
}

std::vector<double> products(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] *= b[i];
  return a;
}

// Linear in between, as at the ends beyond them.
double interpolate(const std::vector<double>& mesh, const std::vector<double>& values, double x) {
  const auto above = std::upper_bound(mesh.begin(), mesh.end(), x);
  if (above == mesh.begin()) return values.front();
  if (above == mesh.end()) return values.back();
  const auto right = static_cast<std::size_t>(above - mesh.begin());
  const double part = (x - mesh[right - 1]) / (mesh[right] - mesh[right - 1]);
  return (1 - part) * values[right - 1] + part * values[right];
}

}  // namespace

std::int64_t continuation_frequencies(double beta, double reach) {
  return std::clamp(static_cast<std::int64_t>(beta * reach / (2 * std::numbers::pi)), fewest_frequencies,
                    most_frequencies);
}

SelfEnergyContinuation continue_self_energy(ContinuationMethod method, SelfEnergyData data,
                                            const std::vector<double>& mesh, double broadening) {
  for (Complex& each : data.values)
    if (data.even) each.real(0);
  SelfEnergyContinuation result;
  Continuation& found = result.found;
  if (method != ContinuationMethod::maximum_entropy) {
    found = method == ContinuationMethod::pade ? by_pade(data, mesh, broadening)
                                               : by_nevanlinna(data, mesh, broadening);
    result.values = found.values;
    result.spread = found.spread;
    return result;
  }
  found = by_maximum_entropy(data, uniform_mesh(data.reach, broadening / 2));
  if (found.spectrum.empty()) return result;
  const SpectralPoles poles{found.mesh, products(quadrature_weights(found.mesh), found.spectrum)};
  for (const double w : mesh) {
    result.values.push_back(poles(Complex(w, broadening)));
    result.spread.push_back(interpolate(found.mesh, found.spread, w));
  }
  return result;
}

std::vector<std::string> trust_names(ContinuationMethod method) {
  switch (method) {
    case ContinuationMethod::pade:
      return {"scatter", "approximants", "tried", "copies", "negative_weight"};
    case ContinuationMethod::nevanlinna:
      return {"width", "points", "offered", "last_margin"};
    case ContinuationMethod::maximum_entropy:
      return {"good_directions", "chi_squared", "data", "alpha", "dropped"};
  }
  return {};
}

std::string_view trust_meaning(std::string_view name) {
  const std::pair<std::string_view, std::string_view> meanings[] = {
      {"scatter", "mean of int |S_k - S| dx/norm over the approximants S_k and noisy copies"},
      {"approximants", "Pade approximants that are causal with the right norm"},
      {"tried", "Pade approximants tried"},
      {"copies", "noisy copies of the data that have a causal answer, of 16"},
      {"negative_weight", "integral of the negative part of S"},
      {"width", "int (upper - lower bound of S) dx/norm"},
      {"points", "lowest frequencies that satisfy Pick's criterion in all noisy copies"},
      {"offered", "frequencies offered"},
      {"last_margin", "1 - |last Schur parameter|"},
      {"good_directions", "numbers that the data fixed beyond the default model"},
      {"chi_squared", "chi^2 of the whitened data"},
      {"data", "whitened data"},
      {"alpha", "weight of the entropy"},
      {"dropped", "directions of the data without variance, left out"}};
  for (const auto& [key, meaning] : meanings)
    if (key == name) return meaning;
  return name;
}

}  // namespace weiss
