#include "cavity/fully_connected_results.hpp"

#include "weiss/cavity/p_spin_transitions.hpp"
#include "weiss/cavity/random_energy.hpp"
#include "weiss/cavity/spherical_p_spin.hpp"

namespace weiss {

namespace {

constexpr double root_accuracy = 1e-10;  // of temperatures and fields that are roots
constexpr int complexity_points = 41;

using Values = std::vector<double>;

int spins_of(const Parameters& parameters) {
  return static_cast<int>(parameters.integer("model.spins_per_interaction"));
}

Result scalar(std::string name, std::string long_name, std::string unit, std::string formula, double value,
              bool headline = true) {
  return deterministic_result(std::move(name),
                              {std::move(long_name), std::move(unit), std::move(formula), {}, headline},
                              {value}, {root_accuracy});
}

// One value a temperature.
Result along(const Values& temperatures, std::string name, std::string long_name, std::string unit,
             std::string formula, Values values, double error) {
  return deterministic_result(std::move(name),
                              {std::move(long_name),
                               std::move(unit),
                               std::move(formula),
                               {temperatures.size()},
                               true,
                               {fully_connected_axis(temperatures)}},
                              std::move(values), Values(temperatures.size(), error));
}

std::vector<Result> p_spin_results(int p) {
  const TransitionPoint dynamic = dynamic_transition(p), fixed = static_transition(p),
                        gardner = gardner_transition(p);
  return {
      scalar("dynamic_temperature", "dynamic transition T_d, root to 1e-10", "J",
             "largest T with q > 0 at m = 1", dynamic.temperature),
      scalar("dynamic_overlap", "overlap at T_d", "1", "q = E tanh(y)", dynamic.overlap, false),
      scalar("static_temperature", "static transition T_K, root to 1e-10", "J", "Sigma(m = 1) = 0",
             fixed.temperature),
      scalar("static_overlap", "overlap at T_K", "1", "q = E tanh(y)", fixed.overlap, false),
      scalar("gardner_temperature", "transition T_G to full replica symmetry breaking, root to 1e-10", "J",
             "xi''(q) <sech^4> = T^2", gardner.temperature),
      scalar("gardner_overlap", "overlap at T_G", "1", "q = <tanh^2>", gardner.overlap, false),
      scalar("gardner_parameter", "m at T_G", "1", "df/dm = 0", gardner.parameter, false),
      scalar("dynamic_complexity", "complexity of the states of T_d", "1", "Sigma(m = 1)",
             paramagnetic_complexity(p, dynamic.temperature * (1 - 1e-12)), false),
  };
}

std::vector<Result> instability_results(const Parameters& parameters) {
  std::vector<Result> all;
  if (const double field = parameters.real("model.field"); field != 0)
    all.push_back(scalar("instability_temperature",
                         "T of the line of de Almeida and Thouless in the field, root to 1e-10", "J",
                         "T^2 = E sech^4((h + sqrt(q) z)/T)", almeida_thouless_temperature(std::abs(field))));
  const Values temperatures = fully_connected_temperatures(parameters);
  if (temperatures.empty()) return all;
  Values fields, overlaps;
  for (const double t : temperatures) {
    const InstabilityPoint at = almeida_thouless_field(t);
    fields.push_back(at.field);
    overlaps.push_back(at.overlap);
  }
  all.push_back(along(temperatures, "instability_field",
                      "field of the line of de Almeida and Thouless, root to 1e-10", "J",
                      "T^2 = E sech^4((h + sqrt(q) z)/T)", std::move(fields), root_accuracy));
  all.push_back(along(temperatures, "instability_overlap", "overlap on that line", "1",
                      "q = E tanh^2((h + sqrt(q) z)/T)", std::move(overlaps), root_accuracy));
  return all;
}

std::vector<Result> spherical_transition_results(int p) {
  const SphericalTransitions at = spherical_transitions(p);
  std::vector<Result> all{
      scalar("dynamic_temperature", "dynamic transition T_d", "J",
             "T^2 = (p/2) q^(p-2) (1-q), q = (p-2)/(p-1)", at.dynamic_temperature),
      scalar("dynamic_overlap", "overlap at T_d", "1", "(p-2)/(p-1)", at.dynamic_overlap, false),
      scalar("static_temperature", "static transition T_s, root to 1e-10", "J",
             "q^2/(p (1-q)) + ln(1-q) + q = 0", at.static_temperature),
      scalar("static_overlap", "overlap at T_s", "1", "q^2/(p (1-q)) + ln(1-q) + q = 0", at.static_overlap,
             false),
      scalar("threshold_energy", "energy of the marginal states at T = 0", "J", "-sqrt(2 (p-1)/p)",
             at.threshold_energy),
      scalar("ground_state_energy", "ground-state energy, root to 1e-10", "J", "Sigma(e) = 0",
             at.ground_state_energy)};
  Axis axis{"energy", "J", {}};
  Values values;
  for (int i = 0; i < complexity_points; ++i) {
    const double part = static_cast<double>(i) / (complexity_points - 1);
    axis.values.push_back(at.ground_state_energy + part * (at.threshold_energy - at.ground_state_energy));
    values.push_back(spherical_complexity(p, axis.values.back()));
  }
  all.push_back(deterministic_result("complexity",
                                     {"complexity of the metastable states at T = 0, closed form",
                                      "1",
                                      "Sigma(e) = ln(number of states)/N",
                                      {complexity_points},
                                      false,
                                      {axis}},
                                     std::move(values)));
  return all;
}

std::vector<Result> spherical_results(const Parameters& parameters) {
  const Values temperatures = fully_connected_temperatures(parameters);
  Values f, e, s, q, m;
  for (const double t : temperatures) {
    const SphericalState at = spherical_state(spins_of(parameters), t);
    f.push_back(at.free_energy);
    e.push_back(at.energy);
    s.push_back(at.entropy);
    q.push_back(at.overlap);
    m.push_back(at.parameter);
  }
  const auto one = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       Values& values) {
    return along(temperatures, name, long_name, unit, formula, std::move(values), root_accuracy);
  };
  return {one("free_energy", "free energy per site, exact", "J", "-T ln Z/N", f),
          one("energy", "energy per site, exact", "J", "-(1 - (1-m) q^p)/(2T)", e),
          one("entropy", "entropy per site, exact; of continuous spins, so that it may be negative", "1",
              "(e - f)/T", s),
          one("largest_overlap", "overlap of two configurations of one state", "1", "q", q),
          one("parameter", "probability of two different states", "1", "m; 1 above T_s", m)};
}

std::vector<Result> random_energy_results(const Parameters& parameters) {
  const Values temperatures = fully_connected_temperatures(parameters);
  const bool transitions = parameters.text("algorithm.target") == "transitions";
  std::vector<Result> all;
  if (transitions) {
    all.push_back(scalar("static_temperature", "glass transition T_c, closed form", "J", "1/(2 sqrt(ln 2))",
                         random_energy_transition()));
    all.push_back(scalar("ground_state_energy", "ground-state energy, closed form", "J", "-sqrt(ln 2)",
                         random_energy_ground_state()));
    if (temperatures.empty()) return all;
    Values fields;
    for (const double t : temperatures) fields.push_back(critical_transverse_field(t));
    all.push_back(along(temperatures, "critical_transverse_field",
                        "transverse field of the first-order transition, closed form", "J",
                        "T ln 2 cosh(G/T) = -f(G = 0)", std::move(fields), 0));
    return all;
  }
  Values f, e, s, x, quantum;
  for (const double t : temperatures) {
    const RandomEnergyState at = random_energy_state(t, parameters.real("model.transverse_field"));
    f.push_back(at.free_energy);
    e.push_back(at.energy);
    s.push_back(at.entropy);
    x.push_back(at.transverse_magnetization);
    quantum.push_back(at.quantum ? 1 : 0);
  }
  const auto one = [&](const char* name, const char* long_name, const char* unit, const char* formula,
                       Values& values) {
    return along(temperatures, name, long_name, unit, formula, std::move(values), 0);
  };
  return {one("free_energy", "free energy per site, closed form", "J", "-T ln Z/N", f),
          one("energy", "energy per site, closed form", "J", "d(beta f)/d beta", e),
          one("entropy", "entropy per site, closed form", "1", "(e - f)/T", s),
          one("transverse_magnetization", "magnetization along the transverse field, closed form", "1",
              "-df/dG", x),
          one("quantum_paramagnet", "phase: 1 along the transverse field, 0 classical", "1",
              "the phase of lower f", quantum)};
}

}  // namespace

