#include "hubbard_dmft/hubbard_keys.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include "weiss/base/error.hpp"
#include "weiss/dmft/nambu_impurity.hpp"
#include "weiss/simulation/lattice_keys.hpp"

#include "hubbard_dmft/hubbard_real_axis.hpp"

namespace weiss {

namespace {

constexpr double most_reduced_energy = 1e7;  // of beta omega_max
constexpr double most_phonon_energy = 500;   // of beta w

void declare_lattice(Schema& schema) {
  schema.choice(
      "lattice.kind",
      {"bethe", "hypercubic", "chain", "square", "cubic", "triangular", "honeycomb", "file", "hopping_file"},
      {.fallback = "bethe",
       .help = "band of the electrons; bethe: semicircle of half bandwidth 2t; hypercubic: Gaussian "
               "of width t; file: lattice.density_of_states; hopping_file: lattice.hoppings"});
  schema.integer("lattice.mesh",
                 {.fallback = "0",
                  .unit = "wave vectors",
                  .help = "wave vectors a direction of the Brillouin zone, even; 0: 4096, 128, "
                          "32 in one, two, three dimensions",
                  .minimum = 0,
                  .maximum = 65536});
  schema.text("lattice.density_of_states",
              {.help = "file of two columns, energy and density of states, the energies ascending; it is "
                       "normalised, and linear in between"});
  schema.real("model.hopping", {.fallback = "1",
                                .unit = "energy",
                                .help = "t of H = -t sum c+ c; sets the unit when it is 1",
                                .minimum = 0,
                                .exclusive_minimum = true});
  schema.real("model.diagonal_hopping",
              {.fallback = "0", .unit = "energy", .help = "t' along the diagonals of the square lattice"});
}

void declare_electrons(Schema& schema) {
  schema.real("model.interaction",
              {.unit = "energy", .help = "U of U (n_up - 1/2)(n_down - 1/2); negative attracts"});
  schema.real("model.chemical_potential",
              {.fallback = "0", .unit = "energy", .help = "mu; 0 is half filling of a symmetric band"});
  schema.real(
      "model.density",
      {.help = "electrons a site; mu is then found", .minimum = 0, .maximum = 4, .exclusive_minimum = true});
  schema.real("model.phonon_frequency",
              {.unit = "energy",
               .help = "w of a phonon on each site, w b+b + g (n - 1)(b+ + b); for ct_hyb",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.real(
      "model.phonon_coupling",
      {.unit = "energy", .help = "g of the same; U - 2 g^2/w is what is left of U in slow processes"});
  schema.exactly_one_of({"model.interaction"});
  schema.choice(
      "model.phase", {"paramagnetic", "antiferromagnetic", "superconducting"},
      {.fallback = "paramagnetic",
       .help = "antiferromagnetic: two sublattices, of a bipartite lattice; superconducting: s-wave "
               "pairs, of an attractive interaction; both find the paramagnet where nothing orders"});
}

void declare_iteration(Schema& schema) {
  schema.choice(
      "algorithm.solver", {"perturbation", "exact_diagonalization", "ct_hyb"},
      {.fallback = "perturbation",
       .help = "of the impurity; perturbation: iterated, of second order; exact_diagonalization: of "
               "a few bath sites; ct_hyb: continuous-time Monte Carlo in the hybridisation"});
  schema.choice("algorithm.mixing", {"auto", "linear", "broyden", "anderson"},
                {.fallback = "auto",
                 .help = "how the next Weiss field comes from the last ones; auto: linear for ct_hyb, whose "
                         "noise misleads the others, else anderson"});
  schema.real("algorithm.mixing_amount",
              {.fallback = "0",
               .help = "part of the new Weiss field in a linear step; 0: 1 for ct_hyb, 0.5 for the others",
               .minimum = 0,
               .maximum = 1});
  schema.integer(
      "algorithm.mixing_memory",
      {.fallback = "6", .help = "earlier iterations that mixing uses", .minimum = 1, .maximum = 50});
  schema.real("algorithm.tolerance",
              {.fallback = "1e-8",
               .unit = "energy",
               .help = "converged when an iteration would change no Weiss field by more, undamped, and no "
                       "density; ct_hyb: when the means of four iterations and of the four before agree "
                       "within their errors",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.choice("algorithm.solution_start", {"metal", "insulator"},
                {.fallback = "metal",
                 .help = "first self-energy: none, or that of the atom; where both phases are solutions it "
                         "decides which is found"});
  schema.real("algorithm.staggered_start",
              {.fallback = "0.9",
               .help = "first n_up - n_down of a sublattice in model.phase = antiferromagnetic",
               .minimum = -1,
               .maximum = 1});
  schema.real("algorithm.pairing_start",
              {.fallback = "0.45",
               .help = "first <c_down c_up> in model.phase = superconducting; cut off at 0.9 of "
                       "the largest of this density",
               .minimum = -0.5,
               .maximum = 0.5});
  schema.real("algorithm.basis_accuracy", {.fallback = "1e-12",
                                           .help = "of the discrete Lehmann representation",
                                           .minimum = 1e-14,
                                           .maximum = 1e-4});
  schema.integer("output.frequencies",
                 {.fallback = "64", .help = "Matsubara frequencies of stored functions", .minimum = 4});
  schema.integer(
      "output.times",
      {.fallback = "128", .help = "intervals of imaginary time of stored Green functions", .minimum = 2});
}

void declare_solvers(Schema& schema) {
  schema.integer(
      "algorithm.bath_sites",
      {.fallback = "5", .help = "bath sites of exact_diagonalization", .minimum = 1, .maximum = 11});
  schema.real("algorithm.fit_exponent", {.fallback = "1",
                                         .help = "the fit of the bath weights frequencies with w^-exponent",
                                         .minimum = 0,
                                         .maximum = 4});
  schema.integer("algorithm.fit_frequencies",
                 {.fallback = "0",
                  .help = "Matsubara frequencies in the fit of the bath; 0: up to the energies, at most 300",
                  .minimum = 0,
                  .maximum = 100000});
  schema.boolean(
      "algorithm.ground_state",
      {.fallback = "false",
       .help = "exact_diagonalization averages over the ground state only; the temperature then only "
               "spaces the frequencies of the fit"});
  schema.integer(
      "algorithm.streams",
      {.fallback = "64",
       .help = "independent chains of ct_hyb, shared out over ranks; errors come from their spread",
       .minimum = 4,
       .maximum = 65536});
  schema.integer("algorithm.updates", {.fallback = "20000",
                                       .unit = "updates",
                                       .help = "measured updates of each chain in an iteration of ct_hyb",
                                       .minimum = 1000});
  schema.integer(
      "algorithm.measured_iterations",
      {.fallback = "128",
       .help = "iterations of ct_hyb after it has converged, over which results are averaged; they are "
               "correlated, and fewer than some hundred leave errors too small",
       .minimum = 2,
       .maximum = 1000});
  schema.integer("output.legendre_coefficients", {.fallback = "40",
                                                  .help = "of the Green function as ct_hyb measures it",
                                                  .minimum = 1,
                                                  .maximum = 500});
}

void refuse(const Parameters& parameters, Problems& problems, std::initializer_list<const char*> keys,
            const std::string& solver) {
  if (parameters.somewhere("algorithm.solver", solver)) return;
  for (const char* key : keys)
    if (parameters.chosen(key)) problems.add(key, "needs algorithm.solver = " + solver + "; remove it");
}

void validate_solver(const Parameters& parameters, Problems& problems) {
  refuse(parameters, problems,
         {"algorithm.bath_sites", "algorithm.fit_exponent", "algorithm.fit_frequencies",
          "algorithm.ground_state"},
         "exact_diagonalization");
  refuse(parameters, problems,
         {"algorithm.streams", "algorithm.updates", "algorithm.measured_iterations",
          "output.legendre_coefficients"},
         "ct_hyb");
}

void validate_superconductor(const Parameters& parameters, Problems& problems) {
  if (phase_of(parameters) != Phase::superconducting) {
    if (parameters.chosen("algorithm.pairing_start"))
      problems.add("algorithm.pairing_start", "needs model.phase = superconducting; remove it");
    return;
  }
  if (parameters.real("model.interaction") >= 0)
    problems.add("model.phase", "superconducting needs model.interaction < 0");
  if (solver_of(parameters) == ImpuritySolver::segments)
    problems.add("model.phase",
                 "superconducting needs algorithm.solver = perturbation or exact_diagonalization; ct_hyb has "
                 "no anomalous functions");
  if (parameters.integer("algorithm.bath_sites") >= most_nambu_sites)
    problems.add("algorithm.bath_sites", "must be at most " + std::to_string(most_nambu_sites - 1) +
                                             " in model.phase = superconducting");
}

void validate_lattice_kind(const Parameters& parameters, Problems& problems) {
  const std::string& kind = parameters.text("lattice.kind");
  const bool file = kind == "file", mesh = !file && kind != "bethe" && kind != "hypercubic";
  if (file != parameters.given("lattice.density_of_states"))
    problems.add(file ? "lattice.kind" : "lattice.density_of_states",
                 file ? "file needs lattice.density_of_states" : "needs lattice.kind = file");
  if (!mesh && parameters.chosen("lattice.mesh"))
    problems.add("lattice.mesh", "has no meaning for lattice.kind = " + kind + "; remove it");
  if (mesh && parameters.integer("lattice.mesh") % 2 != 0) problems.add("lattice.mesh", "must be even");
  if (kind == "cubic" && parameters.integer("lattice.mesh") > 256)
    problems.add("lattice.mesh", "must be at most 256 in three dimensions");
  if (kind != "square" && parameters.real("model.diagonal_hopping") != 0)
    problems.add("model.diagonal_hopping", "is for lattice.kind = square; remove it");
}

void validate_phonon(const Parameters& parameters, Problems& problems) {
  const char *frequency = "model.phonon_frequency", *coupling = "model.phonon_coupling";
  if (parameters.given(frequency) != parameters.given(coupling)) {
    problems.add(parameters.given(frequency) ? frequency : coupling,
                 std::string("needs ") + (parameters.given(frequency) ? coupling : frequency));
    return;
  }
  if (!parameters.given(frequency)) return;
  refuse(parameters, problems, {frequency, coupling}, "ct_hyb");
  if (parameters.integer("model.orbitals") == 2)
    problems.add(frequency, "is for model.orbitals = 1; remove it");
  if (parameters.text("output.continuation") != "none")
    problems.add("output.continuation", "knows no phonons; remove it");
  // The kernel bends over 1/w, and is a cubic on each of 1024 intervals.
  if (beta_of(parameters) * parameters.real(frequency) > most_phonon_energy)
    problems.add(frequency, "is too large: frequency/temperature up to 500 is represented");
}

Band read_table(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw Error(ExitCode::bad_deck,
                path + ": cannot be read; lattice.density_of_states names a file of two columns");
  std::vector<double> energies, densities;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    double energy = 0, density = 0;
    std::string rest;
    if (!(words >> energy)) {
      words.clear();
      if (words >> rest) throw Error(ExitCode::bad_deck, path + ":" + std::to_string(number) + ": no number");
      continue;
    }
    if (!(words >> density) || words >> rest)
      throw Error(ExitCode::bad_deck,
                  path + ":" + std::to_string(number) + ": needs two numbers, an energy and a density");
    energies.push_back(energy);
    densities.push_back(density);
  }
  return Band::table(energies, densities);
}

}  // namespace

std::int64_t mesh_of(const Parameters& parameters, std::size_t directions) {
  if (const std::int64_t mesh = parameters.integer("lattice.mesh"); mesh > 0) return mesh;
  return directions == 1 ? 4096 : directions == 3 ? 32 : 128;
}

void declare_hubbard_keys(Schema& schema) {
  declare_lattice(schema);
  declare_electrons(schema);
  declare_orbital_keys(schema);
  declare_temperature_keys(schema);
  declare_iteration(schema);
  declare_solvers(schema);
  declare_spectrum_keys(schema);
}

void validate_hubbard_keys(const Parameters& parameters, Problems& problems) {
  validate_lattice_kind(parameters, problems);
  validate_solver(parameters, problems);
  validate_superconductor(parameters, problems);
  validate_orbital_keys(parameters, problems);
  validate_spectrum_keys(parameters, problems);
  if (parameters.given("model.density") && parameters.chosen("model.chemical_potential"))
    problems.add("model.chemical_potential", "is found where model.density is given; remove one");
  if (!problems.empty()) return;
  if (beta_of(parameters) <= 0) {
    problems.add("model.beta", "must be > 0");
    return;
  }
  validate_orbital_lattice(parameters, problems);
  if (!problems.empty()) return;
  const Band band = band_of(parameters);
  validate_phonon(parameters, problems);
  if (phase_of(parameters) == Phase::antiferromagnetic && !band.symmetric())
    problems.add("model.phase", "antiferromagnetic needs a bipartite lattice without model.diagonal_hopping");
  if (phase_of(parameters) != Phase::antiferromagnetic && parameters.chosen("algorithm.staggered_start"))
    problems.add("algorithm.staggered_start", "needs model.phase = antiferromagnetic; remove it");
  validate_real_axis(parameters, band, problems);
  if (beta_of(parameters) * basis_energy_of(parameters, band) > most_reduced_energy)
    problems.add(parameters.given("model.beta") ? "model.beta" : "model.temperature",
                 "is too cold for these energies: energy/temperature up to 1e7 is represented");
}

ImpuritySolver solver_of(const Parameters& parameters) {
  const std::string& name = parameters.text("algorithm.solver");
  return name == "exact_diagonalization" ? ImpuritySolver::diagonalisation
         : name == "ct_hyb"              ? ImpuritySolver::segments
                                         : ImpuritySolver::perturbation;
}

Phase phase_of(const Parameters& parameters) {
  const std::string& name = parameters.text("model.phase");
  return name == "antiferromagnetic" ? Phase::antiferromagnetic
         : name == "superconducting" ? Phase::superconducting
                                     : Phase::paramagnetic;
}

Band band_of(const Parameters& parameters) {
  const std::string& kind = parameters.text("lattice.kind");
  const double t = parameters.real("model.hopping");
  if (kind == "bethe") return Band::bethe(t);
  if (kind == "hypercubic") return Band::hypercubic(t);
  if (kind == "file") return read_table(parameters.file("lattice.density_of_states"));
  if (kind == "hopping_file") return band_of_hoppings(parameters);
  const BandKind on_mesh = kind == "chain"        ? BandKind::chain
                           : kind == "cubic"      ? BandKind::cubic
                           : kind == "triangular" ? BandKind::triangular
                           : kind == "honeycomb"  ? BandKind::honeycomb
                                                  : BandKind::square;
  const std::size_t directions = kind == "chain" ? 1 : kind == "cubic" ? 3 : 2;
  return Band::on_mesh(on_mesh, t, parameters.real("model.diagonal_hopping"),
                       mesh_of(parameters, directions));
}

Phonon phonon_of(const Parameters& parameters) {
  if (!parameters.given("model.phonon_frequency")) return {};
  return {parameters.real("model.phonon_frequency"), parameters.real("model.phonon_coupling")};
}

Mixing mixing_of(const Parameters& parameters) {
  std::string name = parameters.text("algorithm.mixing");
  const bool noisy = solver_of(parameters) == ImpuritySolver::segments;
  if (name == "auto") name = noisy ? "linear" : "anderson";
  double amount = parameters.real("algorithm.mixing_amount");
  if (amount == 0) amount = noisy ? 1 : 0.5;
  return {name == "linear"    ? MixingMethod::linear
          : name == "broyden" ? MixingMethod::broyden
                              : MixingMethod::anderson,
          amount, static_cast<std::size_t>(parameters.integer("algorithm.mixing_memory"))};
}

double basis_energy_of(const Parameters& parameters, const Band& band) {
  double mu = parameters.real("model.chemical_potential");
  if (parameters.given("model.density")) {
    // What free spins need at high temperature; elsewhere mu is within the band and U.
    const double filling = std::clamp(parameters.real("model.density") / 2, 1e-12, 1 - 1e-12);
    mu = std::log(filling / (1 - filling)) / beta_of(parameters);
  }
  const Phonon phonon = phonon_of(parameters);
  const double phonons = phonon.frequency + 2 * phonon.slope();
  return 3 * (std::max(std::fabs(band.lowest()), std::fabs(band.highest())) +
              std::fabs(parameters.real("model.interaction")) + std::fabs(mu) + phonons +
              orbital_reach_of(parameters));
}

}  // namespace weiss
