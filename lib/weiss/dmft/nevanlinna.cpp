#include "weiss/dmft/nevanlinna.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/multiprecision/cpp_complex.hpp>

namespace weiss {

namespace {

using Real = boost::multiprecision::cpp_bin_float_100;
using Wide = boost::multiprecision::cpp_complex_100;

// How close to the unit circle a Schur parameter counts as on it: the data are then those of finitely many
// poles.
constexpr double on_circle = 1e-7;

// t -> (a t + b)/(c t + d)
struct Moebius {
  Wide a, b, c, d;
  Moebius times(const Moebius& m) const {
    return {a * m.a + b * m.c, a * m.b + b * m.d, c * m.a + d * m.c, c * m.b + d * m.d};
  }
};

// One step of Schur's algorithm: the function that has the value `parameter` at `node`, and any causal rest.
Moebius schur_step(const Wide& z, const Wide& node, const Wide& parameter) {
  const Wide blaschke = (z - node) / (z - conj(node));
  return {blaschke, parameter, conj(parameter) * blaschke, Wide(1)};
}

struct Interpolation {
  std::vector<Wide> nodes, parameters;
  bool poles_only = false;  // the last parameter is on the circle: nothing is free
};

// Takes nodes while Pick's criterion holds; values in the unit disc.
Interpolation schur(const std::vector<Wide>& nodes, const std::vector<Wide>& values) {
  Interpolation result;
  std::vector<Moebius> map(nodes.size(), {Wide(1), Wide(0), Wide(0), Wide(1)});
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Moebius& m = map[j];
    const Wide denominator = m.a - m.c * values[j];
    if (abs(denominator) == 0) break;
    Wide parameter = (m.d * values[j] - m.b) / denominator;
    const Real size = abs(parameter);
    if (abs(size - 1) < on_circle) {
      result.nodes.push_back(nodes[j]);
      result.parameters.push_back(parameter / size);
      result.poles_only = true;
      break;
    }
    if (!(size < 1)) break;
    result.nodes.push_back(nodes[j]);
    result.parameters.push_back(parameter);
    for (std::size_t k = j + 1; k < nodes.size(); ++k) {
      map[k] = map[k].times(schur_step(nodes[k], nodes[j], parameter));
    }
  }
  return result;
}

Interpolation interpolate(std::span<const Complex> g, double beta, double unit) {
  std::vector<Wide> nodes, values;
  for (std::size_t n = 0; n < g.size(); ++n) {
    nodes.push_back(Wide(Real(0), Real(fermionic_frequency(static_cast<std::int64_t>(n), beta))));
    const Wide half_plane(Real(-g[n].real()) / unit, Real(-g[n].imag()) / unit), i(0, 1);
    values.push_back((half_plane - i) / (half_plane + i));
  }
  return schur(nodes, values);
}

// From the unit disc back to the half plane.
const Moebius to_half_plane{Wide(0, 1), Wide(0, 1), Wide(-1), Wide(1)};

struct Disc {
  Complex value;     // free parameter zero
  double low, high;  // imaginary parts of the ends of the disc
};

Disc disc_at(const Wide& z, const Interpolation& schur) {
  Moebius m = to_half_plane;
  const std::size_t steps = schur.nodes.size() - (schur.poles_only ? 1 : 0);
  for (std::size_t j = 0; j < steps; ++j) m = m.times(schur_step(z, schur.nodes[j], schur.parameters[j]));
  const Wide free = schur.poles_only ? schur.parameters.back() : Wide(0);
  const Wide exact = (m.a * free + m.b) / (m.c * free + m.d);
  const Complex value(static_cast<double>(exact.real()), static_cast<double>(exact.imag()));
  if (schur.poles_only) return {value, value.imag(), value.imag()};
  const Real scale = norm(m.d) - norm(m.c);
  const Wide centre = (m.b * conj(m.d) - m.a * conj(m.c)) / scale;
  const Real radius = abs(m.a * m.d - m.b * m.c) / scale;
  return {value, static_cast<double>(Real(centre.imag() - radius)),
          static_cast<double>(Real(centre.imag() + radius))};
}

// The first interpolation gives the spectrum, all together the bounds.
void evaluate(NevanlinnaContinuation& result, const std::vector<Interpolation>& all, double broadening,
              double unit) {
  for (const double w : result.mesh) {
    const Wide z = Wide(Real(w), Real(broadening));
    Disc widest = disc_at(z, all[0]);
    for (std::size_t k = 1; k < all.size(); ++k) {
      const Disc disc = disc_at(z, all[k]);
      widest.low = std::min(widest.low, disc.low);
      widest.high = std::max(widest.high, disc.high);
    }
    const double scale = unit / std::numbers::pi;
    result.values.push_back(-unit * widest.value);
    result.spectrum.push_back(scale * widest.value.imag());
    result.lower.push_back(scale * widest.low);
    result.upper.push_back(scale * widest.high);
    result.spread.push_back(0.5 * scale * (widest.high - widest.low));
  }
}

// The first frequencies only.
void shorten(Interpolation& interpolation, std::size_t points) {
  if (interpolation.nodes.size() <= points) return;
  interpolation.nodes.resize(points);
  interpolation.parameters.resize(points);
  interpolation.poles_only = false;
}

void judge(NevanlinnaContinuation& result, const Interpolation& schur, const NevanlinnaOptions& options) {
  std::vector<double> width(result.mesh.size());
  for (std::size_t i = 0; i < width.size(); ++i) width[i] = result.upper[i] - result.lower[i];
  result.trust.push_back({"width", integral(result.mesh, width) / options.norm});
  result.trust.push_back({"norm", integral(result.mesh, result.spectrum)});
  if (schur.poles_only) {
    result.notes.push_back("the data are those of finitely many poles, and determine them");
  } else if (result.number("points") < result.number("offered")) {
    result.notes.push_back(
        options.error > 0 ? "noise ends Pick's criterion; the bounds include it by noisy copies"
                          : "rounding ends Pick's criterion; noise is not included: no size of it was given");
  }
  if (!schur.poles_only && schur.nodes.size() < options.least_points) {
    result.reason = "too few frequencies pass Pick's criterion: the noise is too large for this method";
  } else if (!(result.number("width") <= options.allowed_width)) {
    result.reason =
        "the bounds are too wide: the data do not fix the spectrum at this broadening; raise it, or lower "
        "the noise";
  }
  result.ok = result.reason.empty();
}

}  // namespace

