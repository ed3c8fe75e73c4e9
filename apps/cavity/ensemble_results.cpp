// What an ensemble reports: means over populations and time with errors, limits of infinite populations,
// closed forms beside them.
#include <algorithm>
#include <cmath>

#include "weiss/cavity/paramagnet.hpp"
#include "weiss/simulation/disorder_keys.hpp"

#include "cavity/cavity_ensemble.hpp"
#include "cavity/closed_ensemble.hpp"

namespace weiss {

// The largest number of those that a row is made of, whose rounding it inherits.
double CavityEnsemble::largest_part(std::size_t row, const std::vector<double>& mean) const {
  if (row == growth || row == plain_growth) return 1;
  if (row != entropy || cold_) return std::abs(mean[row]);
  return std::abs(mean[free_energy]) / parameters_.real("model.temperature");
}

Result CavityEnsemble::summary(const std::string& name, const ObservableInfo& info, std::size_t row,
                               std::size_t block, std::size_t entries) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < entries; ++i) columns.push_back(block * row_width + row + i);
  // A limit is a sum of three values with coefficients up to 1.5; entries of a distribution have sizes of
  // their own.
  const double scale = (block < infinite ? 1 : 2) * largest_part(row, averages_->mean());
  return averages_->result(name, info, columns, entries == 1 ? scale : 0);
}

void CavityEnsemble::add_distributions(std::vector<Result>& all) const {
  const FieldEnsemble ensemble = field_ensemble_of(parameters_);
  const auto add = [&](const char* name, const char* what, const char* formula, const char* axis,
                       double reach, std::size_t row, std::size_t parts) {
    std::vector<double> centres;
    for (std::size_t i = 0; i < parts; ++i)
      centres.push_back(reach * ((2 * static_cast<double>(i) + 1) / static_cast<double>(parts) - 1));
    const std::string long_name =
        std::string("distribution of ") + what +
        ": part of them in each interval about the axis' value, outer ones in the last";
    all.push_back(summary(name, {long_name, "1", formula, {parts}, false, {{axis, "J", std::move(centres)}}},
                          row, own_size, parts));
  };
  add("message_distribution", "cavity messages", "P(u), tanh(beta u) = tanh(beta J) tanh(beta x)", "message",
      message_reach(ensemble.couplings), histogram, distribution_parts);
  add("local_field_distribution", "fields of sites", "P(X), X = h + sum u", "local_field",
      local_field_reach(ensemble), local_fields, local_field_parts);
}

std::vector<Result> CavityEnsemble::thermal_results(std::size_t block) const {
  std::vector<Result> all;
  const std::string replica_symmetric = "replica-symmetric ";
  if (cold_) {
    all.push_back(summary(
        "energy",
        {replica_symmetric + "ground-state energy per site", "J", "<dE_site> - (c/2) <dE_edge>", {}, true},
        free_energy, block));
  } else {
    all.push_back(summary(
        "free_energy",
        {replica_symmetric + "free energy per site", "J", "-T (<ln Z_site> - (c/2) <ln Z_edge>)", {}, true},
        free_energy, block));
    all.push_back(summary("energy",
                          {replica_symmetric + "energy per site",
                           "J",
                           "-(c/2) <J (t + m m')/(1 + t m m')> - h <tanh X/T>",
                           {},
                           true},
                          energy, block));
    all.push_back(summary("entropy",
                          {replica_symmetric + "entropy per site; negative where replica symmetry fails",
                           "1",
                           "(e - f)/T",
                           {},
                           true},
                          entropy, block));
  }
  all.push_back(summary("magnetization", {"magnetisation", "1", cold_ ? "<sign X>" : "<tanh X/T>", {}, true},
                        magnetisation, block));
  all.push_back(summary(
      "overlap", {"Edwards-Anderson order parameter", "1", cold_ ? "<sign^2 X>" : "<tanh^2 X/T>", {}, true},
      overlap, block));
  if (perturbed_)
    all.push_back(
        summary("stability_exponent",
                {"growth of squared perturbations a generation; replica symmetry is unstable above 0",
                 "1",
                 "lambda = ln sum_i (du'/du_i)^2 w_i / <w>",
                 {},
                 true},
                growth, block));
  if (block == own_size) add_distributions(all);
  return all;
}

