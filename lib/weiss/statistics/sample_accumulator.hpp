// One observable of many samples of disorder, measured side by side. A sample's thermal average is one
// independent value: means and errors over disorder come from the spread of these, which contains the thermal
// noise of each. Of a single sample, errors are those of its series in time. The autocorrelation time is that
// of the average over samples.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/statistics/accumulator.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {

class SampleAccumulator {
 public:
  // length: components of a sample's value (temperatures, say).
  SampleAccumulator(std::size_t samples, std::size_t length);

  // samples x length values, measured at one time.
  void add(std::span<const double> values);

  std::int64_t count() const { return series_.count(); }  // times measured
  std::size_t length() const { return series_.length(); }
  // Measurements behind one bin.
  std::int64_t bin_length() const { return samples_ == 1 ? series_.bin_length() : series_.count(); }

  std::vector<double> mean() const { return series_.mean(); }
  std::vector<double> error() const;  // one standard deviation; NaN before there are two bins
  std::vector<double> tau_int() const { return series_.tau_int(); }
  // A single measurement of many samples is enough: its errors are those over samples.
  bool enough() const { return (samples_ > 1 && count() == 1) || series_.enough(); }
  // Means of the samples, or of the bins in time of a single sample.
  Bins bins() const;
  bool consistent() const { return series_.consistent() && sums_.size() == samples_ * series_.length(); }

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.group("series", series_);
    v.vector("sums", sums_);
  }

 private:
  std::size_t samples_;
  Accumulator series_;        // of the average over samples
  std::vector<double> sums_;  // samples x length, over measurements
  std::vector<double> average_;
};

}  // namespace weiss
