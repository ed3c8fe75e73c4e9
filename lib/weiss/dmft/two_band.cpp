#include "weiss/dmft/two_band.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

std::array<Complex, 2> arguments(double chemical_potential, const LocalFunctions& self_energy,
                                 std::size_t node, double frequency) {
  const Complex bare(chemical_potential, frequency);
  return {bare - self_energy[0][node], bare - self_energy[1][node]};
}

}  // namespace

TwoBand::TwoBand(const Band& first, const Band& second, double splitting)
    : bands_{first, second}, shift_{splitting / 2, -splitting / 2} {
  for (std::size_t a = 0; a < 2; ++a) level_[a] = bands_[a].mean() + shift_[a];
  lowest_ = std::min(first.lowest() + shift_[0], second.lowest() + shift_[1]);
  highest_ = std::max(first.highest() + shift_[0], second.highest() + shift_[1]);
  symmetric_ = splitting == 0 && first.symmetric() && second.symmetric();
  equivalent_ = splitting == 0 && first.variance() == second.variance() && first.mean() == second.mean();
}

TwoBand::TwoBand(const TightBinding& model, std::int64_t mesh, double splitting)
    : levels_(bloch_levels(model, mesh)), shift_{splitting / 2, -splitting / 2} {
  for (std::size_t a = 0; a < 2; ++a) level_[a] = model.amplitude({0, 0, 0}, a, a) + shift_[a];
  lowest_ = highest_ = level_[0];
  for (const BlochLevel& level : levels_) {
    const double mean = (level.energy[0] + level.energy[1]) / 2;
    const double half =
        std::hypot((level.energy[0] - level.energy[1] + splitting) / 2, std::abs(level.mixing));
    lowest_ = std::min(lowest_, mean - half);
    highest_ = std::max(highest_, mean + half);
  }
  symmetric_ = splitting == 0 && model.bipartite();
  equivalent_ = splitting == 0 && model.equivalent_orbitals();
}

std::array<Complex, 2> TwoBand::green(const std::array<Complex, 2>& z) const {
  const Complex first = z[0] - shift_[0], second = z[1] - shift_[1];
  if (!mixes()) return {bands_[0].hilbert(first), bands_[1].hilbert(second)};
  std::array<Complex, 2> sum{};
  for (const BlochLevel& level : levels_) {
    const Complex x = first - level.energy[0], y = second - level.energy[1];
    const Complex inverse = 1.0 / (x * y - std::norm(level.mixing));
    sum[0] += y * inverse;
    sum[1] += x * inverse;
  }
  for (Complex& each : sum) each /= static_cast<double>(levels_.size());
  return sum;
}

Complex TwoBand::offdiagonal_hybridisation(const std::array<Complex, 2>& z) const {
  if (!mixes()) return 0;
  Complex offdiagonal = 0;
  for (const BlochLevel& level : levels_) {
    const Complex x = z[0] - shift_[0] - level.energy[0], y = z[1] - shift_[1] - level.energy[1];
    offdiagonal += level.mixing.real() / (x * y - std::norm(level.mixing));  // of k and -k
  }
  offdiagonal /= static_cast<double>(levels_.size());
  const std::array<Complex, 2> diagonal = green(z);
  return offdiagonal / (diagonal[0] * diagonal[1] - offdiagonal * offdiagonal);
}

LocalFunctions TwoBand::green(double chemical_potential, const LocalFunctions& self_energy,
                              std::span<const double> frequencies) const {
  LocalFunctions local;
  for (std::size_t node = 0; node < frequencies.size(); ++node) {
    const auto found = green(arguments(chemical_potential, self_energy, node, frequencies[node]));
    local[0].push_back(found[0]);
    local[1].push_back(equivalent_ ? found[0] : found[1]);
  }
  return local;
}

LocalFunctions TwoBand::hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                                      const LocalFunctions& green,
                                      std::span<const double> frequencies) const {
  LocalFunctions found;
  for (std::size_t node = 0; node < frequencies.size(); ++node) {
    const auto z = arguments(chemical_potential, self_energy, node, frequencies[node]);
    for (std::size_t a = 0; a < 2; ++a) found[a].push_back(z[a] - level_[a] - 1.0 / green[a][node]);
  }
  return found;
}

double TwoBand::offdiagonal_hybridisation(double chemical_potential, const LocalFunctions& self_energy,
                                          std::span<const double> frequencies) const {
  double largest = 0;
  for (std::size_t node = 0; node < frequencies.size(); ++node)
    largest = std::max(largest, std::abs(offdiagonal_hybridisation(
                                    arguments(chemical_potential, self_energy, node, frequencies[node]))));
  return largest;
}

}  // namespace weiss
