// Two orbitals a site in weiss-hubbard-dmft: their results. Entries of arrays with the
// axis orbital are those of the orbitals; spins are equal.
#include <array>
#include <cmath>

#include "weiss/dmft/perturbation.hpp"
#include "weiss/dmft/quasiparticle.hpp"

#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

constexpr std::array<std::size_t, 2> orbitals{0, 1};

ObservableInfo of_orbitals(const char* long_name, const char* unit, const char* formula) {
  return {long_name, unit, formula, {2}, false, {orbital_axis()}};
}

void put(Reported& reported, const std::string& name, const Estimate& estimate) {
  reported.put(name, estimate.value, estimate.error);
}

void put(Reported& reported, const std::string& name, const std::array<Estimate, 2>& both, double factor) {
  const std::vector<double> errors = {factor * both[0].error, factor * both[1].error};
  reported.put(name, std::vector<double>{factor * both[0].value, factor * both[1].value}, errors);
}

}  // namespace

void HubbardDmft::declare_orbital_scalars() {
  Reported& r = reported_;
  r.declare("residual", {"largest undamped change of the Weiss field or a density in an iteration",
                         "energy",
                         "max |Delta_new - Delta|, |n_new - n|, |mu_new - mu|",
                         {},
                         true});
  r.declare("density", {"electrons a site", "1", "<sum_a n_a,up + n_a,down>", {}, true});
  r.declare("chemical_potential",
            {"chemical potential, 0 at two electrons a site of symmetric bands", "energy", "mu"});
  r.declare("orbital_density", of_orbitals("electrons in each orbital", "1", "<n_a,up + n_a,down>"));
  r.declare("orbital_polarisation", {"difference of the orbitals' electrons", "1", "<n_0 - n_1>"});
  r.declare("double_occupancy",
            {"doubly occupied orbitals, mean of both", "1", "sum_a <n_a,up n_a,down>/2", {}, true});
  r.declare("orbital_double_occupancy",
            of_orbitals("probability that an orbital holds two electrons", "1", "<n_a,up n_a,down>"));
  r.declare("opposite_spins", {"probability of opposite spins in both orbitals", "1", "<n_0,up n_1,down>"});
  r.declare("equal_spins", {"probability of equal spins in both orbitals", "1", "<n_0,up n_1,up>"});
  r.declare("local_moment",
            {"square of the site's spin", "1", "<S_z^2>, S_z = sum_a (n_a,up - n_a,down)/2", {}, true});
  r.declare("kinetic_energy", {"kinetic energy a site, with the crystal field",
                               "energy",
                               "T sum_n sum_k Tr H(k) G(k, i w_n), both spins",
                               {},
                               true});
  r.declare("potential_energy", {"energy of interaction a site, in the symmetric form", "energy",
                                 "sum over pairs U_ab <(n_a - 1/2)(n_b - 1/2)>"});
  r.declare(
      "energy",
      {"energy a site without the term of mu", "energy", "kinetic_energy + potential_energy", {}, true});
  r.declare("energy_of_product",
            {"the same with U_ab n_a n_b", "energy", "kinetic_energy + sum over pairs U_ab <n_a n_b>"});
  r.declare(
      "quasiparticle_weight",
      {"weight of quasi-particles of the first orbital", "1", "1/(1 - Im Sigma_0(i w_0)/w_0)", {}, true});
  r.declare(
      "second_quasiparticle_weight",
      {"weight of quasi-particles of the second orbital", "1", "1/(1 - Im Sigma_1(i w_0)/w_0)", {}, true});
  r.declare("quasiparticle_weight_from_slope",
            of_orbitals("the same from the quadratic through three frequencies; NaN where there are no "
                        "quasi-particles",
                        "1", "1/(1 - d Im Sigma_a/d w)"));
  r.declare("green_at_half_beta",
            of_orbitals("Green function at beta/2; -pi T A(0) at low temperature", "1", "G_a(beta/2)"));
  if (lattice_.two_band()->mixes())
    r.declare("offdiagonal_hybridisation",
              {"what the bath mixes the orbitals by, which the solver leaves out", "energy",
               "max_n |Delta_01(i w_n)|"});
}

