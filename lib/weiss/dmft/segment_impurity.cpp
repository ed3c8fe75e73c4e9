#include "weiss/dmft/segment_impurity.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr std::size_t intervals = 4096;
constexpr double largest_clip = 0.5;
constexpr double least_certain = 0.1;  // relative error of the order, beyond which errors mean nothing

// n = 0, 1, ... and then ever sparser, where the bins of the measurement still resolve it.
std::vector<std::int64_t> data_frequencies() {
  constexpr double last = hybridization_intervals / 6.0;
  std::vector<std::int64_t> frequencies;
  for (double n = 0; n < last; n = std::max(n + 1, n * 1.12)) {
    const auto next = static_cast<std::int64_t>(n);
    if (frequencies.empty() || next > frequencies.back()) frequencies.push_back(next);
  }
  return frequencies;
}

std::vector<double> hybridisation_table(const DiscreteLehmann& basis, const NodeValues& hybridisation,
                                        bool symmetric, double& clipped) {
  std::vector<double> table = basis.on_grid(basis.from_frequencies(hybridisation), intervals);
  double largest = 0, above = 0;
  if (symmetric)
    for (std::size_t i = 0; i <= intervals / 2; ++i)
      table[i] = table[intervals - i] = (table[i] + table[intervals - i]) / 2;
  for (double& value : table) {
    largest = std::max(largest, std::abs(value));
    above = std::max(above, value);
    value = std::min(value, 0.0);
  }
  clipped = std::max(clipped, largest > 0 ? above / largest : 0);
  return table;
}

}  // namespace

std::array<std::vector<double>, 2> hybridisation_tables(const DiscreteLehmann& basis,
                                                        const LocalFunctions& hybridisation, bool symmetric,
                                                        double& clipped) {
  clipped = 0;
  std::array<std::vector<double>, 2> tables{hybridisation_table(basis, hybridisation[0], symmetric, clipped),
                                            {}};
  tables[1] = hybridisation[1] == hybridisation[0]
                  ? tables[0]
                  : hybridisation_table(basis, hybridisation[1], symmetric, clipped);
  if (clipped > largest_clip)
    throw Error(ExitCode::bad_deck,
                "segment solver: Delta(tau) reaches " + std::to_string(clipped) +
                    " of its largest modulus above 0: it belongs to no bath. Take more updates an "
                    "iteration, or mix more slowly");
  return tables;
}

bool enough_segments(const SegmentResults& results, std::size_t from, std::size_t to) {
  const Estimates order = results.order();
  bool enough = true;
  for (std::size_t a = from; a < to; ++a)
    enough = enough && order.mean[a] > 0 && order.error[a] <= least_certain * order.mean[a];
  return enough;
}

LehmannFit fit_self_energy(const SegmentResults& results, const DiscreteLehmann& basis, std::size_t from,
                           std::size_t to, double constant, double first_moment, bool symmetric) {
  const std::vector<std::int64_t> frequencies = data_frequencies();
  const std::size_t count = frequencies.size();
  std::vector<Complex> values(count);
  std::vector<double> weights(count);
  const double share = 1 / static_cast<double>(to - from);
  const bool met = enough_segments(results, from, to);
  for (std::size_t a = from; a < to; ++a) {
    const Estimates sigma = results.self_energy(a, frequencies);
    for (std::size_t n = 0; n < count; ++n) {
      values[n] += share * Complex(sigma.mean[n] - constant, sigma.mean[n + count]);
      // Variances of both parts and, averaged, of both spins.
      weights[n] += share * share *
                    (sigma.error[n] * sigma.error[n] + sigma.error[n + count] * sigma.error[n + count]) / 2;
    }
  }
  double norm = 0;
  // Without interaction it is 0 in every chain.
  if (std::ranges::all_of(weights, [](double variance) { return variance == 0; }))
    return {std::vector<double>(basis.rank()), 0, 0};
  for (std::size_t n = 0; n < count; ++n) {
    // At high temperature hardly any segment is met: data say nothing then, the moments say enough.
    const bool known =
        met && weights[n] > 0 && std::isfinite(weights[n]) && std::isfinite(std::abs(values[n]));
    weights[n] = known ? 1 / std::sqrt(weights[n]) : 0;
    if (!known) values[n] = 0;
    if (symmetric) values[n].real(0);
    norm += weights[n] * weights[n] * std::norm(values[n]);
  }
  const double moments[] = {first_moment};
  const double cutoff = norm > 0 ? 1 / std::sqrt(norm) : 1;
  LehmannFit fit = basis.fit_frequencies(frequencies, values, weights, cutoff, moments);
  fit.chi_squared /= 2 * static_cast<double>(count);
  return fit;
}

