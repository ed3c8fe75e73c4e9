#include "weiss/simulation/measurements.hpp"

#include <algorithm>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {

namespace {

constexpr std::size_t scalar_bins = 512;
constexpr std::size_t vector_bins = 64;

std::size_t length_of(const ObservableInfo& info) {
  std::uint64_t length = 1;
  for (const std::uint64_t extent : info.dims) length *= extent;
  return length;
}

}  // namespace

void pack(Packer& packer, const Result& result) {
  packer.put(result.name);
  packer.put(result.info.long_name);
  packer.put(result.info.unit);
  packer.put(result.info.formula);
  packer.put(result.info.dims);
  packer.put(result.info.headline);
  packer.put(result.count);
  packer.put(result.bin_length);
  packer.put(result.enough);
  for (const auto* values : {&result.mean, &result.error, &result.tau_int, &result.bins, &result.time_series})
    packer.put(*values);
}

Result unpack_result(Unpacker& unpacker) {
  Result result;
  unpacker.get(result.name);
  unpacker.get(result.info.long_name);
  unpacker.get(result.info.unit);
  unpacker.get(result.info.formula);
  unpacker.get(result.info.dims);
  unpacker.get(result.info.headline);
  unpacker.get(result.count);
  unpacker.get(result.bin_length);
  unpacker.get(result.enough);
  for (auto* values : {&result.mean, &result.error, &result.tau_int, &result.bins, &result.time_series})
    unpacker.get(*values);
  return result;
}

Measurements::Handle Measurements::observable(std::string name, ObservableInfo info) {
  const std::size_t length = length_of(info);
  Accumulator accumulator(length, length == 1 ? scalar_bins : vector_bins);
  observables_.push_back({std::move(name), std::move(info), std::move(accumulator), {}});
  return observables_.size() - 1;
}

void Measurements::derived(std::string name, ObservableInfo info, std::vector<Handle> inputs,
                           Function function) {
  derived_.push_back({std::move(name), std::move(info), std::move(inputs), std::move(function)});
}

void Measurements::add(Handle handle, double value) {
  Observable& observable = observables_[handle];
  observable.accumulator.add(value);
  if (keep_series_) observable.series.push_back(value);
}

void Measurements::add(Handle handle, std::span<const double> values) {
  observables_[handle].accumulator.add(values);
}

Result Measurements::result_of(const Observable& observable) const {
  const Accumulator& accumulator = observable.accumulator;
  Result result{observable.name,          observable.info,       accumulator.count(),
                accumulator.bin_length(), accumulator.enough(),  accumulator.mean(),
                accumulator.error(),      accumulator.tau_int(), {},
                observable.series};
  const auto bins = accumulator.bin_means();
  result.bins.assign(bins.begin(), bins.end());
  return result;
}

Result Measurements::result_of(const Derived& derived) const {
  std::vector<const Accumulator*> inputs;
  for (const Handle handle : derived.inputs) inputs.push_back(&observables_[handle].accumulator);
  const Estimate estimate = jackknife(inputs, derived.function);
  Result result{derived.name,
                derived.info,
                inputs.front()->count(),
                inputs.front()->bin_length(),
                true,
                {estimate.mean},
                {estimate.error},
                {0.0},
                jackknife_bins(inputs, derived.function),
                {}};
  for (const Accumulator* input : inputs) {
    result.enough = result.enough && input->enough();
    result.tau_int[0] = std::max(result.tau_int[0], input->tau_int()[0]);
  }
  return result;
}

std::vector<Result> Measurements::results() const {
  std::vector<Result> all;
  for (const Observable& each : observables_) all.push_back(result_of(each));
  for (const Derived& each : derived_) all.push_back(result_of(each));
  return all;
}

}  // namespace weiss
