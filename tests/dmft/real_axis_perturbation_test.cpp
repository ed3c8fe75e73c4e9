// Perturbation theory on the real axis: transforms against functions known in closed form; the self-energy
// against the naive triple integral; whole solutions against those of the Matsubara axis, their sum rules and
// what is known of them.
#include "weiss/dmft/real_axis_perturbation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/base/error.hpp"
#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/quasiparticle.hpp"
#include "weiss/dmft/spectral_poles.hpp"

namespace weiss {
namespace {

using std::numbers::pi;

// ---- the line ----

TEST(CausalLine, TransformsBackAndForth) {
  const CausalLine line(10, 6, 0.2);
  const SpectralPoles poles{{-1.7, 0.3, 1.1}, {0.2, 0.5, 0.3}};
  std::vector<Complex> values;
  for (std::size_t k = 0; k < line.points(); ++k) values.push_back(poles(line.z(k)));
  std::vector<Complex> f = line.in_time(values, 1);
  for (std::size_t j = 0; j < f.size(); j += 97) {
    Complex exact = 0;
    for (std::size_t p = 0; p < 3; ++p)
      exact += std::polar(poles.weight[p], -poles.position[p] * line.time(j));
    EXPECT_LE(std::abs(f[j] - exact), 1e-6) << j;
  }
  EXPECT_NEAR(line.occupation(f), poles.occupation(10), 1e-7);
  line.cut_off(f);
  const std::vector<Complex> back = line.on_line(f);
  for (std::size_t k = 0; k < back.size(); k += 31) EXPECT_LE(std::abs(back[k] - values[k]), 1e-3) << k;
  // Anywhere well above the resolution, and far out.
  for (const Complex z :
       {Complex(0.2, 1), Complex(-3, 0.8), Complex(0, 0.9), Complex(0, 40), Complex(0, 4000)})
    EXPECT_LE(std::abs(line.at(f, z) - poles(z)), 1e-7) << z;
}

TEST(CausalLine, ThermalPartsOfPoles) {
  const double beta = 8;
  const CausalLine line(beta, 6, 1);
  for (const double x : {-1.3, -0.02, 0.0, 0.1, 2.0}) {
    std::vector<Complex> f;
    for (std::size_t j = 0; j < line.points() / 2; ++j) f.push_back(std::polar(1.0, -x * line.time(j)));
    const CausalLine::Parts parts = line.parts(f);
    const double filled = 1 / (1 + std::exp(beta * x));
    for (std::size_t j = 0; j < f.size() && line.time(j) < 2 * beta; j += 13) {
      EXPECT_LE(std::abs(parts.filled[j] - filled * f[j]), 1e-7) << x << " " << j;
      EXPECT_LE(std::abs(parts.empty[j] - (1 - filled) * f[j]), 1e-7) << x << " " << j;
    }
    EXPECT_NEAR(line.occupation(f), filled, 1e-9) << x;
  }
}

TEST(CausalLine, RefusesWhatIsTooCold) {
  EXPECT_THROW(CausalLine(1e5, 10, 0.05), Error);
  EXPECT_GT(CausalLine::points_for(1e5, 10, 0.05), static_cast<double>(CausalLine::most_points));
}

// ---- one step against -pi U^2 times the double integral ----

// At U = 0 but for the last step the Weiss field is the band: with weak interaction and one iteration Sigma
// is U^2 times an integral over three semicircles.
TEST(RealAxisPerturbation, SelfEnergyIsTheTripleIntegral) {
  const double beta = 12, u = 0.01;
  RealAxisProblem problem;
  problem.beta = beta;
  problem.interaction = u;
  problem.particle_hole_symmetric = true;
  RealAxisSettings settings;
  settings.reach = 3;
  settings.most_iterations = 1;
  const RealAxisSolution solution = real_axis_perturbation(Band::bethe(0.5), problem, settings);
  const auto density = [](double e) { return std::fabs(e) < 1 ? 2 / pi * std::sqrt(1 - e * e) : 0; };
  const auto fermi = [&](double e) { return 1 / (1 + std::exp(beta * e)); };
  for (const double w : {0.0, 0.3, 1.0, 1.9}) {
    double sum = 0;
    const int steps = 400;
    for (int i = 0; i < steps; ++i)
      for (int j = 0; j < steps; ++j) {
        const double x = pi * (i + 0.5) / steps, y = pi * (j + 0.5) / steps;
        const double e1 = std::cos(x), e2 = std::cos(y), e3 = e1 + e2 - w;
        const double f1 = fermi(e1), f2 = fermi(e2), f3 = fermi(e3);
        sum += std::sin(x) * std::sin(y) * density(e1) * density(e2) * density(e3) *
               ((1 - f1) * (1 - f2) * f3 + f1 * f2 * (1 - f3));
      }
    const double expected = -pi * u * u * sum * pi * pi / (steps * steps);
    EXPECT_NEAR(solution.self_energy(0, w).imag() / (u * u), expected / (u * u), 2e-4) << w;
  }
}

// ---- solutions against those of the Matsubara axis ----

struct OnMatsubara {
  std::vector<double> frequencies;
  ImpuritySolution solution;
};

OnMatsubara matsubara_solution(const Band& band, const RealAxisProblem& problem, double reach) {
  const DiscreteLehmann basis(problem.beta, reach, 1e-12);
  OnMatsubara result{node_frequencies(basis), {}};
  const std::vector<double>& w = result.frequencies;
  const double u = problem.interaction, mu = problem.chemical_potential;
  std::array<double, 2> n = problem.density;
  LocalFunctions sigma;
  for (const std::size_t s : {up, down})
    for (const double x : w)
      sigma[s].push_back(u * (n[1 - s] - 0.5) + (problem.insulator ? u * u / 4 / Complex(0, x) : 0));
  Mixing mixing(MixingMethod::anderson, 0.5, 6);
  const auto hybridisation = [&] {
    LocalFunctions delta =
        hybridisation_of(band, problem.phase, mu, sigma, lattice_green(band, problem.phase, mu, sigma, w), w);
    if (problem.particle_hole_symmetric && problem.phase == Phase::paramagnetic)
      for (NodeValues& values : delta)
        for (Complex& each : values) each = {0, each.imag()};
    return delta;
  };
  const auto flattened = [&](const LocalFunctions& delta, const std::array<double, 2>& density) {
    std::vector<double> x(density.begin(), density.end());
    for (const NodeValues& values : delta)
      for (const Complex each : values) x.insert(x.end(), {each.real(), each.imag()});
    return x;
  };
  WeissField field{u, mu, band.mean(), hybridisation()};
  double change = 1;
  for (int step = 0; step < 500 && change > 1e-11; ++step) {
    const std::vector<double> x = flattened(field.hybridisation, n);
    result.solution = solve_by_perturbation(basis, field, n);
    sigma = result.solution.self_energy;
    for (const std::size_t s : {up, down}) n[s] = result.solution.density[s].value;
    const std::vector<double> image = flattened(hybridisation(), n);
    change = 0;
    for (std::size_t i = 0; i < x.size(); ++i) change = std::fmax(change, std::fabs(x[i] - image[i]));
    const std::vector<double> next = mixing.next(x, image);
    n = {next[0], next[1]};
    for (const std::size_t s : {up, down})
      for (std::size_t k = 0; k < w.size(); ++k) {
        const std::size_t place = 2 + 2 * (s * w.size() + k);
        field.hybridisation[s][k] = {next[place], next[place + 1]};
      }
  }
  EXPECT_LE(change, 1e-11);
  return result;
}

RealAxisProblem half_filled(double beta, double u) {
  RealAxisProblem problem;
  problem.beta = beta;
  problem.interaction = u;
  problem.particle_hole_symmetric = true;
  return problem;
}

RealAxisProblem doped(double beta, double u, double mu, double n) {
  RealAxisProblem problem;
  problem.beta = beta;
  problem.interaction = u;
  problem.chemical_potential = mu;
  problem.density = {n, n};
  return problem;
}

RealAxisSolution solved(const Band& band, const RealAxisProblem& problem, double reach,
                        double resolution = 0.05) {
  RealAxisSettings settings;
  settings.reach = reach;
  settings.resolution = resolution;
  RealAxisSolution solution = real_axis_perturbation(band, problem, settings);
  EXPECT_TRUE(solution.converged) << solution.residual;
  return solution;
}

void expect_agreement(const Band& band, const RealAxisProblem& problem, double reach, double resolution) {
  const OnMatsubara other = matsubara_solution(band, problem, reach);
  const RealAxisSolution own = solved(band, problem, reach, resolution);
  for (const std::size_t s : {up, down}) {
    EXPECT_NEAR(own.density[s], other.solution.density[s].value, 1e-8);
    for (std::size_t k = 0; k < other.frequencies.size(); ++k) {
      const Complex z(0, other.frequencies[k]);
      EXPECT_LE(std::abs(own.self_energy(s, z) - other.solution.self_energy[s][k]), 1e-6) << z;
      EXPECT_LE(std::abs(own.green(s, z) - other.solution.green[s][k]), 1e-6) << z;
    }
  }
  EXPECT_NEAR(own.double_occupancy, other.solution.double_occupancy.value, 1e-7);
}

TEST(RealAxisPerturbation, MetalsAndInsulatorsOfMatsubara) {
  const Band band = Band::bethe(0.5);
  for (const double u : {1.0, 2.0}) expect_agreement(band, half_filled(50, u), 3 * (1 + u), 0.05);
  RealAxisProblem insulator = half_filled(30, 3.5);
  insulator.insulator = true;
  expect_agreement(band, insulator, 13.5, 0.05);
  // Between 2.6 and 2.95 both are solutions at this temperature.
  RealAxisProblem branch = half_filled(50, 2.8);
  expect_agreement(band, branch, 11.4, 0.1);
  branch.insulator = true;
  expect_agreement(band, branch, 11.4, 0.1);
}

TEST(RealAxisPerturbation, DopedMetalsOfMatsubara) {
  expect_agreement(Band::bethe(0.5), doped(30, 2, -0.7, 0.4), 11, 0.05);
  expect_agreement(Band::bethe(0.5), doped(20, 4, 1.6, 0.6), 20, 0.05);
}

TEST(RealAxisPerturbation, LatticesOfMatsubara) {
  expect_agreement(Band::on_mesh(BandKind::square, 1, -0.2, 48), doped(5, 4, -0.5, 0.45), 28, 0.3);
  expect_agreement(Band::on_mesh(BandKind::cubic, 1, 0, 16), half_filled(3, 6), 36, 0.3);
  expect_agreement(Band::hypercubic(1), doped(6, 3, 0.5, 0.6), 32, 0.3);
}

TEST(RealAxisPerturbation, AntiferromagnetsOfMatsubara) {
  RealAxisProblem problem = half_filled(20, 2);
  problem.phase = Phase::antiferromagnetic;
  problem.density = {0.9, 0.1};
  expect_agreement(Band::bethe(0.5), problem, 9, 0.05);
  EXPECT_GT(solved(Band::bethe(0.5), problem, 9).density[up], 0.9);
}

// ---- spectra ----

TEST(RealAxisPerturbation, SumRulesOfSpectra) {
  const Band band = Band::bethe(0.5);
  for (const RealAxisProblem& problem : {half_filled(40, 2), doped(30, 2, -0.7, 0.4)}) {
    const RealAxisSolution solution = solved(band, problem, 11);
    std::array<double, 3> moments{};
    double filled = 0;
    const double step = 0.005;
    for (int i = -1200; i <= 1200; ++i) {
      const double w = step * i;
      const double a = -solution.green(up, w).imag() / pi;
      EXPECT_GT(a, -1e-4) << w;
      moments[0] += step * a;
      moments[1] += step * a * w;
      moments[2] += step * a * w * w;
      filled += step * a / (1 + std::exp(problem.beta * w));
    }
    // z - 1/G = m_1 + ...: m_1 = Sigma(inf) - mu, m_2 = m_1^2 + t^2 + U^2 n (1 - n).
    const double n = solution.density[up], u = problem.interaction;
    const double first = solution.constant[up] - problem.chemical_potential;
    EXPECT_NEAR(moments[0], 1, 1e-5);
    EXPECT_NEAR(moments[1], first, 1e-4);
    EXPECT_NEAR(moments[2], first * first + 0.25 + u * u * n * (1 - n), 3e-3);
    EXPECT_NEAR(filled, n, 1e-4);
  }
}

TEST(RealAxisPerturbation, QuasiparticlesOfAFermiLiquid) {
  const Band band = Band::bethe(0.5);
  double last = 1;
  for (const double beta : {50.0, 100.0, 200.0}) {
    const RealAxisSolution solution = solved(band, half_filled(beta, 2), 9, 0.1);
    // A(0) = rho(0) = 2/pi at T = 0, missed by T^2; both from G and from Sigma.
    const double z = -solution.self_energy(up, 0.0).imag();
    const double missed = 1 + solution.green(up, 0.0).imag() / 2;
    EXPECT_NEAR(missed, 1 + band.hilbert(Complex(0, z)).imag() / 2, 1e-5);
    EXPECT_LT(missed, last / 3);
    last = missed;
  }
  EXPECT_LT(last, 1e-3);
  const RealAxisProblem cold = half_filled(200, 2);
  const OnMatsubara other = matsubara_solution(band, cold, 9);
  EXPECT_NEAR(solved(band, cold, 9, 0.1).quasiparticle_weight(up),
              weight_from_slope(other.solution.self_energy[up], other.frequencies), 2e-3);
}

TEST(RealAxisPerturbation, ThreePeaksAndAGap) {
  const Band band = Band::bethe(0.5);
  const auto spectrum = [](const RealAxisSolution& s, double w) { return -s.green(up, w).imag() / pi; };
  const RealAxisSolution metal = solved(band, half_filled(50, 2.5), 10.5);
  EXPECT_GT(spectrum(metal, 0), 0.6);
  EXPECT_LT(spectrum(metal, 0.5), 0.15);
  EXPECT_GT(spectrum(metal, 1.3), 0.25);
  RealAxisProblem problem = half_filled(50, 3.5);
  problem.insulator = true;
  const RealAxisSolution insulator = solved(band, problem, 13.5, 0.02);
  for (const double w : {0.0, 0.2, 0.5}) EXPECT_NEAR(spectrum(insulator, w), 0, 2e-3) << w;
  EXPECT_GT(spectrum(insulator, 1.75), 0.25);
}

}  // namespace
}  // namespace weiss
