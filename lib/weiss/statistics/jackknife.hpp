// Functions of means, with error bars: the jackknife over the common bins of several observables, component
// by component. The pseudo-values n f - (n-1) f_(i) form a series as correlated as the bins, so its error
// comes from the same windowed autocovariance as that of a plain mean, or from their variance where bins are
// independent (samples of disorder); the value is corrected for bias to order 1/n.
// B. Efron, "The Jackknife, the Bootstrap and Other Resampling Plans" (1982), chapter 2.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace weiss {

// The bins of one observable.
struct Bins {
  std::vector<double> values;  // bins x length
  std::vector<double> mean;    // of all samples; length components
  bool independent = false;

  std::size_t length() const { return mean.size(); }
  std::size_t count() const { return mean.empty() ? 0 : values.size() / mean.size(); }
};

// One standard deviation of the mean of independent values; NaN below two.
double standard_error(std::span<const double> independent);

struct Estimates {
  std::vector<double> mean, error;
  std::vector<double> pseudo_values;  // bins x length; empty below two bins
};

// The value from the inputs' means of one component, and that component's number.
using MeansFunction = std::function<double(std::span<const double> means, std::size_t component)>;

// Inputs are measured together: as many bins of as many components each; Error(internal) otherwise. Below two
// bins errors are NaN and values are f of the plain means.
Estimates jackknife(std::span<const Bins> inputs, const MeansFunction& f);

}  // namespace weiss
