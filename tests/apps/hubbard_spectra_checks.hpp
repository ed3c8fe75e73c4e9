// Sum rules and distances of the spectra of weiss-hubbard-dmft, for its tests.
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "hubbard_dmft_decks.hpp"

namespace weiss {

inline const std::string output = "[output]\ncontinuation = ";
inline const std::string wide = "spectrum_range = -40, 40\nspectrum_points = 801\nbroadening = 0.4\n";

inline double spacing_of(const Result& spectrum) {
  const std::vector<double>& w = spectrum.info.axes[1].values;
  return w[1] - w[0];
}

// int |A - B| dw of the spectra of spin up, or the first orbital.
inline double distance(const TaskReport& a, const TaskReport& b) {
  const Result &x = hubbard_result(a, "spectral_function"), &y = hubbard_result(b, "spectral_function");
  double sum = 0;
  for (std::size_t i = 0; i < x.mean.size() / 2; ++i) sum += spacing_of(x) * std::fabs(x.mean[i] - y.mean[i]);
  return sum;
}

// Moments 0 to 2 of a spectrum over [-X, X], less what broadening does there, to order b/X:
//   int L_b = 1 - 2 b/(pi X),   int w L_b = x (1 - 4 b/(pi X)),
//   int w^2 L_b = 2 b X/pi - b^2 + x^2 (1 - 6 b/(pi X)).
inline std::array<double, 3> moments(std::span<const double> spectrum, const Axis& axis, double broadening) {
  const std::vector<double>& w = axis.values;
  const double end = w.back(), tail = 2 * broadening / (std::numbers::pi * end);
  std::array<double, 3> sum{};
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double a = (i == 0 || i + 1 == w.size() ? 0.5 : 1) * (w[1] - w[0]) * spectrum[i];
    sum[0] += a;
    sum[1] += a * w[i];
    sum[2] += a * w[i] * w[i];
  }
  return {sum[0] + tail, sum[1] / (1 - 2 * tail),
          (sum[2] - tail * end * end + broadening * broadening) / (1 - 3 * tail)};
}

inline std::array<double, 3> moments(const TaskReport& report, std::size_t spin, double broadening) {
  const Result& spectrum = hubbard_result(report, "spectral_function");
  const Axis& axis = spectrum.info.axes[1];
  return moments(std::span(spectrum.mean).subspan(spin * axis.values.size(), axis.values.size()), axis,
                 broadening);
}

}  // namespace weiss
