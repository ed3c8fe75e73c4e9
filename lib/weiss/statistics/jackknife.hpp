// Functions of means, with error bars: the jackknife over the common bins of several observables. The
// pseudo-values n f - (n-1) f_(i) form a series as correlated as the bins, so its error comes from the same
// windowed autocovariance as that of a plain mean; the value is corrected for bias to order 1/n.
// B. Efron, "The Jackknife, the Bootstrap and Other Resampling Plans" (1982), chapter 2.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "weiss/statistics/accumulator.hpp"

namespace weiss {

struct Estimate {
  double mean;
  double error;
};

using MeansFunction = std::function<double(std::span<const double> means)>;

// Inputs are scalar observables measured together; Error(internal) otherwise. Below two bins the error is NaN
// and the value is f of the plain means.
Estimate jackknife(std::span<const Accumulator* const> inputs, const MeansFunction& f);

// The pseudo-values, one a bin; empty below two bins.
std::vector<double> jackknife_bins(std::span<const Accumulator* const> inputs, const MeansFunction& f);

}  // namespace weiss
