// Two orbitals and lattices from files of hoppings in weiss-hubbard-dmft: the conformance tests, and what the
// deck refuses.
#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

const std::string exact = "solver = exact_diagonalization\ntolerance = 1e-7\nbath_sites = ";
const std::string sampled = "solver = ct_hyb\nstreams = 5\nupdates = 2000\nmeasured_iterations = 2";

TEST(HubbardDmftOrbitals, ConformsToTheSuite) {
  const HoppingFile file(mixed_orbitals);
  const std::string two = "orbitals = 2\ninteraction = 1.5\nhund_coupling = 0.3\nbeta = 6\n";
  const std::string hopping = two + "hopping = 0.5\n";
  for (const std::string& deck :
       {hubbard_deck(hopping + "second_hopping = 0.3\ndensity = 1.8", exact + "1"),
        hubbard_deck(hopping + "density = 1.6\ncrystal_field = 0.2", sampled, "kind = bethe",
                     "[output]\ncontinuation = maximum_entropy\nspectrum_points = 5\nfrequencies = 8\n"
                     "broadening = 0.5\n"),
        hubbard_deck(hopping, sampled, "kind = bethe",
                     "[output]\ncontinuation = pade\nspectrum_points = 5\nbroadening = 0.5\n"),
        hubbard_deck(two, exact + "1", file.lattice(8))}) {
    conformance::check_rank_invariance<HubbardDmft>(deck);
    conformance::check_restart<HubbardDmft>(deck, 3);
    conformance::check_results<HubbardDmft>(deck);
  }
}

TEST(HubbardDmftOrbitals, RefusesWhatMeansNothing) {
  const std::string one = "interaction = 2\nbeta = 10\n", two = one + "orbitals = 2\n";
  expect_refusal(hubbard_deck(one + "hund_coupling = 0.2"), "needs model.orbitals = 2");
  expect_refusal(hubbard_deck(one + "crystal_field = 0.2"), "needs model.orbitals = 2");
  expect_refusal(hubbard_deck(one + "second_hopping = 0.2"), "needs model.orbitals = 2");
  expect_refusal(hubbard_deck(one + "density = 2.5"), "must be at most 2 with one orbital");
  expect_refusal(hubbard_deck(two), "needs exact_diagonalization or ct_hyb");
  expect_refusal(hubbard_deck(two + "phase = antiferromagnetic", "solver = ct_hyb"), "must be paramagnetic");
  expect_refusal(hubbard_deck(two, exact + "6"), "must be at most 5");
  expect_refusal(hubbard_deck(two, "solver = exact_diagonalization"),
                 "must be chosen with model.orbitals = 2");
  expect_refusal(
      hubbard_deck(two + "second_hopping = 0.5\ndiagonal_hopping = 0.1", exact + "1", "kind = square"),
      "does not go with model.diagonal_hopping");
  expect_refusal(hubbard_deck(one, "", "kind = hopping_file"), "hopping_file needs lattice.hoppings");
  expect_refusal(hubbard_deck(one, "", "kind = bethe\nhoppings = x.txt"),
                 "needs lattice.kind = hopping_file");
  expect_refusal(hubbard_deck(one, "", "kind = hopping_file\nhoppings = nowhere.txt"), "nowhere.txt");
  const HoppingFile file(mixed_orbitals);
  expect_refusal(hubbard_deck(one + "hopping = 0.5", "", file.lattice(8)), "is in the file");
  expect_refusal(hubbard_deck(two + "second_hopping = 0.5", exact + "1", file.lattice(8)), "has no meaning");
  expect_refusal(hubbard_deck(one, "", file.lattice(8)), "two sites a cell must be alike");
  expect_refusal(hubbard_deck(two, exact + "1", file.lattice(7)), "must be even");
  expect_refusal(hubbard_deck(two, exact + "1", file.lattice(8192)), "must be at most 4096");
}

TEST(HubbardDmftOrbitals, RefusesBathsThatMixTheOrbitals) {
  const std::string two = "interaction = 2\nbeta = 10\norbitals = 2\n";
  const std::string plain = "1 0 0 0 0 -0.25\n0 1 0 0 0 -0.25\n1 0 0 1 1 -0.15\n0 1 0 1 1 -0.15\n";
  {
    const HoppingFile file("1 0 0 0 0 -0.25\n");
    expect_refusal(hubbard_deck(two, exact + "1", file.lattice(8)), "holds one orbital");
  }
  {
    const HoppingFile file(plain + "0 0 0 0 1 0.1\n");
    expect_refusal(hubbard_deck(two, exact + "1", file.lattice(8)), "mix on their site");
  }
  const HoppingFile file(plain + "1 0 0 0 1 0.1\n-1 0 0 0 1 0.1\n");
  expect_refusal(hubbard_deck(two, exact + "1", file.lattice(8)), "the bath mixes the orbitals");
}

}  // namespace
}  // namespace weiss
