// Exact numbers at T = 0: fractions for +-J on random regular graphs, thresholds of XORSAT.
#include "weiss/cavity/integer_fields.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/paramagnet.hpp"
#include "weiss/cavity/xorsat.hpp"

namespace weiss {
namespace {

IntegerFields glass(std::int64_t z) { return replica_symmetric_integers(regular_degrees(z), 0.5, 0, 0); }

TEST(IntegerFields, ReplicaSymmetricEnergies) {
  EXPECT_NEAR(glass(3).energy, -23.0 / 18, 1e-14);
  EXPECT_NEAR(glass(3).message[1], 1.0 / 3, 1e-14);
  EXPECT_NEAR(glass(4).energy, -1.488, 1e-14);
  EXPECT_NEAR(glass(4).message[1], 0.2, 1e-14);
  EXPECT_NEAR(glass(5).energy, -1.691329, 1e-6);
  EXPECT_NEAR(glass(5).message[1], 0.2288, 1e-4);
  EXPECT_NEAR(glass(3).magnetisation, 0, 1e-15);
}

TEST(IntegerFields, FerromagnetAndItsField) {
  const IntegerFields ferromagnet = replica_symmetric_integers(regular_degrees(3), 1, 0, 0.5);
  EXPECT_NEAR(ferromagnet.energy, -1.5, 1e-14);
  EXPECT_NEAR(ferromagnet.magnetisation, 1, 1e-14);
  const IntegerFields held = replica_symmetric_integers(regular_degrees(3), 0.5, 4, 0);
  EXPECT_NEAR(held.energy, -4, 1e-14);  // the field wins over three bonds of either sign
}

// At p > 7/8 three messages magnetise: 4/3 (2p - 1) > 1.
TEST(IntegerFields, FerromagneticLineOfThreeNeighbours) {
  EXPECT_LT(std::abs(replica_symmetric_integers(regular_degrees(3), 0.874, 0, 0.5).magnetisation), 1e-9);
  EXPECT_GT(replica_symmetric_integers(regular_degrees(3), 0.876, 0, 0.5).magnetisation, 0.05);
}

// A forest satisfies every bond, and no message of it is decided at h = 0.
TEST(IntegerFields, PoissonBelowPercolation) {
  const IntegerFields fields = replica_symmetric_integers(poisson_degrees(0.5), 0.5, 0, 0);
  EXPECT_NEAR(fields.energy, -0.25, 1e-12);
  EXPECT_NEAR(fields.message[1], 1, 1e-12);
}

TEST(Factorised, GroundStates) {
  const FactorisedState three = factorised_ground_state(3);
  EXPECT_NEAR(three.free_energy, -1.272310, 1e-6);
  EXPECT_NEAR(three.reweighting, 0.42, 0.01);
  EXPECT_NEAR(three.complexity, 0, 1e-6);
  const FactorisedState four = factorised_ground_state(4);
  EXPECT_NEAR(factorised_state(4, 0.38).free_energy, -1.472956, 1e-6);
  EXPECT_NEAR(four.free_energy, -1.472946, 1e-6);
  EXPECT_NEAR(four.reweighting, 0.389, 0.001);
}

TEST(Factorised, SmallReweightingIsReplicaSymmetric) {
  for (const std::int64_t z : {3, 4, 5}) {
    EXPECT_NEAR(factorised_state(z, 1e-3).free_energy, glass(z).energy, 1e-3) << z;
    EXPECT_NEAR(factorised_state(z, 0).energy, glass(z).energy, 1e-14) << z;
  }
}

// Sigma = y^2 dPhi/dy, by differences of Phi itself.
TEST(Factorised, ComplexityIsTheSlopeOfTheFreeEnergy) {
  const double y = 0.3, step = 1e-3;
  const double slope =
      (factorised_state(3, y + step).free_energy - factorised_state(3, y - step).free_energy) / (2 * step);
  EXPECT_NEAR(factorised_state(3, y).complexity, y * y * slope, 1e-6);
}

TEST(Paramagnet, Instabilities) {
  const CouplingDistribution glass;
  EXPECT_NEAR(paramagnetic_instability(regular_degrees(3), glass, 2), 1.134593, 5e-7);
  EXPECT_NEAR(paramagnetic_instability(regular_degrees(4), glass, 2), 1.518651, 5e-7);
  EXPECT_NEAR(paramagnetic_instability(regular_degrees(6), glass, 2), 2.078087, 5e-7);
  CouplingDistribution iron;
  iron.ferromagnetic_fraction = 1;
  EXPECT_NEAR(paramagnetic_instability(regular_degrees(3), iron, 1), 1.820478, 5e-7);
  EXPECT_NEAR(paramagnetic_instability(poisson_degrees(3), iron, 1), 1 / std::atanh(1.0 / 3), 1e-9);
  EXPECT_EQ(paramagnetic_instability(poisson_degrees(0.9), glass, 2), 0);
  // The multicritical point: both lines meet the Nishimori line tanh(1/T) = 2p - 1.
  iron.ferromagnetic_fraction = 0.5 + 0.5 / std::sqrt(2.0);
  EXPECT_NEAR(paramagnetic_instability(regular_degrees(3), iron, 1), 1.134593, 5e-7);
}

TEST(Xorsat, ThresholdsOfThreeSpins) {
  const XorsatThresholds thresholds = xorsat_thresholds(3);
  EXPECT_NEAR(thresholds.dynamic, 0.818469, 5e-7);
  EXPECT_NEAR(thresholds.satisfiability, 0.917935, 5e-7);
}

TEST(Xorsat, PointsBetweenTheThresholds) {
  EXPECT_EQ(xorsat_point(3, 0.8).complexity, 0);
  EXPECT_EQ(xorsat_point(3, 0.8).frozen, 0);
  const XorsatPoint point = xorsat_point(3, 0.85);
  EXPECT_NEAR(point.frozen, 1 - std::exp(-3 * 0.85 * point.frozen * point.frozen), 1e-12);
  EXPECT_GT(point.complexity, 0);
  EXPECT_LT(point.complexity, point.entropy);
  EXPECT_LT(xorsat_point(3, 0.93).complexity, 0);
}

// Of Poisson degrees the general form is the closed one; without leaves everything is core.
TEST(Xorsat, AnyDegrees) {
  for (const double alpha : {0.7, 0.83, 0.9}) {
    const XorsatPoint general = xorsat_point(3, poisson_degrees(3 * alpha));
    EXPECT_NEAR(general.frozen, xorsat_point(3, alpha).frozen, 1e-9) << alpha;
    EXPECT_NEAR(general.complexity, xorsat_point(3, alpha).complexity, 1e-9) << alpha;
  }
  EXPECT_NEAR(xorsat_point(3, regular_degrees(2)).complexity, std::log(2.0) / 3, 1e-14);
  EXPECT_NEAR(xorsat_point(3, regular_degrees(3)).complexity, 0, 1e-14);
  const double weights[] = {0, 0.5, 0.3, 0.2};  // leaves peel it all
  EXPECT_EQ(xorsat_point(3, given_degrees(weights)).frozen, 0);
}

}  // namespace
}  // namespace weiss
