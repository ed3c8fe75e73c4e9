#include "weiss/dmft/band.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

using std::numbers::pi;

// int exp(-x^2)/(z - x) dx/sqrt(pi), Im z > 0, by sums on a uniform grid and the pole that they miss (D. B.
// Hunter, T. Regan, Math. Comp. 26, 539 (1972)).
Complex gaussian_hilbert(Complex z) {
  constexpr double spacing = 0.5;
  constexpr int points = 14;
  // The grid whose points are farther from the pole.
  const double offset = z.real() / spacing - std::floor(z.real() / spacing);
  const double shift = offset > 0.25 && offset < 0.75 ? 0.0 : 0.5;
  Complex sum = 0;
  for (int j = -points; j <= points; ++j) {
    const double x = spacing * (j + shift);
    sum += std::exp(-x * x) / (z - x);
  }
  sum *= spacing;
  if (z.imag() < pi / spacing) {
    const Complex turn = std::exp(Complex(0, -2 * pi) * (z / spacing - shift));
    sum -= Complex(0, 2 * pi) * std::exp(-z * z) / (1.0 - turn);
  }
  return sum / std::sqrt(pi);
}

// Of a density that is linear between two energies: int (a + b (e - e0))/(z - e) de.
Complex linear_piece(Complex z, double e0, double e1, double r0, double r1) {
  const double slope = (r1 - r0) / (e1 - e0);
  const Complex distance = (e1 - e0) / (z - e0);
  // log(z - e0) - log(z - e1), without cancellation far away.
  Complex logarithm;
  if (std::abs(distance) > 0.1) {
    logarithm = -std::log(1.0 - distance);
  } else {
    Complex power = distance;
    for (int n = 1; n < 18; ++n, power *= distance) logarithm += power / static_cast<double>(n);
  }
  return (r0 + slope * (z - e0)) * logarithm - slope * (e1 - e0);
}

}  // namespace

Band Band::bethe(double hopping) {
  Band band(BandKind::bethe);
  band.hopping_ = hopping;
  band.highest_ = 2 * hopping;
  band.lowest_ = -band.highest_;
  band.variance_ = hopping * hopping;
  band.symmetric_ = true;
  return band;
}

Band Band::hypercubic(double hopping) {
  Band band(BandKind::hypercubic);
  band.hopping_ = hopping;
  band.highest_ = 7 * hopping;  // what is beyond has a weight of 1e-12
  band.lowest_ = -band.highest_;
  band.variance_ = hopping * hopping;
  band.symmetric_ = true;
  return band;
}

Band Band::on_mesh(BandKind kind, double hopping, double diagonal_hopping, std::int64_t mesh) {
  Band band(kind);
  band.hopping_ = hopping;
  band.symmetric_ = kind != BandKind::triangular && diagonal_hopping == 0;
  band.diagonal_hopping_ = diagonal_hopping;
  // Shifted off the zone's centre: no level is counted as if it were typical.
  std::vector<double> angle;
  for (std::int64_t j = 0; j < mesh; ++j)
    angle.push_back(2 * pi * (static_cast<double>(j) + 0.5) / static_cast<double>(mesh));
  const std::vector<double> none = {0};
  const std::vector<double>& second = kind == BandKind::chain ? none : angle;
  const std::vector<double>& third = kind == BandKind::cubic ? angle : none;
  std::vector<double> energies;
  for (const double x : angle)
    for (const double y : second)
      for (const double z : third) {
        const BandEnergies found = band.energies({x, y, z});
        energies.insert(energies.end(), found.value.begin(),
                        found.value.begin() + static_cast<std::ptrdiff_t>(found.count));
      }
  band.set_levels(std::move(energies));
  return band;
}

BandEnergies Band::energies(const WaveVector& phase) const {
  const double t = hopping_, x = std::cos(phase[0]);
  if (kind_ == BandKind::chain) return {{-2 * t * x}};
  if (kind_ == BandKind::honeycomb) {
    const double e = t * std::abs(1.0 + std::polar(1.0, phase[0]) + std::polar(1.0, phase[1]));
    return {{e, -e}, 2};
  }
  const double y = std::cos(phase[1]), pair = -2 * t * (x + y);
  if (kind_ == BandKind::square) return {{pair - 4 * diagonal_hopping_ * x * y}};
  if (kind_ == BandKind::triangular) return {{pair - 2 * t * std::cos(phase[0] + phase[1])}};
  if (kind_ == BandKind::cubic) return {{pair - 2 * t * std::cos(phase[2])}};
  throw Error(ExitCode::internal, "a band without wave vectors has no e(k)");
}

