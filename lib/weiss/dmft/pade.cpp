#include "weiss/dmft/pade.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <boost/multiprecision/cpp_complex.hpp>

namespace weiss {

namespace {

using Real = boost::multiprecision::cpp_bin_float_50;
using Wide = boost::multiprecision::cpp_complex_50;

Wide widen(const Complex& z) { return Wide(Real(z.real()), Real(z.imag())); }

// a_0/(1 + a_1 (z - z_0)/(1 + a_2 (z - z_1)/(1 + ...))): its coefficients from the values at z_0, z_1, ....
// Ends early where the data are those of a shorter fraction to all digits.
std::vector<Wide> thiele_coefficients(const std::vector<Wide>& z, std::vector<Wide> value) {
  std::vector<Wide> a = {value[0]};
  for (std::size_t p = 1; p < z.size(); ++p) {
    for (std::size_t j = p; j < z.size(); ++j) {
      const Wide denominator = (z[j] - z[p - 1]) * value[j];
      if (abs(denominator) == 0) return a;
      value[j] = (a[p - 1] - value[j]) / denominator;
    }
    if (abs(value[p]) == 0) return a;
    a.push_back(value[p]);
  }
  return a;
}

// The approximants of 2, 4, 6, ... points at x.
std::vector<Complex> convergents(const std::vector<Wide>& a, const std::vector<Wide>& z, const Wide& x) {
  std::vector<Complex> result;
  Wide last_upper = 0, upper = a[0], last_lower = 1, lower = 1;
  for (std::size_t p = 1; p < a.size(); ++p) {
    const Wide factor = a[p] * (x - z[p - 1]);
    const Wide next_upper = upper + factor * last_upper, next_lower = lower + factor * last_lower;
    last_upper = upper, upper = next_upper;
    last_lower = lower, lower = next_lower;
    if (p % 2 == 0) continue;
    const Wide ratio = abs(lower) == 0 ? Wide(0) : Wide(upper / lower);
    result.emplace_back(static_cast<double>(ratio.real()), static_cast<double>(ratio.imag()));
  }
  return result;
}

// G on the mesh.
using Curve = std::vector<Complex>;
using Curves = std::vector<Curve>;

double height(const Complex& g) { return -g.imag() / std::numbers::pi; }

std::vector<double> spectrum_of(const Curve& curve) {
  std::vector<double> spectrum;
  for (const Complex& g : curve) spectrum.push_back(height(g));
  return spectrum;
}

// Of the spectra.
double distance(std::span<const double> weights, const Curve& a, const Curve& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += weights[i] * std::abs(height(a[i]) - height(b[i]));
  return sum;
}

// The better half (at least three) by the summed distance from all others.
Curves agreeing(const Curves& curves, std::span<const double> weights) {
  std::vector<double> far(curves.size(), 0);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    for (const Curve& other : curves) far[i] += distance(weights, curves[i], other);
  }
  std::vector<std::size_t> order(curves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return far[i] < far[j]; });
  order.resize(std::min(curves.size(), std::max<std::size_t>(3, (curves.size() + 1) / 2)));
  Curves best;
  for (const std::size_t i : order) best.push_back(curves[i]);
  return best;
}

// The mean of the chosen curves, and how far the spectra of all are from its spectrum.
void average(Continuation& result, const Curves& chosen, const Curves& all, std::span<const double> weights,
             double norm) {
  result.values.assign(result.mesh.size(), 0);
  result.spread.assign(result.mesh.size(), 0);
  for (const Curve& g : chosen)
    for (std::size_t i = 0; i < g.size(); ++i) result.values[i] += g[i] / static_cast<double>(chosen.size());
  result.spectrum = spectrum_of(result.values);
  const auto count = static_cast<double>(all.size());
  double scatter = 0;
  for (const Curve& g : all) {
    for (std::size_t i = 0; i < g.size(); ++i) {
      const double deviation = height(g[i]) - result.spectrum[i];
      result.spread[i] += deviation * deviation / std::max(1.0, count - 1);
    }
    scatter += distance(weights, g, result.values) / (count * norm);
  }
  for (double& s : result.spread) s = std::sqrt(s);
  result.trust.push_back({"scatter", scatter});
}

// Every approximant on the mesh, and its norm.
struct Approximants {
  Curves curves;
  std::vector<double> norms;
};

Approximants all_approximants(const std::vector<Wide>& a, const std::vector<Wide>& z,
                              std::span<const double> mesh, double broadening) {
  Approximants all;
  const double far =
      1e12 * (static_cast<double>(z.back().imag()) + std::abs(mesh.front()) + std::abs(mesh.back()));
  for (const Complex& g : convergents(a, z, Wide(Real(0), Real(far)))) all.norms.push_back(-g.imag() * far);
  all.curves.resize(all.norms.size());
  for (const double w : mesh) {
    const auto values = convergents(a, z, Wide(Real(w), Real(broadening)));
    for (std::size_t k = 0; k < values.size(); ++k) all.curves[k].push_back(values[k]);
  }
  return all;
}

