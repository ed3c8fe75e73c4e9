// Equilibration shown, not assumed: the series of a task in windows of doubling length, [2^k, 2^(k+1))
// measurements after the start, averaged over the samples (logarithmic binning; H. G. Katzgraber, M. Koerner,
// A. P. Young, Phys. Rev. B 73, 224432 (2006)), and a verdict for every temperature:
//   equilibrated   the last three complete windows agree, sample by sample, and, for Gaussian couplings, so
//   do the
//                  energy and its identity in the last of them, at a common level of 1 percent (Student's t)
//   drifting       they do not
//   undecided      fewer than three windows or than eight samples
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

#include "spinglass/observables.hpp"

namespace weiss {

enum class Verdict { drifting = 0, equilibrated = 1, undecided = 2 };

class Equilibration {
 public:
  Equilibration(GlassShape shape, std::vector<double> temperatures, std::vector<std::string> names);

  // The (sample, temperature) values of every series at one time.
  void add(const std::vector<std::vector<double>>& series);

  bool window_is_complete() const { return windows() > 0 && complete_windows() == windows(); }
  std::vector<Verdict> verdicts() const;  // one a temperature
  bool equilibrated() const;
  // The windows of every series, of two samples or more, and the verdicts.
  std::vector<Result> results() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("count", count_);
    v.vector("window_counts", window_counts_);
    v.vector("sums", sums_);
  }

 private:
  std::size_t row() const { return shape_.samples * shape_.temperatures; }
  std::size_t windows() const { return window_counts_.size(); }
  std::size_t complete_windows() const;
  // Mean of one sample in a window.
  double sample_mean(std::size_t window, std::size_t series, std::size_t sample,
                     std::size_t temperature) const;
  bool agree(std::size_t window_a, std::size_t series_a, std::size_t window_b, std::size_t series_b,
             std::size_t temperature) const;
  Result windows_of(std::size_t series) const;

  GlassShape shape_;
  std::vector<double> temperatures_;
  std::vector<std::string> names_;
  double allowed_errors_ = 0;                // of a difference
  std::int64_t count_ = 0;                   // measurements so far
  std::vector<std::int64_t> window_counts_;  // measurements in each window
  std::vector<double> sums_;                 // (window, series, sample, temperature)
};

}  // namespace weiss
