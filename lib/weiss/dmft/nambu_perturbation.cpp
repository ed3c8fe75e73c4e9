#include "weiss/dmft/nambu_perturbation.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "weiss/dmft/nambu_matrix.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {

namespace {

constexpr double largest_length = 0.5 - 1e-9;  // of (n - 1/2, F): no propagator has 1/2

// x of tau_3, y of tau_1.
using Vector = Eigen::Vector2d;

// [z + fields - Delta]^-1 at the nodes.
std::vector<NambuMatrix> propagator(const WeissField& field, const std::vector<double>& frequencies,
                                    const Vector& fields) {
  std::vector<NambuMatrix> values;
  for (std::size_t node = 0; node < frequencies.size(); ++node)
    values.push_back((nambu_free_inverse(Complex(0, frequencies[node]), fields.x(), fields.y()) -
                      nambu_at_imaginary(field.hybridisation[normal_part][node],
                                         field.hybridisation[anomalous_part][node]))
                         .inverse());
  return values;
}

// (<n_s>, <c_down c_up>) of functions with these 11 and 12 parts.
template <class Normal, class Anomalous>
Vector occupations(const DiscreteLehmann& basis, const std::vector<NambuMatrix>& g, Normal&& normal,
                   Anomalous&& anomalous) {
  NodeValues first, second;
  for (const NambuMatrix& each : g) {
    first.push_back(normal(each));
    second.push_back(anomalous(each));
  }
  return {density_of(basis, first), density_of(basis, second)};
}

Vector occupations(const DiscreteLehmann& basis, const std::vector<NambuMatrix>& g) {
  return occupations(
      basis, g, [](const NambuMatrix& m) { return m.normal; },
      [](const NambuMatrix& m) { return m.anomalous; });
}

// Columns: -g tau_3 g and -g tau_1 g.
Eigen::Matrix2d response(const DiscreteLehmann& basis, const std::vector<NambuMatrix>& g) {
  Eigen::Matrix2d matrix;
  matrix.col(0) = occupations(
      basis, g, [](const NambuMatrix& m) { return m.anomalous * m.anomalous - m.normal * m.normal; },
      [](const NambuMatrix& m) { return m.anomalous * (m.hole - m.normal); });
  matrix.col(1) = occupations(
      basis, g, [](const NambuMatrix& m) { return -2.0 * m.normal * m.anomalous; },
      [](const NambuMatrix& m) { return -m.normal * m.hole - m.anomalous * m.anomalous; });
  return matrix;
}

// Fields mu0 - level and h at which the propagator has these occupations: the minimum of a convex function,
// by Newton's method with shorter steps where needed. The best that the basis represents where a passing
// iteration asks for too much.
Vector fields_for(const DiscreteLehmann& basis, const WeissField& field,
                  const std::vector<double>& frequencies, Vector wanted, Vector fields) {
  const Vector middle(0.5, 0);
  if (const double length = (wanted - middle).norm(); length > largest_length)
    wanted = middle + (wanted - middle) * largest_length / length;
  const double reach = basis.omega_max() / 3;
  std::vector<NambuMatrix> g = propagator(field, frequencies, fields);
  Vector excess = occupations(basis, g) - wanted;
  for (int trial = 0; trial < 100 && excess.norm() > 1e-15; ++trial) {
    Vector step = -response(basis, g).fullPivLu().solve(excess);
    if (step.norm() > reach / 4) step *= reach / (4 * step.norm());
    bool better = false;
    for (; !better && step.norm() > 1e-15 * reach; step /= 2) {
      Vector next = fields + step;
      if (next.norm() > reach) next *= reach / next.norm();
      std::vector<NambuMatrix> next_g = propagator(field, frequencies, next);
      const Vector next_excess = occupations(basis, next_g) - wanted;
      better = next_excess.norm() < excess.norm();
      if (!better) continue;
      fields = next;
      g = std::move(next_g);
      excess = next_excess;
    }
    if (!better) break;
  }
  return fields;
}

// Sigma2 at the nodes.
std::vector<NambuMatrix> second_order(const DiscreteLehmann& basis, double u,
                                      const std::vector<NambuMatrix>& g) {
  NodeValues normal, anomalous;
  for (const NambuMatrix& each : g) {
    normal.push_back(each.normal);
    anomalous.push_back(each.anomalous);
  }
  const std::vector<double> g_poles = basis.from_frequencies(normal);
  const std::vector<double> f_poles = basis.from_frequencies(anomalous);
  std::vector<double> first, second;
  for (const ImaginaryTime& time : basis.times()) {
    const double forward = basis.in_time(g_poles, time), f = basis.in_time(f_poles, time);
    const double determinant =
        forward * basis.in_time(g_poles, ImaginaryTime{time.from_end, time.from_start}) - f * f;
    first.push_back(u * u * determinant * forward);
    second.push_back(u * u * determinant * f);
  }
  const std::vector<double> normal_poles = basis.from_times(first);
  const std::vector<double> anomalous_poles = basis.from_times(second);
  std::vector<NambuMatrix> sigma;
  for (const std::int64_t n : basis.frequencies())
    sigma.push_back(nambu_at_imaginary(basis.on_matsubara(normal_poles, n),
                                       basis.on_matsubara(anomalous_poles, n).real()));
  return sigma;
}

// <n_up n_down> from (Sigma G)_11.
double double_occupancy_of(const DiscreteLehmann& basis, double u, const ImpuritySolution& solution) {
  const double n = solution.density[up].value, F = solution.pair_amplitude.value;
  if (u == 0) return n * n + F * F;
  double sum = 0;
  for (const std::size_t part : {normal_part, anomalous_part})
    sum += sum_of_products(basis, solution.self_energy[part], solution.constant[part], solution.green[part]);
  return sum / u + n / 2;
}

}  // namespace