void judge(Continuation& result, const Approximants& all, const PadeOptions& options) {
  const std::vector<double> weights = quadrature_weights(result.mesh);
  Curves causal;
  std::vector<double> norms;
  for (std::size_t k = 0; k < all.curves.size(); ++k) {
    const bool finite = std::all_of(all.curves[k].begin(), all.curves[k].end(), [](const Complex& g) {
      return std::isfinite(g.real()) && std::isfinite(g.imag());
    });
    if (!finite || !(std::abs(all.norms[k] - options.norm) <= options.allowed_norm_error * options.norm))
      continue;
    if (negative_weight(result.mesh, spectrum_of(all.curves[k])) > options.allowed_negative * options.norm)
      continue;
    causal.push_back(all.curves[k]);
    norms.push_back(all.norms[k]);
  }
  result.trust.push_back({"tried", static_cast<double>(all.curves.size())});
  result.trust.push_back({"approximants", static_cast<double>(causal.size())});
  if (causal.empty()) {
    result.values = all.curves.back();
    result.spectrum = spectrum_of(result.values);
    result.spread.assign(result.mesh.size(), std::numeric_limits<double>::infinity());
    result.reason =
        "no Pade approximant is causal with the right norm; the spectrum kept is the last one tried";
  } else {
    average(result, agreeing(causal, weights), causal, weights, options.norm);
    result.ok = causal.size() >= 3;
    if (!result.ok)
      result.reason =
          "fewer than three Pade approximants are causal with the right norm: their scatter says nothing";
  }
  result.trust.push_back({"negative_weight", negative_weight(result.mesh, result.spectrum)});
  result.trust.push_back({"norm", integral(result.mesh, result.spectrum)});
}

Continuation pade_once(std::span<const Complex> g, double beta, std::span<const double> mesh,
                       const PadeOptions& options) {
  Continuation result;
  result.mesh.assign(mesh.begin(), mesh.end());
  result.reason = fault_of_mesh(mesh);
  if (result.reason.empty()) result.reason = fault_of_matsubara(g, beta, options.norm);
  if (result.reason.empty() && !(options.broadening > 0)) result.reason = "the broadening is not positive";
  if (!result.reason.empty()) return result;

  std::vector<Wide> z, values;
  for (std::size_t n = 0; n < std::min(g.size(), options.most_points); ++n) {
    z.push_back(Wide(Real(0), Real(fermionic_frequency(static_cast<std::int64_t>(n), beta))));
    values.push_back(widen(g[n]));
  }
  const std::vector<Wide> a = thiele_coefficients(z, values);
  result.trust.push_back({"points", static_cast<double>(a.size())});
  if (a.size() < 2) {
    result.reason = "the data are one constant";
    return result;
  }
  if (a.size() < z.size()) result.notes.push_back("the data are those of a shorter fraction to all digits");
  judge(result, all_approximants(a, z, mesh, options.broadening), options);
  return result;
}

void set(Continuation& result, const std::string& name, double value) {
  for (NamedNumber& n : result.trust) {
    if (n.name == name) n.value = value;
  }
}

// The mean over noisy copies, and what they add to the scatter.
void add_copies(Continuation& result, const Curves& answers, const PadeOptions& options) {
  result.trust.push_back({"copies", static_cast<double>(answers.size())});
  if (2 * answers.size() < options.copies || answers.size() < 3) {
    result.ok = false;
    if (result.reason.empty()) result.reason = "half of the noisy copies of the data have no causal answer";
  }
  if (!result.ok) return;
  Continuation copies;
  copies.mesh = result.mesh;
  average(copies, answers, answers, quadrature_weights(result.mesh), options.norm);
  result.values = copies.values;
  result.spectrum = copies.spectrum;
  for (std::size_t i = 0; i < copies.spread.size(); ++i) {
    result.spread[i] = std::hypot(result.spread[i], copies.spread[i]);
  }
  set(result, "scatter", std::hypot(result.number("scatter"), copies.number("scatter")));
  set(result, "negative_weight", negative_weight(result.mesh, result.spectrum));
  set(result, "norm", integral(result.mesh, result.spectrum));
}

}  // namespace

Continuation pade(std::span<const Complex> g, double beta, std::span<const double> mesh,
                  const PadeOptions& options) {
  Continuation result = pade_once(g, beta, mesh, options);
  if (!(options.error > 0) || result.spectrum.empty()) {
    if (result.ok) result.notes.push_back("the scatter does not include noise: no size of it was given");
    return result;
  }
  Curves answers;
  for (const auto& copy :
       noisy_copies(g.first(std::min(g.size(), options.most_points)), options.error, options.copies)) {
    Continuation answer = pade_once(copy, beta, mesh, options);
    if (answer.ok) answers.push_back(std::move(answer.values));
  }
  add_copies(result, answers, options);
  return result;
}

}  // namespace weiss
