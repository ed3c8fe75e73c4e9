#include "ising/observables.hpp"

#include <algorithm>
#include <cmath>

namespace weiss {

namespace {

std::vector<double> energy_levels(std::int64_t bonds, const IsingInteractions& interactions, double sites) {
  std::vector<double> levels;
  const double scale = interactions.complete_graph ? 1 / sites : 1.0;
  for (std::int64_t sum = -bonds; sum <= bonds; sum += 2)
    levels.push_back(-interactions.coupling.front() * scale * static_cast<double>(sum) / sites);
  return levels;
}

}  // namespace

OrderParameter::OrderParameter(std::string prefix, std::string symbol, const Lattice& lattice, double beta)
    : prefix_(std::move(prefix)),
      symbol_(std::move(symbol)),
      sites_(static_cast<double>(lattice.sites())),
      beta_(beta),
      directions_(longest_periodic_directions(lattice)) {
  for (const std::size_t d : directions_) {
    extent_ = lattice.extents()[d];
    phases_.emplace_back(lattice.slices(static_cast<int>(d)));
  }
}

void OrderParameter::declare(Measurements& measurements) {
  const std::string long_name = prefix_.empty() ? "magnetization" : "staggered magnetization";
  const std::string& m = symbol_;
  m_ = measurements.observable(prefix_ + "magnetization", {long_name + " per site", "1", m});
  abs_ = measurements.observable(prefix_ + "magnetization_abs",
                                 {"modulus of the " + long_name, "1", "<|" + m + "|>", {}, prefix_.empty()});
  sq_ = measurements.observable(prefix_ + "magnetization_sq",
                                {"square of the " + long_name, "1", "<" + m + "^2>"});
  fourth_ = measurements.observable(prefix_ + "magnetization_4",
                                    {"fourth power of the " + long_name, "1", "<" + m + "^4>"});
  const double scale = sites_ * beta_;
  measurements.derived(
      prefix_ + "susceptibility",
      {"susceptibility of the " + long_name, "1/J", "N beta (<" + m + "^2> - <|" + m + "|>^2)"}, {sq_, abs_},
      [scale](std::span<const double> x, std::size_t) { return scale * (x[0] - x[1] * x[1]); });
  measurements.derived(prefix_ + "susceptibility_disordered",
                       {"susceptibility of the " + long_name + " above T_c", "1/J", "N beta <" + m + "^2>"},
                       {sq_}, [scale](std::span<const double> x, std::size_t) { return scale * x[0]; });
  measurements.derived(prefix_ + "binder",
                       {"Binder ratio of the " + long_name, "1", "1 - <" + m + "^4>/(3 <" + m + "^2>^2)"},
                       {fourth_, sq_}, [](std::span<const double> x, std::size_t) {
                         const double square = 3 * x[1] * x[1];
                         return square > 0 ? 1 - x[0] / square : 0.0;
                       });
  if (!directions_.empty()) declare_correlation_length(measurements);
}

void OrderParameter::declare_correlation_length(Measurements& measurements) {
  structure_ = measurements.observable(
      prefix_ + "structure_factor_kmin",
      {"structure factor at the smallest wave vector, mean over the longest periodic directions", "1",
       "S(k) = |sum_j " + symbol_ + "_j exp(i k x_j)|^2 / N, k = 2 pi / L"});
  const double sites = sites_;
  const double momentum = lattice_momentum(extent_);
  const auto length = [sites, momentum](std::span<const double> x, std::size_t) {
    const double ratio = x[1] > 0 ? sites * x[0] / x[1] - 1 : 0.0;
    return ratio > 0 ? std::sqrt(ratio) / momentum : 0.0;
  };
  measurements.derived(prefix_ + "correlation_length",
                       {"second-moment correlation length; 0 where S(0) < S(k)", "unit cells",
                        "sqrt(S(0)/S(k) - 1)/(2 sin(k/2)), k = 2 pi / L"},
                       {sq_, structure_}, length);
  const auto extent = static_cast<double>(extent_);
  measurements.derived(prefix_ + "correlation_length_ratio", {"correlation length over extent", "1", "xi/L"},
                       {sq_, structure_}, [length, extent](std::span<const double> x, std::size_t) {
                         return length(x, 0) / extent;
                       });
}

void OrderParameter::measure(Measurements& measurements, std::int64_t sum,
                             const std::vector<std::vector<std::int64_t>>& slices) const {
  const double m = static_cast<double>(sum) / sites_;
  const double square = m * m;
  measurements.add(m_, m);
  measurements.add(abs_, std::abs(m));
  measurements.add(sq_, square);
  measurements.add(fourth_, square * square);
  if (directions_.empty()) return;
  double structure = 0;
  for (std::size_t i = 0; i < directions_.size(); ++i)
    structure += squared_modulus(slices[directions_[i]], phases_[i]);
  measurements.add(structure_, structure / (sites_ * static_cast<double>(directions_.size())));
}

IsingObservables::IsingObservables(const Lattice& lattice, const IsingInteractions& interactions,
                                   bool histogram)
    : interactions_(interactions),
      sites_(static_cast<double>(lattice.sites())),
      bonds_(lattice.bonds()),
      histogram_(histogram),
      needs_slices_(!longest_periodic_directions(lattice).empty()),
      uniform_("", "m", lattice, interactions.beta) {
  if (lattice.bipartite()) staggered_.emplace("staggered_", "m_s", lattice, interactions.beta);
}

void IsingObservables::declare(Measurements& measurements) {
  energy_ = measurements.observable(
      "energy", {"energy per site", "J", "-(sum_<ij> J s_i s_j + h sum_i s_i)/N", {}, true});
  energy_sq_ = measurements.observable("energy_sq", {"square of the energy per site", "J^2", "<e^2>"});
  // beta^2 alone may overflow where the variance vanishes.
  const double beta = interactions_.beta;
  const double scale = sites_ * beta;
  measurements.derived(
      "specific_heat", {"specific heat per site", "k_B", "N beta^2 (<e^2> - <e>^2)", {}, true},
      {energy_sq_, energy_},
      [scale, beta](std::span<const double> x, std::size_t) { return scale * (x[0] - x[1] * x[1]) * beta; });
  uniform_.declare(measurements);
  if (staggered_) staggered_->declare(measurements);
  if (!histogram_) return;
  levels_ = energy_levels(bonds_, interactions_, sites_);
  histogram_handle_ =
      measurements.observable("energy_histogram", {"probability of each energy level; level i has energy per "
                                                   "site -J (2 i - bonds)/N (J/N^2 on the complete graph)",
                                                   "1",
                                                   "P(e)",
                                                   {levels_.size()}});
}

double IsingObservables::energy(const SpinSums& sums) const {
  double energy = 0;
  for (std::size_t d = 0; d < sums.bond_sum.size(); ++d)
    energy -= interactions_.coupling[d] * static_cast<double>(sums.bond_sum[d]);
  if (interactions_.complete_graph) energy /= sites_;
  return (energy - interactions_.field * static_cast<double>(sums.magnetization)) / sites_;
}

void IsingObservables::measure(Measurements& measurements, const SpinSums& sums) {
  const double e = energy(sums);
  measurements.add(energy_, e);
  measurements.add(energy_sq_, e * e);
  uniform_.measure(measurements, sums.magnetization, sums.slice_magnetization);
  if (staggered_) staggered_->measure(measurements, sums.staggered, sums.slice_staggered);
  if (!histogram_) return;
  std::int64_t bond_sum = 0;
  for (const std::int64_t each : sums.bond_sum) bond_sum += each;
  std::vector<double> indicator(levels_.size(), 0.0);
  indicator[static_cast<std::size_t>((bond_sum + bonds_) / 2)] = 1.0;
  measurements.add(histogram_handle_, indicator);
}

ClusterObservables::ClusterObservables(std::string prefix, double sites, double beta, bool all_clusters)
    : prefix_(std::move(prefix)), sites_(sites), beta_(beta), all_clusters_(all_clusters) {}

void ClusterObservables::declare(Measurements& measurements) {
  const double scale = sites_ * beta_;
  sq_ = measurements.observable(
      prefix_ + "magnetization_sq_improved",
      {"square of the magnetization per site, cluster estimator", "1",
       all_clusters_ ? "<sum_c n_c^2>/N^2" : "<n_c>/N, n_c the size of a Wolff cluster"});
  measurements.derived(prefix_ + "susceptibility_disordered_improved",
                       {"susceptibility above T_c, cluster estimator", "1/J", "N beta <m^2>"}, {sq_},
                       [scale](std::span<const double> x, std::size_t) { return scale * x[0]; });
  if (!all_clusters_) return;
  fourth_ = measurements.observable(prefix_ + "magnetization_4_improved",
                                    {"fourth power of the magnetization per site, cluster estimator", "1",
                                     "<3 (sum_c n_c^2)^2 - 2 sum_c n_c^4>/N^4"});
  measurements.derived(prefix_ + "binder_improved",
                       {"Binder ratio, cluster estimator", "1", "1 - <m^4>/(3 <m^2>^2)"}, {fourth_, sq_},
                       [](std::span<const double> x, std::size_t) { return 1 - x[0] / (3 * x[1] * x[1]); });
}

void ClusterObservables::measure_all(Measurements& measurements, double sum_2, double sum_4) const {
  const double square = sum_2 / sites_ / sites_;
  const double fourth = sum_4 / sites_ / sites_ / sites_ / sites_;
  measurements.add(sq_, square);
  measurements.add(fourth_, 3 * square * square - 2 * fourth);
}

void ClusterObservables::measure_wolff(Measurements& measurements, double mean_size) const {
  measurements.add(sq_, mean_size / sites_);
}

}  // namespace weiss