ImpuritySolution solve_superconductor_by_perturbation(const DiscreteLehmann& basis, const WeissField& field,
                                                      double n, double F) {
  const std::vector<double> frequencies = node_frequencies(basis);
  const double u = field.interaction;
  const Vector bare(field.chemical_potential - field.level, 0), hartree = u * Vector(n - 0.5, F);
  const Vector fields = fields_for(basis, field, frequencies, {n, F}, bare - hartree);
  const std::vector<NambuMatrix> sigma2 = second_order(basis, u, propagator(field, frequencies, fields));
  const double spread = std::max(n * (1 - n) - F * F, 1e-12);
  const Vector b = u == 0 ? Vector(0, 0) : Vector((fields - bare - hartree) / (u * u * spread));
  ImpuritySolution solution;
  solution.constant = {hartree.x(), hartree.y()};
  for (std::size_t node = 0; node < frequencies.size(); ++node) {
    const Complex z(0, frequencies[node]);
    NambuMatrix sigma{hartree.x(), hartree.y(), -hartree.x()};
    if (u != 0) {
      const NambuMatrix dynamic = (sigma2[node].inverse() - NambuMatrix{b.x(), b.y(), -b.x()}).inverse();
      sigma = {sigma.normal + dynamic.normal, sigma.anomalous + dynamic.anomalous, sigma.hole + dynamic.hole};
    }
    const NambuMatrix green = (nambu_free_inverse(z, bare.x()) -
                               nambu_at_imaginary(field.hybridisation[normal_part][node],
                                                  field.hybridisation[anomalous_part][node]) -
                               sigma)
                                  .inverse();
    solution.self_energy[normal_part].push_back(sigma.normal);
    solution.self_energy[anomalous_part].push_back(sigma.anomalous);
    solution.green[normal_part].push_back(green.normal);
    solution.green[anomalous_part].push_back(green.anomalous);
  }
  solution.density[up].value = solution.density[down].value = density_of(basis, solution.green[normal_part]);
  solution.pair_amplitude.value = density_of(basis, solution.green[anomalous_part]);
  solution.double_occupancy.value = double_occupancy_of(basis, u, solution);
  return solution;
}

}  // namespace weiss
