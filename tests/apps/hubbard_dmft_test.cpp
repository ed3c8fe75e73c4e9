// weiss-hubbard-dmft through the conformance tests, and what its deck refuses.
#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

TEST(HubbardDmft, ConformsToTheSuite) {
  for (const std::string& deck :
       {hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 20", "mixing = broyden"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 10\ndensity = 0.8"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 10\ndensity = 0.8", "", "kind = bethe",
                     "[output]\ncontinuation = real_axis\nspectrum_points = 21\n"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 8",
                     "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-4"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 8\ndensity = 0.9",
                     "solver = ct_hyb\nstreams = 5\nupdates = 2000\nmeasured_iterations = 2"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 8\ndensity = 0.9\nphonon_frequency = 0.4\n"
                     "phonon_coupling = 0.3",
                     "solver = ct_hyb\nstreams = 5\nupdates = 2000\nmeasured_iterations = 2"),
        hubbard_deck("interaction = 4\nbeta = 4\nphase = antiferromagnetic", "mixing = linear",
                     "kind = square\nmesh = 16"),
        hubbard_deck("interaction = -2\nhopping = 0.5\nbeta = 20\nphase = superconducting\ndensity = 0.9", "",
                     "kind = bethe",
                     "[output]\ncontinuation = pade\nspectrum_points = 5\nbroadening = 0.5\n"),
        hubbard_deck("interaction = -2\nhopping = 0.5\nbeta = 8\nphase = superconducting\n"
                     "chemical_potential = 0.1",
                     "solver = exact_diagonalization\nbath_sites = 2\ntolerance = 1e-4"),
        hubbard_deck("interaction = 2\nbeta = 4\ndensity = 0.9", "", "kind = square\nmesh = 8",
                     "[output]\ncontinuation = pade\nspectrum_points = 5\nbroadening = 0.5\npath = true\n"
                     "path_points = 9\nfermi_surface = true\nfermi_surface_points = 5\n"),
        hubbard_deck("interaction = 2\nhopping = 0.5\nbeta = 16\nphase = antiferromagnetic",
                     "solver = ct_hyb\nstreams = 5\nupdates = 2000\nmeasured_iterations = 3", "kind = bethe",
                     "[output]\ncontinuation = maximum_entropy\nspectrum_points = 5\nfrequencies = 8\n"
                     "broadening = 0.5\n")}) {
    conformance::check_rank_invariance<HubbardDmft>(deck);
    conformance::check_restart<HubbardDmft>(deck, 3);
    conformance::check_results<HubbardDmft>(deck);
  }
}

TEST(HubbardDmft, RefusesWhatMeansNothing) {
  const std::string model = "interaction = 2\nbeta = 10\n";
  expect_refusal(hubbard_deck("beta = 10"), "model.interaction");
  expect_refusal(hubbard_deck(model + "phase = antiferromagnetic", "", "kind = triangular"), "bipartite");
  expect_refusal(hubbard_deck(model + "diagonal_hopping = 0.2", "", "kind = cubic"), "lattice.kind = square");
  expect_refusal(hubbard_deck(model + "density = 0.8\nchemical_potential = 1"), "remove one");
  expect_refusal(hubbard_deck(model, "", "kind = file"), "lattice.density_of_states");
  expect_refusal(hubbard_deck(model, "", "kind = file\ndensity_of_states = nowhere.txt"), "nowhere.txt");
  expect_refusal(hubbard_deck(model, "", "kind = bethe\nmesh = 8"), "lattice.mesh");
  expect_refusal(hubbard_deck(model, "staggered_start = 0.1"), "antiferromagnetic");
  expect_refusal(hubbard_deck("interaction = 2\nbeta = 1e9"), "too cold");
  const std::string pairs = "interaction = -2\nbeta = 10\nphase = superconducting\n";
  expect_refusal(hubbard_deck(model + "phase = superconducting"), "model.interaction < 0");
  expect_refusal(hubbard_deck(pairs, "solver = ct_hyb"), "needs algorithm.solver = perturbation");
  expect_refusal(hubbard_deck(pairs, "solver = exact_diagonalization\nbath_sites = 10"), "at most 9");
  expect_refusal(hubbard_deck(model, "pairing_start = 0.1"), "needs model.phase = superconducting");
  expect_refusal(hubbard_deck(model + "phonon_frequency = 1"), "model.phonon_coupling");
  expect_refusal(hubbard_deck(model + "phonon_frequency = 1\nphonon_coupling = 0.5"),
                 "needs algorithm.solver = ct_hyb");
  expect_refusal(hubbard_deck(model + "phonon_frequency = 60\nphonon_coupling = 0.5", "solver = ct_hyb"),
                 "frequency/temperature up to 500");
  expect_refusal(hubbard_deck(model, "bath_sites = 3"), "needs algorithm.solver = exact_diagonalization");
  // Where the solver is swept, each has its keys.
  const std::string swept = "[sweep]\nalgorithm.solver = perturbation, ct_hyb\n";
  EXPECT_EQ(hubbard_refusal(hubbard_deck(model, "updates = 2000", "kind = bethe", swept)), "accepted");
  expect_refusal(hubbard_deck(model, "bath_sites = 3", "kind = bethe", swept),
                 "needs algorithm.solver = exact_diagonalization");
  expect_refusal(hubbard_deck(model, "", "kind = bethe", "[output]\nbroadening = 0.1"),
                 "output.continuation");
  expect_refusal(hubbard_deck(model, "solver = ct_hyb", "kind = bethe", "[output]\ncontinuation = real_axis"),
                 "real_axis needs algorithm.solver = perturbation");
  expect_refusal(
      hubbard_deck("interaction = 2\nbeta = 1e4", "", "kind = bethe", "[output]\ncontinuation = real_axis"),
      "raise the temperature or output.broadening");
  expect_refusal(hubbard_deck(model, "solver = exact_diagonalization\nupdates = 5000"),
                 "needs algorithm.solver = ct_hyb");
}

}  // namespace
}  // namespace weiss
