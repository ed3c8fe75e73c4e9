#include "cavity/cavity.hpp"

#include <algorithm>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// f.template operator()<Solver>() with the class of the deck's problem.
template <class F>
decltype(auto) with_solver(const Parameters& parameters, F&& f) {
  const std::string& problem = parameters.text("model.problem");
  if (problem == "ensemble") return f.template operator()<CavityEnsemble>();
  if (problem == "states") return f.template operator()<CavityStates>();
  if (problem == "potts") return f.template operator()<CavityPotts>();
  if (problem == "tap") return f.template operator()<CavityDense>();
  if (problem == "satisfiability") return f.template operator()<CavitySatisfiability>();
  if (problem == "fully_connected") return f.template operator()<FullyConnected>();
  if (problem == "resolvent") return f.template operator()<CavityResolvent>();
  return f.template operator()<CavityInstance>();
}

template <class Solver>
Schema schema_of() {
  Schema schema;
  Solver::declare(schema);
  return schema;
}

// Exactly one, or at most one, of a group of keys that only this solver knows the rules of.
void validate_groups(const Schema& schema, const Parameters& parameters, Problems& problems) {
  const auto names = [](const std::vector<std::string>& group) {
    std::string text;
    for (const std::string& key : group) text += (text.empty() ? "" : " or ") + key;
    return text;
  };
  const auto given = [&](const std::vector<std::string>& group) {
    return std::count_if(group.begin(), group.end(),
                         [&](const std::string& key) { return parameters.given(key); });
  };
  for (const auto& group : schema.exactly_one()) {
    if (given(group) == 0) problems.add_general("needs " + names(group));
    if (given(group) > 1) problems.add(group.front(), "give one only of " + names(group));
  }
  for (const auto& group : schema.at_most_one())
    if (given(group) > 1) problems.add(group.front(), "give one only of " + names(group));
}

// Values that another solver would allow.
void validate_ranges(const Schema& schema, const Parameters& parameters, Problems& problems) {
  for (const Parameters::Entry& entry : parameters.entries()) {
    const Key* key = schema.find(entry.key);
    if (key == nullptr || !parameters.chosen(entry.key)) continue;
    if (const ParsedValue value = parse_value(*key, printed(entry)); !value.value)
      problems.add(entry.key, value.problem);
  }
}

}  // namespace

void Cavity::declare(Schema& schema) {
  schema.choice(
      "model.problem",
      {"instance", "potts", "tap", "satisfiability", "ensemble", "states", "fully_connected", "resolvent"},
      {.fallback = "instance",
       .help = "instance: message passing on one graph; potts: the same for Potts models and colourings; "
               "tap: the equations of Thouless, Anderson and Palmer "
               "for dense couplings; satisfiability: surveys of one K-SAT formula; "
               "ensemble: fields of infinite random graphs; states: interactions of p spins on them, and "
               "states at T > 0; fully_connected: replica theory of infinite "
               "range; resolvent: a particle in disorder on the Bethe lattice"});
  // Where ranges differ the widest comes first; each solver checks its own.
  schema.adopt(schema_of<FullyConnected>());
  schema.adopt(schema_of<CavityInstance>());
  schema.adopt(schema_of<CavityPotts>());
  schema.adopt(schema_of<CavityEnsemble>());
  schema.adopt(schema_of<CavityStates>());
  schema.adopt(schema_of<CavitySatisfiability>());
  schema.adopt(schema_of<CavityDense>());
  schema.adopt(schema_of<CavityResolvent>());
}

void Cavity::validate(const Parameters& parameters, Problems& problems) {
  with_solver(parameters, [&]<class Solver>() {
    const Schema own = schema_of<Solver>();
    Schema all;
    declare(all);
    for (const Key& key : all.keys())
      if (key.name != "model.problem" && own.find(key.name) == nullptr && parameters.chosen(key.name))
        problems.add(key.name, "has no meaning for model.problem = " + parameters.text("model.problem") +
                                   "; remove it");
    validate_ranges(own, parameters, problems);
    validate_groups(own, parameters, problems);
    if (problems.empty()) Solver::validate(parameters, problems);
  });
}

bool Cavity::thermalizes(const Parameters& parameters) {
  return with_solver(parameters, [&]<class Solver>() {
    if constexpr (requires { Solver::thermalizes(parameters); })
      return Solver::thermalizes(parameters);
    else
      return true;
  });
}

int Cavity::usable_ranks(const Parameters& parameters, int ranks) {
  return with_solver(parameters, [&]<class Solver>() { return Solver::usable_ranks(parameters, ranks); });
}

TaskPlan Cavity::plan(const Parameters& parameters, int ranks) {
  return with_solver(parameters, [&]<class Solver>() { return Solver::plan(parameters, ranks); });
}

Cavity::Cavity(const TaskContext& context)
    : solver_(with_solver(context.parameters, [&]<class Solver>() -> Cavity::AnySolver {
        return std::make_unique<Solver>(context);
      })) {}

void Cavity::start_from(Cavity& previous) {
  std::visit(
      [&](auto& to) {
        using Own = std::remove_reference_t<decltype(to)>;
        if (auto* from = std::get_if<Own>(&previous.solver_)) to->start_from(**from);
      },
      solver_);
}

}  // namespace weiss
