#include "weiss/simulation/measurements.hpp"

#include <algorithm>
#include <utility>

#include "weiss/base/error.hpp"

namespace weiss {

Axis counted_axis(std::string name, std::size_t count) {
  Axis axis{std::move(name), "1", {}};
  for (std::size_t i = 0; i < count; ++i) axis.values.push_back(static_cast<double>(i));
  return axis;
}

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
  packer.put(static_cast<std::uint64_t>(result.info.axes.size()));
  for (const Axis& axis : result.info.axes) {
    packer.put(axis.name);
    packer.put(axis.unit);
    packer.put(axis.values);
  }
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
  const auto axes = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < axes; ++i) {
    Axis axis;
    unpacker.get(axis.name);
    unpacker.get(axis.unit);
    unpacker.get(axis.values);
    result.info.axes.push_back(std::move(axis));
  }
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

Measurements::Handle Measurements::sample_observable(std::string name, ObservableInfo info,
                                                     std::size_t samples) {
  SampleAccumulator accumulator(samples, length_of(info));
  observables_.push_back({std::move(name), std::move(info), std::move(accumulator), {}});
  return observables_.size() - 1;
}

void Measurements::derived(std::string name, ObservableInfo info, std::vector<Handle> inputs,
                           Function function) {
  derived_.push_back({std::move(name), std::move(info), std::move(inputs), std::move(function)});
}

void Measurements::add(Handle handle, double value) {
  add(handle, std::span<const double>(&value, 1));
  if (keep_series_) observables_[handle].series.push_back(value);
}

void Measurements::add(Handle handle, std::span<const double> values) {
  std::visit([&](auto& accumulator) { accumulator.add(values); }, observables_[handle].accumulator);
}

Result Measurements::result_of(const Observable& observable) const {
  return std::visit(
      [&](const auto& accumulator) {
        return Result{observable.name,          observable.info,       accumulator.count(),
                      accumulator.bin_length(), accumulator.enough(),  accumulator.mean(),
                      accumulator.error(),      accumulator.tau_int(), accumulator.bins().values,
                      observable.series};
      },
      observable.accumulator);
}

Result Measurements::result_of(const Derived& derived) const {
  std::vector<Bins> inputs;
  for (const Handle handle : derived.inputs)
    inputs.push_back(std::visit([](const auto& accumulator) { return accumulator.bins(); },
                                observables_[handle].accumulator));
  Estimates estimates = jackknife(inputs, derived.function);
  const Result first = result_of(observables_[derived.inputs.front()]);
  Result result{derived.name,
                derived.info,
                first.count,
                first.bin_length,
                true,
                std::move(estimates.mean),
                std::move(estimates.error),
                std::vector<double>(first.mean.size()),
                std::move(estimates.pseudo_values),
                {}};
  for (const Handle handle : derived.inputs) {
    const Result input = result_of(observables_[handle]);
    result.enough = result.enough && input.enough;
    for (std::size_t i = 0; i < result.tau_int.size(); ++i)
      result.tau_int[i] = std::max(result.tau_int[i], input.tau_int[i]);
  }
  return result;
}

std::string Measurements::misfit() const {
  for (const Observable& each : observables_)
    if (!std::visit([](const auto& accumulator) { return accumulator.consistent(); }, each.accumulator))
      return each.name;
  return "";
}

std::vector<Result> Measurements::results() const {
  std::vector<Result> all;
  for (const Observable& each : observables_) all.push_back(result_of(each));
  for (const Derived& each : derived_) all.push_back(result_of(each));
  return all;
}

}  // namespace weiss
