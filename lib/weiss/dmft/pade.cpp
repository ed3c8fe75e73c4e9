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

using Spectra = std::vector<std::vector<double>>;

double distance(std::span<const double> weights, const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += weights[i] * std::abs(a[i] - b[i]);
  return sum;
}

// The better half (at least three) by the summed distance from all others.
Spectra agreeing(const Spectra& spectra, std::span<const double> weights) {
  std::vector<double> far(spectra.size(), 0);
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    for (const auto& other : spectra) far[i] += distance(weights, spectra[i], other);
  }
  std::vector<std::size_t> order(spectra.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return far[i] < far[j]; });
  order.resize(std::min(spectra.size(), std::max<std::size_t>(3, (spectra.size() + 1) / 2)));
  Spectra best;
  for (const std::size_t i : order) best.push_back(spectra[i]);
  return best;
}

// The mean of the chosen spectra, and how far all of them are from it.
void average(Continuation& result, const Spectra& chosen, const Spectra& all, std::span<const double> weights,
             double norm) {
  result.spectrum.assign(result.mesh.size(), 0);
  result.spread.assign(result.mesh.size(), 0);
  for (const auto& a : chosen)
    for (std::size_t i = 0; i < a.size(); ++i)
      result.spectrum[i] += a[i] / static_cast<double>(chosen.size());
  const auto count = static_cast<double>(all.size());
  double scatter = 0;
  for (const auto& a : all) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      result.spread[i] +=
          (a[i] - result.spectrum[i]) * (a[i] - result.spectrum[i]) / std::max(1.0, count - 1);
    }
    scatter += distance(weights, a, result.spectrum) / (count * norm);
  }
  for (double& s : result.spread) s = std::sqrt(s);
  result.trust.push_back({"scatter", scatter});
}

// Every approximant on the mesh: its spectrum and its norm.
struct Approximants {
  Spectra spectra;
  std::vector<double> norms;
};

Approximants all_approximants(const std::vector<Wide>& a, const std::vector<Wide>& z,
                              std::span<const double> mesh, double broadening) {
  Approximants all;
  const double far =
      1e12 * (static_cast<double>(z.back().imag()) + std::abs(mesh.front()) + std::abs(mesh.back()));
  for (const Complex& g : convergents(a, z, Wide(Real(0), Real(far)))) all.norms.push_back(-g.imag() * far);
  all.spectra.resize(all.norms.size());
  for (const double w : mesh) {
    const auto values = convergents(a, z, Wide(Real(w), Real(broadening)));
    for (std::size_t k = 0; k < values.size(); ++k)
      all.spectra[k].push_back(-values[k].imag() / std::numbers::pi);
  }
  return all;
}

void judge(Continuation& result, const Approximants& all, const PadeOptions& options) {
  const std::vector<double> weights = quadrature_weights(result.mesh);
  Spectra causal;
  std::vector<double> norms;
  for (std::size_t k = 0; k < all.spectra.size(); ++k) {
    const bool finite =
        std::all_of(all.spectra[k].begin(), all.spectra[k].end(), [](double v) { return std::isfinite(v); });
    if (!finite || !(std::abs(all.norms[k] - options.norm) <= options.allowed_norm_error * options.norm))
      continue;
    if (negative_weight(result.mesh, all.spectra[k]) > options.allowed_negative * options.norm) continue;
    causal.push_back(all.spectra[k]);
    norms.push_back(all.norms[k]);
  }
  result.trust.push_back({"tried", static_cast<double>(all.spectra.size())});
  result.trust.push_back({"approximants", static_cast<double>(causal.size())});
  if (causal.empty()) {
    result.spectrum = all.spectra.back();
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
void add_copies(Continuation& result, const Spectra& answers, const PadeOptions& options) {
  result.trust.push_back({"copies", static_cast<double>(answers.size())});
  if (2 * answers.size() < options.copies || answers.size() < 3) {
    result.ok = false;
    if (result.reason.empty()) result.reason = "half of the noisy copies of the data have no causal answer";
  }
  if (!result.ok) return;
  Continuation copies;
  copies.mesh = result.mesh;
  average(copies, answers, answers, quadrature_weights(result.mesh), options.norm);
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
  Spectra answers;
  for (const auto& copy :
       noisy_copies(g.first(std::min(g.size(), options.most_points)), options.error, options.copies)) {
    Continuation answer = pade_once(copy, beta, mesh, options);
    if (answer.ok) answers.push_back(std::move(answer.spectrum));
  }
  add_copies(result, answers, options);
  return result;
}

}  // namespace weiss
