// Ferrenberg, Landau, Wong, Phys. Rev. Lett. 69, 3382 (1992): correlated random numbers shift the energy and
// the specific heat that Wolff clusters give at T_c by many standard errors. Exact values: Kaufman, Phys.
// Rev. 76, 1232 (1949).
#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "conformance.hpp"
#include "ising/ising.hpp"

namespace weiss {
namespace {

void compare(const std::string& lattice, const std::string& run, double energy, double specific_heat,
             double energy_error) {
  const Deck deck = conformance::deck_of<Ising>("[lattice]\n" + lattice +
                                                "\n[model]\ntemperature = 2.269185314213185\n[algorithm]\n"
                                                "update = wolff\nclusters_per_sweep = 5\n[run]\n" +
                                                run);
  const TaskReport report = conformance::run_whole<Ising>(deck.tasks[0], Communicator::world());
  int compared = 0;
  for (const Result& result : report.results) {
    if (result.name != "energy" && result.name != "specific_heat") continue;
    const double deviation = result.mean[0] - (result.name == "energy" ? energy : specific_heat);
    std::printf("%s %.7f +- %.7f, %+.2f sigma\n", result.name.c_str(), result.mean[0], result.error[0],
                deviation / result.error[0]);
    EXPECT_LT(std::abs(deviation), 4 * result.error[0]);
    EXPECT_LT(result.error[0], result.name == "energy" ? energy_error : 100 * energy_error);
    ++compared;
  }
  EXPECT_EQ(compared, 2);
}

TEST(WolffRegression, Table) {
  compare("kind = square\nL = 16", "thermalization = 1000\nsweeps = 4000000", -1.453064853, 1.498704959,
          1.5e-4);
}

TEST(WolffRegression, Rows) {
  compare("kind = square\nL = 64", "thermalization = 1000\nsweeps = 2000000", -1.423938390, 2.192211393,
          1.5e-4);
}

}  // namespace
}  // namespace weiss
