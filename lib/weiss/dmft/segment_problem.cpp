#include "weiss/dmft/segment_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/dmft/segment_kernel.hpp"

namespace weiss {

namespace {

void require(bool condition, const std::string& message) {
  if (!condition) throw Error(ExitCode::bad_deck, "segment solver: " + message);
}

}  // namespace

void check(const SegmentProblem& problem) {
  const std::size_t flavours = problem.flavours();
  require(problem.beta > 0 && std::isfinite(problem.beta), "beta must be positive and finite");
  require(flavours >= 1 && flavours <= segment_flavours,
          std::to_string(flavours) + " flavours; it takes 1 to " + std::to_string(segment_flavours));
  require(problem.interaction.size() == flavours * flavours, "one interaction for each pair of flavours");
  require(problem.hybridization.size() == flavours, "one hybridisation for each flavour");
  for (std::size_t a = 0; a < flavours; ++a) {
    require(std::isfinite(problem.level[a]), "levels must be finite");
    require(problem.interaction[a * flavours + a] == 0,
            "a flavour does not interact with itself: move it to the level");
    for (std::size_t b = 0; b < a; ++b)
      require(problem.interaction[a * flavours + b] == problem.interaction[b * flavours + a] &&
                  std::isfinite(problem.interaction[a * flavours + b]),
              "interactions must be symmetric and finite");
    const std::vector<double>& table = problem.hybridization[a];
    require(table.size() > 1 && (table.size() - 1) % hybridization_intervals == 0,
            "a hybridisation needs values at tau = beta i / n, i = 0 .. n, with n a multiple of " +
                std::to_string(hybridization_intervals));
    require(std::ranges::all_of(table, [](double value) { return value <= 0 && std::isfinite(value); }),
            "Delta(tau) of flavour " + std::to_string(a) +
                " is positive somewhere on [0, beta]: it belongs to no bath. Check its sign, or the "
                "Fourier transform that made it");
  }
  const std::vector<double>& screening = problem.screening;
  require(std::isfinite(problem.screening_slope) && (!screening.empty() || problem.screening_slope == 0),
          "K'(0+) must be finite, and 0 without a screening");
  if (screening.empty()) return;
  require(screening.size() > 1 && (screening.size() - 1) % hybridization_intervals == 0,
          "a screening needs values at tau = beta i / n, i = 0 .. n, with n a multiple of " +
              std::to_string(hybridization_intervals));
  require(screening.front() == 0 && screening.back() == 0, "the screening K must be 0 at 0 and beta");
  for (std::size_t i = 0; i < screening.size(); ++i)
    require(std::isfinite(screening[i]) && std::fabs(screening[i] - screening[screening.size() - 1 - i]) <=
                                               1e-9 * std::fabs(screening[i]),
            "the screening K must be finite, and even about beta/2");
}

std::vector<double> tabulate(double beta, const std::function<double(double)>& delta, std::size_t n) {
  std::vector<double> table(n + 1);
  for (std::size_t i = 0; i <= n; ++i)
    table[i] = delta(beta * static_cast<double>(i) / static_cast<double>(n));
  return table;
}

std::vector<double> bath_hybridization(double beta, std::span<const double> energies,
                                       std::span<const double> couplings, std::size_t n) {
  return tabulate(
      beta,
      [&](double tau) {
        double sum = 0;
        for (std::size_t p = 0; p < energies.size(); ++p) {
          const double e = energies[p];
          // Both forms are the same; each exponential stays below 1.
          const double factor = e > 0 ? std::exp(-e * tau) / (1 + std::exp(-beta * e))
                                      : std::exp(e * (beta - tau)) / (1 + std::exp(beta * e));
          sum -= couplings[p] * couplings[p] * factor;
        }
        return sum;
      },
      n);
}

std::vector<double> semicircle_hybridization(double beta, double half_bandwidth, std::size_t n) {
  // Gauss-Chebyshev quadrature of the second kind: the poles of the Fermi function at a distance pi / beta
  // from the axis leave an error of exp(-2 pi points / (beta D)).
  const int points = 50 + static_cast<int>(6 * beta * half_bandwidth);
  std::vector<double> energies, couplings;
  for (int i = 1; i <= points; ++i) {
    const double angle = std::numbers::pi * i / (points + 1);
    energies.push_back(half_bandwidth * std::cos(angle));
    couplings.push_back(half_bandwidth / 2 * std::sin(angle) * std::sqrt(2.0 / (points + 1)));
  }
  return bath_hybridization(beta, energies, couplings, n);
}

std::vector<double> hybridization_cubics(std::span<const double> table) {
  const auto last = static_cast<std::ptrdiff_t>(table.size()) - 1;
  // Slope in steps of the table at point i, from the five points nearest to it.
  const auto slope = [&](std::ptrdiff_t i) {
    static constexpr double weight[5][5] = {{-25, 48, -36, 16, -3},
                                            {-3, -10, 18, -6, 1},
                                            {1, -8, 0, 8, -1},
                                            {-1, 6, -18, 10, 3},
                                            {3, -16, 36, -48, 25}};
    const std::ptrdiff_t first = std::min(std::max<std::ptrdiff_t>(i - 2, 0), last - 4);
    double sum = 0;
    for (int k = 0; k < 5; ++k) sum += weight[i - first][k] * table[static_cast<std::size_t>(first + k)];
    return sum / 12;
  };
  const std::ptrdiff_t steps = last / hybridization_intervals;
  std::vector<double> cubics;
  for (std::ptrdiff_t i = 0; i < hybridization_intervals; ++i) {
    const double left = -table[static_cast<std::size_t>(last - i * steps)];
    const double right = -table[static_cast<std::size_t>(last - (i + 1) * steps)];
    const double left_slope = slope(last - i * steps) * static_cast<double>(steps);
    const double right_slope = slope(last - (i + 1) * steps) * static_cast<double>(steps);
    cubics.insert(cubics.end(), {left, left_slope, 3 * (right - left) - 2 * left_slope - right_slope,
                                 2 * (left - right) + left_slope + right_slope});
  }
  return cubics;
}

std::vector<double> phonon_screening(double beta, const Phonon& phonon, std::size_t n) {
  const double w = phonon.frequency, square = phonon.coupling * phonon.coupling / (w * w);
  // With a = w tau and b = w (beta - tau): (1 - e^-a)(1 - e^-b)/(1 - e^-(a + b)).
  return tabulate(
      beta,
      [&](double tau) {
        return square * std::expm1(-w * tau) * std::expm1(-w * (beta - tau)) / -std::expm1(-w * beta);
      },
      n);
}

std::vector<double> screening_cubics(std::span<const double> table) {
  // The hybridisation's are of -Delta(beta - distance), and K is even about beta/2.
  std::vector<double> negative(table.begin(), table.end());
  for (double& value : negative) value = -value;
  return hybridization_cubics(negative);
}

const std::vector<double>& phase_table() {
  static const std::vector<double> table = [] {
    std::vector<double> values;
    for (int i = 0; i < phase_points; ++i) {
      const double angle = 2 * std::numbers::pi * i / phase_points;
      values.push_back(std::cos(angle));
      values.push_back(std::sin(angle));
    }
    return values;
  }();
  return table;
}

std::vector<double> hund_interaction(std::size_t orbitals, double u, double hund) {
  const std::size_t flavours = 2 * orbitals;
  std::vector<double> interaction(flavours * flavours, 0.0);
  for (std::size_t a = 0; a < flavours; ++a)
    for (std::size_t b = 0; b < flavours; ++b) {
      if (a == b) continue;
      const bool same_orbital = a / 2 == b / 2;
      const bool same_spin = a % 2 == b % 2;
      interaction[a * flavours + b] = same_orbital ? u : same_spin ? u - 3 * hund : u - 2 * hund;
    }
  return interaction;
}

}  // namespace weiss
