// The deck keys of two orbitals a site and of lattices from a file of hoppings.
#include <algorithm>
#include <cmath>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/dmft/orbital_impurity.hpp"
#include "weiss/simulation/lattice_keys.hpp"

#include "hubbard_dmft/hubbard_keys.hpp"

namespace weiss {

namespace {

constexpr std::int64_t most_bath_sites = 5;  // an orbital
constexpr std::int64_t most_wave_vectors = std::int64_t{1} << 24;
constexpr double most_offdiagonal = 0.01;  // of the diagonal hybridisation

bool from_hoppings(const Parameters& parameters) { return parameters.text("lattice.kind") == "hopping_file"; }
bool two_orbitals(const Parameters& parameters) { return parameters.integer("model.orbitals") == 2; }

void validate_hopping_file(const Parameters& parameters, Problems& problems) {
  const bool file = from_hoppings(parameters);
  if (file != parameters.given("lattice.hoppings"))
    problems.add(file ? "lattice.kind" : "lattice.hoppings",
                 file ? "hopping_file needs lattice.hoppings" : "needs lattice.kind = hopping_file");
  if (file && parameters.chosen("model.hopping"))
    problems.add("model.hopping", "is in the file of lattice.kind = hopping_file; remove it");
}

void validate_second_hopping(const Parameters& parameters, Problems& problems) {
  if (!parameters.given("model.second_hopping")) return;
  if (from_hoppings(parameters) || parameters.text("lattice.kind") == "file")
    problems.add("model.second_hopping", "has no meaning where lattice.kind is a file; remove it");
  if (parameters.real("model.diagonal_hopping") != 0)
    problems.add("model.second_hopping",
                 "does not go with model.diagonal_hopping; take lattice.kind = hopping_file");
}

void validate_offdiagonal(const Parameters& parameters, const TwoBand& band, Problems& problems) {
  const double beta = beta_of(parameters), mu = parameters.real("model.chemical_potential");
  std::vector<double> frequencies;
  for (std::int64_t n = 0; n < 64; ++n) frequencies.push_back(fermionic_frequency(n, beta));
  LocalFunctions sigma;
  sigma.fill(NodeValues(frequencies.size()));
  const LocalFunctions delta = band.hybridisation(mu, sigma, band.green(mu, sigma, frequencies), frequencies);
  double diagonal = 0;
  for (const NodeValues& orbital : delta)
    for (const Complex each : orbital) diagonal = std::max(diagonal, std::abs(each));
  const double offdiagonal = band.offdiagonal_hybridisation(mu, sigma, frequencies);
  if (offdiagonal > most_offdiagonal * diagonal)
    problems.add("lattice.hoppings", "the bath mixes the orbitals: Delta_01 reaches " +
                                         std::to_string(offdiagonal / diagonal) +
                                         " of Delta_aa, and density-density solvers take none; choose "
                                         "orbitals of different symmetry, between which it vanishes");
}

void validate_cell(const Parameters& parameters, const TightBinding& model, Problems& problems) {
  if (two_orbitals(parameters) && model.orbitals == 1)
    problems.add("lattice.hoppings", "holds one orbital a cell, and model.orbitals = 2 needs two");
  else if (two_orbitals(parameters) && model.amplitude({0, 0, 0}, 0, 1) != 0)
    problems.add("lattice.hoppings",
                 "orbitals mix on their site, t_01(0) != 0; take the orbitals that diagonalise t_ab(0)");
  else if (!two_orbitals(parameters) && !model.equivalent_orbitals())
    problems.add("lattice.hoppings",
                 "two sites a cell must be alike, t_00(R) = t_11(R); two orbitals of one site need "
                 "model.orbitals = 2");
}

}  // namespace

void declare_orbital_keys(Schema& schema) {
  schema.text("lattice.hoppings",
              {.help = "file of lines dx dy dz a b value: the amplitude t_ab(R) of H_ab(k) = sum_R t_ab(R) "
                       "exp(i k R), R in cells, orbitals or sites a, b = 0 or 1"});
  schema.integer("model.orbitals",
                 {.fallback = "1",
                  .help = "orbitals a site; 2 for a paramagnet with exact_diagonalization or ct_hyb",
                  .minimum = 1,
                  .maximum = 2});
  schema.real("model.hund_coupling",
              {.fallback = "0",
               .unit = "energy",
               .help = "J of two orbitals: U - 2J between opposite, U - 3J between equal spins of both"});
  schema.real("model.crystal_field", {.fallback = "0",
                                      .unit = "energy",
                                      .help = "the first of two orbitals is raised by half of it, the second "
                                              "lowered"});
  schema.real("model.second_hopping", {.unit = "energy",
                                       .help = "t of the second orbital; without it model.hopping",
                                       .minimum = 0,
                                       .exclusive_minimum = true});
}

void validate_orbital_keys(const Parameters& parameters, Problems& problems) {
  validate_hopping_file(parameters, problems);
  validate_second_hopping(parameters, problems);
  const bool two = two_orbitals(parameters);
  for (const char* key : {"model.hund_coupling", "model.crystal_field", "model.second_hopping"})
    if (!two && parameters.chosen(key)) problems.add(key, "needs model.orbitals = 2; remove it");
  if (parameters.given("model.density") && parameters.real("model.density") > (two ? 4 : 2))
    problems.add("model.density", two ? "must be at most 4" : "must be at most 2 with one orbital");
  if (!two) return;
  if (solver_of(parameters) == ImpuritySolver::perturbation)
    problems.add("algorithm.solver",
                 "perturbation is for one orbital; model.orbitals = 2 needs exact_diagonalization or ct_hyb");
  if (phase_of(parameters) != Phase::paramagnetic)
    problems.add("model.phase", "must be paramagnetic with model.orbitals = 2");
  if (solver_of(parameters) != ImpuritySolver::diagonalisation) return;
  if (!parameters.chosen("algorithm.bath_sites"))
    problems.add(
        "algorithm.bath_sites",
        "must be chosen with model.orbitals = 2, for each orbital: up to 2 are quick, 3 and more need "
        "low temperature or algorithm.ground_state, 5 hours");
  else if (parameters.integer("algorithm.bath_sites") > most_bath_sites)
    problems.add("algorithm.bath_sites", "must be at most 5 for each of two orbitals");
}

void validate_orbital_lattice(const Parameters& parameters, Problems& problems) {
  if (!from_hoppings(parameters)) return;
  const TightBinding model = read_tight_binding(parameters.file("lattice.hoppings"));
  validate_cell(parameters, model, problems);
  std::int64_t points = 1;
  for (std::size_t d = 0; d < model.directions(); ++d) points *= mesh_of(parameters, model.directions());
  if (points > most_wave_vectors)
    problems.add("lattice.mesh", "must be at most " +
                                     std::string(model.directions() == 3 ? "256 in three" : "4096 in two") +
                                     " dimensions");
  if (!problems.empty()) return;
  if (two_orbitals(parameters)) validate_offdiagonal(parameters, *two_band_of(parameters), problems);
}

std::optional<TwoBand> two_band_of(const Parameters& parameters) {
  if (!two_orbitals(parameters)) return std::nullopt;
  const double splitting = parameters.real("model.crystal_field");
  if (from_hoppings(parameters)) {
    const TightBinding model = read_tight_binding(parameters.file("lattice.hoppings"));
    return TwoBand(model, mesh_of(parameters, model.directions()), splitting);
  }
  const Band first = band_of(parameters);
  if (!parameters.given("model.second_hopping")) return TwoBand(first, first, splitting);
  Parameters other = parameters;
  other.replace("model.hopping", parameters.real("model.second_hopping"));
  return TwoBand(first, band_of(other), splitting);
}

Band band_of_hoppings(const Parameters& parameters) {
  const TightBinding model = read_tight_binding(parameters.file("lattice.hoppings"));
  return band_of_cells(model, mesh_of(parameters, model.directions()));
}

double orbital_reach_of(const Parameters& parameters) {
  if (!two_orbitals(parameters)) return 0;
  const HundInteraction u(parameters.real("model.interaction"), parameters.real("model.hund_coupling"));
  double reach = std::fabs(parameters.real("model.crystal_field")) / 2 + std::fabs(u.shift()) +
                 std::fabs(parameters.real("model.hund_coupling"));
  if (parameters.given("model.second_hopping"))
    reach += std::max(0.0, two_band_of(parameters)->highest() - band_of(parameters).highest());
  return reach;
}

}  // namespace weiss
