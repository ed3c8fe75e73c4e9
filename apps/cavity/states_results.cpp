#include <cmath>
#include <utility>

#include "cavity/cavity_states.hpp"

namespace weiss {

namespace {

const char* const two_terms = "beta m (f_state - phi)";

}  // namespace

std::vector<Result> CavityStates::symmetric_results() const {
  const auto info = [](const char* long_name, const char* unit, const char* formula) {
    return ObservableInfo{std::string("replica-symmetric ") + long_name, unit, formula, {}, true};
  };
  std::vector<Result> all;
  all.push_back(result("free_energy",
                       info("free energy per site", "J",
                            "-T (ln 2 + (c/p) <lc(J/T)> + <lc X - sum_b (lc y_b + (1 - 1/p) e_b)>), e_b = lc "
                            "X - lc(X - y_b) - lc y_b"),
                       free_energy));
  all.push_back(
      result("energy", info("energy per site", "J", "-(c/p) <J tanh(J/T + Y)> - h <tanh X>"), energy));
  all.push_back(result(
      "entropy", info("entropy per site; negative where replica symmetry fails", "1", "(e - f)/T"), entropy));
  all.push_back(result("magnetization", info("magnetisation", "1", "<tanh X>"), magnetisation));
  all.push_back(result("overlap", info("Edwards-Anderson order parameter", "1", "<tanh^2 X>"), overlap));
  if (parameters_.boolean("algorithm.stability"))
    all.push_back(result("stability_exponent",
                         info("growth of squared perturbations a generation, unstable above 0; -20.7 stands "
                              "for anything below",
                              "1", "lambda = ln sum_j (dy'/dx_j)^2 sum w / <w>"),
                         growth));
  return all;
}

std::vector<Result> CavityStates::one_step_results() const {
  return {
      result("free_energy",
             {"free energy per site of states at m, largest at the m of equilibrium",
              "J",
              "exp(-N beta m phi) = sum over states of exp(-N beta m f)",
              {},
              true},
             free_energy),
      result("state_free_energy",
             {"free energy per site of the states that m selects",
              "J",
              "f_state = d(m phi)/dm, measured at fixed populations",
              {},
              true},
             state_free_energy),
      result("energy",
             {"energy per site of these states",
              "J",
              "d(beta phi)/d beta at fixed m, -(c/p) <J s_1 .. s_p> - h <tanh X> measured",
              {},
              true},
             energy),
      result("complexity",
             {"logarithm of their number per site; no such states where it is negative",
              "1",
              two_terms,
              {},
              true},
             complexity),
      result("inner_overlap", {"overlap q1 of a state with itself", "1", "<<<tanh^2 X>>>", {}, true},
             inner_overlap),
      result("outer_overlap", {"overlap q0 of two states", "1", "<<<tanh X>>^2>", {}, true}, outer_overlap),
      result("effective_candidates",
             {"effective number of weighted candidates over the number of states, in the last generation "
              "before a measurement; more are drawn below 1/4",
              "1", "(sum w)^2 / sum w^2 / states"},
             effective),
      result("members_short_of_candidates",
             {"part of members whose effective number stayed below 1/4 after 16 candidates a state", "1",
              "mean over members"},
             short_of)};
}

std::vector<Result> CavityStates::reconstruction_results() const {
  const bool search = find_ == FindTransition::statics;
  std::vector<Result> all;
  if (search)
    all.push_back(
        result("static_transition",
               {"temperature T_K where the complexity at m = 1 vanishes; meaningless where the overlap "
                "vanished, for lack of states at model.temperature",
                "J",
                "<Sigma(T)> = 0",
                {},
                true},
               temperature));
  else
    all.push_back(
        result("free_energy",
               {"free energy per site of the paramagnet, that of all states together where the complexity "
                "is not negative",
                "J",
                "-T (ln 2 + (c/p) <ln cosh J/T>)",
                {},
                true},
               free_energy));
  all.push_back(result("complexity",
                       {search ? "logarithm of the number of states per site, 0 when the search has settled"
                               : "logarithm of the number of states per site that make up equilibrium",
                        "1",
                        "(f_state - f)/T",
                        {},
                        true},
                       complexity));
  all.push_back(
      result("state_free_energy",
             {"free energy per site of a state", "J", "Bethe free energy of the planted state", {}, true},
             state_free_energy));
  all.push_back(result(
      "energy", {"energy per site", "J", "-(c/p) <J s_1 .. s_p> in the planted state", {}, true}, energy));
  all.push_back(result("inner_overlap", {"overlap q1 of a state with itself", "1", "<tanh^2 X>", {}, true},
                       inner_overlap));
  all.push_back(
      result("planted_overlap",
             {"overlap of a state with the configuration that it was made of, q1 again", "1", "<tanh X>"},
             outer_overlap));
  return all;
}

std::vector<Result> CavityStates::dynamic_results() const {
  return {
      top_of_curve(),
      curve("temperature", {"temperature at which messages have this mean", "J", "T(<tanh y>)"}, temperature),
      curve("complexity", {"complexity there, at m = 1", "1", "(f_state - f)/T"}, complexity),
      curve("inner_overlap", {"overlap q1 of a state with itself there", "1", "<tanh^2 X>"}, inner_overlap)};
}

}  // namespace weiss