std::vector<Result> CavityEnsemble::survey_results(std::size_t block) const {
  const double width = parameters_.real("model.coupling_width");
  std::vector<Result> all{
      summary("free_energy",
              {"free energy per site of states at y; its largest value is the ground-state energy",
               "J",
               "-y Phi = <ln Z_site> - (c/2) <ln Z_edge> + y c/2",
               {},
               true},
              free_energy, block),
      summary("energy",
              {"energy per site of the states that y selects", "J", "d(y Phi)/dy at fixed surveys", {}, true},
              energy, block),
      summary("complexity", {"logarithm of their number per site", "1", "y (e - Phi)", {}, true}, entropy,
              block),
      summary("zero_message",
              {"probability over states of a message without sign", "1", "<Q(u = 0)>", {}, false},
              magnetisation, block),
      summary("polarisation",
              {"spread of surveys, 0 where all are alike", "1", "<(Q(1) - Q(-1))^2>", {}, false}, overlap,
              block)};
  for (Result* result : {&all[0], &all[1]})
    for (std::vector<double>* values : {&result->mean, &result->error, &result->bins})
      for (double& each : *values) each *= width;
  return all;
}

namespace {

ObservableInfo growth_info(const std::string& what, const std::string& formula) {
  return {"logarithm of the growth a generation of " + what, "1", formula, {}, true};
}

const std::string squares = "lambda = ln sum_i (du'/du_i)^2 w_i / <w>";
const std::string plain = "lambda = ln sum_i <sign J> |du'/du_i| w_i / <w>";

}  // namespace

// 2p - 1 = exp(-lambda), lambda of plain perturbations at p = 1.
Result CavityEnsemble::paramagnetic_fraction(std::size_t block) const {
  Result result = summary("critical_fraction",
                          {"part of ferromagnetic bonds where the state without magnetisation begins to "
                           "magnetise",
                           "1",
                           "p = (1 + exp(-lambda))/2, lambda of plain perturbations at p = 1",
                           {},
                           true},
                          plain_growth, block == bias ? infinite : block);
  const double slope = std::exp(-result.mean[0]) / 2;
  for (std::vector<double>* values : {&result.mean, &result.bins})
    for (double& each : *values) each = (1 + std::exp(-each)) / 2;
  result.error[0] *= slope;
  if (block != bias) return result;
  const Result finite = paramagnetic_fraction(own_size);
  result.mean[0] = finite.mean[0] - result.mean[0];
  for (std::size_t u = 0; u < units_total_; ++u) result.bins[u] = finite.bins[u] - result.bins[u];
  const Result growths = summary("", {}, plain_growth, bias);
  result.error[0] = slope * growths.error[0];
  result.tau_int = growths.tau_int;
  result.enough = growths.enough;
  return result;
}

std::vector<Result> CavityEnsemble::line_results(std::size_t block) const {
  std::vector<Result> all;
  const bool glass = line_ == FindLine::spin_glass, along_fraction = variable_ != FindVariable::temperature;
  const std::string where = glass || line_ == FindLine::multicritical
                                ? " where replica symmetry becomes unstable"
                                : " where the paramagnet begins to magnetise";
  if (!along_fraction)
    all.push_back(summary("critical_temperature", {"temperature" + where, "J", "<lambda(T)> = 0", {}, true},
                          temperature, block));
  else if (glass)
    all.push_back(summary("critical_fraction",
                          {"part of ferromagnetic bonds" + where, "1", "<lambda(p)> = 0", {}, true}, fraction,
                          block));
  if (!glass && (along_fraction || line_ == FindLine::multicritical))
    all.push_back(paramagnetic_fraction(block));
  if (glass || line_ == FindLine::multicritical)
    all.push_back(summary("stability_exponent",
                          growth_info("squared perturbations, 0 when the search has settled", squares),
                          growth, block));
  if (!glass)
    all.push_back(summary("ferromagnetic_exponent",
                          growth_info(along_fraction || line_ == FindLine::multicritical
                                          ? "plain perturbations of ferromagnetic bonds, p = 1"
                                          : "plain perturbations, 0 when the search has settled",
                                      plain),
                          plain_growth, block));
  if (!measures_at_root()) return all;
  all.push_back(summary("root_magnetization", {"size of the magnetisation", "1", "|<tanh X/T>|", {}, true},
                        magnetisation, block));
  all.push_back(summary("overlap", {"Edwards-Anderson order parameter", "1", "<tanh^2 X/T>", {}, true},
                        overlap, block));
  return all;
}

