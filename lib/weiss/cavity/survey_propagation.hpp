// Survey propagation for K-SAT (M. Mezard, G. Parisi, R. Zecchina, Science 297, 812 (2002); A. Braunstein, M.
// Mezard, R. Zecchina, Random Struct. Alg. 27, 201 (2005)), with the weight rho of the joker state (E.
// Maneva, E. Mossel, M. J. Wainwright, J. ACM 54, 17 (2007)): rho = 1 surveys, rho = 0 belief propagation.
// eta_{a->i} is the probability that clause a needs variable i:
//   eta_{a->i} = prod_{j in a, j != i} U_j / (U_j + S_j + O_j)
//   U_j = (1 - rho u) s,  S_j = (1 - rho s) u,  O_j = rho u s,
// u and s the products of 1 - eta_{b->j} over the clauses b != a that ask of j the opposite of, and the same
// as, a. Fixed variables drop out: a clause that one of them satisfies sends nothing.
//   Phi = sum_a ln(prod_j (U_j + S_j + O_j) - prod_j U_j) - sum_i (n_i - 1) ln(plus_i + minus_i + joker_i)
// is the complexity Sigma for rho = 1, the entropy for rho = 0.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/formula.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct VariableWeights {
  double plus = 0, minus = 0, joker = 0;  // sum 1; all 0 where clauses contradict each other
};

class SurveyPropagation {
 public:
  // formula must outlive this. Surveys start at random in [0, 1).
  SurveyPropagation(const Formula& formula, double joker_weight, const Stream& start);

  // Each clause once, in an order drawn from random, from the newest surveys; the largest change.
  double sweep(const RandomSource& random);

  // Variables are fixed to +-1 from here on.
  void fix(std::int32_t variable, std::int8_t spin) { fixed_[static_cast<std::size_t>(variable)] = spin; }
  std::span<const std::int8_t> fixed() const { return fixed_; }

  VariableWeights weights(std::int64_t variable) const;
  // Phi; nothing may be fixed.
  double potential() const;

  std::span<double> surveys() { return survey_; }
  std::span<const double> surveys() const { return survey_; }
  std::span<std::int8_t> fixed_spins() { return fixed_; }

 private:
  // A product of factors 1 - eta, zeros counted apart so that one of them can be taken out.
  struct Product {
    double rest = 1;
    std::int32_t zeros = 0;
    void multiply(double factor);
    void divide(double factor);
    double without(double factor) const;
    double value() const { return zeros > 0 ? 0 : rest; }
  };
  struct Sides {
    Product plus, minus;  // over clauses that ask for +1, for -1
    Product& of(std::int8_t sign) { return sign > 0 ? plus : minus; }
    const Product& of(std::int8_t sign) const { return sign > 0 ? plus : minus; }
  };
  struct Cavity {
    double unsatisfying, satisfying, joker;
    double sum() const { return unsatisfying + satisfying + joker; }
  };

  void multiply_all();
  Cavity cavity(std::size_t place) const;
  double update_clause(std::size_t clause);

  const Formula* formula_;
  double joker_weight_;
  std::vector<double> survey_;        // eta by place of a literal
  std::vector<std::int8_t> fixed_;    // 0: free
  std::vector<Sides> sides_;          // of the variables, as of the last sweep
  std::vector<double> ratio_, next_;  // of one clause
};

}  // namespace weiss
