// The observables of one task: samples go in through handles made once, results come out with error bars.
// Derived quantities are functions of means and go through the jackknife; they are never averaged directly.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/packing.hpp"
#include "weiss/statistics/accumulator.hpp"

namespace weiss {

struct ObservableInfo {
  std::string long_name;
  std::string unit = "1";
  std::string formula;
  std::vector<std::uint64_t> dims = {};  // empty: a scalar
  bool headline = false;                 // shown in the table at the end of a run
};

struct Result {
  std::string name;
  ObservableInfo info;
  std::int64_t count = 0;       // samples
  std::int64_t bin_length = 0;  // samples a bin
  bool enough = true;           // at least 50 integrated autocorrelation times of samples
  std::vector<double> mean, error, tau_int;
  std::vector<double> bins;         // bin means, or jackknife values of a derived quantity; bins x dims
  std::vector<double> time_series;  // every sample, where asked for
};

void pack(Packer& packer, const Result& result);
Result unpack_result(Unpacker& unpacker);

class Measurements {
 public:
  using Handle = std::size_t;
  using Function = std::function<double(std::span<const double>)>;

  // keep_series: every sample of every scalar observable is kept beside its bins.
  explicit Measurements(bool keep_series = false) : keep_series_(keep_series) {}

  Handle observable(std::string name, ObservableInfo info);
  // value = function(means of inputs), all scalars measured together.
  void derived(std::string name, ObservableInfo info, std::vector<Handle> inputs, Function function);

  void add(Handle handle, double value);
  void add(Handle handle, std::span<const double> values);

  std::vector<Result> results() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    for (Observable& each : observables_) {
      v.group(each.name, each.accumulator);
      if (keep_series_) v.vector(each.name + ".series", each.series);
    }
  }

 private:
  struct Observable {
    std::string name;
    ObservableInfo info;
    Accumulator accumulator;
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
