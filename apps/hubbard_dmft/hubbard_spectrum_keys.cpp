// The deck keys of spectra.
#include <string>

#include "hubbard_dmft/hubbard_keys.hpp"

namespace weiss {

namespace {

bool in_plane(const std::string& lattice) {
  return lattice == "square" || lattice == "triangular" || lattice == "honeycomb";
}

}  // namespace

void declare_spectrum_keys(Schema& schema) {
  schema.reals("output.spectrum_range",
               {.fallback = "-5, 5", .unit = "energy", .help = "first and last real frequency of spectra"});
  schema.integer("output.spectrum_points",
                 {.fallback = "401", .help = "real frequencies of spectra", .minimum = 3, .maximum = 100000});
  schema.real("output.broadening", {.fallback = "0.05",
                                    .unit = "energy",
                                    .help = "spectra are those of w + i broadening",
                                    .minimum = 0,
                                    .exclusive_minimum = true});
  schema.choice(
      "output.continuation", {"none", "pade", "nevanlinna", "maximum_entropy", "real_axis"},
      {.fallback = "none",
       .help = "how the last self-energy of perturbation and ct_hyb is continued to real frequencies, for "
               "spectra (exact_diagonalization knows it there); real_axis: perturbation is solved on "
               "the real axis too"});
  schema.real("output.continuation_error",
              {.fallback = "1e-6",
               .unit = "energy",
               .help = "error of the self-energy that a continuation allows for; ct_hyb knows its own",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.boolean("output.path", {.fallback = "false",
                                 .help = "A(k, w) along the path of high symmetry: Gamma-X, Gamma-X-M-Gamma "
                                         "(square), Gamma-X-M-R-Gamma (cubic), Gamma-K-M-Gamma"});
  schema.integer("output.path_points",
                 {.fallback = "181", .help = "wave vectors on the path", .minimum = 8, .maximum = 10000});
  schema.boolean("output.fermi_surface",
                 {.fallback = "false", .help = "A(k, w = 0) on a square about the zone of a plane lattice"});
  schema.integer("output.fermi_surface_points",
                 {.fallback = "101", .help = "wave vectors a side of that", .minimum = 3, .maximum = 2001});
}

void validate_spectrum_keys(const Parameters& parameters, Problems& problems) {
  // Of this task or, where the solver is swept, of another.
  const bool exact = parameters.somewhere("algorithm.solver", "exact_diagonalization");
  const bool sampled = parameters.somewhere("algorithm.solver", "ct_hyb");
  const bool perturbed = parameters.somewhere("algorithm.solver", "perturbation");
  const bool continued = parameters.text("output.continuation") != "none";
  if (continued && !sampled && !perturbed)
    problems.add("output.continuation", "exact_diagonalization has exact spectra; remove it");
  if (!exact && !continued)
    for (const char* key : {"output.spectrum_range", "output.spectrum_points", "output.broadening",
                            "output.path", "output.fermi_surface"})
      if (parameters.chosen(key))
        problems.add(key, "needs spectra: algorithm.solver = exact_diagonalization, or output.continuation");
  const bool solved = parameters.text("output.continuation") == "real_axis";
  if (solved && sampled && !perturbed)
    problems.add("output.continuation", "real_axis needs algorithm.solver = perturbation");
  if (parameters.chosen("output.continuation_error") && (!continued || !perturbed || solved))
    problems.add("output.continuation_error", !continued ? "needs output.continuation; remove it"
                                              : solved   ? "means nothing on the real axis; remove it"
                                                         : "is known to ct_hyb; remove it");
  if (solved && phase_of(parameters) == Phase::superconducting)
    problems.add("output.continuation",
                 "real_axis knows no pairing; take pade, nevanlinna or maximum_entropy for "
                 "model.phase = superconducting");
  const std::vector<double>& range = parameters.reals("output.spectrum_range");
  if (range.size() != 2 || !(range[0] < range[1]))
    problems.add("output.spectrum_range", "needs two energies, the smaller one first");
  const std::string& lattice = parameters.text("lattice.kind");
  if (parameters.boolean("output.path") && lattice == "hopping_file")
    problems.add("output.path",
                 "is not known for lattice.kind = hopping_file, whose cells have no shape; take "
                 "chain, square, cubic, triangular or honeycomb");
  else if (parameters.boolean("output.path") && !in_plane(lattice) && lattice != "chain" &&
           lattice != "cubic")
    problems.add("output.path", "needs a lattice with wave vectors, which " + lattice + " has not");
  if (parameters.boolean("output.fermi_surface") && !in_plane(lattice))
    problems.add("output.fermi_surface", "needs lattice.kind = square, triangular or honeycomb");
  if (parameters.chosen("output.path_points") && !parameters.boolean("output.path"))
    problems.add("output.path_points", "needs output.path = true; remove it");
  if (parameters.chosen("output.fermi_surface_points") && !parameters.boolean("output.fermi_surface"))
    problems.add("output.fermi_surface_points", "needs output.fermi_surface = true; remove it");
}

}  // namespace weiss
