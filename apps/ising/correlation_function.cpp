#include "ising/correlation_function.hpp"

#include <algorithm>

#include "weiss/montecarlo/field_bits.hpp"

namespace weiss {

CorrelationFunction::CorrelationFunction(const Lattice& lattice) : lattice_(&lattice) {
  for (std::size_t d = 0; d < lattice.extents().size(); ++d)
    distances_ = std::max(distances_, farthest(d) + 1);
}

std::int64_t CorrelationFunction::farthest(std::size_t direction) const {
  const std::int64_t extent = lattice_->extents()[direction];
  return lattice_->boundary()[direction] == Boundary::periodic ? extent / 2 : extent - 1;
}

void CorrelationFunction::declare(Measurements& measurements) {
  handle_ = measurements.observable(
      "correlation_function",
      {"spin-spin correlation along each lattice direction (rows) at distance 0, 1, ... unit cells (columns)",
       "1",
       "<s(x) s(x + r e_d)>",
       {static_cast<std::uint64_t>(lattice_->dimension()), static_cast<std::uint64_t>(distances_)}});
}

void CorrelationFunction::measure(Measurements& measurements, const BitField& field,
                                  const Communicator& communicator) const {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>((lattice_->sites() + 7) / 8));
  field.fill(0, bytes);
  communicator.bit_or(bytes, 0);
  communicator.broadcast(std::span(bytes));
  std::vector<double> values(static_cast<std::size_t>(lattice_->dimension() * distances_));
  for (std::size_t d = 0; d < lattice_->extents().size(); ++d) {
    const std::int64_t extent = lattice_->extents()[d];
    const bool periodic = lattice_->boundary()[d] == Boundary::periodic;
    for (std::int64_t r = 0; r <= farthest(d); ++r) {
      std::int64_t sum = 0;
      std::int64_t pairs = 0;
      for (std::int64_t site = 0; site < lattice_->sites(); ++site) {
        Cell there = lattice_->cell(site);
        there[d] += r;
        if (there[d] >= extent && !periodic) continue;
        there[d] %= extent;
        const int basis = static_cast<int>(site % lattice_->sites_per_cell());
        sum += bit(bytes, site) == bit(bytes, lattice_->site(there, basis)) ? 1 : -1;
        ++pairs;
      }
      values[d * static_cast<std::size_t>(distances_) + static_cast<std::size_t>(r)] =
          static_cast<double>(sum) / static_cast<double>(pairs);
    }
  }
  measurements.add(handle_, values);
}

}  // namespace weiss