void Band::set_levels(std::vector<double> energies) {
  std::ranges::sort(energies);
  const double weight = 1 / static_cast<double>(energies.size());
  const double same = 1e-12 * hopping_;
  for (const double energy : energies) {
    if (!levels_.empty() && energy - levels_.back().energy < same)
      levels_.back().weight += weight;
    else
      levels_.push_back({energy, weight});
  }
  find_moments();
}

void Band::find_moments() {
  for (const Level& level : levels_) mean_ += level.weight * level.energy;
  for (const Level& level : levels_)
    variance_ += level.weight * (level.energy - mean_) * (level.energy - mean_);
  lowest_ = levels_.front().energy;
  highest_ = levels_.back().energy;
}

Band Band::of_levels(std::vector<double> energies, bool symmetric) {
  Band band(BandKind::levels);
  for (const double energy : energies) band.hopping_ = std::max(band.hopping_, std::fabs(energy));
  band.symmetric_ = symmetric;
  band.set_levels(std::move(energies));
  return band;
}

Band Band::table(std::span<const double> energies, std::span<const double> densities) {
  if (energies.size() < 2 || energies.size() != densities.size())
    throw Error(ExitCode::bad_deck, "a density of states needs at least two energies with a density each");
  Band band(BandKind::table);
  band.energies_.assign(energies.begin(), energies.end());
  band.densities_.assign(densities.begin(), densities.end());
  double total = 0, first = 0, second = 0;
  for (std::size_t i = 0; i + 1 < energies.size(); ++i) {
    const double e0 = energies[i], e1 = energies[i + 1], width = e1 - e0;
    const double r0 = densities[i], r1 = densities[i + 1];
    if (!(width > 0) || !(r0 >= 0) || !(r1 >= 0))
      throw Error(ExitCode::bad_deck, "a density of states needs ascending energies and densities >= 0");
    total += width * (r0 + r1) / 2;
    first += width * (r0 * (2 * e0 + e1) + r1 * (e0 + 2 * e1)) / 6;
    second += width *
              (r0 * (3 * e0 * e0 + 2 * e0 * e1 + e1 * e1) + r1 * (e0 * e0 + 2 * e0 * e1 + 3 * e1 * e1)) / 12;
  }
  if (!(total > 0)) throw Error(ExitCode::bad_deck, "a density of states must not be zero everywhere");
  for (double& each : band.densities_) each /= total;
  band.mean_ = first / total;
  band.variance_ = second / total - band.mean_ * band.mean_;
  band.lowest_ = energies.front();
  band.highest_ = energies.back();
  return band;
}

Complex Band::hilbert(Complex z) const {
  if (kind_ == BandKind::bethe) return 2.0 / (z + std::sqrt(z - 2 * hopping_) * std::sqrt(z + 2 * hopping_));
  if (kind_ == BandKind::hypercubic) {
    const double scale = std::numbers::sqrt2 * hopping_;
    return z.imag() >= 0 ? gaussian_hilbert(z / scale) / scale
                         : std::conj(gaussian_hilbert(std::conj(z) / scale)) / scale;
  }
  Complex sum = 0;
  if (kind_ == BandKind::table) {
    for (std::size_t i = 0; i + 1 < energies_.size(); ++i)
      sum += linear_piece(z, energies_[i], energies_[i + 1], densities_[i], densities_[i + 1]);
    return sum;
  }
  for (const Level& level : levels_) sum += level.weight / (z - level.energy);
  return sum;
}

Complex green_at(const BandEnergies& energies, Complex z_a, Complex z_b) {
  Complex sum = 0;
  for (std::size_t band = 0; band < energies.count; ++band) {
    const double e = energies.value[band];
    sum += ((z_a + z_b) / 2.0 + e) / (z_a * z_b - e * e);
  }
  return sum / static_cast<double>(energies.count);
}

Complex staggered_green(const Band& band, Complex z_a, Complex z_b) {
  Complex s = std::sqrt(z_a * z_b);
  // Both roots give the same, as D is odd; the one in the upper half plane is never on a cut.
  if (s.imag() < 0) s = -s;
  return z_b * band.hilbert(s) / s;
}

}  // namespace weiss
