#include "weiss/montecarlo/sample_measurement.hpp"

namespace weiss {

namespace {

// f(offsets of the slice's sites, their number, out of the slice)
template <class F>
void for_each_slice(const SampleSlices& slices, std::span<std::int32_t> out, const F& f) {
  for (std::size_t x = 0; x + 1 < slices.first.size(); ++x)
    f(slices.offsets.data() + slices.first[x], slices.first[x + 1] - slices.first[x],
      out.data() + x * sample_lanes);
}

}  // namespace

SampleMeasurement::SampleMeasurement(const SampleTopology& topology, SimdTarget target)
    : topology_(&topology), kernel_(&sample_kernel(target)) {}

void SampleMeasurement::unsatisfied_bonds(Words configuration, Words couplings, Counts out) const {
  kernel_->count_unsatisfied(configuration.front().element, couplings.front().element, topology_->bond_list(),
                             out.data());
}

void SampleMeasurement::up_spins(Words configuration, Counts out) const {
  kernel_->count_up(configuration.front().element, topology_->site_offsets().data(), topology_->sites(),
                    out.data());
}

void SampleMeasurement::equal_sites(Words a, Words b, Counts out) const {
  kernel_->count_equal(a.front().element, b.front().element, topology_->site_offsets().data(),
                       topology_->sites(), out.data());
}

void SampleMeasurement::equal_bonds(Words a, Words b, Counts out) const {
  kernel_->count_equal_bonds(a.front().element, b.front().element, topology_->bond_list(), out.data());
}

void SampleMeasurement::up_spins(Words configuration, const SampleSlices& slices, Counts out) const {
  for_each_slice(slices, out, [&](const std::int32_t* sites, std::int64_t count, std::int32_t* to) {
    kernel_->count_up(configuration.front().element, sites, count, to);
  });
}

void SampleMeasurement::equal_sites(Words a, Words b, const SampleSlices& slices, Counts out) const {
  for_each_slice(slices, out, [&](const std::int32_t* sites, std::int64_t count, std::int32_t* to) {
    kernel_->count_equal(a.front().element, b.front().element, sites, count, to);
  });
}

void SampleMeasurement::exchange(std::span<SampleWord> a, std::span<SampleWord> b,
                                 const SampleWord& mask) const {
  kernel_->exchange(a.front().element, b.front().element, static_cast<std::int64_t>(a.size()), mask.element);
}

}  // namespace weiss
