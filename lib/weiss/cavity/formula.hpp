// Random K-SAT: N Boolean variables as spins, M clauses of K different variables each, every one negated or
// not with probability 1/2. A clause is satisfied when one of its variables has the sign that it asks for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weiss {

struct Formula {
  std::int64_t variables = 0;
  int length = 3;                      // K
  std::vector<std::int32_t> variable;  // K a clause
  std::vector<std::int8_t> sign;       // what clause a asks of its variable: +-1
  std::vector<std::int64_t>
      first;  // literals of variable i: literal[first[i]] ... literal[first[i + 1] - 1],
  std::vector<std::int32_t> literal;  // places in variable and sign

  std::int64_t clauses() const { return static_cast<std::int64_t>(variable.size()) / length; }
  std::int64_t literals() const { return static_cast<std::int64_t>(variable.size()); }
  std::int64_t clause_of(std::int64_t place) const { return place / length; }
  // Fills first and literal.
  void index_literals();
};

// A function of (seed, number) alone. Error(bad_deck) for more clauses than there are sets of variables.
Formula random_formula(std::int64_t variables, int length, std::int64_t clauses, std::uint64_t seed,
                       std::uint64_t number);

// Clauses that the spins (+-1) leave unsatisfied.
std::int64_t unsatisfied_clauses(const Formula& formula, std::span<const std::int8_t> spins);

}  // namespace weiss