NevanlinnaContinuation nevanlinna(std::span<const Complex> g, double beta, std::span<const double> mesh,
                                  const NevanlinnaOptions& options) {
  NevanlinnaContinuation result;
  result.mesh.assign(mesh.begin(), mesh.end());
  result.reason = fault_of_mesh(mesh);
  if (result.reason.empty()) result.reason = fault_of_matsubara(g, beta, options.norm);
  if (result.reason.empty() && !(options.broadening > 0)) result.reason = "the broadening is not positive";
  if (!result.reason.empty()) return result;

  // In units of |G(i w_0)|, where the map to the disc is well scaled.
  const double unit = std::abs(g[0]);
  const std::span<const Complex> used = g.first(std::min(g.size(), options.most_points));
  std::vector<Interpolation> all = {interpolate(used, beta, unit)};
  std::size_t points = all[0].nodes.size();
  // Data of double precision have at least the noise of their rounding.
  const double error = std::max(options.error, 4 * std::numeric_limits<double>::epsilon() * unit);
  for (const auto& copy : noisy_copies(used, error, options.copies)) {
    all.push_back(interpolate(copy, beta, unit));
    points = std::min(points, all.back().nodes.size());
  }
  result.trust.push_back({"offered", static_cast<double>(used.size())});
  result.trust.push_back({"points", static_cast<double>(points)});
  if (points == 0) {
    result.reason = "the first frequency fails Pick's criterion";
    return result;
  }
  for (Interpolation& interpolation : all) shorten(interpolation, points);
  result.trust.push_back({"last_margin", 1 - static_cast<double>(Real(abs(all[0].parameters.back())))});
  evaluate(result, all, options.broadening, unit);
  judge(result, all[0], options);
  return result;
}

}  // namespace weiss
