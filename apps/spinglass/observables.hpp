// The observables of weiss-spinglass. A sample at one temperature gives, at one time, the raw numbers below;
// everything else follows from them. Means are over replicas (or pairs of replicas) and time, errors over
// samples of the disorder. Products of different replicas are free of the bias that squares of thermal
// averages have.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

#include "spinglass/parameters.hpp"

namespace weiss {

struct GlassShape {
  std::size_t samples = 1;
  std::size_t temperatures = 1;
  std::size_t replicas = 2;

  std::size_t pairs() const { return replicas * (replicas - 1) / 2; }
  std::size_t width() const { return 2 * replicas + 3 * pairs(); }  // raw numbers a sample and temperature
};

GlassShape glass_shape_of(const Parameters& parameters);

Axis temperature_axis(const std::vector<double>& temperatures);

// Where they stand in the row of a (sample, temperature).
struct RawRow {
  // energy H and sum of spins of a replica
  static std::size_t energy(std::size_t replica) { return replica; }
  static std::size_t magnetization(const GlassShape& shape, std::size_t replica) {
    return shape.replicas + replica;
  }
  // of a pair: sum_i s^a s^b; sum_e prod s^a s^b; |sum_i s^a s^b exp(i k x)|^2, mean over the longest
  // periodic directions, k = 2 pi / L
  static std::size_t overlap(const GlassShape& shape, std::size_t pair) { return 2 * shape.replicas + pair; }
  static std::size_t link_overlap(const GlassShape& shape, std::size_t pair) {
    return 2 * shape.replicas + shape.pairs() + pair;
  }
  static std::size_t overlap_at_kmin(const GlassShape& shape, std::size_t pair) {
    return 2 * shape.replicas + 2 * shape.pairs() + pair;
  }
};

struct GlassSystem {
  double sites = 1;
  std::vector<double> interactions;  // M, one a sample
  std::vector<double> field_sums;    // sum_i h_i of each sample
  std::vector<double> temperatures;  // ascending
  std::vector<double> betas;         // their inverses
  GaussianCouplings couplings;
  double field_mean = 0, field_deviation = 0;  // of Gaussian random fields; 0: others
  double extent = 0;                           // of the longest periodic directions; 0: no wave vectors
};

// interactions and field_sums: one number a sample.
GlassSystem glass_system_of(const Parameters& parameters, std::vector<double> interactions,
                            std::vector<double> field_sums);

class GlassObservables {
 public:
  GlassObservables(GlassShape shape, GlassSystem system, bool histogram);
  void declare(Measurements& measurements);
  // raw: (sample, temperature) x width.
  void measure(Measurements& measurements, std::span<const double> raw);
  // The same in two steps, for those who average themselves, once all are declared: the values() observables
  // of one row of raw numbers are added to `sums`; averages are (sample, temperature) x values().
  std::size_t values() const { return entries_.size() + histogram_bins_; }
  void add_values(const double* row, std::size_t sample, std::size_t temperature,
                  std::span<double> sums) const;
  void measure_averages(Measurements& measurements, std::span<const double> averages) const;

  // What equilibration is judged by, energy first: names and (sample, temperature) values.
  std::vector<std::string> series_names() const;
  std::vector<std::vector<double>> series(std::span<const double> raw) const;

 private:
  using Value = std::function<double(const double* row, std::size_t sample, std::size_t temperature)>;
  void sampled(Measurements& measurements, const std::string& name, const std::string& long_name,
               const std::string& unit, const std::string& formula, Value value, bool headline = false);
  std::vector<double> values_of(const Value& value, std::span<const double> raw) const;
  Measurements::Handle handle(const std::string& name) const;
  ObservableInfo info(const std::string& long_name, const std::string& unit, const std::string& formula,
                      bool headline = false) const;
  void declare_spins(Measurements& measurements);
  void declare_overlaps(Measurements& measurements);
  void declare_correlation_length(Measurements& measurements);
  void declare_histogram(Measurements& measurements);
  void add_histogram(const double* row, std::span<double> bins) const;
  template <class F>
  double mean_over_replicas(F&& f) const;
  template <class F>
  double mean_over_pairs(F&& f) const;
  Value energy() const;
  Value overlap_square() const;
  Value link_overlap() const;
  Value energy_from_links() const;

  GlassShape shape_;
  GlassSystem system_;
  bool histogram_;
  struct Entry {
    std::string name;
    Measurements::Handle handle;
    Value value;
  };
  std::vector<Entry> entries_;
  Measurements::Handle histogram_handle_{};
  std::size_t histogram_bins_ = 0;
};

}  // namespace weiss