// The same numbers in closed form, where there is one.
std::vector<Result> CavityEnsemble::closed_lines() const {
  std::vector<Result> all;
  if (line_ == FindLine::none || finds_in_magnetised_solution(parameters_)) return all;
  const DegreeLaw degrees = degree_law_of(parameters_);
  const CouplingDistribution couplings = coupling_distribution_of(parameters_);
  const auto line = [&](int n) { return paramagnetic_instability(degrees, couplings, n); };
  const double width = parameters_.real("model.coupling_width");
  const double T = parameters_.real("model.temperature");
  const std::string plain_line = "B <tanh J/T> = 1, B the mean excess degree";
  const std::string square_line = "B <tanh^2 J/T> = 1, B the mean excess degree";
  if (line_ == FindLine::multicritical) {
    all.push_back(
        exact_result("paramagnetic_line", "the same temperature in closed form", "J", square_line, line(2)));
    all.push_back(exact_result("nishimori_fraction", "the same fraction, on the Nishimori line", "1",
                               "2p - 1 = tanh J/T at B tanh^2 J/T = 1",
                               (1 + std::tanh(width / line(2))) / 2));
  } else if (variable_ == FindVariable::temperature) {
    const bool glass = line_ == FindLine::spin_glass;
    all.push_back(exact_result("paramagnetic_line", "the same in closed form", "J",
                               glass ? square_line : plain_line, line(glass ? 2 : 1)));
  } else if (T >= line(2)) {
    all.push_back(exact_result("paramagnetic_fraction", "the same in closed form, of the paramagnet", "1",
                               "B (2p - 1) tanh J/T = 1, B the mean excess degree",
                               (1 + 1 / (mean_excess_degree(degrees) * std::tanh(width / T))) / 2));
  }
  return all;
}

std::vector<Result> CavityEnsemble::results_of(std::size_t block) const {
  if (method_ == EnsembleMethod::surveys) return survey_results(block);
  return line_ == FindLine::none ? thermal_results(block) : line_results(block);
}

// Of every quantity: its values of all sizes, their limit, and the difference of the smallest from it.
void CavityEnsemble::add_study(std::vector<Result>& all) const {
  std::vector<std::vector<Result>> blocks;
  for (std::size_t block = own_size; block <= bias; ++block) blocks.push_back(results_of(block));
  const auto members = static_cast<double>(members_of(parameters_));
  for (std::size_t i = 0; i < blocks[bias].size(); ++i) {
    Result sizes = blocks[own_size][i];
    const std::string name = sizes.name, what = sizes.info.long_name;
    sizes.name = name + "_of_sizes";
    sizes.info = {what + ", of populations of each size", sizes.info.unit, sizes.info.formula, {sizes_}};
    sizes.info.axes = {{"members", "messages", {members, 2 * members, 4 * members}}};
    sizes.bins.clear();
    for (std::size_t size = 1; size < sizes_; ++size) {
      const Result& other = blocks[size][i];
      sizes.mean.push_back(other.mean[0]);
      sizes.error.push_back(other.error[0]);
      sizes.tau_int.push_back(other.tau_int[0]);
      sizes.enough = sizes.enough && other.enough;
    }
    for (std::size_t u = 0; u < units_total_; ++u)
      for (std::size_t size = 0; size < sizes_; ++size) sizes.bins.push_back(blocks[size][i].bins[u]);
    Result limit = blocks[infinite][i], difference = blocks[bias][i];
    limit.name = name + "_extrapolated";
    limit.info.long_name = what + ", extrapolated to infinite populations";
    limit.info.formula = "a of a + b/N at N, 2N and 4N members";
    difference.name = name + "_bias";
    difference.info.long_name = what + ", bias of populations of N members";
    difference.info.formula = "b/N of a + b/N";
    for (Result* each : {&limit, &difference, &sizes}) all.push_back(std::move(*each));
  }
}

std::vector<Result> CavityEnsemble::own_results() const {
  if (units_total_ == 0) return solved_ != 0 ? closed_ensemble_results(parameters_) : std::vector<Result>{};
  if (averages_->count() == 0) return {};
  std::vector<Result> all = results_of(own_size);
  for (Result& each : closed_lines()) all.push_back(std::move(each));
  if (sizes_ > 1) add_study(all);
  return all;
}

}  // namespace weiss
