#include "weiss/cavity/resolvent_population.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "weiss/base/error.hpp"
#include "weiss/cavity/population_draws.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = ResolventPopulation::chunk;
using Doubles = std::array<double, chunk>;

enum Use { update_use, site_use };

// Inverse of the Green function of the members of a chunk, real part less the energy of the site: sums over
// `slots` random members.
struct Sums {
  Doubles real, imaginary;  // of the inverse
};

void add_members(std::span<const double> members, PopulationWords& words, std::size_t first_array,
                 std::size_t slots, const ResolventEnsemble& ensemble, Sums& sums) {
  sums.real.fill(0);
  sums.imaginary.fill(0);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const PopulationWords::Array& chosen = words.array(first_array + slot);
    for (std::size_t i = 0; i < chunk; ++i) {
      const std::size_t member = partner(chosen[i], members.size() / 2);
      sums.real[i] += members[2 * member];
      sums.imaginary[i] += members[2 * member + 1];
    }
  }
  const double square = ensemble.hopping * ensemble.hopping;
  for (std::size_t i = 0; i < chunk; ++i) {
    sums.real[i] = ensemble.energy - square * sums.real[i];
    sums.imaginary[i] = ensemble.broadening + square * sums.imaginary[i];
  }
}

// Means over the energy of the site, uniform in [-width/2, width/2], at inverse c - e + i q.
double mean_square(double c, double q, double width) {
  if (width == 0) return 1 / (c * c + q * q);
  const double a = (c - width / 2) / q, b = (c + width / 2) / q;
  // atan b - atan a without the loss where both are large and of one sign.
  const double angle = a * b > 0 ? std::atan((b - a) / (1 + a * b)) : std::atan(b) - std::atan(a);
  return angle / (width * q);
}

double mean_log_norm(double c, double q, double width) {
  if (width == 0) return std::log(c * c + q * q);
  const auto integral = [q](double x) {
    return x * std::log(x * x + q * q) - 2 * x + 2 * q * std::atan(x / q);
  };
  return (integral(c + width / 2) - integral(c - width / 2)) / width;
}

}  // namespace

std::complex<double> clean_cavity_resolvent(const ResolventEnsemble& ensemble) {
  const std::complex<double> z(ensemble.energy, ensemble.broadening);
  const double k = static_cast<double>(ensemble.neighbours - 1) * ensemble.hopping * ensemble.hopping;
  const std::complex<double> root = std::sqrt(z * z - 4 * k);
  // The root that decays: 2/(z +- root) with the larger denominator, which has Im G < 0.
  const std::complex<double> plus = z + root, minus = z - root;
  return 2.0 / (std::norm(plus) > std::norm(minus) ? plus : minus);
}

std::complex<double> clean_site_resolvent(const ResolventEnsemble& ensemble) {
  const std::complex<double> z(ensemble.energy, ensemble.broadening);
  return 1.0 / (z - static_cast<double>(ensemble.neighbours) * ensemble.hopping * ensemble.hopping *
                        clean_cavity_resolvent(ensemble));
}

ResolventPopulation::ResolventPopulation(const ResolventEnsemble& ensemble, std::size_t members,
                                         std::uint64_t seed, std::uint64_t key)
    : ensemble_(ensemble),
      stream_(seed, key, StreamId::resolvent_population),
      target_(simd_target()),
      now_(2 * members),
      next_(2 * members) {
  if (members == 0 || members % chunk != 0 || ensemble.neighbours < 2 || ensemble.neighbours > 200)
    throw Error(ExitCode::internal, "ResolventPopulation: members must be a multiple of 256, z 2 to 200");
  if (!(ensemble.broadening > 0))
    throw Error(ExitCode::internal, "ResolventPopulation: the broadening must be positive");
  start(clean_cavity_resolvent(ensemble_));
}

void ResolventPopulation::start(std::complex<double> member) {
  for (std::size_t i = 0; i < members(); ++i) {
    now_[2 * i] = member.real();
    now_[2 * i + 1] = -member.imag();
  }
}

void ResolventPopulation::sweep(std::uint64_t step) {
  Sums sums;
  for (std::size_t c = 0; c < members() / chunk; ++c) {
    PopulationWords words(target_, stream_, step, c, update_use);
    add_members(now_, words, 1, ensemble_.neighbours - 1, ensemble_, sums);
    const PopulationWords::Array& energies = words.array(0);
    double* const to = next_.data() + 2 * c * chunk;
    for (std::size_t i = 0; i < chunk; ++i) {
      const double real = sums.real[i] - ensemble_.disorder_width * centred(energies[i]);
      const double norm = real * real + sums.imaginary[i] * sums.imaginary[i];
      to[2 * i] = real / norm;
      to[2 * i + 1] = sums.imaginary[i] / norm;
    }
  }
  now_.swap(next_);
}

ResolventAverages ResolventPopulation::measure(std::uint64_t step) const {
  const double width = ensemble_.disorder_width;
  ResolventAverages averages;
  Sums sums;
  for (std::size_t c = 0; c < members() / chunk; ++c) {
    PopulationWords words(target_, stream_, step, c, site_use);
    add_members(now_, words, 0, ensemble_.neighbours - 1, ensemble_, sums);
    for (std::size_t i = 0; i < chunk; ++i)
      averages.log_cavity -= 0.5 * mean_log_norm(sums.real[i], sums.imaginary[i], width);
    add_members(now_, words, 0, ensemble_.neighbours, ensemble_, sums);
    for (std::size_t i = 0; i < chunk; ++i) {
      const double q = sums.imaginary[i], square = mean_square(sums.real[i], q, width);
      averages.square += square;
      averages.density += q * square;
      averages.log_density += std::log(q) - mean_log_norm(sums.real[i], q, width);
    }
  }
  const auto count = static_cast<double>(members());
  averages.square /= count;
  averages.density /= count * std::numbers::pi;
  averages.log_density = averages.log_density / count - std::log(std::numbers::pi);
  averages.log_cavity = averages.log_cavity / count + std::log(ensemble_.hopping);
  return averages;
}

std::span<std::uint8_t> ResolventPopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(double)};
}

}  // namespace weiss