Result deterministic_result(std::string name, ObservableInfo info, std::vector<double> values,
                            std::vector<double> errors) {
  Result result;
  result.name = std::move(name);
  result.info = std::move(info);
  result.count = 1;
  errors.resize(values.size());
  result.tau_int.assign(values.size(), 0.5);
  result.mean = std::move(values);
  result.error = std::move(errors);
  return result;
}

Axis fully_connected_axis(const std::vector<double>& temperatures) {
  return {"temperature", "J", temperatures};
}

std::vector<double> fully_connected_temperatures(const Parameters& parameters) {
  if (parameters.given("algorithm.temperatures")) return parameters.reals("algorithm.temperatures");
  if (parameters.given("model.temperature")) return {parameters.real("model.temperature")};
  return {};
}

std::vector<Result> closed_form_results(const Parameters& parameters) {
  const std::string& kind = parameters.text("model.fully_connected");
  const bool transitions = parameters.text("algorithm.target") == "transitions";
  if (kind == "random_energy") return random_energy_results(parameters);
  if (kind == "spherical")
    return transitions ? spherical_transition_results(spins_of(parameters)) : spherical_results(parameters);
  return spins_of(parameters) == 2 ? instability_results(parameters) : p_spin_results(spins_of(parameters));
}

}  // namespace weiss
