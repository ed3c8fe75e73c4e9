#include "weiss/montecarlo/mean_field.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

#include "weiss/montecarlo/field_bits.hpp"

namespace weiss {

std::int64_t MeanField::recomputed_magnetization() const {
  std::int64_t sum = 0;
  for (const std::int8_t spin : spins_) sum += spin;
  return sum;
}

void MeanField::fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const {
  const std::int64_t last = std::min(first + 8 * static_cast<std::int64_t>(bytes.size()), sites());
  for (std::int64_t site = first; site < last; ++site)
    if (spins_[static_cast<std::size_t>(site)] > 0) set_bit(bytes, site - first);
}

void MeanField::load_bits(std::int64_t first, std::span<const std::uint8_t> bytes) {
  const std::int64_t last = std::min(first + 8 * static_cast<std::int64_t>(bytes.size()), sites());
  for (std::int64_t site = first; site < last; ++site) set(site, bit(bytes, site - first) ? 1 : -1);
}

SpinSums MeanField::local_sums() const {
  SpinSums sums;
  sums.magnetization = magnetization_;
  sums.bond_sum.push_back((magnetization_ * magnetization_ - sites()) / 2);
  return sums;
}

MeanFieldUpdate::MeanFieldUpdate(LocalRule rule, const IsingInteractions& interactions, std::int64_t sites)
    : rule_(rule) {
  const double coupling = interactions.coupling.front() / static_cast<double>(sites);
  for (std::int64_t others = -(sites - 1); others <= sites - 1; others += 2) {
    const double terms[] = {interactions.field, coupling * static_cast<double>(others)};
    table_.push_back(local_decision(interactions.beta, cancelled_sum(terms)));
  }
}

void MeanFieldUpdate::sweep(MeanField& field, const RandomSource& source) const {
  std::array<std::int64_t, 512> sites;
  std::array<std::uint64_t, 512> bits;
  for (std::int64_t first = 0; first < field.sites(); first += std::ssize(sites)) {
    const auto count = static_cast<std::size_t>(std::min(std::ssize(sites), field.sites() - first));
    std::iota(sites.begin(), sites.end(), first);
    stream_bits(source.stream(), source.step(), std::span(sites).first(count), std::span(bits).first(count));
    for (std::size_t i = 0; i < count; ++i) update_site(field, sites[i], Drawn{bits[i]});
  }
}

}  // namespace weiss