void set_functions(const WeissField& field, const DiscreteLehmann& basis, const LehmannFit& fit,
                   bool symmetric, std::size_t component, SegmentSolution& result) {
  result.misfit[component] = fit.chi_squared;
  for (std::size_t node = 0; node < basis.frequencies().size(); ++node) {
    const std::int64_t n = basis.frequencies()[node];
    Complex sigma = basis.on_matsubara(fit.coefficients, n);
    if (symmetric) sigma.real(0);
    sigma += result.solution.constant[component];
    result.solution.self_energy[component].push_back(sigma);
    result.solution.green[component].push_back(
        1.0 / (1.0 / weiss_green(field, component, node, fermionic_frequency(n, basis.beta())) - sigma));
  }
}

namespace {

// What a phonon adds to s_1 = U^2 n_-s (1 - n_-s) of a spin.
double phonon_moment(const SegmentResults& results, double beta, double u, const Phonon& phonon,
                     std::size_t spin) {
  if (!phonon.couples()) return 0;
  const Estimates density = results.density();
  std::array<std::array<Estimates, 2>, 2> susceptibility;
  for (const std::size_t a : {up, down})
    for (const std::size_t b : {up, down}) susceptibility[a][b] = results.density_susceptibility(a, b);
  const double w = phonon.frequency, slope = phonon.slope();
  double sum = 0;
  for (std::size_t m = 0; m < density_frequencies; ++m) {
    const double v = bosonic_frequency(static_cast<std::int64_t>(m), beta);
    const double kernel = 2 * slope * w * w / (w * w + v * v);
    double with_other = 0, of_total = 0;
    for (const std::size_t a : {up, down})
      for (const std::size_t b : {up, down}) {
        const double connected =
            susceptibility[a][b].mean[m] - (m == 0 ? beta * density.mean[a] * density.mean[b] : 0);
        of_total += connected;
        if (a != spin) with_other += connected;
      }
    sum += (m == 0 ? 1 : 2) / beta * (kernel * kernel * of_total - 2 * u * kernel * with_other);
  }
  return sum + slope * w / std::tanh(w * beta / 2);
}

SegmentProblem problem_of(const WeissField& field, const DiscreteLehmann& basis, bool symmetric,
                          const Phonon& phonon, double& clipped) {
  const double u = field.interaction;
  const double level = field.chemical_potential - field.level + u / 2 - 2 * phonon.slope();
  SegmentProblem problem{basis.beta(), {level, level}, {0, u, u, 0}, {}};
  if (phonon.couples()) problem.screening = phonon_screening(basis.beta(), phonon);
  problem.screening_slope = phonon.slope();
  for (std::vector<double>& table : hybridisation_tables(basis, field.hybridisation, symmetric, clipped))
    problem.hybridization.push_back(std::move(table));
  return problem;
}

}  // namespace

SegmentSolution solve_by_segments(const WeissField& field, const DiscreteLehmann& basis, bool symmetric,
                                  const SegmentSettings& settings, const SegmentPlan& plan,
                                  const Communicator& communicator,
                                  std::vector<SegmentConfiguration>& configurations, const Phonon& phonon) {
  const double u = field.interaction, shift = u / 2 - 2 * phonon.slope();
  double clipped = 0;
  const SegmentProblem problem = problem_of(field, basis, symmetric, phonon, clipped);
  SegmentSolution result{
      {}, run_streams(problem, settings, plan, communicator, configurations), {}, clipped, {}, shift};
  const SegmentResults& results = result.results;
  const Estimates density = results.density();
  const Estimates overlap = symmetric ? results.overlap_at_half_filling() : results.overlap();
  result.solution.double_occupancy = {overlap.mean[1], overlap.error[1]};
  const bool equal = problem.hybridization[up] == problem.hybridization[down];
  const double electrons = symmetric ? 1 : density.mean[up] + density.mean[down];
  LehmannFit fit;
  for (const std::size_t s : {up, down}) {
    const std::size_t from = equal ? up : s, to = equal ? down + 1 : s + 1;
    // Densities of the spins that the average is over, and s_1 = U^2 n (1 - n) of the other spin.
    double mean = 0, variance = 0, with_phonon = 0;
    for (std::size_t a = from; a < to; ++a) {
      mean += density.mean[1 - a] / static_cast<double>(to - from);
      variance += density.error[1 - a] * density.error[1 - a];
      with_phonon += phonon_moment(results, basis.beta(), u, phonon, a) / static_cast<double>(to - from);
    }
    if (symmetric) mean = 0.5;
    const std::size_t other = equal ? s : 1 - s;
    result.solution.density[other] = {mean,
                                      symmetric ? 0 : std::sqrt(variance) / static_cast<double>(to - from)};
    const double constant = u * mean - 2 * phonon.slope() * electrons;
    result.informed[s] = enough_segments(results, from, to);
    if (s == up || !equal)
      fit = fit_self_energy(results, basis, from, to, constant, u * u * mean * (1 - mean) + with_phonon,
                            symmetric);
    result.solution.constant[s] = constant - shift;
    set_functions(field, basis, fit, symmetric, s, result);
  }
  return result;
}

}  // namespace weiss
