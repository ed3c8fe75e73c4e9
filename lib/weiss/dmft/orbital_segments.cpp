// Two orbitals by segment-picture Monte Carlo: flavours are orbital 0 up, 0 down, 1 up, 1 down.
#include <cmath>

#include "weiss/dmft/orbital_impurity.hpp"

namespace weiss {

namespace {

constexpr std::size_t flavours = 4;

// What is added up for one number: factors of the densities of each orbital and of each kind of pair, each
// pair of flavours once.
struct OrbitalFactors {
  std::array<double, 2> density{}, same{};
  double opposite = 0, equal = 0, constant = 0;
};

// symmetric: <n> = 1/2, and <n_a n_b> is the mean with <(1 - n_a)(1 - n_b)>, equal and of opposite noise.
DensityCombination combination(const OrbitalFactors& factors, bool symmetric) {
  DensityCombination found{factors.constant, std::vector<double>(flavours),
                           std::vector<double>(flavours * flavours)};
  for (std::size_t a = 0; a < flavours; ++a) {
    if (symmetric)
      found.constant += factors.density[a / 2] / 2;
    else
      found.density[a] += factors.density[a / 2];
  }
  for (std::size_t a = 0; a < flavours; ++a)
    for (std::size_t b = a + 1; b < flavours; ++b) {
      const double factor = a / 2 == b / 2   ? factors.same[a / 2]
                            : a % 2 == b % 2 ? factors.equal
                                             : factors.opposite;
      found.overlap[a * flavours + b] = factor;
      if (!symmetric) continue;
      found.constant += factor / 2;
      found.density[a] -= factor / 2;
      found.density[b] -= factor / 2;
    }
  return found;
}

// In the order in which averages_of reads them. Two pairs of flavours are opposite, and two equal.
std::vector<OrbitalFactors> wanted_numbers(const HundInteraction& u) {
  const double shift = u.shift();
  return {{{0.5, 0}, {}, 0, 0, 0},
          {{0, 0.5}, {}, 0, 0, 0},
          {{}, {1, 0}, 0, 0, 0},
          {{}, {0, 1}, 0, 0, 0},
          {{}, {}, 0.5, 0, 0},
          {{}, {}, 0, 0.5, 0},
          {{1, 1}, {}, 0, 0, 0},
          {{1, -1}, {}, 0, 0, 0},
          {{0.25, 0.25}, {-0.5, -0.5}, -0.5, 0.5, 0},
          {{-shift, -shift}, {u.same, u.same}, u.opposite, u.equal, shift},
          {{}, {u.same, u.same}, u.opposite, u.equal, 0}};
}

// The mean of both orbitals where they are equivalent.
void make_equal(std::vector<OrbitalFactors>& wanted) {
  for (OrbitalFactors& each : wanted) {
    each.density.fill((each.density[0] + each.density[1]) / 2);
    each.same.fill((each.same[0] + each.same[1]) / 2);
  }
}

void set_averages(const SegmentResults& results, const HundInteraction& u, bool symmetric, bool equivalent,
                  ImpuritySolution& solution) {
  std::vector<OrbitalFactors> wanted = wanted_numbers(u);
  if (equivalent) make_equal(wanted);
  std::vector<DensityCombination> combinations;
  for (const OrbitalFactors& factors : wanted) combinations.push_back(combination(factors, symmetric));
  const Estimates found = results.combinations(combinations);
  std::size_t next = 0;
  const auto take = [&] {
    const Estimate estimate{found.mean[next], found.error[next]};
    ++next;
    return estimate;
  };
  OrbitalAverages averages;
  for (Estimate& each : solution.density) each = take();
  for (Estimate& each : averages.double_occupancy) each = take();
  for (Estimate* each : {&averages.opposite, &averages.equal, &averages.density, &averages.polarisation,
                         &averages.spin_squared, &averages.interaction, &averages.product})
    *each = take();
  solution.orbitals = averages;
}

SegmentProblem problem_of(const WeissField& field, const DiscreteLehmann& basis, bool symmetric,
                          double& clipped) {
  const OrbitalPair& pair = *field.orbitals;
  const double shift = HundInteraction(field.interaction, pair.hund).shift();
  SegmentProblem problem{basis.beta(), {}, hund_interaction(2, field.interaction, pair.hund), {}};
  const auto tables = hybridisation_tables(basis, field.hybridisation, symmetric, clipped);
  for (const std::size_t a : {0U, 1U}) {
    problem.level.insert(problem.level.end(), 2, field.chemical_potential - pair.level[a] + shift);
    problem.hybridization.insert(problem.hybridization.end(), 2, tables[a]);
  }
  return problem;
}

}  // namespace

double self_energy_weight(const HundInteraction& u, const ImpuritySolution& solution, std::size_t orbital) {
  const double own = solution.density[orbital].value, other = solution.density[1 - orbital].value;
  const OrbitalAverages& pairs = *solution.orbitals;
  const double product = own * other;
  return u.same * u.same * own * (1 - own) +
         (u.opposite * u.opposite + u.equal * u.equal) * other * (1 - other) +
         2 * u.same * u.equal * (pairs.opposite.value - product) +
         2 * u.same * u.opposite * (pairs.equal.value - product) +
         2 * u.opposite * u.equal * (pairs.double_occupancy[1 - orbital].value - other * other);
}

SegmentSolution solve_orbitals_by_segments(const WeissField& field, const DiscreteLehmann& basis,
                                           bool symmetric, const SegmentSettings& settings,
                                           const SegmentPlan& plan, const Communicator& communicator,
                                           std::vector<SegmentConfiguration>& configurations) {
  const HundInteraction u(field.interaction, field.orbitals->hund);
  const bool equivalent = field.orbitals->equivalent;
  double clipped = 0;
  const SegmentProblem problem = problem_of(field, basis, symmetric, clipped);
  SegmentSolution result{
      {}, run_streams(problem, settings, plan, communicator, configurations), {}, clipped, {}, u.shift()};
  ImpuritySolution& solution = result.solution;
  set_averages(result.results, u, symmetric, equivalent, solution);
  LehmannFit fit;
  for (const std::size_t a : {0U, 1U}) {
    const std::size_t from = equivalent ? 0 : 2 * a, to = equivalent ? flavours : 2 * a + 2;
    result.informed[a] = enough_segments(result.results, from, to);
    solution.constant[a] = u.hartree(a, {solution.density[0].value, solution.density[1].value});
    if (a == 0 || !equivalent)
      fit = fit_self_energy(result.results, basis, from, to, solution.constant[a] + u.shift(),
                            self_energy_weight(u, solution, a), symmetric);
    set_functions(field, basis, fit, symmetric, a, result);
  }
  return result;
}

}  // namespace weiss
