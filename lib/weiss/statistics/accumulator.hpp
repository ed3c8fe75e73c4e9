// One observable: samples in, mean, autocorrelation-aware error and integrated autocorrelation time out.
//
// The state is a pure function of the sequence of samples: continuing later gives the bits of one long run.
// Samples are summed, relative to the first one, into bins of 2^k samples; when the bins are full, pairs
// merge. Errors come from the autocovariance of the bins with an automatic window (U. Wolff, Comput. Phys.
// Commun. 156, 143 (2004)), so that they hold whether a bin is longer or shorter than the autocorrelation
// time. Only + - * / sqrt: the same bits on every CPU.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/statistics/jackknife.hpp"

namespace weiss {

class Accumulator {
 public:
  // length: components of a sample; max_bins: even, at least 4; pairs merge when it is reached.
  explicit Accumulator(std::size_t length = 1, std::size_t max_bins = 512);

  void add(double sample) { add(std::span<const double>(&sample, 1)); }
  // Throws Error(internal) unless there is one value a component.
  void add(std::span<const double> sample);

  std::int64_t count() const { return count_; }
  std::size_t length() const { return length_; }
  std::int64_t bin_length() const { return bin_length_; }  // samples a bin
  Bins bins() const;                                       // means of the complete ones

  // All samples; NaN without a sample.
  std::vector<double> mean() const;
  // One standard deviation of the mean; NaN below two bins.
  std::vector<double> error() const;
  // In samples, 0.5 for independent ones and for constants; NaN below two bins.
  std::vector<double> tau_int() const;
  // At least 50 integrated autocorrelation times of samples, in every component.
  bool enough() const;
  // Whether counts and lengths fit each other, as they must after loading.
  bool consistent() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("count", count_);
    v.scalar("bin_length", bin_length_);
    v.scalar("partial_count", partial_count_);
    v.vector("origin", origin_);
    v.vector("sum", sum_);
    v.vector("sum_of_squares", sum_of_squares_);
    v.vector("partial_sum", partial_sum_);
    v.vector("bin_sums", bin_sums_);
  }

 private:
  std::size_t complete_bins() const { return bin_sums_.size() / length_; }
  void merge_pairs();
  double sample_variance(std::size_t component) const;
  std::vector<double> component_bins(std::size_t component) const;

  std::size_t length_;
  std::size_t max_bins_;
  std::int64_t count_ = 0;
  std::int64_t bin_length_ = 1;
  std::int64_t partial_count_ = 0;  // samples in the bin that is being filled
  std::vector<double> origin_;      // the first sample; sums are relative to it
  std::vector<double> sum_, sum_of_squares_, partial_sum_;
  std::vector<double> bin_sums_;  // bins x length
};

}  // namespace weiss
