#include "weiss/cavity/formula.hpp"

#include "weiss/lattice/graph_builders.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

constexpr std::uint64_t of_literals = 2;  // step of the coupling stream, beside those of the disorder

}  // namespace

void Formula::index_literals() {
  first.assign(static_cast<std::size_t>(variables) + 1, 0);
  for (const std::int32_t each : variable) ++first[static_cast<std::size_t>(each) + 1];
  for (std::size_t i = 0; i + 1 < first.size(); ++i) first[i + 1] += first[i];
  literal.resize(variable.size());
  std::vector<std::int64_t> next(first.begin(), first.end() - 1);
  for (std::size_t place = 0; place < variable.size(); ++place)
    literal[static_cast<std::size_t>(next[static_cast<std::size_t>(variable[place])]++)] =
        static_cast<std::int32_t>(place);
}

Formula random_formula(std::int64_t variables, int length, std::int64_t clauses, std::uint64_t seed,
                       std::uint64_t number) {
  InteractionGraph graph =
      random_graph(variables, length, clauses, Stream(seed, number, StreamId::random_graph));
  Formula formula;
  formula.variables = variables;
  formula.length = length;
  formula.variable = std::move(graph.members);
  const Stream signs(seed, number, StreamId::coupling);
  for (std::int64_t a = 0; a < clauses; ++a) {
    const std::uint64_t bits = signs.bits(of_literals, static_cast<std::uint64_t>(a));
    for (int k = 0; k < length; ++k)
      formula.sign.push_back(static_cast<std::int8_t>((bits >> static_cast<unsigned>(k) & 1U) != 0 ? 1 : -1));
  }
  formula.index_literals();
  return formula;
}

std::int64_t unsatisfied_clauses(const Formula& formula, std::span<const std::int8_t> spins) {
  std::int64_t count = 0;
  for (std::size_t place = 0; place < formula.variable.size();) {
    bool satisfied = false;
    for (int k = 0; k < formula.length; ++k, ++place)
      satisfied =
          satisfied || spins[static_cast<std::size_t>(formula.variable[place])] == formula.sign[place];
    if (!satisfied) ++count;
  }
  return count;
}

}  // namespace weiss
