// Two orbitals in weiss-hubbard-dmft against exact limits, by symmetries and by both solvers; lattices from
// files of hoppings.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "hubbard_dmft_decks.hpp"

namespace weiss {
namespace {

const std::string exact = "solver = exact_diagonalization\ntolerance = 1e-7\nbath_sites = ";

TEST(HubbardDmftOrbitalValues, TheAtomIsExactAtAnyFilling) {
  const double beta = 4, u = 2, hund = 0.4, mu = -0.6, field = 0.3;
  double weights = 0, density = 0, polarisation = 0, spin_squared = 0, energy = 0;
  for (int state = 0; state < 16; ++state) {
    const auto n = [state](int flavour) { return (state >> flavour & 1) - 0.5; };
    const double interaction = u * (n(0) * n(1) + n(2) * n(3)) +
                               (u - 2 * hund) * (n(0) * n(3) + n(1) * n(2)) +
                               (u - 3 * hund) * (n(0) * n(2) + n(1) * n(3));
    const double difference = n(0) + n(1) - n(2) - n(3), total = n(0) + n(1) + n(2) + n(3) + 2;
    const double weight = std::exp(-beta * (interaction + field / 2 * difference - mu * total));
    const double spin = (n(0) - n(1) + n(2) - n(3)) / 2;
    weights += weight;
    density += weight * total;
    polarisation += weight * difference;
    spin_squared += weight * spin * spin;
    energy += weight * interaction;
  }
  const std::string model =
      "orbitals = 2\ninteraction = 2\nhund_coupling = 0.4\nbeta = 4\nchemical_potential = -0.6\n"
      "crystal_field = 0.3\nhopping = ";
  const TaskReport report = run_hubbard(hubbard_deck(model + "1e-4", exact + "1"));
  EXPECT_EQ(hubbard_value(report, "converged"), 1);
  EXPECT_NEAR(hubbard_value(report, "density"), density / weights, 1e-6);
  EXPECT_NEAR(hubbard_value(report, "orbital_polarisation"), polarisation / weights, 1e-6);
  EXPECT_NEAR(hubbard_value(report, "local_moment"), spin_squared / weights, 1e-6);
  EXPECT_NEAR(hubbard_value(report, "potential_energy"), energy / weights, 1e-6);
  const TaskReport monte_carlo = run_hubbard(hubbard_deck(
      model + "0.03", "solver = ct_hyb\nstreams = 16\nupdates = 20000\nmeasured_iterations = 8"));
  for (const auto& [name, value] :
       {std::pair("density", density), {"local_moment", spin_squared}, {"potential_energy", energy}}) {
    const Result& found = hubbard_result(monte_carlo, name);
    EXPECT_NEAR(found.mean[0], value / weights, 6 * found.error[0] + 0.002) << name;  // t^2 = 0.0009
    EXPECT_LT(found.error[0], 0.02) << name;
  }
}

// Electrons of a semicircle of half bandwidth 2 t around a level, and their energy.
std::pair<double, double> semicircle(double t, double level, double mu, double beta) {
  double density = 0, energy = 0;
  constexpr int points = 4000;
  for (int i = 0; i < points; ++i) {
    const double a = std::numbers::pi * (i + 0.5) / points, e = level + 2 * t * std::cos(a);
    const double weight = 4 * std::sin(a) * std::sin(a) / points / (std::exp(beta * (e - mu)) + 1);
    density += weight;
    energy += weight * e;
  }
  return {density, energy};
}

TEST(HubbardDmftOrbitalValues, FreeElectronsFillBothBands) {
  const TaskReport report = run_hubbard(hubbard_deck(
      "orbitals = 2\nhopping = 0.5\nsecond_hopping = 0.3\ncrystal_field = 0.4\ninteraction = 0\nbeta = 8\n"
      "chemical_potential = 0.1",
      "solver = ct_hyb\nstreams = 16\nupdates = 20000\nmeasured_iterations = 8"));
  const auto [first, first_energy] = semicircle(0.5, 0.2, 0.1, 8);
  const auto [second, second_energy] = semicircle(0.3, -0.2, 0.1, 8);
  const Result& density = hubbard_result(report, "orbital_density");
  EXPECT_NEAR(density.mean[0], first, 6 * density.error[0]);
  EXPECT_NEAR(density.mean[1], second, 6 * density.error[1]);
  const Result& kinetic = hubbard_result(report, "kinetic_energy");
  EXPECT_NEAR(kinetic.mean[0], first_energy + second_energy, 6 * kinetic.error[0]);
  EXPECT_LT(kinetic.error[0], 0.02);
  EXPECT_NEAR(hubbard_value(report, "quasiparticle_weight"), 1, 1e-12);
}

// Two mixed bands without interaction, level by level.
TEST(HubbardDmftOrbitalValues, FreeElectronsOfAHoppingFile) {
  const HoppingFile file(mixed_orbitals);
  const TaskReport report = run_hubbard(hubbard_deck(
      "orbitals = 2\ncrystal_field = 0.3\ninteraction = 0\nbeta = 6\nchemical_potential = 0.2",
      "solver = ct_hyb\nstreams = 16\nupdates = 20000\nmeasured_iterations = 8", file.lattice(16)));
  double density = 0, energy = 0;
  for (int x = 0; x < 16; ++x)
    for (int y = 0; y < 16; ++y) {
      const double kx = 2 * std::numbers::pi * (x + 0.5) / 16, ky = 2 * std::numbers::pi * (y + 0.5) / 16;
      const double pair = std::cos(kx) + std::cos(ky), mixing = -0.4 * std::sin(kx) * std::sin(ky);
      const double first = -0.5 * pair + 0.15, second = -0.3 * pair - 0.15;
      const double half = std::hypot((first - second) / 2, mixing);
      for (const double e : {(first + second) / 2 - half, (first + second) / 2 + half}) {
        const double occupation = 2 / (std::exp(6 * (e - 0.2)) + 1) / 256;
        density += occupation;
        energy += occupation * e;
      }
    }
  const Result& found = hubbard_result(report, "density");
  EXPECT_NEAR(found.mean[0], density, 6 * found.error[0]);
  EXPECT_LT(found.error[0], 0.02);
  const Result& kinetic = hubbard_result(report, "kinetic_energy");
  EXPECT_NEAR(kinetic.mean[0], energy, 6 * kinetic.error[0]);
  EXPECT_LT(kinetic.error[0], 0.02);
  EXPECT_LT(hubbard_value(report, "offdiagonal_hybridisation"), 1e-13);
}

TEST(HubbardDmftOrbitalValues, HolesAreElectronsAtTheOppositePotential) {
  const std::string model =
      "orbitals = 2\nhopping = 0.5\nsecond_hopping = 0.4\ninteraction = 1.5\nhund_coupling = 0.3\n"
      "beta = 8\nchemical_potential = ";
  const TaskReport electrons = run_hubbard(hubbard_deck(model + "0.6", exact + "1"));
  const TaskReport holes = run_hubbard(hubbard_deck(model + "-0.6", exact + "1"));
  const TaskReport half = run_hubbard(hubbard_deck(model + "0", exact + "1"));
  EXPECT_GT(hubbard_value(electrons, "density"), 2.1);
  EXPECT_NEAR(hubbard_value(electrons, "density") + hubbard_value(holes, "density"), 4, 1e-5);
  for (const char* name : {"quasiparticle_weight", "local_moment", "energy"})
    EXPECT_NEAR(hubbard_value(electrons, name), hubbard_value(holes, name), 1e-5) << name;
  EXPECT_NEAR(hubbard_value(half, "density"), 2, 1e-12);
  const Result& densities = hubbard_result(half, "orbital_density");
  EXPECT_NEAR(densities.mean[0], 1, 1e-12);
}

// Two bath sites an orbital miss 2 % of the hybridisation at this temperature.
TEST(HubbardDmftOrbitalValues, DiagonalisationAndMonteCarloAgree) {
  const std::string model = "orbitals = 2\nhopping = 0.5\ninteraction = 2\nhund_coupling = 0.3\nbeta = 5";
  const TaskReport diagonalised =
      run_hubbard(hubbard_deck(model, "solver = exact_diagonalization\ntolerance = 1e-5\nbath_sites = 2"));
  EXPECT_EQ(hubbard_value(diagonalised, "converged"), 1);
  const TaskReport monte_carlo = run_hubbard(
      hubbard_deck(model, "solver = ct_hyb\nstreams = 16\nupdates = 20000\nmeasured_iterations = 32"));
  EXPECT_EQ(hubbard_value(monte_carlo, "converged"), 1);
  for (const char* name : {"double_occupancy", "opposite_spins", "equal_spins", "local_moment",
                           "quasiparticle_weight", "kinetic_energy", "energy", "energy_of_product"}) {
    const Result& found = hubbard_result(monte_carlo, name);
    EXPECT_LT(std::fabs(found.mean[0] - hubbard_value(diagonalised, name)),
              4 * found.error[0] + 2e-3 * std::fabs(found.mean[0]))
        << name;
    EXPECT_LT(found.error[0], 0.01 * std::fabs(found.mean[0])) << name;
  }
  EXPECT_GT(hubbard_value(monte_carlo, "spin_susceptibility"),
            hubbard_value(monte_carlo, "local_moment"));  // < beta <S_z^2>
  EXPECT_LT(hubbard_value(monte_carlo, "spin_susceptibility"),
            5 * hubbard_value(monte_carlo, "local_moment"));
}

// Degeneracy stabilises the metal, Hund's coupling the Mott insulator at half filling (Y. Ono, M. Potthoff,
// R. Bulla, arXiv:cond-mat/0206508).
TEST(HubbardDmftOrbitalValues, DegeneracyAndHundsCouplingActOppositely) {
  const auto weight = [](const std::string& model) {
    return hubbard_value(
        run_hubbard(hubbard_deck("hopping = 0.5\ninteraction = 2\nbeta = 20\n" + model, exact + "1")),
        "quasiparticle_weight");
  };
  const double single = weight("orbitals = 1"), degenerate = weight("orbitals = 2");
  EXPECT_GT(degenerate, 1.5 * single);
  EXPECT_LT(weight("orbitals = 2\nhund_coupling = 0.5"), 0.5 * single);
}

TEST(HubbardDmftOrbitalValues, FilesOfHoppingsAreTheirLattices) {
  const std::string model = "interaction = 4\nbeta = 4";
  {
    const HoppingFile square("1 0 0 0 0 -1\n0 1 0 0 0 -1\n");
    for (const std::string phase : {"\nphase = antiferromagnetic", ""})
      EXPECT_NEAR(
          hubbard_value(run_hubbard(hubbard_deck(model + phase, "", square.lattice(16))), "energy"),
          hubbard_value(run_hubbard(hubbard_deck(model + phase, "", "kind = square\nmesh = 16")), "energy"),
          1e-7);
  }
  const std::string two = model + "\norbitals = 2\nhund_coupling = 0.5";
  const HoppingFile twice("1 0 0 0 0 -1\n0 1 0 0 0 -1\n1 0 0 1 1 -0.5\n0 1 0 1 1 -0.5\n");
  const TaskReport file = run_hubbard(hubbard_deck(two, exact + "1", twice.lattice(16)));
  const TaskReport built_in =
      run_hubbard(hubbard_deck(two + "\nsecond_hopping = 0.5", exact + "1", "kind = square\nmesh = 16"));
  for (const char* name : {"energy", "quasiparticle_weight", "second_quasiparticle_weight"})
    EXPECT_NEAR(hubbard_value(file, name), hubbard_value(built_in, name), 1e-6) << name;
  EXPECT_EQ(hubbard_value(file, "offdiagonal_hybridisation"), 0);
}

}  // namespace
}  // namespace weiss
