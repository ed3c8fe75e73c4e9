// The observables of weiss-ising, from the integer sums of a configuration. Per site: energy e, magnetization
// m; N sites. Everything that reaches a sample is an integer sum, + - * / and sqrt, so samples are the same
// bits on any number of ranks and any CPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weiss/lattice/lattice.hpp"
#include "weiss/lattice/wave_vectors.hpp"
#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/spin_sums.hpp"
#include "weiss/simulation/measurements.hpp"

namespace weiss {

// Moments of one order parameter (uniform or staggered) and its structure factor at the smallest wave vector.
class OrderParameter {
 public:
  // prefix: "" or "staggered_"; lattice directions whose phases give S(k_min).
  OrderParameter(std::string prefix, std::string symbol, const Lattice& lattice, double beta);
  void declare(Measurements& measurements);
  void measure(Measurements& measurements, std::int64_t sum,
               const std::vector<std::vector<std::int64_t>>& slices) const;

 private:
  void declare_correlation_length(Measurements& measurements);

  std::string prefix_, symbol_;
  double sites_, beta_;
  std::vector<std::size_t> directions_;  // periodic ones of the largest extent
  std::int64_t extent_ = 0;
  std::vector<PhaseTable> phases_;  // one a direction used
  Measurements::Handle m_{}, abs_{}, sq_{}, fourth_{}, structure_{};
};

class IsingObservables {
 public:
  IsingObservables(const Lattice& lattice, const IsingInteractions& interactions, bool histogram);
  void declare(Measurements& measurements);
  void measure(Measurements& measurements, const SpinSums& sums);
  // True when S(k) or staggered sums need the sums of every slice.
  bool needs_slices() const { return needs_slices_; }
  double energy(const SpinSums& sums) const;  // per site

 private:
  const IsingInteractions interactions_;
  double sites_;
  std::int64_t bonds_;
  bool histogram_;
  bool needs_slices_;
  OrderParameter uniform_;
  std::optional<OrderParameter> staggered_;
  Measurements::Handle energy_{}, energy_sq_{}, histogram_handle_{};
  std::vector<double> levels_;
};

// Cluster estimators of <m^2> and <m^4> (staggered where clusters are antiferromagnetic).
class ClusterObservables {
 public:
  ClusterObservables(std::string prefix, double sites, double beta, bool all_clusters);
  void declare(Measurements& measurements);
  // sum_2, sum_4: sums of size^2 and size^4 over all clusters of a Swendsen-Wang step.
  void measure_all(Measurements& measurements, double sum_2, double sum_4) const;
  // mean size of the Wolff clusters of a step.
  void measure_wolff(Measurements& measurements, double mean_size) const;

 private:
  std::string prefix_;
  double sites_, beta_;
  bool all_clusters_;
  Measurements::Handle sq_{}, fourth_{};
};

}  // namespace weiss
