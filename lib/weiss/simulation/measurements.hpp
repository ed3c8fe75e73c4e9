// The observables of one task: samples go in through handles made once, results come out with error bars.
// Derived quantities are functions of means and go through the jackknife; they are never averaged directly.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "weiss/simulation/packing.hpp"
#include "weiss/statistics/accumulator.hpp"
#include "weiss/statistics/sample_accumulator.hpp"

namespace weiss {

// What an index of a result counts: temperatures, say.
struct Axis {
  std::string name;
  std::string unit = "1";
  std::vector<double> values;
};

// 0, 1, ... count - 1.
Axis counted_axis(std::string name, std::size_t count);

struct ObservableInfo {
  std::string long_name;
  std::string unit = "1";
  std::string formula;
  std::vector<std::uint64_t> dims = {};  // empty: a scalar
  bool headline = false;                 // shown in the table at the end of a run
  std::vector<Axis> axes = {};           // of the leading dims, stored with the result
};

struct Result {
  std::string name;
  ObservableInfo info;
  std::int64_t count = 0;       // samples
  std::int64_t bin_length = 0;  // samples behind a bin
  bool enough = true;           // at least 50 integrated autocorrelation times of samples
  std::vector<double> mean, error, tau_int;
  std::vector<double> bins;  // bin (or sample) means, or a derived quantity's pseudo-values; bins x dims
  std::vector<double> time_series;  // every sample, where asked for
};

void pack(Packer& packer, const Result& result);
Result unpack_result(Unpacker& unpacker);

class Measurements {
 public:
  using Handle = std::size_t;
  using Function = MeansFunction;

  // keep_series: every sample of every scalar observable is kept beside its bins.
  explicit Measurements(bool keep_series = false) : keep_series_(keep_series) {}

  Handle observable(std::string name, ObservableInfo info);
  // One value a sample of disorder and component; add takes samples x components. Means and errors are those
  // over samples.
  Handle sample_observable(std::string name, ObservableInfo info, std::size_t samples);
  // value = function(means of inputs), component by component; all inputs of the same shape, measured
  // together.
  void derived(std::string name, ObservableInfo info, std::vector<Handle> inputs, Function function);

  void add(Handle handle, double value);
  void add(Handle handle, std::span<const double> values);

  std::vector<Result> results() const;
  // The first observable whose loaded state cannot be one of its own; empty when there is none.
  std::string misfit() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    for (Observable& each : observables_) {
      std::visit([&](auto& accumulator) { v.group(each.name, accumulator); }, each.accumulator);
      if (keep_series_) v.vector(each.name + ".series", each.series);
    }
  }

 private:
  struct Observable {
    std::string name;
    ObservableInfo info;
    std::variant<Accumulator, SampleAccumulator> accumulator;
    std::vector<double> series;
  };
  struct Derived {
    std::string name;
    ObservableInfo info;
    std::vector<Handle> inputs;
    Function function;
  };
  Result result_of(const Observable& observable) const;
  Result result_of(const Derived& derived) const;

  bool keep_series_;
  std::vector<Observable> observables_;
  std::vector<Derived> derived_;
};

}  // namespace weiss