// T sum_n sum_k Tr H G = sum_a <n_a> level_a + T sum_n Delta_a G_a; in Monte Carlo the last is -T <k>.
Estimate HubbardDmft::orbital_kinetic_energy(const SolverAnswer& answer) const {
  const ImpuritySolution& solution = answer.solution;
  const WeissField field = weiss_field();
  Estimate kinetic;
  for (const std::size_t a : orbitals) {
    const double level = lattice_.two_band()->level()[a];
    kinetic.value += 2 * level * solution.density[a].value;
    kinetic.error += 2 * std::fabs(level) * solution.density[a].error;
    NodeValues products;
    for (std::size_t node = 0; node < lattice_.frequencies().size(); ++node)
      products.push_back(field.hybridisation[a][node] * solution.green[a][node]);
    if (!answer.segments) kinetic.value += 2 * density_of(lattice_.basis(), products);
  }
  if (!answer.segments) return kinetic;
  const Estimates order = answer.segments->results.order();
  double variance = 0;
  for (std::size_t flavour = 0; flavour < order.mean.size(); ++flavour) {
    kinetic.value -= order.mean[flavour] / lattice_.beta();
    variance += order.error[flavour] * order.error[flavour];
  }
  kinetic.error += std::sqrt(variance) / lattice_.beta();
  return kinetic;
}

void HubbardDmft::report_orbital_scalars(const SolverAnswer& answer, double change) {
  const ImpuritySolution& solution = answer.solution;
  const OrbitalAverages& averages = *solution.orbitals;
  const Estimate kinetic = orbital_kinetic_energy(answer);
  const std::vector<double> first = {fermionic_frequency(0, lattice_.beta()),
                                     fermionic_frequency(1, lattice_.beta()),
                                     fermionic_frequency(2, lattice_.beta())};
  std::array<Estimate, 2> weight;
  std::vector<double> slope, half;
  for (const std::size_t a : orbitals) {
    const NodeValues sigma = lattice_.on_matsubara(solution.self_energy[a], solution.constant[a], 3);
    weight[a].value = weight_from_first_frequency(sigma[0], first[0]);
    weight[a].error = weight[a].value * weight[a].value * answer.first_self_energy_error[a] / first[0];
    slope.push_back(weight_from_slope(sigma, first));
    half.push_back(
        lattice_.basis().in_time(lattice_.basis().from_frequencies(solution.green[a]), lattice_.beta() / 2));
  }
  const double equal_errors =
      std::hypot(averages.double_occupancy[0].error, averages.double_occupancy[1].error);
  Reported& r = reported_;
  r.put("residual", change);
  put(r, "density", averages.density);
  r.put("chemical_potential", chemical_potential_);
  put(r, "orbital_density", solution.density, 2);
  put(r, "orbital_polarisation", averages.polarisation);
  r.put("double_occupancy", (averages.double_occupancy[0].value + averages.double_occupancy[1].value) / 2,
        lattice_.two_band()->equivalent() ? averages.double_occupancy[0].error : equal_errors / 2);
  put(r, "orbital_double_occupancy", averages.double_occupancy, 1);
  put(r, "opposite_spins", averages.opposite);
  put(r, "equal_spins", averages.equal);
  put(r, "local_moment", averages.spin_squared);
  put(r, "kinetic_energy", kinetic);
  put(r, "potential_energy", averages.interaction);
  r.put("energy", kinetic.value + averages.interaction.value, kinetic.error + averages.interaction.error);
  r.put("energy_of_product", kinetic.value + averages.product.value, kinetic.error + averages.product.error);
  put(r, "quasiparticle_weight", weight[0]);
  put(r, "second_quasiparticle_weight", weight[1]);
  r.put("quasiparticle_weight_from_slope", slope);
  r.put("green_at_half_beta", half);
  if (lattice_.two_band()->mixes())
    r.put("offdiagonal_hybridisation",
          lattice_.two_band()->offdiagonal_hybridisation(chemical_potential_, solution.self_energy,
                                                         lattice_.frequencies()));
}

}  // namespace weiss
