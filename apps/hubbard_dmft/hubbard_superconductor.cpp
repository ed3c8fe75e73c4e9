// What the superconducting phase adds: its impurity by diagonalisation, and its results. With Nambu's spinor
// (c_up, c+_down), normal functions are 11 elements and the same for both spins, anomalous ones 12.
#include <cmath>

#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

ObservableInfo anomalous_info(const char* long_name, const char* unit, const char* formula, const Axis& axis,
                              bool complex) {
  ObservableInfo info{long_name, unit, formula, {axis.values.size()}, false, {axis}};
  if (complex) info.dims.push_back(2);
  return info;
}

}  // namespace

SolverAnswer HubbardSolver::diagonalise_superconductor(const DiscreteLehmann& basis,
                                                       const WeissField& field) {
  PairingBath last;
  const auto sites = static_cast<std::ptrdiff_t>(baths_.size() / 3);
  const auto begin = baths_.begin();
  last.energy.assign(begin, begin + sites);
  last.coupling.assign(begin + sites, begin + 2 * sites);
  last.pairing.assign(begin + 2 * sites, baths_.end());
  SolverAnswer answer;
  answer.superconductor = solve_superconductor_by_diagonalisation(basis, field, diagonalisation_, last);
  answer.solution = answer.superconductor->solution;
  answer.self_energy_at = [result = *answer.superconductor](std::size_t part, Complex z) {
    const NambuMatrix sigma = result.self_energy(z);
    return part == normal_part ? sigma.normal : sigma.anomalous;
  };
  const PairingBath& bath = answer.superconductor->fit.bath;
  baths_ = bath.energy;
  baths_.insert(baths_.end(), bath.coupling.begin(), bath.coupling.end());
  baths_.insert(baths_.end(), bath.pairing.begin(), bath.pairing.end());
  return answer;
}

void HubbardSolver::declare_superconductor(Reported& reported) const {
  if (kind_ != ImpuritySolver::diagonalisation) return;
  const auto sites = static_cast<std::uint64_t>(diagonalisation_.fit.bath_sites);
  const auto of_sites = [&](const char* long_name, const char* formula) {
    return ObservableInfo{long_name, "energy", formula, {sites}, false, {counted_axis("site", sites)}};
  };
  reported.declare("bath_energy", of_sites("energies of the bath sites", "e_k"));
  reported.declare("bath_coupling", of_sites("hopping between impurity and bath sites", "V_k"));
  reported.declare("bath_pairing",
                   of_sites("pairing of the bath sites", "P_k of P_k (a+_k,up a+_k,down + h.c.)"));
  declare_quality(reported,
                  "sqrt(sum_n w_n^-a |Delta - fit|^2/sum_n w_n^-a |Delta|^2), of 11 and 12 together");
}

void HubbardSolver::report_superconductor(const NambuDiagonalisationResult& found, Reported& reported) const {
  reported.put("bath_energy", found.fit.bath.energy);
  reported.put("bath_coupling", found.fit.bath.coupling);
  reported.put("bath_pairing", found.fit.bath.pairing);
  reported.put("bath_misfit", found.fit.misfit);
  reported.put("bath_deviation", found.fit.largest_deviation);
  reported.put("solver_converged", found.converged ? 1 : 0);
  reported.put("neglected_weight", found.impurity.neglected);
}

void HubbardDmft::declare_superconductor() {
  reported_.declare("pair_amplitude",
                    {"superconducting order parameter, in a real gauge", "1", "<c_down c_up>", {}, true});
  reported_.declare("gap", {"half the gap of quasi-particles, from the first frequency",
                            "energy",
                            "|Sigma_12(i w_0)|/(1 - Im Sigma_11(i w_0)/w_0)",
                            {},
                            true});
}

void HubbardDmft::declare_anomalous_functions(const Axis& matsubara, const Axis& time) {
  reported_.declare("anomalous_self_energy",
                    anomalous_info("anomalous self-energy", "energy", "Sigma_12(i w_n)", matsubara, true));
  reported_.declare("anomalous_green_function", anomalous_info("anomalous Green function of the impurity",
                                                               "1/energy", "F(i w_n)", matsubara, true));
  reported_.declare("anomalous_hybridisation",
                    anomalous_info("anomalous hybridisation of the impurity with its bath", "energy",
                                   "Delta_12(i w_n) = -(G0^-1)_12", matsubara, true));
  reported_.declare("anomalous_green_function_of_time",
                    anomalous_info("anomalous Green function of the impurity in imaginary time", "1",
                                   "F(tau) = -<T c_up(tau) c_down>", time, false));
}

void HubbardDmft::report_gap(const ImpuritySolution& solution) {
  const auto first = [&](std::size_t part) {
    return lattice_.on_matsubara(solution.self_energy[part], solution.constant[part], 1).front();
  };
  const double w = fermionic_frequency(0, lattice_.beta());
  reported_.put("pair_amplitude", solution.pair_amplitude.value, solution.pair_amplitude.error);
  reported_.put("gap", std::fabs(first(anomalous_part).real()) / (1 - first(normal_part).imag() / w));
}

void HubbardDmft::report_anomalous_functions(const ImpuritySolution& solution) {
  const auto on_axis = [&](const LocalFunctions& functions, double constant) {
    std::vector<double> numbers;
    for (const Complex each : lattice_.on_matsubara(functions[anomalous_part], constant,
                                                    parameters_.integer("output.frequencies")))
      append(numbers, each.real());  // what is imaginary is rounding
    return numbers;
  };
  reported_.put("anomalous_self_energy", on_axis(solution.self_energy, solution.constant[anomalous_part]));
  reported_.put("anomalous_green_function", on_axis(solution.green, 0));
  reported_.put("anomalous_hybridisation", on_axis(weiss_field().hybridisation, 0));
  const auto intervals = static_cast<std::size_t>(parameters_.integer("output.times"));
  const std::vector<double> green = lattice_.basis().from_frequencies(solution.green[anomalous_part]);
  reported_.put("anomalous_green_function_of_time", lattice_.basis().on_grid(green, intervals));
}

}  // namespace weiss
