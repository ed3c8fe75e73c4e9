// K-SAT: belief propagation against counting on trees, surveys against population dynamics of the ensemble,
// and the searches that follow.
#include "weiss/cavity/survey_propagation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "weiss/cavity/focused_search.hpp"

namespace weiss {
namespace {

Formula tree(std::int64_t clauses, int length, std::uint64_t seed) {
  Formula formula;
  formula.length = length;
  formula.variables = 1 + clauses * (length - 1);
  const RandomSource random(Stream(seed, 0, StreamId::random_graph), 0);
  std::int32_t next = 1;
  for (std::int64_t a = 0; a < clauses; ++a)
    for (int k = 0; k < length; ++k) {
      const auto index = static_cast<std::uint64_t>(a);
      formula.variable.push_back(
          k > 0 ? next++ : static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(next), index)));
      formula.sign.push_back(random.stream().bits(1, index, static_cast<std::uint32_t>(k)) >> 63U != 0 ? 1
                                                                                                       : -1);
    }
  formula.index_literals();
  return formula;
}

double converge(SurveyPropagation& surveys, double tolerance, int most) {
  const Stream order(1, 0, StreamId::survey_order);
  double change = 1;
  for (int t = 0; t < most && change > tolerance; ++t)
    change = surveys.sweep(RandomSource(order, static_cast<std::uint64_t>(t)));
  return change;
}

TEST(SurveyPropagation, BeliefsCountTheSolutionsOfATree) {
  for (const int length : {2, 3, 4}) {
    const Formula formula = tree(12 / (length - 1), length, 5);
    SurveyPropagation beliefs(formula, 0, Stream(1, 0, StreamId::initial_state));
    ASSERT_LE(converge(beliefs, 1e-15, 50), 1e-15);
    const auto n = static_cast<std::size_t>(formula.variables);
    double solutions = 0;
    std::vector<double> up(n);
    for (std::size_t state = 0; state < (std::size_t{1} << n); ++state) {
      std::vector<std::int8_t> spins;
      for (std::size_t i = 0; i < n; ++i) spins.push_back((state >> i & 1U) != 0 ? 1 : -1);
      if (unsatisfied_clauses(formula, spins) > 0) continue;
      solutions += 1;
      for (std::size_t i = 0; i < n; ++i) up[i] += spins[i] > 0 ? 1 : 0;
    }
    EXPECT_NEAR(beliefs.potential(), std::log(solutions), 1e-12);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(beliefs.weights(static_cast<std::int64_t>(i)).plus, up[i] / solutions, 1e-12);
  }
}

// A fixed variable acts as its value: what is left of the tree counts the solutions that have it.
TEST(SurveyPropagation, FixedVariablesConditionTheRest) {
  const Formula formula = tree(6, 3, 8);
  const auto n = static_cast<std::size_t>(formula.variables);
  SurveyPropagation beliefs(formula, 0, Stream(1, 0, StreamId::initial_state));
  beliefs.fix(0, 1);
  beliefs.fix(3, -1);
  ASSERT_LE(converge(beliefs, 1e-15, 50), 1e-15);
  double solutions = 0;
  std::vector<double> up(n);
  for (std::size_t state = 0; state < (std::size_t{1} << n); ++state) {
    std::vector<std::int8_t> spins;
    for (std::size_t i = 0; i < n; ++i) spins.push_back((state >> i & 1U) != 0 ? 1 : -1);
    if (spins[0] != 1 || spins[3] != -1 || unsatisfied_clauses(formula, spins) > 0) continue;
    solutions += 1;
    for (std::size_t i = 0; i < n; ++i) up[i] += spins[i] > 0 ? 1 : 0;
  }
  ASSERT_GT(solutions, 0);
  for (std::size_t i = 0; i < n; ++i) {
    if (i == 0 || i == 3) continue;
    EXPECT_NEAR(beliefs.weights(static_cast<std::int64_t>(i)).plus, up[i] / solutions, 1e-12);
  }
}

TEST(SurveyPropagation, SurveysOfATreeVanish) {
  const Formula formula = tree(20, 3, 2);
  SurveyPropagation surveys(formula, 1, Stream(1, 0, StreamId::initial_state));
  EXPECT_EQ(converge(surveys, 0, 100), 0);
  for (const double each : surveys.surveys()) EXPECT_EQ(each, 0);
  EXPECT_EQ(surveys.potential(), 0);
}

TEST(FocusedSearch, SolvesAnEasyFormulaAndLeavesFixedVariables) {
  const Formula formula = random_formula(2000, 3, 7000, 3, 0);
  std::vector<std::int8_t> spins(2000, 1), fixed(2000);
  fixed[7] = fixed[11] = 1;
  EXPECT_GT(unsatisfied_clauses(formula, spins), 0);
  const std::int64_t left = focused_search(formula, spins, fixed, 2000000, 0.5,
                                           RandomSource(Stream(1, 0, StreamId::focused_search), 0));
  EXPECT_EQ(left, 0);
  EXPECT_EQ(unsatisfied_clauses(formula, spins), 0);
  EXPECT_EQ(spins[7], 1);
  EXPECT_EQ(spins[11], 1);
}

}  // namespace
}  // namespace weiss
