// The dynamic self-energy, F/G less its constant part, of many iterations of segment Monte Carlo, for maximum
// entropy: its mean, and the covariance matrix of the mean. Correlations between frequencies come from the
// jackknife over independent streams within each iteration, summed over the iterations: as many degrees of
// freedom as streams x iterations, where the series alone would leave the matrix without full rank.
// Successive iterations are correlated through the Weiss field, which the series of means knows (its error
// includes the autocorrelation), if noisily: rows and columns are scaled up where it has the larger error,
//   C = F [sum_i C_i/M^2] F,   F_n^2 = max(1, mean of (error of the series/error of the streams)^2),
// the mean over both parts of the frequencies from n/2 to 2n + 1.
// Numbers are in the order (Re_0, Im_0, Re_1, ...). Energies in any unit.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "weiss/dmft/matsubara.hpp"
#include "weiss/dmft/segment_results.hpp"
#include "weiss/statistics/accumulator.hpp"

namespace weiss {

class SelfEnergySeries {
 public:
  // Of the first `frequencies`; flavours `from` to `to` - 1 are equal and averaged.
  SelfEnergySeries(std::size_t from, std::size_t to, std::size_t frequencies);

  void forget();
  void add(const SegmentResults& results);

  std::vector<Complex> mean() const;
  std::vector<double> error() const;  // of the mean, from the series
  Eigen::MatrixXd covariance() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.group("series", series_);
    v.vector("covariance", sum_);
  }

 private:
  // Means and pseudo-values of the jackknife, streams x numbers.
  Estimates dynamic_part(const SegmentResults& results) const;

  std::size_t from_, to_, frequencies_;
  Accumulator series_;
  std::vector<double> sum_;  // of the covariance matrices of iterations
};

}  // namespace weiss
